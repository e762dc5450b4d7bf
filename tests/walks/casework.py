"""The model's procedure from opinion to decision (domain 1.10, 7.2): who may, when, and what follows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.walks.days import DAY
from tests.walks.model import NOTICE_DAYS, Act, Notice
from tests.walks.people import Post
from tests.walks.survey import CITIZEN, COUNTY, Survey

_ANSWERERS = {Post.REVIEWER, Post.TOWNSHIP_CONFIRMER, Post.COUNTY_HANDLER, Post.CONFIRMER}


@dataclass
class Casework(Survey):
    """One application, until it is decided."""

    favourable: bool | None = None
    spoken_for: bool = False  # by the judgement that the last opinion rests on
    round: int = 0
    decided_on: date | None = None
    delivered: bool = False

    # opinion and notice

    def judge_opinion(self, act: Act) -> set[str]:
        review, favour = self.state("review"), act.how[0] != "against"
        again = review == "re_surveying"
        return self.allow(
            act,
            {Post.REVIEWER},
            self.is_accepted and review in ("surveying", "re_surveying") and not (again and "unposted" in act.how),
            home_visit_missing=not self.home_visited,
            re_survey_missing=again and not self.surveyed_again,
            verification_incomplete=not self.verified,
            check_result_open=not self.is_heard,
            opinion_against_rules=favour and self.setting.car and not self.cleared,
            refusal_ungrounded="bare" in act.how and self._rules_speak_for,
            notice_not_skippable="unposted" in act.how,  # there are adults in every household that walks
        )

    @property
    def _rules_speak_for(self) -> bool:
        """Say whether no rule is against the household or open: what each that walks owns stays open, for no limit is
        set here."""
        return False

    def do_opinion(self, act: Act) -> None:
        self.favourable = act.how[0] == "favour"
        self.spoken_for = self._rules_speak_for
        self.round += 1
        self.took_part.append((act.who, "opinion", self.tick))
        self.close("opinion", "re_survey")
        posted = self.favourable and self.state("review") == "surveying"
        self.go("review", "favour" if self.favourable else "oppose", "on_notice" if posted else "with_county")
        if posted:
            ends = self.days.calendar(self.today, NOTICE_DAYS)
            self.open("notice", ends)
            self.notices.append(Notice("posted", ends, self.today))
        else:
            self.open(self._confirmation)

    def can_object_notice(self, act: Act) -> bool:
        return bool(self.notices)

    def judge_object_notice(self, act: Act) -> set[str]:
        last = self.notices[-1]
        hangs = self.is_accepted and last.status in ("posted", "objected") and last.ends.on >= self.today
        return set() if hangs else {"notice_closed"}

    def do_object_notice(self, act: Act) -> None:
        """While the household is looked at again anyhow, a further objection is heard and changes nothing."""
        self.notices[-1].status = "objected"
        if self.state("review") == "on_notice":
            self.go("review", "object", "re_surveying")
            self.close("notice")
            self.surveyed_again, self.objected_on = False, self.today
            self.open("re_survey")
        elif self.state("review") == "with_county":
            self.owe_visit()

    # decision

    @property
    def _confirmation(self) -> str:
        return "township_confirmation" if self.setting.delegated else "confirmation"

    @property
    def _decides(self) -> Post:
        return Post.TOWNSHIP_CONFIRMER if self.setting.delegated else Post.CONFIRMER

    def judge_send_back(self, act: Act) -> set[str]:
        may = {*COUNTY, self._decides}
        return self.allow(act, may, self.is_accepted and self.state("review") == "with_county")

    def do_send_back(self, act: Act) -> None:
        """The opinion is none any more, and what hangs of it goes down."""
        self.go("review", "send_back", "surveying")
        self.take_down()
        self.close(self._confirmation)
        self.open_opinion()

    def judge_refuse(self, act: Act) -> set[str]:
        for_it = self.favourable or self.spoken_for
        return self._judge_decision(act) | (
            {"refusal_ungrounded"} if "bare" in act.how and for_it and not self.blocked(act.who) else set()
        )

    def _judge_decision(self, act: Act) -> set[str]:
        return self.allow(
            act,
            {self._decides},
            self.is_accepted and self.state("review") == "with_county",
            human_review_open=self.state("human review") == "open",
            same_person_not_allowed=act.who in {who for who, _, _ in self.took_part},
            county_visit_missing=self.visit_owed,
        )

    def do_refuse(self, act: Act) -> None:
        self._decide("refuse", act.who, "refused", "refused")
        self.open("decision_notice")

    def judge_confirm(self, act: Act) -> set[str]:
        refusals = self._judge_decision(act)
        if self.blocked(act.who):
            return refusals
        if self.favourable is False:
            refusals |= {"opinion_unfavourable"}
        hangs = self.notices and self.notices[-1].status in ("posted", "objected")
        return refusals | {"notice_running"} if hangs and self.notices[-1].ends.on >= self.today else refusals

    def do_confirm(self, act: Act) -> None:
        self._decide("confirm", act.who, "approved", "confirmed")

    def _decide(self, how: str, who: str, application: str, review: str) -> None:
        self.go("application", how, application)
        self.go("review", how, review)
        self.steps.clear()
        self.took_part.append((who, "decision", self.tick))
        self.decided_on = self.today
        self.take_down()

    def judge_deliver(self, act: Act) -> set[str]:
        blocked = self.blocked(act.who)
        if blocked:
            return {blocked}
        refusals = set() if self.posts[act.who] is Post.HANDLER else {"role_not_allowed"}
        if self.decided_on is None:
            refusals.add("decision_not_found")
        return refusals | {"decision_already_delivered"} if self.delivered else refusals

    def do_deliver(self, act: Act) -> None:
        self.delivered = True
        self.close("decision_notice")

    # a person's word

    def judge_ask_person(self, act: Act) -> set[str]:
        return self.allow(
            act,
            CITIZEN,
            self.is_accepted,
            assessment_not_found=self.round == 0,
            human_review_open=self.state("human review") == "open",
        )

    def do_ask_person(self, act: Act) -> None:
        self.go("human review", "ask", "open")

    def can_answer_person(self, act: Act) -> bool:
        return bool(self.state("human review"))

    def judge_answer_person(self, act: Act) -> set[str]:
        answered = self.state("human review") == "answered"
        return self.allow(act, _ANSWERERS, self.is_accepted, human_review_answered=answered)

    def do_answer_person(self, act: Act) -> None:
        self.go("human review", "answer", "answered")

    # time

    def wakeups(self) -> list[date]:
        days = [notice.ends.on + DAY for notice in self.notices if notice.status == "posted"]
        if self.state("check result") == "told" and self.is_accepted:
            days.append(self.object_by.on + DAY)
        return days

    def wake(self) -> None:
        for notice in self.notices:
            if notice.status == "posted" and notice.ends.on < self.today:
                notice.status = "ended"
                self.go("review", "notice_ended", "with_county")
                self.close("notice")
                self.open(self._confirmation)
        if self.is_accepted and self.state("check result") == "told" and self.object_by.on < self.today:
            self.go("check result", "time", "stands")
            self.close("check_objection")
            self.open_opinion()

    # what is to be seen

    @property
    def ahead(self) -> list[str]:
        """Return what is still to come if all goes well, by where the case and its review stand."""
        application, review = self.state("application"), self.state("review")
        confirmation = self._confirmation if application == "accepted" else "confirmation"
        last = [confirmation, "first_payment"]
        if application in ("draft", "submitted", "supplement_requested"):
            accepting = [] if application == "submitted" else ["acceptance"]
            return [*accepting, "verification", "survey", "home_visit", "opinion", "notice", *last]
        if application != "accepted":
            return []
        again = ["verification"] if self.is_open("recheck") else []
        if review == "with_county":
            return [*again, "first_payment" if self.favourable else "decision_notice"]
        if review in ("on_notice", "re_surveying"):
            return again + last
        visit = [] if self.home_visited or self.is_open("home_visit") else ["home_visit"]
        opinion = [] if self.is_open("opinion") else ["opinion"]
        return [*again, *visit, *opinion, "notice", *last]

    def expected(self) -> dict[str, Any]:
        hangs = [n for n in self.notices if n.status in ("posted", "objected") and n.ends.on >= self.today]
        return super().expected() | {
            "review": self.state("review") or None,
            "round": self.round if self.state("review") else None,
            "visit_owed": self.visit_owed,
            "notices": [(notice.status, notice.ends.on.isoformat(), not notice.ends.sure) for notice in self.notices],
            "board": len(hangs),
            "check result": self.state("check result") or None,
            "registered": self.registered,
            "human reviews open": int(self.state("human review") == "open"),
            "delivered": self.delivered,
            "next": self.ahead,
        }
