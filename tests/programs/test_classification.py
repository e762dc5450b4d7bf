"""All programs side by side on one household: where the lines of one end, those of another begin.

The classification is that of a county platform. i is the standard, h income per head and month. Below i: the allowance,
or destitute support for one person without supporters. Below 1.5 i: the edge family, in which the seriously ill and
severely disabled apply alone. Above it and below the average, with high expenses: the rigid-expense family.
"""

from typing import Any

import pytest

from app.programs.registry import PROGRAMS
from tests.programs.builders import build_case, members, resolve

_STANDARD = 74_000
_AVERAGE = 450_000
_PERSON = {"birth_date": "1950-01-01"}
_ILL = {"relation": "spouse", "serious_illness": True}
_REGION: dict[str, dict[str, Any]] = {
    "rigid_expense_family": {
        "disposable_income": {"year": 2025, "urban_fen": _AVERAGE * 12, "rural_fen": _AVERAGE * 12},
        "expense_ratio": "0.6",
    }
}


def _outcome(code: str, *people: dict[str, Any], per_head: int, **answers: Any) -> tuple[str, str | None]:
    program = PROGRAMS[code]
    household = members(*people)
    income = [{"member": "m1", "kind": "transfer", "amount_fen": per_head * len(household), "period": "month"}]
    case = build_case(program, household, income=income, **answers)
    known = resolve(program, region=_REGION.get(code), amount_fen=_STANDARD)
    judged = program.assess(case, known, known.on)
    return judged.outcome.value, judged.another_program


def _expenses(fen: int) -> list[dict[str, Any]]:
    return [{"member": "m1", "kind": "medical", "amount_fen": fen, "period": "year"}]


def test_one_person_without_supporters_below_the_standard_is_destitute():
    assert _outcome("destitute_support", _PERSON, per_head=_STANDARD - 1) == ("likely_eligible", None)


def test_a_person_who_can_be_supported_below_the_standard_has_the_allowance():
    child = {"ref": "s1", "relation": "child", "birth_date": "1990-01-01"}

    assert _outcome("destitute_support", _PERSON, per_head=_STANDARD - 1, supporters=[child]) == (
        "another_program",
        "living_allowance",
    )
    assert _outcome("living_allowance", _PERSON, per_head=_STANDARD - 1) == ("likely_eligible", None)


def test_a_family_below_the_standard_has_the_allowance_as_a_whole():
    assert _outcome("living_allowance", {}, _ILL, per_head=_STANDARD - 1) == ("likely_eligible", None)
    alone = {"member": "m2", "ground": "serious_illness"}
    assert _outcome("living_allowance", {}, _ILL, per_head=_STANDARD - 1, alone=alone)[0] == "likely_not_eligible"


@pytest.mark.parametrize("per_head", [_STANDARD, _STANDARD * 3 // 2 - 1])
def test_from_the_standard_to_one_and_a_half_times_it_is_an_edge_family(per_head):
    assert _outcome("edge_family", {}, _ILL, per_head=per_head) == ("likely_eligible", None)
    assert _outcome("living_allowance", {}, _ILL, per_head=per_head) == ("another_program", "edge_family")
    assert _outcome("rigid_expense_family", {}, _ILL, per_head=per_head, expenses=_expenses(9_000_000)) == (
        "another_program",
        "edge_family",
    )


@pytest.mark.parametrize("per_head", [_STANDARD, _STANDARD * 3 // 2 - 1])
def test_in_an_edge_family_the_seriously_ill_apply_alone(per_head):
    alone = {"member": "m2", "ground": "serious_illness"}

    assert _outcome("living_allowance", {}, _ILL, per_head=per_head, alone=alone) == ("likely_eligible", None)


@pytest.mark.parametrize("per_head", [_STANDARD * 3 // 2, _AVERAGE - 1])
def test_above_it_and_below_the_average_high_expenses_decide(per_head):
    year = per_head * 2 * 12
    high, low = _expenses(year * 3 // 5 + 1), _expenses(year * 3 // 5)

    assert _outcome("rigid_expense_family", {}, _ILL, per_head=per_head, expenses=high) == ("likely_eligible", None)
    assert _outcome("rigid_expense_family", {}, _ILL, per_head=per_head, expenses=low)[0] == "likely_not_eligible"
    assert _outcome("edge_family", {}, _ILL, per_head=per_head)[0] == "likely_not_eligible"
    assert _outcome("living_allowance", {}, _ILL, per_head=per_head)[0] == "likely_not_eligible"


def test_from_the_average_on_nothing_of_it_applies():
    high = _expenses(_AVERAGE * 2 * 12)

    assert _outcome("rigid_expense_family", {}, _ILL, per_head=_AVERAGE, expenses=high)[0] == "likely_not_eligible"


def test_the_lines_meet_without_gap_and_without_overlap():
    for per_head in range(0, _AVERAGE, 12_345):
        fitting = [
            code
            for code in ("living_allowance", "edge_family", "rigid_expense_family")
            if _outcome(code, {}, {}, per_head=per_head, expenses=_expenses(per_head * 24 + 1))[0] == "likely_eligible"
        ]
        assert len(fitting) == 1, per_head
