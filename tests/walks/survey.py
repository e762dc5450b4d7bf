"""The model's procedure from draft to survey (domain 1.2, 1.6, 1.9): who may, when, and what follows."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.walks.days import DAY
from tests.walks.model import (
    DECISION_DAYS,
    DECISION_DAYS_EXTENDED,
    DECISION_DAYS_TOWNSHIP,
    Act,
    Model,
    Notice,
)
from tests.walks.people import Post

CITIZEN = {Post.CITIZEN}
_HANDLER = {Post.HANDLER}
_HANDLERS = {Post.HANDLER, Post.COUNTY_HANDLER}
_SURVEYORS = {Post.HANDLER, Post.REVIEWER}
_TOWNSHIP_TEAM = {Post.HANDLER, Post.REVIEWER, Post.HELPER}
COUNTY = {Post.COUNTY_HANDLER, Post.CONFIRMER}
AT_HOME = ("home", "phone_video")


@dataclass
class Survey(Model):
    """One application, until everything is there to judge it by."""

    accepted_on: date | None = None
    supplemented: bool = False  # the one-time notice was given
    extended: bool = False
    registered: bool = False  # a relative of staff: on the separate register
    home_visited: bool = False
    surveyed_again: bool = False
    verified: bool = False
    cleared: bool = False  # the register has changed since the household was told
    object_by: Any = None
    notices: list[Notice] = field(default_factory=list)
    visit_owed: bool = False
    owed_since: date | None = None  # a visit of an earlier day is not what is owed
    objected_on: date | None = None
    took_part: list[tuple[str, str, int]] = field(default_factory=list)  # who, as what, when

    # the citizen

    def judge_edit(self, act: Act) -> set[str]:
        now = self.state("application") in ("draft", "supplement_requested")
        return self.allow(act, CITIZEN, now)

    def do_edit(self, act: Act) -> None:
        self.go("application", "edit", self.state("application"))

    def judge_submit(self, act: Act) -> set[str]:
        now = self.state("application") == "draft"
        return self.allow(act, CITIZEN, now, application_incomplete="unpromised" in act.how)

    def do_submit(self, act: Act) -> None:
        self.go("application", "submit", "submitted")
        self.registered = bool(self.relatives)
        self.open("acceptance")

    def judge_discard(self, act: Act) -> set[str]:
        return self.allow(act, CITIZEN, self.state("application") == "draft")

    def do_discard(self, act: Act) -> None:
        self.go("application", "discard", "discarded")

    def judge_supplement(self, act: Act) -> set[str]:
        now = self.state("application") == "supplement_requested"
        return self.allow(act, CITIZEN, now, application_incomplete="unpromised" in act.how)

    def do_supplement(self, act: Act) -> None:
        """The time to accept counts from when the materials are there (domain 1.14, clock 1): it begins anew."""
        self.go("application", "supplement", "submitted")
        self.close("supplement")
        self.open("acceptance")

    def judge_withdraw(self, act: Act) -> set[str]:
        now = self.state("application") in ("submitted", "supplement_requested", "accepted")
        return self.allow(act, CITIZEN, now)

    def do_withdraw(self, act: Act) -> None:
        self._end("withdraw", "withdrawn")

    def can_apply_again(self, act: Act) -> bool:
        return self.state("application") in ("draft", "submitted", "supplement_requested", "accepted")

    def judge_apply_again(self, act: Act) -> set[str]:
        return {"application_already_open"}

    # acceptance

    def judge_accept(self, act: Act) -> set[str]:
        return self.allow(act, _HANDLER, self.state("application") == "submitted")

    def do_accept(self, act: Act) -> None:
        self.go("application", "accept", "accepted")
        self.registered = self.registered or "relative" in act.how
        self.accepted_on = self.today
        days = DECISION_DAYS_TOWNSHIP if self.setting.delegated else DECISION_DAYS
        self.decide_by = self.days.working(self.today, days)
        self.close("acceptance")
        self.open("verification")
        self.open("survey")
        self.go("review", "begin", "surveying")
        if self.registered:
            self.owe_visit()

    def judge_give_back(self, act: Act) -> set[str]:
        now = self.state("application") == "submitted"
        return self.allow(act, _HANDLER, now, one_time_notice_given=self.supplemented)

    def do_give_back(self, act: Act) -> None:
        self.go("application", "return", "supplement_requested")
        self.supplemented = True
        self.close("acceptance")
        self.open("supplement")

    def judge_redirect(self, act: Act) -> set[str]:
        now = self.state("application") == "submitted"
        return self.allow(act, _HANDLER, now, place_not_elsewhere="own" in act.how)

    def do_redirect(self, act: Act) -> None:
        self._end("redirect", "redirected")

    def judge_extend(self, act: Act) -> set[str]:
        late = self.decide_by is not None and self.decide_by.on < self.today
        return self.allow(act, _HANDLERS, self.is_accepted, extension_not_allowed=self.extended or late)

    def do_extend(self, act: Act) -> None:
        assert self.accepted_on is not None
        self.go("application", "extend", "accepted")
        self.extended = True
        self.decide_by = self.days.working(self.accepted_on, DECISION_DAYS_EXTENDED)

    def judge_terminate(self, act: Act) -> set[str]:
        status = self.state("application")
        may = _HANDLERS if status == "accepted" else _HANDLER
        return self.allow(act, may, status in ("accepted", "supplement_requested"))

    def do_terminate(self, act: Act) -> None:
        self._end("terminate", "terminated")

    def _end(self, how: str, target: str) -> None:
        self.go("application", how, target)
        self.steps.clear()
        if self.state("review"):
            self.go("review", "end", "ended")
        self.take_down()

    # survey

    def judge_visit(self, act: Act) -> set[str]:
        now = self.is_accepted and self.state("review") in ("surveying", "re_surveying")
        return self.allow(act, _SURVEYORS, now, **self._faults_of_visit(act, _TOWNSHIP_TEAM))

    def do_visit(self, act: Act) -> None:
        mate, way, day, _ = act.how
        self.go("review", "visit", self.state("review"))
        self.took_part += [(who, "visit", self.tick) for who in (act.who, mate)]
        if self.state("review") == "re_surveying" and self.objected_on is not None:
            self.surveyed_again = self.surveyed_again or self._day_of(day) >= self.objected_on
        self.close("survey")
        if way in AT_HOME:
            self.home_visited = True
            self.close("home_visit")
        elif not self.home_visited:
            self.open("home_visit")
        self.open_opinion()

    def judge_county_visit(self, act: Act) -> set[str]:
        now = self.is_accepted and self.state("review") == "with_county"
        return self.allow(act, COUNTY, now, **self._faults_of_visit(act, COUNTY))

    def do_county_visit(self, act: Act) -> None:
        mate, way, day, _ = act.how
        self.go("review", "county_visit", "with_county")
        self.took_part += [(who, "county visit", self.tick) for who in (act.who, mate)]
        late = self.owed_since is not None and self._day_of(day) < self.owed_since
        self.visit_owed = self.visit_owed and (late or way not in AT_HOME)

    def owe_visit(self) -> None:
        """Oblige the county to visit from today on; what is owed already stays owed since then."""
        if not self.visit_owed:
            self.visit_owed, self.owed_since = True, self.today

    def _day_of(self, day: str) -> date:
        return self.today - DAY if day == "yesterday" else self.today

    def _faults_of_visit(self, act: Act, team: set[Post]) -> dict[str, bool]:
        mate, way, day, present = act.how
        began = self.accepted_on
        return {
            "two_investigators_required": mate == act.who,
            "investigator_not_allowed": self.posts[mate] not in team,
            "conflict_of_interest": mate in self.relatives,
            "remote_survey_not_allowed": way == "phone_video" and not self.setting.order,
            "household_signature_missing": way in AT_HOME and present == "nobody",
            "survey_date_invalid": day == "tomorrow"
            or (began is not None and (day == "before" or self._day_of(day) < began)),
        }

    def judge_appraisal(self, act: Act) -> set[str]:
        now = self.is_accepted and self.state("review") == "re_surveying"
        return self.allow(act, _SURVEYORS, now, appraisal_quorum_missing="few" in act.how)

    def do_appraisal(self, act: Act) -> None:
        self.go("review", "appraise", "re_surveying")
        self.took_part.append((act.who, "appraisal", self.tick))
        self.surveyed_again = True

    def can_banks(self, act: Act) -> bool:
        return self.is_accepted and not self.verified

    def judge_banks(self, act: Act) -> set[str]:
        return set()

    def do_banks(self, act: Act) -> None:
        self.verified = True
        self.close("verification")
        if self.setting.car:
            self.go("check result", "tell", "told")
            self.open("check_objection")
            self.object_by = self.steps[-1].due
        self.open_opinion()

    # what speaks against the household

    def can_object_result(self, act: Act) -> bool:
        return bool(self.state("check result"))

    can_accept_result = can_recheck = can_object_result

    def judge_object_result(self, act: Act) -> set[str]:
        return self.allow(act, CITIZEN, self.is_accepted and self.state("check result") == "told")

    def do_object_result(self, act: Act) -> None:
        self.go("check result", "object", "objected")
        self.close("check_objection")
        self.open("recheck")

    judge_accept_result = judge_object_result

    def do_accept_result(self, act: Act) -> None:
        self.go("check result", "accept", "stands")
        self.close("check_objection")
        self.open_opinion()

    def judge_recheck(self, act: Act) -> set[str]:
        return self.allow(act, _HANDLER, self.is_accepted and self.state("check result") == "objected")

    def do_recheck(self, act: Act) -> None:
        """The register answers at once: only its new answer is seen. That it was asked is a step all the same."""
        self.cleared = "cleared" in act.how
        self.go("check result", "recheck", "rechecking")
        self.close("recheck")
        self.open("verification")
        self.close("verification")
        self.go("check result", "settled" if self.cleared else "stands", "concluded")
        self.open_opinion()

    @property
    def is_heard(self) -> bool:
        """Say whether nothing is open of what the household was told."""
        return self.state("check result") not in ("told", "objected", "rechecking")

    def open_opinion(self) -> None:
        if self.state("review") == "surveying" and self.home_visited and self.verified and self.is_heard:
            self.open("opinion")

    def take_down(self) -> None:
        for notice in self.notices:
            if notice.status in ("posted", "objected"):
                notice.status = "withdrawn"
