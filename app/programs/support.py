"""Support from outside the household: by default what is really paid; by a regional formula what is owed as well."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from app.core.age import full_years
from app.programs.declaration import Listed, Relation, Supporter, yearly
from app.programs.rows import Multiple, Row, Share


class SupportRow(Row):
    """The value of `support_formula`: a share of what the supporter's household has above a multiple of the standard.

    E.g. `{"share": "0.5", "multiple_of_standard": "2"}`. The formula does not reach the relations and ages it exempts.
    """

    share: Share
    multiple_of_standard: Multiple  # for each head of the supporter's household
    exempt_relations: Listed[Relation] = ()
    exempt_from_age: Annotated[int | None, Field(ge=0, le=120)] = None


class PaidSupportRow(Row):
    """The value of `support_exempt`: what siblings or old relatives pay for somebody who applies alone counts in part.

    E.g. `{"share": "0.5", "relations": ["sibling"], "from_age": 60}` leaves out half (notice of 20 October 2022).
    """

    share: Share
    relations: Listed[Relation] = ()
    from_age: Annotated[int | None, Field(ge=0, le=120)] = None


@dataclass(frozen=True, slots=True)
class Support:
    """Support of twelve months. `open`: supporters whose income the formula needs and nobody knows."""

    paid_fen: int = 0
    counted: Fraction | int = 0
    left_out: Fraction = Fraction(0)  # of what is paid
    by_formula: tuple[tuple[str, Fraction], ...] = ()  # where the formula gives more than is paid
    open: tuple[str, ...] = ()


NO_SUPPORT = Support()


def reckon_support(
    supporters: Collection[Supporter],
    formula: SupportRow | None,
    exempt: PaidSupportRow | None,
    standard: Fraction,
    on: date,
) -> Support:
    """Add up what counts: the higher of what is paid and what the region's formula gives."""
    if not supporters:
        return NO_SUPPORT
    supporters = sorted(supporters, key=lambda each: each.ref)
    paid = sum(yearly(each.support_fen, each.period) for each in supporters)
    if formula is None and exempt is None:
        return Support(paid, paid)
    counted, left_out, owed_more, unclear = Fraction(0), Fraction(0), [], []
    for each in supporters:
        pays = Fraction(yearly(each.support_fen, each.period))
        if exempt is not None and _is_among(each, exempt.relations, exempt.from_age, on):
            left_out += exempt.share * pays
            counted += pays - exempt.share * pays
            continue
        owed = _owed(each, formula, standard, on) if formula is not None else Fraction(0)
        if owed is None:
            unclear.append(each.ref)
        elif owed > pays:
            owed_more.append((each.ref, owed))
        counted += max(pays, owed or Fraction(0))
    return Support(paid, counted, left_out, tuple(owed_more), tuple(unclear))


def _owed(supporter: Supporter, row: SupportRow, standard: Fraction, on: date) -> Fraction | None:
    """Return what the formula gives for twelve months; None where it needs an income nobody knows."""
    if _is_among(supporter, row.exempt_relations, row.exempt_from_age, on):
        return Fraction(0)
    if supporter.household_income_fen is None:
        return None
    kept = row.multiple_of_standard * standard * 12 * supporter.household_size
    return row.share * max(yearly(supporter.household_income_fen, supporter.period) - kept, Fraction(0))


def _is_among(supporter: Supporter, relations: tuple[Relation, ...], from_age: int | None, on: date) -> bool:
    if supporter.relation in relations:
        return True
    if supporter.birth_date is None or from_age is None:
        return False
    return full_years(supporter.birth_date, on) >= from_age
