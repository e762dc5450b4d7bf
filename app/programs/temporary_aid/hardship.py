"""Whether the household cannot get over it by itself: looked at where the fast way is not open."""

from app.core.money import round_half_up
from app.facts import FactKey, Item
from app.programs.assessment import Distance, Finding
from app.programs.canonical import Json
from app.programs.income import income_json
from app.programs.laws import cite
from app.programs.reckoning import silence_json, unanswered
from app.programs.temporary_aid import citations
from app.programs.temporary_aid.event import Work

_RECOGNISED = frozenset({"living_allowance", "destitute_support", "edge_family", "rigid_expense_family"})


def recognised_household(work: Work) -> Finding | None:
    """An expense is helped in households recognised already: by the register where it was asked, else by their word."""
    if work.case.answers.kind != "expenditure":
        return None
    known = _recognised_as(work)
    silent = unanswered(work, Item.BENEFITS)
    return Finding(
        rule="recognised_household",
        met=True if known else None if silent else False,
        law=cite(citations.RECOGNISED, work.on),
        inputs={"programs": known, **silence_json(silent)},
        silent=bool(silent) and not known,
    )


def _recognised_as(work: Work) -> list[str]:
    if not work.case.checked:
        declared = work.case.answers.recognised_as
        return [declared] if declared else []
    found = {
        code
        for member in work.counted
        for code in work.case.found_codes(member.ref, FactKey.BENEFITS_IN_FORCE)
        if code in _RECOGNISED
    }
    return sorted(found)


def expenses_shown(work: Work) -> Finding | None:
    """The expenses that count reach what is needed; where they do not, or a price is missing, a person must look."""
    answers, expenses = work.case.answers, work.income.expenses
    if answers.kind != "expenditure":
        return None
    met: bool | None = expenses.low >= answers.needed_fen
    if not met and expenses.high > 0:
        met = None
    return Finding(
        rule="expenses_shown",
        met=met,
        law=cite(citations.EXPENSES, work.on),
        inputs={
            "expenses_fen": expenses.stated_json(),
            "recognised_fen": round_half_up(expenses.low),
            "needed_fen": answers.needed_fen,
        },
        distance=Distance(expenses.low - answers.needed_fen, "fen"),
    )


def income_within_limit(work: Work) -> Finding | None:
    """In an emergency income per head stays below the region's limit; without one a person must look."""
    answers, limit = work.case.answers, work.parameters.income_limit
    if answers.kind != "emergency" or answers.cause == "loss_of_work" or work.per_capita is None:
        return None
    line = None if limit is None else limit * work.standard
    silent = line is not None and work.per_capita < line <= work.most_per_capita
    numbers: dict[str, Json] = {"standard": work.parameters.standard.as_json()}
    if line is not None:
        numbers |= {"line_fen": round_half_up(line), "source": work.parameters.source("income_limit")}
    return Finding(
        rule="income_within_limit",
        met=None if line is None or silent else work.per_capita < line,
        law=cite(citations.HARDSHIP, work.on),
        inputs={
            **income_json(work),
            "income_month_fen": round_half_up(work.per_capita),
            **silence_json(unanswered(work, Item.DEATHS)),
        },
        numbers=numbers,
        distance=None if line is None else Distance(line - work.per_capita, "fen_per_head_month"),
        silent=silent,
    )


def without_income_for_months(work: Work) -> Finding | None:
    """Who lost his work has had no income for the months the rules name, and no unemployment insurance."""
    answers, months = work.case.answers, work.parameters.jobless_months
    if answers.cause != "loss_of_work" or months is None:
        return None
    long_enough = None if answers.months_without_income is None else answers.months_without_income >= months
    uncovered = None if answers.unemployment_insured is None else not answers.unemployment_insured
    parts = (long_enough, uncovered)
    return Finding(
        rule="without_income_for_months",
        met=False if False in parts else None if None in parts else True,
        law=cite(citations.LOST_WORK, work.on),
        inputs={"months": answers.months_without_income, "insured": answers.unemployment_insured},
        numbers={"needed_months": months, "source": work.parameters.source("jobless_months")},
    )
