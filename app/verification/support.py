"""What the form says a supporter outside the household has, beside what agencies found of him. Pure; no rule reads it.

The form tells what his whole household earns, agencies tell of him alone: only more than declared is a difference, and
less says nothing. A turnover is no income, and is left to who looks.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum

from app.facts import Fact, FactKey, Item
from app.programs.declaration import Supporter, yearly

EARNINGS = frozenset({Item.INCOME, Item.SOCIAL_INSURANCE})  # without both, what he earns is not known


class Agreement(StrEnum):
    """How what was found stands to what was declared. Never a reason for anything by itself."""

    AGREES = "agrees"
    DIFFERS = "differs"


def earned_in_a_year(facts: Mapping[FactKey, Fact]) -> int:
    """Return what he earned in twelve months, in fen, as far as agencies know: the same wage is told of twice, by the
    tax on it and by the contributions, and counts once."""
    fen = {key: fact.value for key, fact in facts.items() if isinstance(fact.value, int)}
    insured = 12 * fen.get(FactKey.INSURED_WAGE_MONTHLY, 0)
    drawn = 12 * (fen.get(FactKey.PENSION_MONTHLY, 0) + fen.get(FactKey.UNEMPLOYMENT_MONTHLY, 0))
    return max(fen.get(FactKey.TAXED_WAGES_YEAR, 0), insured) + drawn + fen.get(FactKey.TAXED_PROPERTY_YEAR, 0)


def compare_support(
    declared: Supporter | None, facts: Mapping[FactKey, Fact], answered: Collection[Item]
) -> Agreement | None:
    """Say whether what was found agrees with the form; None where there is nothing to compare, or agencies are silent
    that may know more. `answered`: the items that have an answer, be it that there is no record."""
    if FactKey.DECEASED_ON in facts:
        return Agreement.DIFFERS
    if declared is None or declared.household_income_fen is None:
        return None
    if earned_in_a_year(facts) > yearly(declared.household_income_fen, declared.period):
        return Agreement.DIFFERS
    return Agreement.AGREES if set(answered) >= EARNINGS else None
