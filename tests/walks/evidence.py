"""The model's letters for evidence (domain 1.9, D57 art. 16(3)): asked in writing, answered or not, never a bar."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.walks.casework import Casework
from tests.walks.days import DAY, Due
from tests.walks.model import Act
from tests.walks.people import Post

_SURVEYORS = {Post.HANDLER, Post.REVIEWER}
_TEAM = {Post.HANDLER, Post.REVIEWER, Post.HELPER}
ANSWER_DAYS = 10  # working days, from the day it was sent; what holds until the place has set it
MOST = 2  # letters in a walk
_OPEN = ("written", "sent", "unanswered", "not_awaited")


@dataclass
class Letter:
    """One letter; `due`: by when an answer is waited for."""

    status: str = "written"
    due: Due | None = None


@dataclass
class Evidence(Casework):
    """One application whose township may ask others in writing."""

    letters: list[Letter] = field(default_factory=list)

    def _of(self, act: Act) -> Letter:
        return self.letters[-1 if "latest" in act.how else 0]

    def _step(self, letter: Letter, how: str, target: str) -> None:
        self.at["evidence letter"] = letter.status
        self.go("evidence letter", how, target)
        letter.status = target

    @property
    def _surveys(self) -> bool:
        return self.is_accepted and self.state("review") in ("surveying", "re_surveying")

    # written, and sent by two

    def can_write_letter(self, act: Act) -> bool:
        return self.is_submitted and len(self.letters) < MOST

    def judge_write_letter(self, act: Act) -> set[str]:
        return self.allow(act, _SURVEYORS, self._surveys, evidence_letter_not_fitting="unfitting" in act.how)

    def do_write_letter(self, act: Act) -> None:
        self.letters.append(Letter(status=""))
        self._step(self.letters[-1], "write", "written")
        self.took_part.append((act.who, "letter", self.tick))

    def can_send_letter(self, act: Act) -> bool:
        return bool(self.letters)

    can_answer_letter = can_set_letter_aside = can_send_letter

    def judge_send_letter(self, act: Act) -> set[str]:
        mate, _, day = act.how
        return self.allow(
            act,
            _SURVEYORS,
            self._surveys and self._of(act).status == "written",
            two_investigators_required=mate == act.who,
            investigator_not_allowed=self.posts[mate] not in _TEAM,
            conflict_of_interest=mate in self.relatives,
            survey_date_invalid=day != "today",
        )

    def do_send_letter(self, act: Act) -> None:
        """An act of survey, which is begun by it; what is known of the household is not more than before."""
        letter = self._of(act)
        self._step(letter, "send", "sent")
        letter.due = self.days.working(self.today, ANSWER_DAYS)
        self.took_part += [(who, "visit", self.tick) for who in (act.who, act.how[0])]
        self.close("survey")
        if not self.home_visited:
            self.open("home_visit")
        self.open_opinion()
        self.open("evidence_letter")

    # what comes of it

    def judge_answer_letter(self, act: Act) -> set[str]:
        out = self._of(act).status in ("sent", "unanswered", "not_awaited")
        unfitting = "unfitting" in act.how
        return self.allow(act, _SURVEYORS, self.is_accepted and out, evidence_answer_not_fitting=unfitting)

    def do_answer_letter(self, act: Act) -> None:
        self._step(self._of(act), "answer", "answered")
        self.took_part.append((act.who, "letter", self.tick))
        self.surveyed_again = self.surveyed_again or self.state("review") == "re_surveying"
        self._close_steps()

    def judge_set_letter_aside(self, act: Act) -> set[str]:
        waited_for = self._of(act).status in ("written", "sent", "unanswered")
        return self.allow(act, _SURVEYORS, self.is_accepted and waited_for)

    def do_set_letter_aside(self, act: Act) -> None:
        letter = self._of(act)
        self._step(letter, "set_aside", "discarded" if letter.status == "written" else "not_awaited")
        self.took_part.append((act.who, "letter", self.tick))
        self._close_steps()

    def _close_steps(self) -> None:
        standing = {letter.status for letter in self.letters}
        if "sent" not in standing:
            self.close("evidence_letter")
        if "unanswered" not in standing:
            self.close("evidence_unanswered")

    # the opinion, and the end

    def judge_opinion(self, act: Act) -> set[str]:
        refusals = super().judge_opinion(act)
        awaited = any(one.status == "sent" and one.due and one.due.on >= self.today for one in self.letters)
        return refusals | {"evidence_awaited"} if awaited and not self.blocked(act.who) else refusals

    def do_opinion(self, act: Act) -> None:
        super().do_opinion(act)
        self.close("evidence_letter", "evidence_unanswered")

    def _end(self, how: str, target: str) -> None:
        super()._end(how, target)
        for letter in self.letters:
            if letter.status in _OPEN:
                self._step(letter, "end", "cancelled")

    # time

    def wakeups(self) -> Iterable[date]:
        waited_for = [one.due.on + DAY for one in self.letters if one.status == "sent" and one.due]
        return [*super().wakeups(), *(waited_for if self.is_accepted else [])]

    def wake(self) -> None:
        super().wake()
        for letter in self.letters:
            if letter.status == "sent" and letter.due and letter.due.on < self.today:
                self._step(letter, "time", "unanswered")
                self._close_steps()
                self.open("evidence_unanswered")

    # what is to be seen

    def expected(self) -> dict[str, Any]:
        return super().expected() | {"letters": [letter.status for letter in self.letters]}
