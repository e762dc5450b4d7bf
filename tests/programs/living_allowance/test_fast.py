"""The short cut says what the rules say: outcome, other program and amount, under numbers of all sorts."""

import random
from collections import Counter
from typing import get_args

import pytest

from app.facts import FactKey, Item
from app.programs.declaration import DisabilityKind, PropertyKind, PropertyUse, Situation
from app.programs.living_allowance.fast import Numbers, Verdict
from tests.programs.builders import TODAY, build_case, fact, member, resolve
from tests.programs.living_allowance.builders import PROGRAM

_LIMITS = {
    "property.deposit": {"kinds": ["deposit", "security", "fund"], "months_of_standard": 24, "per_head": True},
    "property.vehicle": {"kinds": ["vehicle", "machinery"], "count": 1},
    "property.dwelling": {"kinds": ["dwelling", "non_residential"], "count": 1},
}
_PENSION = {"income_not_counted.local_pension": ["地方养老补贴"]}
NUMBERS = {
    "national": {},
    "limits": {**_LIMITS, **_PENSION, "property.car_value": {"kinds": ["vehicle"], "fen": 300_000}},
    "rounding": {**_LIMITS, "rounding": {"to_fen": 100, "mode": "up"}, "edge_ratio": "7/4"},
    "supplements": {
        **_LIMITS,
        "supplement.old": {"for": "elderly", "share_of_standard": "0.2"},
        "supplement.ill": {"for": "seriously_ill", "fen": 7_777},
        "supplement_stacking": "sum",
    },
    "tiers": {
        **_LIMITS,
        "amount_method": "tiers",
        "amount_tiers": {"tiers": [{"below": "0.5", "fen": 50_000}, {"below": "1", "fen": 30_000}]},
    },
    "empty tier": {
        **_LIMITS,
        "amount_method": "tiers",
        "amount_tiers": {"tiers": [{"below": "0.5", "fen": 50_000}, {"below": "1", "fen": 0}]},
    },
    "rounded away": {**_LIMITS, "rounding": {"to_fen": 1000, "mode": "down"}},
    "assuming": {**_LIMITS, "labour_income": {"from_age": 16, "to_age": 59, "fen": 60_000}},
    "costs": {**_LIMITS, "employment_cost": {"share_of_wage": "0.1"}},
    "exempting": {**_LIMITS, "property_exempt.car": {"kinds": ["vehicle"], "uses": ["disabled_scooter"]}},
    "membership": {**_LIMITS, "membership.adult_child": "not_counted"},
    "expenses": {**_LIMITS, "rigid_expense.medical": {"share": "1"}},
    "support": {**_LIMITS, "support_formula": {"share": "0.5", "multiple_of_standard": "2"}},
}
STANDARDS = ({}, {"amount_fen": 455_000, "period": "year"}, {"amount_fen": 71_037})
CASES = 400  # for each set of numbers and each standard


def draw_case(chance: random.Random):
    """Draw a household: mostly a plain one, and now and then something that needs the whole of the rules."""
    people = [_draw_member(chance, place) for place in range(chance.choice((1, 1, 2, 2, 3, 4, 6)))]
    refs = [each.ref for each in people]
    return build_case(
        PROGRAM,
        people,
        area_class=chance.choice(("urban", "rural")),
        **(_draw_findings(chance, refs) if chance.random() < 0.1 else {}),
        income=[_draw_income(chance, refs) for _ in range(chance.choice((0, 1, 1, 2, 3)))],
        property=[_draw_property(chance, refs) for _ in range(chance.choice((0, 0, 1, 2)))],
        expenses=[
            {"member": chance.choice(refs), "kind": "medical", "amount_fen": chance.randrange(99_999), "period": "year"}
            for _ in range(chance.choice((0, 0, 1)))
        ],
        supporters=[
            {"ref": "s1", "relation": "child", "support_fen": chance.randrange(40_000), "household_income_fen": 500_000}
        ]
        if chance.random() < 0.1
        else [],
        alone={"member": refs[-1], "ground": "serious_illness"} if chance.random() < 0.05 else None,
    )


def _draw_member(chance, place):
    others = ("spouse", "child", "child", "parent", "sibling") if place == 1 else ("child", "parent", "grandchild")
    relation = "self" if place == 0 else chance.choice(others)
    given = {
        "ref": f"m{place + 1}",
        "relation": "other" if place and chance.random() < 0.03 else relation,
        "birth_date": f"{chance.randrange(1935, 2026)}-0{chance.randrange(1, 10)}-1{chance.randrange(10)}",
        "serious_illness": chance.random() < 0.1,
        "can_work": chance.random() < 0.7,
    }
    if chance.random() < 0.1:
        given["disability"] = {"kind": chance.choice(get_args(DisabilityKind)), "grade": chance.randrange(1, 5)}
    if chance.random() < 0.04:
        given["situation"] = chance.choice(get_args(Situation))
    return member(**given)


