"""Outcome and amount alone, for judging a million households: no findings, and whole numbers wherever they are exact.

It takes a short cut where the law's plain case is at hand: a household that applies as a whole, of people who all count
for certain, nobody asked about anything, judged by numbers that deduct and assume nothing. Everything else goes through
`LivingAllowance.assess`. That both say the same is what tests/programs/living_allowance/test_fast.py is for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from app.core.money import round_half_up
from app.programs.assessment import Outcome, outcome_of
from app.programs.case import Case
from app.programs.declaration import PropertyKind, yearly
from app.programs.household import reckon
from app.programs.living_allowance import amount, citations
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.edge import EDGE_FAMILY
from app.programs.living_allowance.parameters import AmountMethod, Parameters
from app.programs.living_allowance.program import LivingAllowance
from app.programs.parameters import HouseholdNumbers
from app.programs.property import is_financial
from app.programs.sources import OF_TEN_DEPARTMENTS

HouseholdCase = Case[LivingAllowanceAnswers]
_PROGRAM = LivingAllowance()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an assessment says in the end."""

    outcome: Outcome
    another_program: str | None
    monthly_amount_fen: int


@dataclass(frozen=True, slots=True)
class Owned:
    """All of one kind: how many, and what they are worth as far as somebody said; not `valued`: not all of it."""

    count: int
    fen: int
    valued: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """A plain household in whole numbers; they depend on no standard."""

    heads: int
    year_fen: int
    owned: Mapping[PropertyKind, Owned]


@dataclass(frozen=True, slots=True)
class _Limit:
    kinds: frozenset[PropertyKind]
    by_value: bool
    most: int  # for the whole household, in whole fen or things: what is owned is a whole number, too


class Numbers:
    """The numbers of one place and day, made ready for many cases."""

    def __init__(self, parameters: Parameters) -> None:
        self.parameters = parameters
        self._plain = _deduct_nothing(parameters.household)
        self._whole = parameters.amount_method is AmountMethod.DIFFERENCE and not parameters.supplements
        standard = parameters.standard
        self._year_fen = yearly(standard.amount_fen, standard.period)
        self._edge = parameters.edge_ratio
        limits = parameters.household.property_limits
        self._covered = frozenset(kind for limit in limits for kind in limit.row.kinds)
        self._limits: dict[int, tuple[_Limit, ...]] = {}

    def same_figures_as(self, other: "Numbers") -> bool:
        """Say whether a household has the same figures under both."""
        return self.parameters.household.not_counted == other.parameters.household.not_counted

    def figures_of(self, case: HouseholdCase) -> Figures | None:
        """Return a household's figures; None where it is no plain one."""
        return _figures(case, self.parameters.household.not_counted) if self._plain else None

    def judge(self, case: HouseholdCase, figures: Figures | None) -> Verdict:
        """Return what `assess` says of a case, `figures` being those of `figures_of`."""
        if figures is None or not self._plain:
            judged = _PROGRAM.assess(case, self.parameters, self.parameters.on)
            return Verdict(judged.outcome, judged.another_program, judged.monthly_amount_fen)
        line = self._year_fen * figures.heads
        lacking = line - figures.year_fen
        within = self._within_limits(figures)
        if lacking > 0:
            if within is False:
                return Verdict(Outcome.LIKELY_NOT_ELIGIBLE, None, 0)
            monthly = self._amount(case, lacking)
            if monthly:
                return Verdict(outcome_of(within), None, monthly)
            if round_half_up(Fraction(lacking, 12)):  # tiers or rounding leave nothing of it
                return Verdict(Outcome.NEEDS_PERSON, None, 0)
        near = figures.year_fen * self._edge.denominator < line * self._edge.numerator
        if near and within is not False:
            return Verdict(Outcome.ANOTHER_PROGRAM if within else Outcome.NEEDS_PERSON, EDGE_FAMILY, 0)
        return Verdict(Outcome.LIKELY_NOT_ELIGIBLE, None, 0)

    def _amount(self, case: HouseholdCase, lacking_year_fen: int) -> int:
        if not self._whole:
            work = reckon(case, self.parameters, self.parameters.on, citations.HOUSEHOLD, OF_TEN_DEPARTMENTS)
            return amount.work_out(work, _PROGRAM.rules_version).fen
        exact, rounding = Fraction(lacking_year_fen, 12), self.parameters.rounding
        return rounding.round(exact) if rounding else round_half_up(exact)

    def _within_limits(self, figures: Figures) -> bool | None:
        """Say whether what is owned lies within the limits of the place; None: a person must look."""
        open_point = not figures.owned.keys() <= self._covered
        for limit in self._limits_for(figures.heads):
            held = [owned for kind, owned in figures.owned.items() if kind in limit.kinds]
            if sum(owned.fen if limit.by_value else owned.count for owned in held) > limit.most:
                return False
            open_point |= limit.by_value and not all(owned.valued for owned in held)
        return None if open_point else True

    def _limits_for(self, heads: int) -> tuple[_Limit, ...]:
        known = self._limits.get(heads)
        if known is None:
            standard = self.parameters.standard.monthly
            rows = [limit.row for limit in self.parameters.household.property_limits]
            known = self._limits[heads] = tuple(
                _Limit(frozenset(row.kinds), row.measure == "fen", floor(row.household_limit(standard, heads)))
                for row in rows
            )
        return known


def _deduct_nothing(numbers: HouseholdNumbers) -> bool:
    """Say whether nothing beyond the law's own rules bears on members, income and property."""
    of_region = (numbers.membership, numbers.expenses, numbers.exemptions)
    formulas = (numbers.employment_cost, numbers.new_job, numbers.labour, numbers.support)
    return not any(of_region) and all(formula is None for formula in formulas)


def _figures(case: HouseholdCase, not_counted: Mapping[str, str]) -> Figures | None:
    answers = case.answers
    if case.asked or answers.alone is not None:
        return None
    refs = set()
    for member in case.members:
        if member.situation != "ordinary" or member.relation == "other":
            return None
        refs.add(member.ref)
    net: dict[str, int] = {}
    for line in answers.income:
        if line.detail is None or line.detail not in not_counted:
            net[line.kind] = net.get(line.kind, 0) + line.year_fen - line.costs_year_fen
    for each in answers.supporters:
        net["transfer"] = net.get("transfer", 0) + yearly(each.support_fen, each.period)
    if any(fen < 0 for fen in net.values()):  # a loss: a person looks first
        return None
    return Figures(len(refs), sum(net.values()), _owned(answers) if answers.property else {})


def _owned(answers: LivingAllowanceAnswers) -> dict[PropertyKind, Owned]:
    owned: dict[PropertyKind, Owned] = {}
    for line in answers.property:
        before = owned.get(line.kind, Owned(0, 0, valued=True))
        owned[line.kind] = Owned(
            before.count + line.count,
            before.fen + (line.value_fen or 0),
            valued=before.valued and (line.value_fen is not None or not line.count),
        )
    return {kind: each for kind, each in owned.items() if not _is_nothing(kind, each)}


def _is_nothing(kind: PropertyKind, owned: Owned) -> bool:
    return owned.valued and owned.fen == 0 if is_financial(kind) else owned.count == 0
