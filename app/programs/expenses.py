"""Necessary expenses: what of them the rules recognise (measures for rigid-expense families, art. 5).

What is recognised may be known only between two bounds: schooling counts at the price of a public school of the same
stage, and where the region has not said it, a person must.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from app.core.money import NOTHING
from app.programs.canonical import Json
from app.programs.declaration import Expense, ExpenseKind, Fen, yearly
from app.programs.rows import Row, Share

EXPENSE_KINDS: tuple[ExpenseKind, ...] = get_args(ExpenseKind)


class ExpenseRow(Row):
    """The value of a row `rigid_expense.<kind>`: the share that counts, and the most of it in twelve months.

    E.g. `{"share": "1", "cap_fen": 2000000, "per_member": true}`; `public_price`: schooling at public prices only.
    """

    share: Share = Fraction(1)
    cap_fen: Fen | None = None
    per_member: bool = False
    public_price: bool = True

    def recognise(self, fen_by_member: Iterable[int]) -> Fraction:
        """Return what counts of the expenses of each member."""
        parts = [self.share * fen for fen in fen_by_member]
        if self.cap_fen is None:
            return sum(parts, Fraction(0))
        if self.per_member:
            return sum((min(part, Fraction(self.cap_fen)) for part in parts), Fraction(0))
        return min(sum(parts, Fraction(0)), Fraction(self.cap_fen))


@dataclass(frozen=True, slots=True)
class Recognised:
    """One kind of expense over twelve months: as stated, and what counts of it, at least and at most."""

    kind: ExpenseKind
    stated_fen: int
    low: Fraction
    high: Fraction

    @property
    def is_open(self) -> bool:
        """Say whether a public price is missing."""
        return self.low != self.high


@dataclass(frozen=True, slots=True)
class Expenses:
    """All necessary expenses of the counted members over twelve months; only kinds of which something was stated."""

    kinds: tuple[Recognised, ...] = ()

    @property
    def stated_fen(self) -> int:
        """Return what was stated."""
        return sum(each.stated_fen for each in self.kinds)

    @property
    def low(self) -> Fraction:
        """Return what counts for certain."""
        return sum((each.low for each in self.kinds), NOTHING)

    @property
    def high(self) -> Fraction:
        """Return what counts at most."""
        return sum((each.high for each in self.kinds), NOTHING)

    def stated_json(self) -> dict[str, Json]:
        """Write what was stated, by kind."""
        return {each.kind: each.stated_fen for each in self.kinds}


NO_EXPENSES = Expenses()


def recognise_expenses(
    lines: Iterable[Expense],
    counted: Collection[str],
    rows: Mapping[str, ExpenseRow],
    prices: Mapping[str, int],
) -> Expenses:
    """Work out what counts. `rows` by kind: a kind without one counts nothing; `prices`: public schools, a year."""
    stated: defaultdict[str, int] = defaultdict(int)
    certain: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    possible: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        year = yearly(line.amount_fen, line.period)
        if line.member not in counted or not year:
            continue
        stated[line.kind] += year
        price = _price(line, rows.get(line.kind), prices)
        if price is not None:
            year = min(year, price)
            certain[line.kind][line.member] += year
        possible[line.kind][line.member] += year
    return Expenses(
        tuple(
            Recognised(
                kind,
                stated[kind],
                rows[kind].recognise(certain[kind].values()) if kind in rows else NOTHING,
                rows[kind].recognise(possible[kind].values()) if kind in rows else NOTHING,
            )
            for kind in EXPENSE_KINDS
            if kind in stated
        )
    )


def _price(line: Expense, row: ExpenseRow | None, prices: Mapping[str, int]) -> int | None:
    """Return the most that counts of one line; None where a public price decides and is not known."""
    if line.kind != "education" or row is None or not row.public_price:
        return yearly(line.amount_fen, line.period)
    return prices.get(line.stage) if line.stage else None
