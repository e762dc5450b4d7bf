"""How much: the formula of the allowance, rounded once, at the very end (review measures art. 23)."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.core.money import round_half_up
from app.programs.assessment import Finding, Weight
from app.programs.canonical import fraction_json
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.parameters import AmountMethod
from app.programs.living_allowance.reckoning import Reckoning


def by_difference(standard: Fraction, per_capita: Fraction, heads: int) -> Fraction:
    """Return what the household lacks to the standard in a month; never less than nothing."""
    return max(standard - per_capita, Fraction(0)) * heads


METHODS: Mapping[AmountMethod, Callable[[Fraction, Fraction, int], Fraction]] = {
    AmountMethod.DIFFERENCE: by_difference,
}


def exact_amount(work: Reckoning) -> Fraction:
    """Return the household's exact monthly amount in fen."""
    if work.per_capita is None:
        return Fraction(0)
    return METHODS[work.parameters.amount_method](work.standard, work.per_capita, work.heads)


def monthly_amount(work: Reckoning) -> int:
    """Return the household's monthly amount: the one place where money is rounded."""
    return round_half_up(exact_amount(work))


def amount_worked_out(work: Reckoning) -> Finding | None:
    """Show the sum: standard, income, members, amount."""
    exact = exact_amount(work)
    if not exact:
        return None
    standard = work.parameters.standard
    return Finding(
        rule="amount_worked_out",
        met=True,
        law=cite(citations.AMOUNT, work.on),
        inputs={
            "amount_fen": round_half_up(exact),
            "amount_exact": fraction_json(exact),
            "counted_members": work.heads,
            "income_month_fen": round_half_up(Fraction(work.income.total_fen, 12)),
        },
        numbers={
            "standard": standard.as_json(),
            "standard_fen": standard.amount_fen,
            "period": standard.period,
            "method": work.parameters.source("amount_method"),
            "rounding": "half_up_per_household_and_month",
        },
        weight=Weight.NOTE,
    )