def _draw_findings(chance, refs):
    ref = chance.choice(refs)
    found = fact(FactKey.DEPOSIT_BALANCE, chance.randrange(4_000_000))
    return chance.choice(
        (
            {"asked": True},
            {"verified": {(ref, FactKey.DEPOSIT_BALANCE): found}},
            {"verified": {(ref, FactKey.BENEFITS_IN_FORCE): fact(FactKey.BENEFITS_IN_FORCE, ("living_allowance",))}},
            {"unavailable": [(ref, chance.choice((Item.DEATHS, Item.DEPOSITS)))]},
        )
    )


def _draw_income(chance, refs):
    by_month = chance.random() < 0.6
    line = {
        "member": chance.choice(refs),
        "kind": chance.choice(("wage", "wage", "business", "property", "transfer", "other")),
        "amount_fen": chance.choice((0, chance.randrange(150_000), chance.randrange(2_000_000))),
        "period": "month" if by_month else "year",
    }
    if by_month and chance.random() < 0.2:
        line["months"] = chance.randrange(1, 13)
    if chance.random() < 0.2:
        line["costs_fen"] = chance.randrange(60_000)
    if chance.random() < 0.2:
        line["detail"] = chance.choice(("奖学金", "地方养老补贴", "social_assistance", "打工"))
    return line


def _draw_property(chance, refs):
    line = {"kind": chance.choice(get_args(PropertyKind)), "owner": chance.choice(refs)}
    if chance.random() < 0.8:
        line["value_fen"] = chance.choice((0, 300_000, chance.randrange(4_000_000)))
    if chance.random() < 0.3:
        line["count"] = chance.randrange(3)
    if chance.random() < 0.2:
        line["use"] = chance.choice(get_args(PropertyUse))
    return line


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("standard", STANDARDS, ids=("monthly", "yearly", "odd"))
def test_the_short_cut_says_what_the_rules_say(name, standard):
    chance = random.Random(f"{name} {sorted(standard)}")
    parameters = resolve(PROGRAM, region=NUMBERS[name], **standard)
    numbers = Numbers(parameters)

    for _ in range(CASES):
        case = draw_case(chance)
        judged = PROGRAM.assess(case, parameters, TODAY)
        said = numbers.judge(case, numbers.figures_of(case))

        assert said == Verdict(judged.outcome, judged.another_program, judged.monthly_amount_fen), case


@pytest.mark.parametrize("beyond", [-1, 0, 1])
@pytest.mark.parametrize("line", [64_100 * 12, 64_100 * 18], ids=["standard", "edge"])
def test_at_a_line_is_not_below_it(line, beyond):
    parameters = resolve(PROGRAM, region=_LIMITS)
    numbers = Numbers(parameters)
    case = build_case(
        PROGRAM, income=[{"member": "m1", "kind": "transfer", "amount_fen": line + beyond, "period": "year"}]
    )

    judged = PROGRAM.assess(case, parameters, TODAY)

    said = numbers.judge(case, numbers.figures_of(case))
    assert said == Verdict(judged.outcome, judged.another_program, judged.monthly_amount_fen)


@pytest.mark.parametrize("region", [{}, _LIMITS, NUMBERS["rounding"], NUMBERS["rounded away"], NUMBERS["empty tier"]])
@pytest.mark.parametrize("lacking", [0, 1, 5, 6, 12, 11_999, 12_000])
@pytest.mark.parametrize("cars", [0, 1, 2])
def test_what_is_too_little_to_pay_is_said_alike(lacking, cars, region):
    parameters = resolve(PROGRAM, region=region, amount_fen=455_000, period="year")
    numbers = Numbers(parameters)
    case = build_case(
        PROGRAM,
        income=[{"member": "m1", "kind": "transfer", "amount_fen": 455_000 - lacking, "period": "year"}],
        property=[{"kind": "vehicle", "owner": "m1", "count": cars}],
    )

    judged = PROGRAM.assess(case, parameters, TODAY)

    said = numbers.judge(case, numbers.figures_of(case))
    assert said == Verdict(judged.outcome, judged.another_program, judged.monthly_amount_fen)


@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_at_a_limit_is_within_it(beyond):
    parameters = resolve(PROGRAM, region=_LIMITS)
    numbers = Numbers(parameters)
    case = build_case(PROGRAM, property=[{"kind": "deposit", "owner": "m1", "value_fen": 64_100 * 24 + beyond}])

    judged = PROGRAM.assess(case, parameters, TODAY)

    assert numbers.judge(case, numbers.figures_of(case)).outcome == judged.outcome


def test_most_households_are_plain_and_all_outcomes_are_among_them():
    chance, numbers = random.Random(7), Numbers(resolve(PROGRAM, region=NUMBERS["limits"]))

    cases = [draw_case(chance) for _ in range(2_000)]
    plain = [(case, figures) for case in cases if (figures := numbers.figures_of(case)) is not None]
    outcomes = Counter(numbers.judge(case, figures).outcome for case, figures in plain)

    assert len(plain) > 1_200
    assert len(outcomes) == 4
    assert min(outcomes.values()) > 20


def test_figures_serve_every_standard_but_not_other_income_rules():
    before = Numbers(resolve(PROGRAM, region=_LIMITS))

    assert before.same_figures_as(Numbers(resolve(PROGRAM, region=_LIMITS, amount_fen=99_900)))
    assert not before.same_figures_as(Numbers(resolve(PROGRAM, region={**_LIMITS, **_PENSION})))
