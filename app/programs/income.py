"""What income counts, and what it comes to per head (review measures art. 12 and 13)."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from fractions import Fraction
from typing import get_args

from app.core.money import NOTHING, round_half_up, round_quotient
from app.programs.assessment import Finding, Weight
from app.programs.canonical import Json, fraction_json
from app.programs.declaration import PERIODS_A_YEAR, Income, IncomeKind, MemberFacts
from app.programs.employment import NO_LABOUR, assume_labour, disregarded, employment_costs
from app.programs.expenses import NO_EXPENSES, Expenses, recognise_expenses
from app.programs.form import HouseholdAnswers
from app.programs.laws import cite
from app.programs.parameters import EXPENSE, NOT_COUNTED, HouseholdNumbers, HouseholdParameters
from app.programs.reckoning import AnyReckoning, ByMember, ClassIncome, HouseholdIncome, Rule
from app.programs.support import PaidSupportRow, reckon_support

_CLASSES: tuple[IncomeKind, ...] = get_args(IncomeKind)  # wages first
_NO_INCOME: dict[IncomeKind, ClassIncome] = {kind: ClassIncome.of(kind, 0, 0) for kind in _CLASSES}
_EARNED: frozenset[IncomeKind] = frozenset({"wage", "business"})


def add_up_income(
    answers: HouseholdAnswers,
    counted: Collection[MemberFacts],
    parameters: HouseholdParameters,
    on: date,
    *,
    support_exempt: PaidSupportRow | None = None,
    deduct_expenses: bool = True,
) -> HouseholdIncome:
    """Add up twelve months of the counted members' income by class, leaving out what the law leaves out.

    Support from outside is transfer income (art. 13(1)(4)). What is deducted from wages eats no other income; of the
    expenses only what counts for certain is deducted.
    """
    numbers, standard = parameters.household, parameters.standard.monthly
    refs = {member.ref for member in counted}
    lines, left_out = _sort_lines(answers, refs, parameters)
    new_jobs, costs = _off_wages(lines, numbers, standard, on)
    support = reckon_support(answers.supporters, numbers.support, support_exempt, standard, on)
    classes, most = _by_class(lines, support.counted)
    from_wages = sum([fen for _, fen in (*new_jobs, *costs)]) if new_jobs or costs else 0
    labour = NO_LABOUR
    if numbers.labour is not None:
        # While costs lie above what was earned a person looks first, and nothing is assumed on top.
        loss = any(each.loss for each in classes if each.kind in _EARNED) or from_wages > classes[0].net
        row = None if loss else numbers.labour
        labour = assume_labour(counted, _earned(lines, costs), answers.no_work_found or (), row, on)
    added = sum([fen for _, fen in labour.assumed]) if labour.assumed else 0
    expenses = _expenses(answers, refs, parameters)
    deducted = expenses.low if deduct_expenses and numbers.expenses else 0
    return HouseholdIncome(
        classes=classes,
        not_counted=left_out,
        total=_total(classes, from_wages, added, deducted),
        most=most + added,
        new_jobs=new_jobs,
        employment_costs=costs,
        expenses=expenses,
        labour=labour,
        support=support,
    )


def _off_wages(
    lines: list[Income], numbers: HouseholdNumbers, standard: Fraction, on: date
) -> tuple[ByMember, ByMember]:
    """Return what a region lets wages be lowered by: because a job is new, and as the cost of having work."""
    if numbers.new_job is None and numbers.employment_cost is None:
        return (), ()
    wages = [(line, disregarded(line, numbers.new_job, standard, on)) for line in lines if line.kind == "wage"]
    new_jobs = tuple((line.member, fen) for line, fen in wages if fen)
    return new_jobs, employment_costs(wages, numbers.employment_cost)


def _total(
    classes: tuple[ClassIncome, ...], from_wages: Fraction | int, added: Fraction | int, deducted: Fraction | int
) -> Fraction | int:
    """Return what is left; neither deduction takes more than there is."""
    lowered: Fraction | int = min(from_wages, classes[0].net)
    total = sum([each.net for each in classes]) - lowered + added
    return total - deducted if total > deducted else 0


def _expenses(answers: HouseholdAnswers, refs: set[str], parameters: HouseholdParameters) -> Expenses:
    if not answers.expenses:
        return NO_EXPENSES
    numbers = parameters.household
    return recognise_expenses(answers.expenses, refs, numbers.expenses, numbers.school_prices)


def _sort_lines(
    answers: HouseholdAnswers, refs: set[str], parameters: HouseholdParameters
) -> tuple[list[Income], tuple[tuple[str, int], ...]]:
    """Part the counted members' lines into those that count, and the sums by code of those that do not."""
    not_counted = parameters.household.not_counted
    lines: list[Income] = []
    left_out: dict[str, int] = {}
    for line in answers.income:
        if line.member not in refs:
            continue
        code = not_counted.get(line.detail) if line.detail else None
        if code is None:
            lines.append(line)
        else:
            left_out[code] = left_out.get(code, 0) + line.year_fen
    return lines, tuple(sorted(left_out.items())) if left_out else ()


