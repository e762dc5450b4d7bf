"""What changed numbers mean for one household: the same rules over the facts it was granted by, month by month.

Only the numbers may make a difference. So the amount that holds is worked out anew first, with the numbers it rests on:
where that gives something else (somebody came of age meanwhile, a person had decided otherwise), the facts are no
longer what the amount rests on, and a person must look. Pure: rows in, a verdict out.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from app.awards.falls import Further
from app.awards.growing import birthdays, month_of
from app.awards.lifecycle import AmountCause, Outcome
from app.core.canonical import canonical_bytes
from app.core.errors import DomainError
from app.programs.assessment import Assessment, Weight
from app.programs.base import Parameters, Program
from app.programs.case import Case
from app.review.assessing import allows_favour, digest_of, open_points
from app.review.book import Book

Basis = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """An amount that holds from a month on, and the numbers it rests on; no numbers: a person found something else.

    `adjustment_id`: of the decision, where a person decided on it.
    """

    from_month: date
    fen: int
    basis: Basis | None
    numbers: str | None = None  # as which they are kept; None: with the decision
    adjustment_id: UUID | None = None


@dataclass(frozen=True)
class Granted:
    """What an award's decision kept, and what the award amounted to until now, by number: the later one holds."""

    from_month: date
    to_month: date | None
    body: Mapping[str, Any]
    amounts: Sequence[Standing]

    def at(self, month: date) -> Standing:
        """Return what holds in a month."""
        return [each for each in self.amounts if each.from_month <= month][-1]


@dataclass(frozen=True)
class NewAmount:
    """An amount to be kept, from a month on."""

    from_month: date
    fen: int
    before_fen: int
    cause: AmountCause
    numbers: str | None
    basis: Basis | None
    rules_version: int | None
    digest: str | None
    adjustment_id: UUID | None = None  # of the decision that is said again


@dataclass(frozen=True)
class Verdict:
    """What is to be done. `fen` none: the household would not be entitled, or the rules cannot say (`reason`).
    `further`: what waits for a person beside the first month. `grown`: as with these."""

    outcome: Outcome
    from_month: date
    before_fen: int
    fen: int | None
    reason: str | None = None
    numbers: str | None = None
    basis: Basis | None = None
    amounts: Sequence[NewAmount] = ()
    further: Sequence[Further] = ()
    grown: bool = False

    def with_numbers(self) -> "Sequence[NewAmount | Verdict]":
        """List whatever rests on numbers: these, and the amounts."""
        return (*self.amounts, self)

    @property
    def raised_fen(self) -> int:
        """By how much more is due in the first higher month."""
        return self.amounts[0].fen - self.amounts[0].before_fen if self.amounts else 0


class Given(NamedTuple):
    """What the rules give in a month; `fen` none: the household would not be entitled. `basis` none: the numbers are
    kept already."""

    fen: int | None
    numbers: str | None
    basis: Basis | None


class _Unsure(Exception):
    """The rules cannot say; why, as a code."""


