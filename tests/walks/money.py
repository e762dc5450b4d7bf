"""The model's award and payrolls (domain 1.10–1.12, 4.2–4.6): nothing without a decision, nothing twice, four eyes."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.walks.days import Due
from tests.walks.evidence import Evidence
from tests.walks.model import Act
from tests.walks.people import Post

_COUNTY = {Post.COUNTY_HANDLER, Post.CONFIRMER}
_APPROVERS = {Post.CONFIRMER, Post.FINANCE}
_READERS = {Post.COUNTY_HANDLER, Post.CONFIRMER, Post.FINANCE, Post.SUPERVISOR}
PAY_DAY = 10


def month_of(day: date, later: int = 0) -> date:
    """Return the first of a day's month, or of one so many months later."""
    number = day.year * 12 + day.month - 1 + later
    return date(number // 12, number % 12 + 1, 1)


@dataclass
class Payroll:
    """A month's payments: who had a hand in them, and the months of the award that it pays."""

    month: date
    built_by: str
    status: str = "draft"
    approved_by: str = ""
    lines: dict[date, str] = field(default_factory=dict)  # month → pending, sent, paid


@dataclass
class Money(Evidence):
    """What follows from a grant."""

    from_month: date | None = None
    to_month: date | None = None
    heard: bool = False  # about a stop, since payments were last resumed
    payrolls: list[Payroll] = field(default_factory=list)

    def do_confirm(self, act: Act) -> None:
        super().do_confirm(act)
        self.go("award", "confirm", "active")
        self.from_month = month_of(self.today, 1)
        self.open("first_payment", Due(self.from_month.replace(day=PAY_DAY), sure=True))

    # the award

    def can_suspend(self, act: Act) -> bool:
        return self.from_month is not None

    can_resume = can_hear = can_stop = can_suspend

    def _allow_on_award(self, act: Act, posts: set[Post], now: bool, **faults: bool) -> set[str]:
        if self.posts[act.who] is Post.OUTSIDE:
            return {"award_not_found"}
        if act.who in self.relatives:
            return {"conflict_of_interest"}
        refusals = {code for code, holds in faults.items() if holds}
        if not now:
            refusals.add("step_not_allowed")
        if self.posts[act.who] not in posts:
            refusals.add("role_not_allowed")
        return refusals

    @property
    def _in_force(self) -> bool:
        return self.state("award") in ("active", "suspended")

    def judge_suspend(self, act: Act) -> set[str]:
        return self._allow_on_award(act, _COUNTY, self.state("award") == "active")

    def do_suspend(self, act: Act) -> None:
        self.go("award", "suspend", "suspended")

    def judge_resume(self, act: Act) -> set[str]:
        return self._allow_on_award(act, _COUNTY, self.state("award") == "suspended")

    def do_resume(self, act: Act) -> None:
        self.go("award", "resume", "active")
        self.heard = False

    def judge_hear(self, act: Act) -> set[str]:
        return self._allow_on_award(act, {Post.HANDLER, Post.COUNTY_HANDLER}, self._in_force)

    def do_hear(self, act: Act) -> None:
        self.go("award", "hear", self.state("award"))
        self.heard = True

    def _named(self, act: Act) -> date:
        return month_of(self.today, {"last": -1, "this": 0, "next": 1, "after": 2}[act.how[0]])

    def judge_stop(self, act: Act) -> set[str]:
        assert self.from_month is not None
        latest = max(month_of(self.today, 1), self.from_month)
        fits = month_of(self.from_month, -1) <= self._named(act) <= latest
        return self._allow_on_award(
            act, {Post.CONFIRMER}, self._in_force, hearing_required=not self.heard, last_month_out_of_range=not fits
        )

    def do_stop(self, act: Act) -> None:
        assert self.from_month is not None
        self.go("award", "stop", "stopped")
        self.to_month = self._named(act)
        if self.to_month < self.from_month:
            self.close("first_payment")

    # payrolls

    def _due(self, until: date) -> list[date]:
        """Return the months of the award up to one that nobody has begun to pay."""
        if self.from_month is None or self.state("award") == "suspended":
            return []
        begun = {month for payroll in self.payrolls for month in payroll.lines}
        last = min(until, self.to_month or until)
        months = [month_of(self.from_month, number) for number in range(24)]
        return [month for month in months if month <= last and month not in begun]

    def judge_build(self, act: Act) -> set[str]:
        if self.posts[act.who] is not Post.COUNTY_HANDLER:
            return {"role_not_allowed"}
        month, refusals = self._named(act), set()
        if month > month_of(self.today, 1):
            refusals.add("month_not_payable")
        if any(p.month == month and p.status != "rejected" for p in self.payrolls):
            refusals.add("payroll_already_built")
        if not self._due(month):
            refusals.add("nothing_to_pay")
        return refusals

    def do_build(self, act: Act) -> None:
        month = self._named(act)
        lines = dict.fromkeys(self._due(month), "pending")
        self.payrolls.append(Payroll(month, act.who, lines=lines))
        self._pay("", "build", "draft")

    def _pay(self, source: str, how: str, target: str) -> None:
        self.at["payroll"] = source
        self.go("payroll", how, target)

    def _meant(self, act: Act) -> Payroll:
        return self.payrolls[-1 if act.how[0] == "latest" else 0]

    def _move(self, act: Act, how: str, target: str) -> Payroll:
        payroll = self._meant(act)
        self._pay(payroll.status, how, target)
        payroll.status = target
        return payroll

    def can_hand_in(self, act: Act) -> bool:
        return bool(self.payrolls)

    can_approve = can_reject = can_release = can_close_books = can_hand_in

    def _allow_on_payroll(self, act: Act, posts: set[Post], *now: str, **faults: bool) -> set[str]:
        if self.posts[act.who] not in _READERS:
            return {"payroll_not_found"}
        refusals = {code for code, holds in faults.items() if holds}
        if self._meant(act).status not in now:
            refusals.add("step_not_allowed")
        if self.posts[act.who] not in posts:
            refusals.add("role_not_allowed")
        return refusals

    def judge_hand_in(self, act: Act) -> set[str]:
        builder = self._meant(act).built_by
        other = act.who != builder
        return self._allow_on_payroll(act, {Post.COUNTY_HANDLER}, "draft", only_builder_may_submit=other)

    def do_hand_in(self, act: Act) -> None:
        self._move(act, "submit", "submitted")

    def judge_approve(self, act: Act) -> set[str]:
        same = act.who == self._meant(act).built_by
        return self._allow_on_payroll(act, _APPROVERS, "submitted", same_person_not_allowed=same)

    def do_approve(self, act: Act) -> None:
        self._move(act, "approve", "approved").approved_by = act.who

    def judge_reject(self, act: Act) -> set[str]:
        may = {"draft": {Post.COUNTY_HANDLER}, "submitted": _APPROVERS, "approved": {Post.FINANCE}}
        return self._allow_on_payroll(act, may.get(self._meant(act).status, set()), "draft", "submitted", "approved")

    def do_reject(self, act: Act) -> None:
        self._move(act, "reject", "rejected").lines.clear()

    def judge_release(self, act: Act) -> set[str]:
        payroll = self._meant(act)
        stopped = self.to_month is not None and any(month > self.to_month for month in payroll.lines)
        return self._allow_on_payroll(
            act,
            {Post.FINANCE},
            "approved",
            same_person_not_allowed=act.who in (payroll.built_by, payroll.approved_by),
            payroll_outdated=self.state("award") == "suspended" or stopped,
        )

    def do_release(self, act: Act) -> None:
        payroll = self._move(act, "release", "released")
        payroll.lines = dict.fromkeys(payroll.lines, "sent")

    def can_bank_pays(self, act: Act) -> bool:
        return bool(self.payrolls) and self._meant(act).status in ("released", "closed")

    def judge_bank_pays(self, act: Act) -> set[str]:
        return set()

    def do_bank_pays(self, act: Act) -> None:
        """A second time changes nothing."""
        payroll = self._move(act, "settle", self._meant(act).status)
        payroll.lines = dict.fromkeys(payroll.lines, "paid")
        self.close("first_payment")

    def judge_close_books(self, act: Act) -> set[str]:
        open_lines = "sent" in self._meant(act).lines.values()
        return self._allow_on_payroll(act, {Post.FINANCE}, "released", payroll_not_settled=open_lines)

    def do_close_books(self, act: Act) -> None:
        self._move(act, "close", "closed")

    # what is to be seen

    def expected(self) -> dict[str, Any]:
        lines = [
            (month.isoformat(), "regular" if month == payroll.month else "arrears", status)
            for payroll in self.payrolls
            for month, status in payroll.lines.items()
        ]
        return super().expected() | {
            "award": self.state("award") or None,
            "to_month": self.to_month.isoformat() if self.to_month else None,
            "lines": sorted(lines),
            "payrolls": [(payroll.month.isoformat(), payroll.status) for payroll in self.payrolls],
        }