def _by_class(lines: list[Income], support: Fraction | int) -> tuple[tuple[ClassIncome, ...], Fraction | int]:
    """Return the income by class, and what it would be at most: what one line loses eats into no other there."""
    gross: dict[str, Fraction | int] = {"transfer": support} if support else {}
    costs: dict[str, int] = {}
    most = support
    for line in lines:
        kind, earned, spent = line.kind, line.year_fen, line.costs_year_fen
        gross[kind] = gross.get(kind, 0) + earned
        costs[kind] = costs.get(kind, 0) + spent
        most += max(earned - spent, 0)
    classes = [
        ClassIncome.of(kind, gross[kind], costs.get(kind, 0)) if kind in gross else nothing
        for kind, nothing in _NO_INCOME.items()
    ]
    return tuple(classes), most


def _earned(lines: list[Income], costs: ByMember) -> dict[str, Fraction | int]:
    """Return what each member has from work after its costs: what costs leave is what an assumption is measured by."""
    earned: defaultdict[str, Fraction | int] = defaultdict(int)
    for line in lines:
        if line.kind in _EARNED:
            earned[line.member] += max(line.year_fen - line.costs_year_fen, 0)
    for ref, fen in costs:
        earned[ref] -= fen
    return earned


def no_class_at_a_loss(work: AnyReckoning) -> Finding | None:
    """A loss lowers no other income by itself: whether it is real is for a person to see."""
    losing = [each for each in work.income.classes if each.loss]
    if not losing:
        return None
    return Finding(
        rule="no_class_at_a_loss",
        met=None,
        law=cite(work.articles.income, work.on),
        inputs={"classes": [each.kind for each in losing], "loss_fen": _whole(sum(each.loss for each in losing))},
        weight=Weight.FOUNDATION,
    )


def income_left_out(work: AnyReckoning) -> Finding | None:
    """Name the income that does not count, each with its own law."""
    if not work.income.not_counted:
        return None
    codes = [code for code, _ in work.income.not_counted]
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


def new_jobs_disregarded(work: AnyReckoning) -> Finding | None:
    """Show what of the wages does not count for a time because the job is new."""
    if not work.income.new_jobs:
        return None
    return _lowered(work, "new_jobs_disregarded", "new_job_disregard", work.income.new_jobs)


def employment_costs_deducted(work: AnyReckoning) -> Finding | None:
    """Show what the region's formula deducts as the cost of having work."""
    if not work.income.employment_costs:
        return None
    return _lowered(work, "employment_costs_deducted", "employment_cost", work.income.employment_costs)


def _lowered(work: AnyReckoning, rule: str, name: str, by_member: ByMember) -> Finding:
    return Finding(
        rule=rule,
        met=True,
        law=(work.parameters.law_of(name), *cite(work.articles.deductions, work.on)),
        inputs={
            "members": sorted({ref for ref, _ in by_member}),
            "year_fen": _whole(sum(fen for _, fen in by_member)),
        },
        numbers={"source": work.parameters.source(name)},
        weight=Weight.NOTE,
    )