@dataclass(frozen=True)
class Judge:
    """Judges one award after the other by the numbers of one book. `until`: the last day it looks for birthdays."""

    program: Program[Any, Any]
    book: Book
    until: date
    _read: dict[bytes, Parameters] = field(default_factory=dict)
    _digests: dict[int, tuple[Parameters, str, Basis]] = field(default_factory=dict)

    def judge(self, granted: Granted, since: date) -> Verdict | None:
        """Say what an award amounts to in the months from `since` on; None where none of its months is concerned."""
        first = max(month_of(since), granted.from_month)
        if granted.to_month is not None and granted.to_month < first:
            return None
        judged: list[_Month] = []
        try:
            ages = self._birthdays(granted)
            grown = ages - self._changing(granted)
            months = self._months(granted, first, grown)
        except _Unsure as why:
            return _conclude(judged, _Left(str(why), [(first, granted.at(first))]))
        for place, month in enumerate(months):
            try:
                judged.append(self._judge_month(granted, month, ages))
            except _Unsure as why:
                left = months[place:]
                standing = [(each, granted.at(each)) for each in left]
                return _conclude(judged, _Left(str(why), standing, self._beginning(granted, left), month in grown))
        return _conclude(judged)

    def given_in(self, granted: Granted, month: date) -> Given | None:
        """Say what the rules give in a month; None where they cannot say."""
        try:
            judged = self._judge_month(granted, month, self._birthdays(granted))
        except _Unsure:
            return None
        return Given(judged.fen, judged.numbers, judged.basis)

    def later_months(self, granted: Granted, month: date) -> Sequence[date]:
        """List the months after one from which on the numbers may be others, or the award was to amount to something
        else; none where nobody can tell any more."""
        try:
            return self._months(granted, month, self._birthdays(granted))[1:]
        except _Unsure:
            return []

    def facts_of(self, granted: Granted) -> tuple[int, Case[Any]] | None:
        """Return by which version of the rules a household was granted the award, and its case; None where neither can
        be told."""
        try:
            return self._rules_of(granted), self._case_of(granted)
        except (_Unsure, KeyError, TypeError):
            return None

    def _months(self, granted: Granted, first: date, grown: set[date]) -> list[date]:
        """List the months from which on the numbers may be others, or the award was to amount to something else, or a
        member is of another age."""
        later = self._changing(granted) | grown
        return [
            first,
            *sorted(m for m in later if m > first and (granted.to_month is None or m <= granted.to_month)),
        ]

    def _changing(self, granted: Granted) -> set[date]:
        try:
            days = self.book.days_of_change(granted.body["case"]["division"])
        except (KeyError, TypeError, DomainError):
            raise _Unsure("facts_unreadable") from None
        return {month_of(day) for day in days} | {each.from_month for each in granted.amounts}

    def _birthdays(self, granted: Granted) -> set[date]:
        """Return the months from which on a member is of another age that the rules ask about."""
        try:
            ages = self.book.ages(granted.body["case"]["division"])
            days = [day for each in granted.body["case"]["members"] for day in birthdays(each["birth_date"], ages)]
        except (KeyError, TypeError, ValueError, DomainError):
            raise _Unsure("facts_unreadable") from None
        return {month_of(day) for day in days if granted.from_month < day <= self.until}

    def _beginning(self, granted: Granted, months: Sequence[date]) -> frozenset[date]:
        """Say from which of these months on other numbers hold than in the one before: from each whose are unknown."""
        numbers = [self._numbers_in(granted, month) for month in months]
        both = zip(months[1:], numbers, numbers[1:], strict=False)
        return frozenset(month for month, before, now in both if now is None or now != before)

    def _numbers_in(self, granted: Granted, month: date) -> Basis | None:
        try:
            case = self._case_of(granted)
            _, basis = self._written(self.book.resolve(case.division, case.area_class, month))
        except (_Unsure, DomainError):
            return None
        return {name: value for name, value in basis.items() if name != "on"}

    def _judge_month(self, granted: Granted, month: date, ages: set[date]) -> "_Month":
        """Judge one month. Where a member is of another age (`ages`) than where the amount began, what it rests on is
        looked at there."""
        standing, case = granted.at(month), self._case_of(granted)
        if standing.basis is None:
            raise _Unsure("decided_by_person")
        rules = self._rules_of(granted)
        older = any(standing.from_month < each <= month for each in ages)
        on = standing.from_month if older else month
        before = self.program.assess_under(rules, case, self._on(standing.basis, on), on)
        if before.monthly_amount_fen != standing.fen:
            raise _Unsure("facts_differ")
        try:
            numbers = self.book.resolve(case.division, case.area_class, month)
        except DomainError:
            raise _Unsure("numbers_unusable") from None
        digest, basis = self._written(numbers)
        found = self.program.assess_under(rules, case, numbers, month)
        fen = self._entitled(granted, found)

        def by_numbers(day: date) -> int:
            if not any(day < each <= month for each in ages):
                return 0
            try:
                alone = self.program.assess_under(rules, case, self._on(basis, day), day)
            except _Unsure:
                return 0
            return alone.monthly_amount_fen if allows_favour(alone) else 0

        only_older = month in ages - self._changing(granted)
        return _Month(month, standing, fen, found, digest, basis, only_older, by_numbers)

    def _rules_of(self, granted: Granted) -> int:
        """Return the version of the rules that the household was granted by: a later one may ask for more than was
        looked into then."""
        version: int = granted.body["assessment"]["rules_version"]
        if version not in self.program.replays:
            raise _Unsure("rules_unknown")
        return version

    def _entitled(self, granted: Granted, found: Assessment) -> int | None:
        """Return the amount, or None; what the reviewer had settled stays settled, anything else is for a person."""
        if not allows_favour(found):
            return None
        settled = {each["rule"] for each in granted.body["assessment"]["findings"] if _was_open(each)}
        if any(point.rule not in settled for point in open_points(found)):
            raise _Unsure("open_points")
        return found.monthly_amount_fen

    def _case_of(self, granted: Granted) -> Case[Any]:
        try:
            return self.program.case_from_json(granted.body["case"])
        except (KeyError, TypeError, ValueError, DomainError):
            raise _Unsure("facts_unreadable") from None

    def _on(self, basis: Basis, month: date) -> Parameters:
        """Read numbers back as those of another day; what many awards rest on is read once."""
        dated = {**basis, "on": month.isoformat()}
        key = hashlib.sha256(canonical_bytes(dated)).digest()
        found = self._read.get(key)
        if found is None:
            try:
                found = self._read[key] = self.program.parameters_from_json(dated)
            except (KeyError, TypeError, ValueError, DomainError):
                raise _Unsure("facts_unreadable") from None
        return found

    def _written(self, numbers: Parameters) -> tuple[str, Basis]:
        known = self._digests.get(id(numbers))
        if known is None:
            basis = numbers.as_json()
            known = self._digests[id(numbers)] = (numbers, digest_of(canonical_bytes(basis)), basis)
        return known[1], known[2]


