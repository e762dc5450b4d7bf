"""What income counts, and whether it lies below the standard (review measures art. 12 and 13)."""

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from typing import get_args

from app.core.money import round_half_up
from app.facts import Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json, fraction_json
from app.programs.declaration import PERIODS_A_YEAR, ExpenseKind, IncomeKind, MemberFacts, yearly
from app.programs.laws import cite
from app.programs.living_allowance import citations
from app.programs.living_allowance.answers import LivingAllowanceAnswers
from app.programs.living_allowance.parameters import NOT_COUNTED, Parameters
from app.programs.living_allowance.reckoning import (
    ClassIncome,
    HouseholdIncome,
    Reckoning,
    silence_json,
    unanswered,
)

_CLASSES: tuple[IncomeKind, ...] = get_args(IncomeKind)
_EXPENSES: tuple[ExpenseKind, ...] = get_args(ExpenseKind)


def add_up_income(
    answers: LivingAllowanceAnswers, counted: Iterable[MemberFacts], parameters: Parameters
) -> HouseholdIncome:
    """Add up twelve months of the counted members' income by class, leaving out what the law leaves out.

    What supporters outside really pay is transfer income (art. 13(1)(4)).
    """
    refs = {member.ref for member in counted}
    gross: defaultdict[str, int] = defaultdict(int)
    costs: defaultdict[str, int] = defaultdict(int)
    left_out: defaultdict[str, int] = defaultdict(int)
    most = 0
    for line in answers.income:
        if line.member not in refs:
            continue
        code = parameters.not_counted.get(line.detail) if line.detail else None
        if code is not None:
            left_out[code] += yearly(line.amount_fen, line.period)
        else:
            gross[line.kind] += yearly(line.amount_fen, line.period)
            costs[line.kind] += yearly(line.costs_fen, line.period)
            most += max(yearly(line.amount_fen, line.period) - yearly(line.costs_fen, line.period), 0)
    support = sum(yearly(supporter.support_fen, supporter.period) for supporter in answers.supporters)
    gross["transfer"] += support
    classes = tuple(ClassIncome(kind, gross[kind], costs[kind]) for kind in _CLASSES)
    net = sum(each.net_fen for each in classes)
    return HouseholdIncome(classes, tuple(sorted(left_out.items())), net, most + support)


def no_class_at_a_loss(work: Reckoning) -> Finding | None:
    """A loss lowers no other income by itself: whether it is real is for a person to see."""
    losing = [each for each in work.income.classes if each.loss_fen]
    if not losing:
        return None
    return Finding(
        rule="no_class_at_a_loss",
        met=None,
        law=cite(citations.INCOME, work.on),
        inputs={"classes": [each.kind for each in losing], "loss_fen": sum(each.loss_fen for each in losing)},
        weight=Weight.FOUNDATION,
    )


def income_left_out(work: Reckoning) -> Finding | None:
    """Name the income that does not count, each with its own law."""
    codes = [code for code, _ in work.income.not_counted]
    if not codes:
        return None
    sources = {code: work.parameters.source(NOT_COUNTED + code) for code in codes}
    return Finding(
        rule="income_left_out",
        met=True,
        law=tuple(dict.fromkeys(str(source["law"]) for source in sources.values())),
        inputs={
            "codes": codes,
            "amounts_fen": dict(work.income.not_counted),
            "year_fen": sum(fen for _, fen in work.income.not_counted),
        },
        numbers={"sources": sources},
        weight=Weight.NOTE,
    )


def expenses_deducted(work: Reckoning) -> Finding | None:
    """Say that necessary expenses are not deducted: that takes a regional formula, and nationally there is none."""
    refs = {member.ref for member in work.counted}
    year: defaultdict[str, int] = defaultdict(int)
    for line in work.case.answers.expenses:
        if line.member in refs:
            year[line.kind] += yearly(line.amount_fen, line.period)
    if not any(year.values()):
        return None
    return Finding(
        rule="expenses_deducted",
        met=False,
        law=cite(citations.DEDUCTIONS, work.on),
        inputs={
            "expenses_fen": {kind: year[kind] for kind in _EXPENSES if year[kind]},
            "year_fen": sum(year.values()),
        },
        weight=Weight.NOTE,
    )


def income_below_standard(work: Reckoning) -> Finding | None:
    """Income per head lies below the standard; at the standard is not below it.

    While the register of deaths is silent the heads are not sure: met only if it is met for those that are.
    """
    if work.per_capita is None:
        return None
    room = work.standard - work.per_capita
    silent = room > 0 and work.most_per_capita >= work.standard
    return Finding(
        rule="income_below_standard",
        met=None if silent else room > 0,
        law=cite(citations.BELOW_STANDARD, work.on),
        inputs={
            "classes": [_class_json(each) for each in work.income.classes],
            "year_fen": work.income.total_fen,
            "counted_members": work.heads,
            "per_capita_exact": fraction_json(work.per_capita),
            "excess_fen": round_half_up(max(-room * work.heads, Fraction(0))),
            **_in_words(work, work.per_capita),
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers={
            "standard": work.parameters.standard.as_json(),
            "standard_fen": work.parameters.standard.amount_fen,
        },
        distance=Distance(room, "fen_per_head_month"),
        silent=silent,
    )


def _class_json(each: ClassIncome) -> dict[str, Json]:
    return {"kind": each.kind, "gross_fen": each.gross_fen, "costs_fen": each.costs_fen, "net_fen": each.net_fen}


def _in_words(work: Reckoning, per_capita: Fraction) -> dict[str, Json]:
    """Return the income in the period the standard is published in, so that people compare like with like."""
    period = work.parameters.standard.period
    return {"period": period, "income_fen": round_half_up(per_capita * 12 / PERIODS_A_YEAR[period])}
