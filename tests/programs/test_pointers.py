"""A household that is sent to another program is never sent back, whatever a place has set for each of them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.programs.registry import PROGRAMS, get_program
from tests.programs.builders import build_case, member, resolve

_STANDARD = 64_100
_OF_ANY: dict[str, list[Any]] = {
    "employment_cost": [{"share_of_wage": "0.1"}, {"fen": 5_900}],
    "new_job_disregard": [{"months": 12, "multiple_of_standard": "1/3"}],
    "labour_income": [{"from_age": 16, "to_age": 59, "fen": 64_100}, {"from_age": 16, "to_age": 59, "fen": 20_001}],
    "support_formula": [{"share": "1/3", "multiple_of_standard": "0.1"}],
    "membership.parent": ["not_counted"],
    "membership.adult_child": ["not_counted", "counted"],
    "rigid_expense.medical": [{}, {"share": "1/7"}],
    "rigid_expense.education": [{"per_member": True, "cap_fen": 30_000}],
    "public_school_price.senior": [20_000],
    "income_not_counted.village_bonus": [["村级分红"]],
    "property.vehicles": [{"kinds": ["vehicle"], "count": 1}],
    "property_exempt.scooters": [{"kinds": ["vehicle"], "uses": ["motorcycle"]}],
}
_RATIO = {"edge_ratio": ["1", "1.2", "2"]}
_OF_ONE: dict[str, dict[str, list[Any]]] = {
    "living_allowance": {
        **_RATIO,
        "rounding": [{"to_fen": 100, "mode": "down"}, {"to_fen": 1000, "mode": "up"}],
        "support_exempt": [{"share": "0.5", "relations": ["sibling"], "from_age": 60}],
    },
    "edge_family": _RATIO,
    "rigid_expense_family": {
        **_RATIO,
        "expense_ratio": ["0.1"],
        "disposable_income": [{"year": 2025, "urban_fen": 4_680_000, "rural_fen": 1_900_000}],
    },
    "destitute_support": {"base_ratio": ["1.3", "2"]},
    "temporary_aid": {"income_limit": ["1", "2"]},
}
_TIERS = {
    "amount_method": "tiers",
    "amount_tiers": {"tiers": [{"below": "1/3", "share_of_standard": "2/3"}, {"below": "1", "share_of_standard": "0"}]},
}
_SUPPLEMENTS = {
    "supplement.ill": {"for": "seriously_ill", "share_of_standard": "1/3"},
    "supplement_stacking": "sum",
}
_ASKED: dict[str, dict[str, Any]] = {
    "temporary_aid": {"kind": "expenditure", "cause": "medical", "needed_fen": 500_000},
}


@st.composite
def regions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a place has set, for each program by itself: nothing, one thing, or much."""

    def rows_of(code: str) -> dict[str, Any]:
        may = {**_OF_ANY, **_OF_ONE[code]}
        names = draw(st.sets(st.sampled_from(sorted(may)), max_size=4))
        rows = {name: draw(st.sampled_from(may[name])) for name in sorted(names)}
        if code == "living_allowance":
            rows |= draw(st.sampled_from([{}, {}, _TIERS, _SUPPLEMENTS]))
        if code == "rigid_expense_family":
            rows |= {name: _OF_ONE[code][name][0] for name in ("expense_ratio", "disposable_income")}
        return rows

    return {code: rows_of(code) for code in PROGRAMS}


@st.composite
def households(draw: st.DrawFn) -> tuple[list[Any], dict[str, Any]]:
    """Draw people and what they declare, with an income that lies near the lines."""
    others = st.fixed_dictionaries(
        {
            "relation": st.sampled_from(["child", "parent"]),
            "birth_date": st.sampled_from(["2015-01-01", "1990-01-01", "1955-01-01"]),
            "can_work": st.booleans(),
        }
    )
    size = draw(st.integers(1, 3))
    people = [member(), *(member(ref=f"m{place}", **draw(others)) for place in range(2, size + 1))]
    ref = st.sampled_from([each.ref for each in people])
    near = st.builds(
        lambda tenths, more: _STANDARD * size * tenths // 10 + more, st.integers(5, 20), st.integers(-6, 6)
    )
    income = [
        {
            "member": draw(ref),
            "kind": draw(st.sampled_from(["wage", "wage", "transfer"])),
            "amount_fen": draw(near) * 12 + draw(st.integers(-6, 6)),
            "period": "year",
            "since": draw(st.sampled_from([None, "2026-06-01"])),
        }
    ]
    if draw(st.booleans()):
        bonus = {"member": draw(ref), "kind": "transfer", "detail": "village_bonus", "period": "month"}
        income.append({**bonus, "amount_fen": draw(st.integers(0, 20_000))})
    answers: dict[str, Any] = {"income": income, "no_work_found": draw(st.none() | st.just(["m1"]))}
    if draw(st.booleans()):
        spent = {"member": "m1", "kind": draw(st.sampled_from(["medical", "education"])), "period": "year"}
        answers["expenses"] = [{**spent, "amount_fen": draw(st.integers(0, 2_000_000)), "stage": "senior"}]
    if draw(st.booleans()):
        pays = {"ref": "s1", "relation": "child", "support_fen": draw(st.integers(0, 30_000))}
        answers["supporters"] = [{**pays, "household_income_fen": draw(st.none() | st.integers(0, 200_000))}]
    if not draw(st.integers(0, 3)):
        answers["property"] = [{"kind": "vehicle", "owner": "m1", "use": draw(st.sampled_from([None, "motorcycle"]))}]
    return people, answers


def _pointed_to(code: str, people: list[Any], answers: dict[str, Any], region: dict[str, Any]) -> str | None:
    program = get_program(code)
    case = build_case(program, people, **answers, **_ASKED.get(code, {}))
    known = resolve(program, region=region, amount_fen=_STANDARD)
    return program.assess(case, known, known.on).another_program


@pytest.mark.parametrize("start", PROGRAMS)
@settings(max_examples=300)
@given(household=households(), region=regions())
def test_who_follows_where_he_is_sent_never_comes_back(start, household, region):
    people, answers = household
    visited, code = [], start
    while code in PROGRAMS and not (code == "destitute_support" and len(people) > 1):
        assert code not in visited, visited
        visited.append(code)
        code = _pointed_to(code, people, answers, region[code])


@pytest.mark.parametrize("wage", [64_050, 64_100, 65_000, 71_000, 71_222, 71_223, 96_000])
@pytest.mark.parametrize(
    "deducting", [("edge_family",), ("rigid_expense_family",), ("living_allowance",), tuple(PROGRAMS)]
)
def test_nor_is_he_where_only_one_of_them_deducts_the_cost_of_having_work(wage, deducting):
    cost = {"employment_cost": {"share_of_wage": "0.1"}}
    income = [{"member": "m1", "kind": "wage", "amount_fen": wage, "period": "month"}]
    sent = {
        code: _pointed_to(code, [member()], {"income": income}, cost if code in deducting else {})
        for code in ("living_allowance", "edge_family")
    }

    assert sent != {"living_allowance": "edge_family", "edge_family": "living_allowance"}
