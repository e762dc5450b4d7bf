"""How far a threshold is, and what would change it, agree with what was found: at the threshold, and just beside it."""

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import pytest

from app.programs.assessment import Assessment, Finding, Outcome
from app.programs.registry import PROGRAMS, get_program
from tests.programs.builders import build_case, found, members, resolve
from tests.programs.table import judge, read_rows

_YEARLY = {"amount_fen": 455_000, "period": "year", "area_class": "rural"}
_ROWS = [(program, row) for program in PROGRAMS.values() for row in read_rows(program.code)]
_MET_AT_THRESHOLD = frozenset(
    {
        *("property_within_fen_limit", "property_within_count_limit"),
        *("not_below_standard", "above_other_lines"),
        *("within_ceiling", "township_decides", "small_fast_track", "expenses_shown"),
    }
)
"""The rules that are met exactly at their threshold; at every other one is not below it, or not above it."""

_FIRE = {"kind": "emergency", "cause": "fire", "at_place_of_event": True}
_AROUND = {
    "living_allowance": ({}, ({},)),
    "edge_family": ({}, ({},)),
    "destitute_support": ({}, ({},)),
    "rigid_expense_family": (
        {
            "disposable_income": {"year": 2025, "urban_fen": 455_000, "rural_fen": 455_000},
            "expense_ratio": "1/3",
            "rigid_expense.living": {},
        },
        tuple(
            {"expenses": [{"member": "m1", "kind": "living", "amount_fen": 455_000 // 3 + step, "period": "year"}]}
            for step in (-1, 0, 1)
        ),
    ),
    "temporary_aid": (
        {"income_limit": "1", "ceiling": {"months_of_standard": "2"}, "township_ceiling": {"months_of_standard": "1"}},
        tuple(
            {**_FIRE, "urgent": urgent, "needed_fen": 37_916 * months + step}
            for urgent, months, step in itertools.product((True, False), (1, 2), (-1, 0, 1, 2))
        ),
    ),
}


def _judged(code: str, heads: int, year_fen: int, region: dict[str, Any], **answers: Any) -> Assessment:
    program = get_program(code)
    people = members({}, *[{"relation": "child", "birth_date": "2015-01-01"}] * (heads - 1))
    income = [{"member": "m1", "kind": "wage", "amount_fen": year_fen, "period": "year"}]
    case = build_case(program, people, area_class="rural", income=income, **answers)
    known = resolve(program, region=region, **_YEARLY)
    return program.assess(case, known, known.on)


def _around(code: str) -> Iterator[Assessment]:
    """Judge households at every line a program knows, and up to a fen a head and month beside it."""
    region, variants = _AROUND[code]
    heads_of = (1,) if code == "destitute_support" else (1, 3)
    for heads, quarters, step, answers in itertools.product(heads_of, (4, 6), (-12, -6, -5, -1, 0, 1, 6, 12), variants):
        yield _judged(code, heads, 455_000 * heads * quarters // 4 + step, region, **answers)


def _agrees(finding: Finding) -> bool:
    if finding.distance is None or finding.met is None:
        return True
    if finding.distance.value == 0:
        return finding.met is (finding.rule in _MET_AT_THRESHOLD)
    return finding.met is (finding.distance.value > 0)


def _check(assessment: Assessment) -> None:
    wrong = [each for each in assessment.findings if not _agrees(each)]
    assert wrong == []


@pytest.mark.parametrize(("program", "row"), _ROWS, ids=[f"{program.code}: {row['name']}" for program, row in _ROWS])
def test_there_is_room_where_a_rule_is_met_and_none_where_it_is_not(program, row):
    _check(judge(program, row))


@pytest.mark.parametrize("code", PROGRAMS)
def test_so_it_is_around_every_line(code):
    judged = list(_around(code))

    for each in judged:
        _check(each)
    assert {finding.met for each in judged for finding in each.findings if finding.distance} >= {True, False}


@pytest.mark.parametrize("code", PROGRAMS)
def test_nobody_is_likely_eligible_for_an_amount_of_nothing(code):
    pays = code in ("living_allowance", "destitute_support", "temporary_aid")
    eligible = [each for each in _around(code) if each.outcome is Outcome.LIKELY_ELIGIBLE]

    for each in eligible:
        assert bool(each.monthly_amount_fen or each.one_off_amount_fen) is pays


@pytest.mark.parametrize("heads", [1, 2, 3, 7])
@pytest.mark.parametrize("above", [0, 1, 5, 6, 7, 11, 12, 13, 17, 18, 19, 1_000])
def test_a_fen_more_than_what_is_said_to_be_too_much_and_there_is_an_amount(heads, above):
    year = 455_000 * heads + above
    excess = found(_judged("living_allowance", heads, year, {}), "income_below_standard").inputs["excess_fen"]

    less = _judged("living_allowance", heads, year - 12 * (excess + 1), {})

    assert (less.outcome, less.monthly_amount_fen > 0) == (Outcome.LIKELY_ELIGIBLE, True)


@pytest.mark.parametrize("heads", [1, 2, 3, 7])
@pytest.mark.parametrize("lacking", [1, 2, 3, 4, 5])
def test_who_has_nothing_to_be_paid_has_a_fen_less_a_month_and_is_paid(heads, lacking):
    before = _judged("living_allowance", heads, 455_000 * heads - lacking, {})
    room = found(before, "something_to_pay").distance.value

    after = _judged("living_allowance", heads, 455_000 * heads - lacking - 12, {})

    assert (before.monthly_amount_fen, room) == (0, Fraction(lacking, 12) - Fraction(1, 2))
    assert (after.outcome, after.monthly_amount_fen) == (Outcome.LIKELY_ELIGIBLE, 1)
