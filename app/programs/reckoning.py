"""The household in numbers: worked out once, read by every rule. Data only; the sums are made in the modules beside.

What a rule rests on may be unknown because a source has not answered. Then the rule may say no, or leave it to a
person; it never says yes.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Generic, NamedTuple, TypeAlias, TypeVar

from app.core.money import round_half_up
from app.facts import Fact, Item
from app.programs.articles import HouseholdArticles
from app.programs.assessment import Finding, MemberVerdict
from app.programs.canonical import Json
from app.programs.case import Case
from app.programs.declaration import IncomeKind, MemberFacts, Property, PropertyKind
from app.programs.employment import NO_LABOUR, Labour
from app.programs.expenses import NO_EXPENSES, Expenses
from app.programs.form import HouseholdAnswers
from app.programs.limits import Measure
from app.programs.parameters import HouseholdParameters
from app.programs.sources import Register, Sources
from app.programs.support import NO_SUPPORT, Support

A_co = TypeVar("A_co", bound=HouseholdAnswers, covariant=True)
P_co = TypeVar("P_co", bound=HouseholdParameters, covariant=True)

ByMember: TypeAlias = tuple[tuple[str, Fraction | int], ...]  # (member, fen)


class ClassIncome(NamedTuple):
    """One class of income of the whole household over twelve months, in exact fen.

    `net` is what is left of it; costs above it are a `loss`, and a loss eats no other income.
    """

    kind: IncomeKind
    gross: Fraction | int
    costs_fen: int
    net: Fraction | int
    loss: Fraction | int

    @classmethod
    def of(cls, kind: IncomeKind, gross: Fraction | int, costs_fen: int) -> "ClassIncome":
        """Set the costs against the income."""
        left = gross - costs_fen
        return cls(kind, gross, costs_fen, left, 0) if left >= 0 else cls(kind, gross, costs_fen, 0, -left)


class HouseholdIncome(NamedTuple):
    """Income of the counted members over twelve months, exact: nothing is rounded before the end.

    `total` is the net of all classes, with what a region takes to be earned, less what it lets be deducted.
    """

    classes: tuple[ClassIncome, ...]  # always all five, in the order of the law
    not_counted: tuple[tuple[str, int], ...]  # (code, fen), what the law leaves out
    total: Fraction | int
    most: Fraction | int  # no smaller household of the same people could have more: no loss eats into it
    new_jobs: ByMember = ()  # wages disregarded because the job is new
    employment_costs: ByMember = ()  # beyond the costs that were stated
    expenses: Expenses = NO_EXPENSES  # what was stated, and what counts of it
    labour: Labour = NO_LABOUR
    support: Support = NO_SUPPORT

    @property
    def year_fen(self) -> int:
        """Return the total in whole fen, for show; no rule reads it."""
        return self.total if isinstance(self.total, int) else round_half_up(self.total)


@dataclass(frozen=True, slots=True)
class Share:
    """What one member declared of one kind of property, and what a register shows of it.

    `exempt_…`: what was declared beside, of a kind and use that the region exempts.
    """

    owner: str
    kind: PropertyKind
    register: Register | None  # None where no register shows this kind
    fen: int
    count: int
    unvalued: bool  # something is declared without a value
    found: Fact | None
    silent: bool  # the register has not answered: there may be more
    exempt_fen: int = 0
    exempt_count: int = 0

    @property
    def measure(self) -> Measure | None:
        """Return what its register measures it in."""
        return self.register.measure if self.register else None

    @property
    def found_number(self) -> int:
        """Return the balance or count the register shows."""
        return self.found.value if self.found is not None and isinstance(self.found.value, int) else 0


@dataclass(frozen=True, slots=True)
class Span:
    """A number known only between two bounds; `high` None: no upper bound is known."""

    low: int
    high: int | None

    @property
    def is_nothing(self) -> bool:
        """Say whether it is certainly zero."""
        return self.high == 0


@dataclass(frozen=True, slots=True)
class Holding:
    """All the household has of one kind: the higher of declared and found, as far as that can be told."""

    kind: PropertyKind
    shares: tuple[Share, ...]
    count: Span
    fen: Span

    @property
    def measure(self) -> Measure | None:
        """Return what its register measures it in."""
        return self.shares[0].measure

    @property
    def is_silent(self) -> bool:
        """Say whether a register has not answered about it."""
        return any(share.silent for share in self.shares)


class Reckoning(NamedTuple, Generic[A_co, P_co]):
    """One case with its parameters and everything worked out from both."""

    case: Case[A_co]
    parameters: P_co
    on: date
    articles: HouseholdArticles
    members: tuple[MemberVerdict, ...]
    counted: tuple[MemberFacts, ...]
    heads: int  # how many persons count
    income: HouseholdIncome
    holdings: tuple[Holding, ...]
    left_out: tuple[tuple[str, Property], ...]  # (name of the exemption, what it exempts)
    standard: Fraction  # fen a month, exact
    per_capita: Fraction | None  # fen a month, exact; None when nobody counts
    room: Fraction | None  # the standard less the income per head: below zero for who has more
    below_standard: bool  # no when nobody counts
    silent: frozenset[tuple[str, Item]]  # what no source has answered about those who count
    sources: Sources  # the registers that the rules look into
    sure_heads: int  # how many count whatever the register of deaths says; one at least: without any no rule applies

    def lies_below(self, line: Fraction) -> bool:
        """Say whether the income per head lies below a line; no when nobody counts."""
        # Both sides times 12, the heads and the line's denominator: whole numbers, and nothing is reduced.
        return self.heads > 0 and self.income.total * line.denominator < line.numerator * 12 * self.heads

    def reaches_with(self, more_year_fen: int, line: Fraction) -> bool:
        """Say whether who lies below a line no longer does, once so much more a year is counted."""
        income = self.income.total + more_year_fen
        return self.lies_below(line) and income * line.denominator >= line.numerator * 12 * self.heads

    def may_reach(self, line: Fraction) -> bool:
        """Say whether who lies below a line may not, once it is known who of the household lives."""
        return self.sure_heads != self.heads and self.most_per_capita >= line

    @property
    def most_per_capita(self) -> Fraction:
        """Return what the income per head is at most, whatever the register of deaths will say."""
        if self.per_capita is None or self.sure_heads == self.heads:
            return self.per_capita or Fraction(0)
        return Fraction(self.income.most) / (12 * self.sure_heads)


AnyReckoning: TypeAlias = Reckoning[HouseholdAnswers, HouseholdParameters]
"""What the rules that several programs share read."""


def unanswered(work: AnyReckoning, *items: Item) -> list[tuple[str, Item]]:
    """List what is unknown about the counted members, because the source has not answered."""
    if not work.silent:
        return []
    return [(member.ref, item) for member in work.counted for item in items if (member.ref, item) in work.silent]


def silence_json(silent: Collection[tuple[str, Item]]) -> dict[str, Json]:
    """Write what was not answered, for a finding to show."""
    if not silent:
        return {"items": [], "silent": []}
    pairs = sorted(silent)
    return {"items": sorted({item.value for _, item in pairs}), "silent": [[ref, item.value] for ref, item in pairs]}


Rule: TypeAlias = Callable[[AnyReckoning], Finding | None]
"""Looks at one thing; None where it does not apply to this case."""
