"""What ought to happen: the procedure of 最低生活保障审核确认办法 in a few hundred lines, with nothing of the product.

Written from domain 1.1–1.14 and not from the product's tables, so that both are wrong in the same way only if both were
misread. A model says of every act whether it is to be refused, and for what; it moves on by the act; and it says what
must then be seen. Where several reasons speak against an act, any one of them may be told.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from tests.walks.arrows import ARROWS, Arrow
from tests.walks.days import DAY, Days, Due
from tests.walks.people import PEOPLE, Post


class Act(NamedTuple):
    """Somebody does something, in a certain way."""

    name: str
    who: str
    how: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.who}: {self.name}" + (f" ({', '.join(self.how)})" if self.how else "")


@dataclass(frozen=True)
class Setting:
    """What a walk begins with. `delegated`: the township decides; `car`: a register speaks against the household;
    `order`: an emergency order lets one survey by telephone; `announced`: the notice of 2027 has come."""

    begins: date
    delegated: bool = False
    car: bool = False
    order: bool = False
    announced: bool = False


@dataclass
class Step:
    """Somebody is waited for."""

    kind: str
    waits_for: str
    due: Due | None
    number: int


@dataclass
class Notice:
    """An opinion that hangs, or hung, in the village."""

    status: str
    ends: Due
    posted: date


OFFICES = frozenset({"township", "county", "agencies"})
WAITS_FOR: Mapping[str, str] = {
    "acceptance": "township",
    "supplement": "applicant",
    "survey": "township",
    "home_visit": "township",
    "verification": "agencies",
    "check_objection": "applicant",
    "recheck": "township",
    "opinion": "township",
    "notice": "village",
    "re_survey": "township",
    "confirmation": "county",
    "township_confirmation": "township",
    "decision_notice": "township",
    "first_payment": "county",
    "evidence_letter": "township",
    "evidence_unanswered": "township",
}
# Domain 1.14; where the law sets nothing, what holds until the place has set it.
WORKING_DAYS: Mapping[str, int] = {
    "acceptance": 5,
    "survey": 3,
    "home_visit": 10,
    "verification": 3,
    "check_objection": 5,
    "recheck": 3,
    "opinion": 10,
    "re_survey": 10,
    "confirmation": 10,
    "township_confirmation": 10,
    "decision_notice": 3,
}
NOTICE_DAYS = 7  # calendar
DECISION_DAYS, DECISION_DAYS_TOWNSHIP, DECISION_DAYS_EXTENDED = 30, 20, 45  # working, from acceptance
UPWARDS_AFTER = 5  # working days of delay until the prefecture is told, too

# Who sees that there is a case at all; everybody else is told that there is none.
SEE_CASES = frozenset(
    {
        Post.HELPER,
        Post.HANDLER,
        Post.REVIEWER,
        Post.TOWNSHIP_CONFIRMER,
        Post.COUNTY_HANDLER,
        Post.CONFIRMER,
        Post.SUPERVISOR,
    }
)


@dataclass
class Model:
    """One household's matter, from draft to payment, and the day it is."""

    setting: Setting
    today: date
    days: Days
    at: dict[str, str] = field(default_factory=lambda: {"application": "draft"})
    posts: dict[str, Post] = field(default_factory=lambda: {name: each.post for name, each in PEOPLE.items()})
    relatives: set[str] = field(default_factory=set)  # who declared a member of the household
    steps: list[Step] = field(default_factory=list)
    decide_by: Due | None = None
    arrows: list[Arrow] = field(default_factory=list)
    told: set[tuple[int, str]] = field(default_factory=set)  # steps whose delay certainly went up, and to which level
    tick: int = 0  # orders what happens on one day
    opened: int = 0

    # moving

    def state(self, machine: str) -> str:
        """Return where one of the machines stands; "" before it began."""
        return self.at.get(machine, "")

    def go(self, machine: str, how: str, target: str) -> None:
        """Take one arrow, which has to be one of the procedure's."""
        arrow = Arrow(machine, self.state(machine), how, target)
        if arrow not in ARROWS:
            raise AssertionError(f"the model went where no arrow leads: {arrow}")
        self.arrows.append(arrow)
        self.at[machine] = target

    def open(self, kind: str, due: Due | None = None) -> None:
        """Begin to wait for somebody; who is waited for already has the time he had."""
        if any(step.kind == kind for step in self.steps):
            return
        if kind in WORKING_DAYS:
            due = self.days.working(self.today, WORKING_DAYS[kind])
        self.opened += 1
        self.steps.append(Step(kind, WAITS_FOR[kind], due, self.opened))

    def close(self, *kinds: str) -> None:
        """Wait for these no more."""
        self.steps = [step for step in self.steps if step.kind not in kinds]

    def is_open(self, kind: str) -> bool:
        """Say whether this is waited for."""
        return any(step.kind == kind for step in self.steps)

    # judging

    def judge(self, act: Act) -> frozenset[str]:
        """Return the reasons for which an act is to be refused; none where it is to succeed."""
        return frozenset(getattr(self, f"judge_{act.name}")(act))

    def do(self, act: Act) -> None:
        """Move on by an act that succeeded."""
        self.tick += 1
        getattr(self, f"do_{act.name}")(act)

    def can(self, act: Act) -> bool:
        """Say whether there is anything the act could be about."""
        check = getattr(self, f"can_{act.name}", None)
        return check is None or bool(check(act))

    def blocked(self, who: str) -> str | None:
        """Return why somebody has nothing to do with the case."""
        post = self.posts[who]
        if who == "citizen":
            return "application_not_found" if self.state("application") == "discarded" else None
        if post not in SEE_CASES or not self.is_submitted:
            return "application_not_found"
        return "conflict_of_interest" if who in self.relatives else None

    def allow(self, act: Act, posts: Collection[Post], now: bool, **faults: bool) -> set[str]:
        """Return what speaks against an act on the case, given who may do it and whether now is the time."""
        blocked = self.blocked(act.who)
        if blocked is not None:
            return {blocked}
        refusals = {code for code, holds in faults.items() if holds}
        if not now:
            refusals.add("step_not_allowed")
        if self.posts[act.who] not in posts:
            refusals.add("role_not_allowed")
        return refusals

    @property
    def is_submitted(self) -> bool:
        """Say whether the household ever handed it in."""
        return self.state("application") not in ("draft", "discarded")

    @property
    def is_accepted(self) -> bool:
        """Say whether it is between acceptance and decision."""
        return self.state("application") == "accepted"

    # time

    def wakeups(self) -> Iterable[date]:
        """Return the days on which something happens by itself."""
        return ()

    def wake(self) -> None:
        """Let happen what happens by itself today."""

    def note_delays(self) -> None:
        """Remember whose delay is known by now, so that it has to be told upwards at the worker's next turn."""
        self.told |= set(self.delays())

    def delays(self) -> Iterable[tuple[int, str]]:
        """Return the steps that are late today, each with the levels that are to know it."""
        for step in self.steps:
            due = min((day for day in self._legal_dates(step)), default=None)
            if due is None or due >= self.today or not self._is_offices(step):
                continue
            yield step.number, "county"
            if self.days.between(due, self.today - DAY) >= UPWARDS_AFTER:
                yield step.number, "prefecture"

    def _legal_dates(self, step: Step) -> Iterable[date]:
        if step.due is not None:
            yield step.due.on
        if self.is_accepted and self.decide_by is not None:
            yield self.decide_by.on

    def _is_offices(self, step: Step) -> bool:
        if step.waits_for in OFFICES:
            return True
        return self.is_accepted and self.decide_by is not None and self.decide_by.on < self.today

    # what is to be seen

    def expected(self) -> dict[str, Any]:
        """Return what must be seen from outside."""
        late = [s for s in self.steps if s.waits_for in OFFICES and s.due is not None and s.due.on < self.today]
        decision_late = self.is_accepted and self.decide_by is not None and self.decide_by.on < self.today
        due = sorted(step.due.on for step in self.steps if step.due is not None)
        waits = self.state("application") == "supplement_requested"
        return {
            "status": self.state("application"),
            "steps": sorted((s.kind, s.waits_for, *_written(s.due)) for s in self.steps),
            "decide_by": _written(self.decide_by),
            "waiting_for": self.steps[0].waits_for if self.steps else None,
            "next_due_on": due[0].isoformat() if due else None,
            "paused_because": "supplement_requested" if waits else None,
            "overdue": bool(late) or decision_late,
        }


def _written(due: Due | None) -> tuple[str | None, bool]:
    return (due.on.isoformat(), not due.sure) if due is not None else (None, False)
