"""The conditions of art. 4: not recognised already, income below the average, expenses above the region's share."""

from fractions import Fraction
from typing import TypeAlias

from app.core.money import round_half_up
from app.facts import FactKey, Item
from app.programs.assessment import Distance, Finding, Weight
from app.programs.canonical import Json, fraction_json
from app.programs.disposable import DISPOSABLE_INCOME
from app.programs.elsewhere import reckon_plain
from app.programs.income import income_json
from app.programs.laws import cite
from app.programs.parameters import EXPENSE
from app.programs.reckoning import Reckoning, silence_json, unanswered
from app.programs.rigid_expense_family import citations
from app.programs.rigid_expense_family.answers import RigidExpenseAnswers
from app.programs.rigid_expense_family.parameters import EXPENSE_RATIO, Parameters

Work: TypeAlias = Reckoning[RigidExpenseAnswers, Parameters]

_HIGHER = frozenset({"living_allowance", "destitute_support", "edge_family"})


def not_recognised_already(work: Work) -> Finding:
    """The household is none of those that have more: by the register where it was asked, else by its own word."""
    declared = work.case.answers.recognised_as
    found = {
        code
        for member in work.counted
        for code in work.case.found_codes(member.ref, FactKey.BENEFITS_IN_FORCE)
        if code in _HIGHER
    }
    known = sorted(found.union({declared} if declared else ()))
    silent = unanswered(work, Item.BENEFITS)
    return Finding(
        rule="not_recognised_already",
        met=False if known else None if silent else True,
        law=cite(citations.NOT_RECOGNISED, work.on),
        inputs={"programs": known, **silence_json(silent)},
        silent=bool(silent) and not known,
    )


def income_below_average(work: Work) -> Finding | None:
    """Income per head lies below last year's local disposable income; open where that figure is not published."""
    if work.per_capita is None:
        return None
    row = work.parameters.disposable
    average = row.monthly(work.case.area_class, work.on) if row is not None else None
    room = None if average is None else average - work.per_capita
    silent = average is not None and work.per_capita < average <= work.most_per_capita
    numbers: dict[str, Json] = {"average_fen": None if average is None else round_half_up(average)}
    if row is not None:
        numbers["source"] = work.parameters.source(DISPOSABLE_INCOME)
    return Finding(
        rule="income_below_average",
        met=None if room is None or silent else room > 0,
        law=cite(citations.BELOW_AVERAGE, work.on),
        inputs={
            **income_json(work),
            "income_month_fen": round_half_up(work.per_capita),
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers=numbers,
        distance=None if room is None else Distance(room, "fen_per_head_month"),
        silent=silent,
    )


def expenses_above_share(work: Work) -> Finding | None:
    """What had to be spent in twelve months is more than the region's share of the income; at the share it is not.

    Only what counts for certain makes it met; where a price or the share itself is missing, a person must look.
    """
    if work.per_capita is None:
        return None
    ratio, expenses = work.parameters.expense_ratio, work.income.expenses
    threshold = None if ratio is None else ratio * work.income.total
    silent = unanswered(work, Item.DEATHS)
    met = _lies_above(expenses.low, expenses.high, threshold)
    numbers: dict[str, Json] = {"sources": [work.parameters.source(EXPENSE + each) for each in _counted_kinds(work)]}
    if ratio is not None and threshold is not None:
        numbers |= {"ratio": str(ratio), "threshold_fen": round_half_up(threshold)}
        numbers["source"] = work.parameters.source(EXPENSE_RATIO)
    return Finding(
        rule="expenses_above_share",
        met=None if met and silent else met,
        law=cite(citations.EXPENSES, work.on),
        inputs={
            "expenses_fen": expenses.stated_json(),
            "stated_fen": expenses.stated_fen,
            "recognised_fen": round_half_up(expenses.low),
            "recognised_exact": fraction_json(expenses.low),
            "most_fen": round_half_up(expenses.high),
            "year_fen": work.income.year_fen,
            **silence_json(silent),
        },
        numbers=numbers,
        distance=None if threshold is None else Distance(expenses.low - threshold, "fen"),
        silent=bool(met and silent),
    )


def _lies_above(low: Fraction, high: Fraction, threshold: Fraction | None) -> bool | None:
    if threshold is None:
        return None
    if low > threshold:
        return True
    return False if high <= threshold else None


def _counted_kinds(work: Work) -> list[str]:
    rows = work.parameters.household.expenses
    return [each.kind for each in work.income.expenses.kinds if each.kind in rows]


def another_line(work: Work, rules_version: int) -> Finding | None:
    """Point out that the household lies below the line of the allowance, or of the edge families, which give more.

    The allowance is named to who lacks money to the standard also without what the region deducts here; a person must
    look at who lies below the edge line only by that: the edge families may not deduct it, and would refuse him. Up to
    version 3 nobody asked.
    """
    if work.per_capita is None:
        return None
    line = work.standard * work.parameters.edge_ratio
    below = work.per_capita < line
    silent = below and work.most_per_capita >= line
    plain = reckon_plain(work) if below and rules_version >= 4 else None
    by_own = below and plain is not None and plain.per_capita >= line
    poorest = work.per_capita < work.standard and (plain is None or plain.lacks_money_to(work.standard))
    if rules_version >= 4 and not round_half_up((work.standard - work.per_capita) * work.heads):
        poorest = False
    return Finding(
        rule="above_other_lines",
        met=None if silent or by_own else not below,
        law=cite(citations.OTHER_LINES, work.on),
        inputs={
            "income_month_fen": round_half_up(work.per_capita),
            "program": "living_allowance" if poorest else "edge_family",
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers={
            "line_fen": round_half_up(line),
            "standard": work.parameters.standard.as_json(),
            "edge_ratio": work.parameters.source("edge_ratio"),
        },
        distance=Distance(work.per_capita - line, "fen_per_head_month"),
        weight=Weight.CONDITION if by_own and not silent else Weight.NOTE,
        silent=silent,
    )


def holds_for_months(work: Work) -> Finding:
    """Say how long a recognition holds; afterwards one applies again."""
    return Finding(
        rule="holds_for_months",
        met=True,
        law=cite(citations.VALIDITY, work.on),
        inputs={},
        numbers={"months": work.parameters.validity_months, "source": work.parameters.source("validity_months")},
        weight=Weight.NOTE,
    )


def not_complicated(work: Work) -> Finding | None:
    """What is complicated is discussed case by case (art. 9)."""
    if not work.case.answers.complicated:
        return None
    return Finding(
        rule="not_complicated", met=None, law=cite(citations.DISCUSSION, work.on), inputs={}, weight=Weight.CONDITION
    )
