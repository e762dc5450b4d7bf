"""The rest of the model: complaints (domain 1.13), relatives of staff (1.6), people in new posts, and passing time."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.walks.days import DAY, Due
from tests.walks.model import Act
from tests.walks.money import Money, month_of
from tests.walks.people import MOVES, Post

NAMED_DAYS = 15  # calendar days for a real-name report, the example of domain 1.14
INQUIRY_DAYS = 3
BANKS_WITHIN = 8  # days in which banks answer here; their silence is a story of its own (tests/journeys/test_silence)
# Days within which a case is decided here: an undecided one is asked about anew once its report has expired after 90,
# which is a story of its own as well (tests/verification/test_renewing).
REPORT_HOLDS = 85
HORIZON = date(2027, 6, 30)
_ON_THE_CASE = frozenset(
    {
        "accept",
        "give_back",
        "redirect",
        "extend",
        "terminate",
        "visit",
        "county_visit",
        "appraisal",
        "write_letter",
        "send_letter",
        "answer_letter",
        "set_letter_aside",
        "recheck",
        "opinion",
        "send_back",
        "confirm",
        "refuse",
        "deliver",
        "answer_person",
        "suspend",
        "resume",
        "hear",
        "stop",
    }
)


@dataclass
class Complaint:
    """About this application."""

    category: str
    due: Due | None
    tick: int
    status: str = "received"
    given_to: str = ""


@dataclass
class Walk(Money):
    """A whole matter with everything around it."""

    complaints: list[Complaint] = field(default_factory=list)
    acted: list[tuple[str, int]] = field(default_factory=list)  # who, when; by an act of his post on the case

    # complaints

    def can_complain(self, act: Act) -> bool:
        return self.is_submitted

    def judge_complain(self, act: Act) -> set[str]:
        return set()

    def do_complain(self, act: Act) -> None:
        category, name = act.how
        due = None
        if category == "inquiry":
            due = self.days.working(self.today, INQUIRY_DAYS)
        elif name == "named":
            due = self.days.calendar(self.today, NAMED_DAYS)
        self.complaints.append(Complaint(category, due, self.tick))
        self._complain("", "file", "received")
        if category != "inquiry" and self.is_accepted:
            self.owe_visit()

    def _complain(self, source: str, how: str, target: str) -> None:
        self.at["complaint"] = source
        self.go("complaint", how, target)

    def do(self, act: Act) -> None:
        super().do(act)
        if act.name in _ON_THE_CASE:
            mate = act.how[0] if act.name in ("visit", "county_visit", "send_letter") else act.who
            self.acted += [(who, self.tick) for who in {act.who, mate}]

    def _has_acted(self, who: str, complaint: Complaint) -> bool:
        """Say whether somebody did anything in the case before it was complained about."""
        return any(who == person and tick < complaint.tick for person, tick in self.acted)

    def _concerns(self, who: str, complaint: Complaint) -> bool:
        """Say whether somebody had a hand in what is complained about; a visit that follows from it is none."""
        return self._has_acted(who, complaint) or any(
            who == person and not (what == "county visit" and tick >= complaint.tick)
            for person, what, tick in self.took_part
        )

    def can_assign(self, act: Act) -> bool:
        return bool(self.complaints)

    can_conclude = can_assign

    def _allow_on_complaint(self, act: Act, posts: set[Post], now: bool, **faults: bool) -> set[str]:
        post, given = self.posts[act.who], self.complaints[-1].given_to == act.who
        if post not in (Post.COUNTY_HANDLER, Post.SUPERVISOR) and not (post is Post.HANDLER and given):
            return {"complaint_not_found"}
        if act.who in self.relatives:
            return {"conflict_of_interest"}
        if post is not Post.SUPERVISOR and self._has_acted(act.who, self.complaints[-1]):
            return {"same_person_not_allowed"}
        refusals = {code for code, holds in faults.items() if holds}
        if not now:
            refusals.add("step_not_allowed")
        if post not in posts:
            refusals.add("role_not_allowed")
        return refusals

    def judge_assign(self, act: Act) -> set[str]:
        complaint, to = self.complaints[-1], act.how[0]
        return self._allow_on_complaint(
            act,
            {Post.COUNTY_HANDLER, Post.SUPERVISOR},
            complaint.status in ("received", "assigned"),
            assignee_not_suitable=self.posts[to] not in (Post.HANDLER, Post.COUNTY_HANDLER),
            conflict_of_interest=to in self.relatives,
            same_person_not_allowed=self._concerns(to, complaint),
        )

    def do_assign(self, act: Act) -> None:
        complaint = self.complaints[-1]
        self._complain(complaint.status, "assign", "assigned")
        complaint.status, complaint.given_to = "assigned", act.how[0]

    def judge_conclude(self, act: Act) -> set[str]:
        complaint = self.complaints[-1]
        fits = (act.how[0] == "answer") == (complaint.category == "inquiry")
        return self._allow_on_complaint(
            act,
            {Post.HANDLER, Post.COUNTY_HANDLER},
            complaint.status == "assigned",
            not_assigned_to_you=complaint.given_to != act.who,
            outcome_does_not_fit=not fits,
            same_person_not_allowed=self._concerns(act.who, complaint),
        )

    def do_conclude(self, act: Act) -> None:
        complaint = self.complaints[-1]
        ended = {"answer": "answered", "uphold": "upheld", "dismiss": "dismissed"}[act.how[0]]
        self._complain(complaint.status, act.how[0], ended)
        complaint.status = ended

    # people

    def can_declare(self, act: Act) -> bool:
        return self.state("award") != "stopped"  # until when a household keeps its place then is the awards' own story

    def judge_declare(self, act: Act) -> set[str]:
        return {"relative_already_declared"} if act.who in self.relatives else set()

    def do_declare(self, act: Act) -> None:
        """From now on the case is none of his; it goes on the register, which obliges the county to visit."""
        self.relatives.add(act.who)
        self._register()

    def _register(self) -> None:
        is_open = self.state("application") in ("submitted", "supplement_requested", "accepted")
        if is_open or self.state("award") in ("active", "suspended"):
            self.registered = True
            if self.is_accepted:
                self.owe_visit()

    def can_move(self, act: Act) -> bool:
        return self.posts[act.how[0]] is not MOVES[act.how[0]]

    def judge_move(self, act: Act) -> set[str]:
        return set()

    def do_move(self, act: Act) -> None:
        self.posts[act.how[0]] = MOVES[act.how[0]]

    # time

    def goal(self, act: Act) -> date:
        """Return the day that is waited for."""
        what = act.how[0]
        if what == "month":
            return month_of(self.today, 1)
        if what in ("due", "late"):
            ends = [step.due.on for step in self.steps if step.due is not None] or [self.today]
            ends = [day for day in ends if day > self.today] or [self.today]
            return min(ends) + (DAY if what == "late" else timedelta(0))
        if what == "decision":
            return max(self.today, (self.decide_by.on if self.decide_by is not None else self.today) + DAY)
        return self.today + timedelta(days=int(what))

    def can_wait(self, act: Act) -> bool:
        goal = self.goal(act)
        if self.is_accepted and not self.verified and self.accepted_on is not None:
            return self.today < goal <= self.accepted_on + timedelta(days=BANKS_WITHIN)
        if self.is_accepted and self.accepted_on is not None:
            return self.today < goal <= self.accepted_on + timedelta(days=REPORT_HOLDS)
        return self.today < goal <= HORIZON

    def judge_wait(self, act: Act) -> set[str]:
        return set()

    def until(self, goal: date) -> date:
        """Return the next day before or on a goal on which the worker has something to do."""
        return min([goal, *(day for day in self.wakeups() if self.today < day)])

    def pass_to(self, day: date) -> None:
        """Let it be a later day."""
        self.today = day
        self.wake()

    # what is to be seen

    def expected(self) -> dict[str, Any]:
        return super().expected() | {
            "complaints": [
                (one.category, one.status, one.due.on.isoformat() if one.due else None) for one in self.complaints
            ],
        }
