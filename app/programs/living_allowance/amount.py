"""How much: base by difference or tier, supplements on top, rounded once at the very end (review measures art. 23)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from app.core.money import NOTHING, difference, round_half_up, round_quotient, times
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json, fraction_json
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.parameters import SUPPLEMENT, AmountMethod
from app.programs.living_allowance.tiers import can_work
from app.programs.living_allowance.work import Work

_NATIONAL_ROUNDING = "half_up_per_household_and_month"
_HALF_A_FEN = Fraction(1, 2)
SOMETHING_TO_PAY = "something_to_pay"


@dataclass(frozen=True, slots=True)
class Added:
    """What one member gets on top, by which rows."""

    member: str
    codes: tuple[str, ...]
    fen: Fraction


def by_difference(work: Work, rules_version: int) -> Fraction:  # the number is for the other method
    """Return what the household lacks to the standard in a month; never less than nothing."""
    return _lacking(work)


def _lacking(work: Work) -> Fraction:
    if work.room is None or not work.below_standard:
        return NOTHING
    return times(work.room, work.heads)


def by_tier(work: Work, rules_version: int) -> Fraction:
    """Return the fixed amount of the household's tier for each head; nothing at the standard or above it.

    Up to version 3 only the form told who can work, by which a child of six could.
    """
    if work.per_capita is None or work.parameters.tiers is None:
        return NOTHING
    able = (can_work(each, work.on) if rules_version >= 4 else each.can_work for each in work.counted)
    tier = work.parameters.tiers.find(work.per_capita, work.standard, nobody_can_work=not any(able))
    return NOTHING if tier is None else tier.per_head(work.standard) * work.heads


METHODS: Mapping[AmountMethod, Callable[[Work, int], Fraction]] = {
    AmountMethod.DIFFERENCE: by_difference,
    AmountMethod.TIERS: by_tier,
}


class Amount(NamedTuple):
    """What follows for a month, exact but for `fen`: base and supplements add up to the total before it is rounded."""

    base: Fraction
    added: tuple[Added, ...]
    fen: int

    @property
    def exact(self) -> Fraction:
        """Return the total before rounding."""
        return sum((each.fen for each in self.added), self.base) if self.added else self.base


def work_out(work: Work, rules_version: int) -> Amount:
    """Work out the household's monthly amount under a version of the rules: the one place where money is rounded."""
    parameters = work.parameters
    base = METHODS[parameters.amount_method](work, rules_version)
    added = _supplements(work) if parameters.supplements else ()
    exact = sum((each.fen for each in added), base) if added else base
    return Amount(base, added, parameters.rounding.round(exact) if parameters.rounding else round_half_up(exact))


def _supplements(work: Work) -> tuple[Added, ...]:
    """Return what is added for each member; who is not below the standard gets nothing on top of nothing."""
    if not work.below_standard:
        return ()
    rows = work.parameters.supplements
    added = []
    for member in work.counted:
        due = {code: row.of(work.standard) for code, row in rows.items() if row.reaches(member, work.on)}
        if not due:
            continue
        if work.parameters.stacking == "highest":
            code = max(due, key=lambda each: (due[each], each))
            due = {code: due[code]}
        added.append(Added(member.ref, tuple(due), sum(due.values(), Fraction(0))))
    return tuple(added)


def lacks_nothing_payable(work: Work, amount: Amount) -> bool:
    """Say whether who is below the standard lacks so little that no fen of it can be paid, whatever the method."""
    return work.below_standard and not amount.fen and _lacking(work) < _HALF_A_FEN


def something_to_pay(work: Work, amount: Amount) -> Finding | None:
    """Who is below the standard is paid something (art. 18); where nothing comes out, this says why.

    Less than half a fen is nothing in money, so there is nothing to grant. Where a household lacks more, and the tiers
    or the rounding of the place leave nothing of it, the law grants an amount that these numbers do not give: a person
    must look.
    """
    if not work.below_standard or amount.fen:
        return None
    lacking, parameters = _lacking(work), work.parameters
    nothing = lacks_nothing_payable(work, amount)
    inputs: dict[str, Json] = {"lacking_fen": round_half_up(lacking), "lacking_exact": fraction_json(lacking)}
    numbers: dict[str, Json] = {"standard": parameters.standard.as_json()}
    if not nothing:
        rounded_away = amount.exact >= _HALF_A_FEN
        inputs["by"] = "rounding" if rounded_away else "tiers"
        numbers["source"] = parameters.source("rounding" if rounded_away else "amount_tiers")
    return Finding(
        rule=SOMETHING_TO_PAY,
        met=False if nothing else None,
        law=cite(citations.AMOUNT, work.on),
        inputs=inputs,
        numbers=numbers,
        distance=Distance(difference(lacking, _HALF_A_FEN), "fen") if nothing else None,
    )


def amount_worked_out(work: Work, amount: Amount) -> Finding | None:
    """Show the sum: standard, income, members, amount."""
    if not amount.base:
        return None
    parameters = work.parameters
    standard = parameters.standard
    tiered = parameters.amount_method is AmountMethod.TIERS
    numbers: dict[str, Json] = {
        "standard": standard.as_json(),
        "standard_fen": standard.amount_fen,
        "period": standard.period,
        "method": parameters.source("amount_method"),
        "rounding": parameters.source("rounding") if parameters.rounding else _NATIONAL_ROUNDING,
    }
    if tiered:
        numbers["tiers"] = parameters.source("amount_tiers")
    return Finding(
        rule="amount_by_tier" if tiered else "amount_worked_out",
        met=True,
        law=cite(citations.AMOUNT, work.on),
        inputs={
            "amount_fen": round_half_up(amount.base) if amount.added else amount.fen,
            "amount_exact": fraction_json(amount.base),
            "counted_members": work.heads,
            "income_month_fen": round_quotient(work.income.total, 12),
        },
        numbers=numbers,
        weight=Weight.NOTE,
    )


def supplements_added(work: Work, amount: Amount) -> Finding | None:
    """Show what is added for whom, how several for one person stack, and the rounded total."""
    if not amount.added:
        return None
    parameters = work.parameters
    codes = list(dict.fromkeys(code for each in amount.added for code in each.codes))
    return Finding(
        rule="supplements_added",
        met=True,
        law=(*(parameters.law_of(SUPPLEMENT + code) for code in codes), *cite(citations.SUPPLEMENTS, work.on)),
        inputs={
            "added": [
                {"member": each.member, "codes": each.codes, "exact": fraction_json(each.fen)} for each in amount.added
            ],
            "groups": list(dict.fromkeys(parameters.supplements[code].group for code in codes)),
            "persons": len(amount.added),
            "added_fen": round_half_up(amount.exact - amount.base),
            "added_exact": fraction_json(amount.exact - amount.base),
            "base_exact": fraction_json(amount.base),
            "total_exact": fraction_json(amount.exact),
            "total_fen": amount.fen,
        },
        numbers={
            "stacking": parameters.stacking,
            "stacking_source": parameters.source("supplement_stacking"),
            "sources": {code: parameters.source(SUPPLEMENT + code) for code in codes},
        },
        weight=Weight.NOTE,
    )