@dataclass(frozen=True)
class _Month:
    """One month from which on the numbers may be others; `fen` none: the household would not be entitled."""

    month: date
    standing: Standing
    fen: int | None
    found: Assessment
    numbers: str
    basis: Basis
    grown: bool  # nothing is new in it but that a member is older
    by_numbers: Callable[[date], int]  # what its numbers give by the ages of an earlier day; 0 where all are the same

    def falls(self, floor: int, since: date) -> Further:
        """Say that the award falls in it below what began on a day, and whether by a member's age alone."""
        return Further(self.month, floor, self.fen, self.grown or self.by_numbers(since) >= floor)


@dataclass(frozen=True)
class _Left:
    """The months that the rules cannot say anything about, why, and what holds in each; `beginning`: those from which
    on other numbers hold; `grown`: nothing is new in the first but that a member is older."""

    reason: str
    standing: Sequence[tuple[date, Standing]]
    beginning: frozenset[date] = frozenset()
    grown: bool = False


def _conclude(months: Sequence[_Month], left: _Left | None = None) -> Verdict:
    """Say what follows: no month gets less than it had, nor than the month before, unless a person decided so; where it
    should, or the rules cannot say, a person acts. What comes before that is raised all the same."""
    amounts: list[NewAmount] = []
    falls: list[tuple[_Month, Further]] = []
    fell_to: tuple[int | None, int] | None = None  # and from what, in the month before
    for each in months:
        carried = amounts[-1].fen if amounts else 0
        floor = _floor(each.month, each.standing, carried)
        falls_to = (each.fen, floor) if each.fen is None or each.fen < floor else None
        if falls_to is not None and falls_to != fell_to:
            since = each.standing.from_month if floor == each.standing.fen else amounts[-1].from_month
            falls.append((each, each.falls(floor, since)))
        fell_to = falls_to
        if each.grown:
            continue  # who is older gets nothing more by a number
        fen = max(each.fen or 0, floor)
        if fen > each.standing.fen if not amounts else fen != carried or _fixed_in(each.month, each.standing):
            amounts.append(_new_amount(each, fen))
    if left is not None:
        return _left_to_a_person(left, [fall for _, fall in falls], amounts)
    if falls:
        month, first_fall = falls[0]
        outcome = Outcome.NO_LONGER_ENTITLED if month.fen is None else Outcome.TO_BE_HEARD
        return Verdict(
            outcome,
            month.month,
            first_fall.before_fen,
            month.fen,
            numbers=month.numbers,
            basis=month.basis,
            amounts=amounts,
            further=[fall for _, fall in falls[1:]],
            grown=first_fall.grown,
        )
    if amounts:
        first = amounts[0]
        return Verdict(Outcome.RAISED, first.from_month, first.before_fen, first.fen, amounts=amounts)
    same = months[0]
    return Verdict(Outcome.UNCHANGED, same.month, same.standing.fen, same.standing.fen)


def _left_to_a_person(left: _Left, falls: Sequence[Further], amounts: list[NewAmount]) -> Verdict:
    """Leave the months from the first on in which the award would fall, or the rules cannot say, to a person, and name
    each from which on other numbers hold; what a person decided for any of them is said again behind the amounts that
    would cover it."""
    waiting = [*falls]
    covered = bool(amounts)
    for place, (each, holding) in enumerate(left.standing):
        fen = _floor(each, holding, amounts[-1].fen if covered else 0)
        if place == 0 or each in left.beginning:
            waiting.append(Further(each, fen, None, place == 0 and left.grown))
        if covered and (fen != amounts[-1].fen or _fixed_in(each, holding)):
            amounts.append(_kept(each, holding, fen))
    (month, before, _, grown), *further = waiting
    reason = left.reason
    return Verdict(Outcome.NEEDS_PERSON, month, before, None, reason, amounts=amounts, further=further, grown=grown)


def _fixed_in(month: date, standing: Standing) -> bool:
    """Say whether a person decided what the award amounts to from just this month on."""
    return standing.adjustment_id is not None and standing.from_month == month


def _floor(month: date, standing: Standing, carried: int) -> int:
    """Return the least that no computation goes below in a month; `carried`: the amount of the months before."""
    return standing.fen if _fixed_in(month, standing) else max(standing.fen, carried)


def _new_amount(each: _Month, fen: int) -> NewAmount:
    """Keep what the rules give; or what it was, where they would give less, or a person decided on just that."""
    standing = each.standing
    if fen != each.fen or (fen == standing.fen and _fixed_in(each.month, standing)):
        return _kept(each.month, standing, fen)
    found = each.found
    digest = digest_of(canonical_bytes(found.as_json()))
    change, rules = AmountCause.CHANGE, found.rules_version
    return NewAmount(each.month, fen, standing.fen, change, each.numbers, each.basis, rules, digest)


def _kept(month: date, standing: Standing, fen: int) -> NewAmount:
    """Say an amount again, because the one before it would cover it."""
    decided = standing.adjustment_id
    return NewAmount(month, fen, standing.fen, AmountCause.KEPT, standing.numbers, None, None, None, decided)


def _was_open(finding: Mapping[str, Any]) -> bool:
    return finding["met"] is None and finding["weight"] != Weight.NOTE