def labour_income_assumed(work: AnyReckoning) -> Finding | None:
    """What the region takes people to earn is never assumed of who cannot work, or has long found none."""
    labour = work.income.labour
    if not labour.assumed and not labour.open:
        return None
    return Finding(
        rule="labour_income_assumed",
        met=None if labour.open else True,
        law=(work.parameters.law_of("labour_income"), *cite(work.articles.labour, work.on)),
        inputs={
            "members": [ref for ref, _ in labour.assumed],
            "open": list(labour.open),
            "persons": len(labour.open),
            "year_fen": _whole(sum(fen for _, fen in labour.assumed)),
        },
        numbers={"source": work.parameters.source("labour_income")},
        weight=Weight.FOUNDATION if labour.open else Weight.NOTE,
    )


def support_reckoned(work: AnyReckoning) -> Finding | None:
    """Show what a regional formula makes of support from outside; it needs the income of the supporters' households."""
    support = work.income.support
    if not support.by_formula and not support.open:
        return None
    return Finding(
        rule="support_reckoned",
        met=None if support.open else True,
        law=(work.parameters.law_of("support_formula"), *cite(work.articles.support, work.on)),
        inputs={
            "supporters": [ref for ref, _ in support.by_formula],
            "open": list(support.open),
            "persons": len(support.open),
            "paid_fen": support.paid_fen,
            "year_fen": _whole(support.counted),
        },
        numbers={"source": work.parameters.source("support_formula")},
        weight=Weight.FOUNDATION if support.open else Weight.NOTE,
    )


def expenses_deducted(work: AnyReckoning) -> Finding | None:
    """Show what is deducted of necessary expenses: that takes a regional formula, and nationally there is none."""
    expenses = work.income.expenses
    if not expenses.kinds:
        return None
    names = [EXPENSE + each.kind for each in expenses.kinds if each.kind in work.parameters.household.expenses]
    open_ones: list[Json] = [each.kind for each in expenses.kinds if each.is_open]
    inputs: dict[str, Json] = {"expenses_fen": expenses.stated_json(), "year_fen": expenses.stated_fen}
    numbers: dict[str, Json] = {}
    if names:
        inputs |= {"deducted_fen": _whole(expenses.low), "kinds": open_ones}
        numbers = {"sources": [work.parameters.source(name) for name in names]}
    return Finding(
        rule="expenses_deducted",
        met=None if open_ones else expenses.low > 0,
        law=(*(work.parameters.law_of(name) for name in names), *cite(work.articles.deductions, work.on)),
        inputs=inputs,
        numbers=numbers,
        weight=Weight.FOUNDATION if open_ones else Weight.NOTE,
    )


INCOME_RULES: tuple[Rule, ...] = (
    no_class_at_a_loss,
    income_left_out,
    new_jobs_disregarded,
    employment_costs_deducted,
    labour_income_assumed,
    support_reckoned,
    expenses_deducted,
)


def income_json(work: AnyReckoning) -> dict[str, Json]:
    """Write the income by class and per head, of a household of which somebody counts: exact, and in the period the
    standard is published in.

    People compare like with like: a yearly standard is compared by the year.
    """
    period = work.parameters.standard.period
    return {
        "classes": [
            _NO_INCOME_JSON[each.kind] if each is _NO_INCOME[each.kind] else _class_json(each)
            for each in work.income.classes
        ],
        "year_fen": work.income.year_fen,
        "counted_members": work.heads,
        "per_capita_exact": fraction_json(work.per_capita or NOTHING),
        "period": period,
        "income_fen": round_quotient(work.income.total, PERIODS_A_YEAR[period] * work.heads),
    }


def _class_json(each: ClassIncome) -> dict[str, Json]:
    kind, gross, costs, net, _ = each
    return {"kind": kind, "gross_fen": _whole(gross), "costs_fen": costs, "net_fen": _whole(net)}


def _whole(fen: Fraction | int) -> int:
    return fen if isinstance(fen, int) else round_half_up(fen)


_NO_INCOME_JSON: dict[IncomeKind, dict[str, Json]] = {kind: _class_json(each) for kind, each in _NO_INCOME.items()}
