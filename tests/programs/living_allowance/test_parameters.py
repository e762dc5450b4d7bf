"""National defaults by date, and what a region may lay over them."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.programs.living_allowance.amount import METHODS
from app.programs.living_allowance.parameters import AmountMethod
from app.reference.errors import StandardMissing
from tests.programs.living_allowance.builders import PROGRAM, TODAY, parameters, regional, standard


def test_the_national_defaults():
    known = parameters()

    assert known.amount_method is AmountMethod.DIFFERENCE
    assert known.edge_ratio == Fraction(3, 2)
    assert known.household.property_limits == ()
    assert known.household.not_counted["优待抚恤金"] == "preferential_pension"


def test_the_pension_exclusion_ends_with_2025():
    assert "central_basic_pension" in parameters(date(2025, 12, 31)).household.not_counted
    assert "central_basic_pension" not in parameters(date(2026, 1, 1)).household.not_counted


def test_the_rules_do_not_reach_back_before_july_2021():
    assert parameters(date(2021, 7, 1))
    with pytest.raises(RulesNotInForce):
        parameters(date(2021, 6, 30))


def test_a_standard_is_needed_and_must_be_in_force():
    with pytest.raises(StandardMissing):
        PROGRAM.resolve(TODAY, {}, {})
    with pytest.raises(StandardMissing):
        parameters(valid_from=date(2026, 11, 24))
    assert parameters(valid_from=TODAY)


@pytest.mark.parametrize(
    "region",
    [
        {"employment_costs": "10%"},  # a rule this program does not have is never skipped
        {"employment_cost": "10%"},
        {"employment_cost": {}},
        {"employment_cost": {"share_of_wage": "0.1", "fen": 100}},
        {"employment_cost": {"share_of_wage": "1.1"}},
        {"employment_cost": {"share_of_minimum_wage": "0.1"}},
        {"employment_cost": {"share_of_wage": 0.1}},
        {"new_job_disregard": {"months": 0, "multiple_of_standard": "3"}},
        {"labour_income": {"from_age": 16, "to_age": 59}},
        {"labour_income": {"from_age": 16, "to_age": 59, "fen": 1, "share_of_minimum_wage": "1"}},
        {"support_formula": {"share": "0.5"}},
        {"support_exempt": {"share": "2"}},
        {"rigid_expense.holidays": {}},
        {"rigid_expense.medical": {"cap_fen": -1}},
        {"public_school_price.nursery": 1},
        {"public_school_price.senior": True},
        {"membership.cousin": "counted"},
        {"membership.parent": "sometimes"},
        {"property_exempt.x": {"kinds": ["vehicle"], "uses": []}},
        {"supplement.old": {"for": "elderly", "fen": 1}},  # how several stack is not said
        {"supplement.old": {"for": "everybody", "fen": 1}, "supplement_stacking": "sum"},
        {"supplement_stacking": "lowest"},
        {"rounding": {"to_fen": 7, "mode": "up"}},
        {"amount_method": "tiers", "amount_tiers": {"tiers": []}},
        {"amount_method": "tiers", "amount_tiers": {"tiers": [{"below": "0.9", "fen": 1}]}},  # who is left has no tier
        {"amount_tiers": {"tiers": [{"below": "0.5", "fen": 1}, {"below": "1", "fen": 2}]}},  # more income, more aid
        {"amount_tiers": {"tiers": [{"below": "1", "fen": 1}, {"below": "0.5", "fen": 1}]}},
        {"amount_tiers": {"tiers": [{"below": "0.5", "fen": 9}, {"below": "1", "share_of_standard": "0.1"}]}},
        {"amount_tiers": {"tiers": [{"below": "1", "fen": 1, "nobody_can_work": True}]}},
        {"amount_method": "tiers"},
        {"edge_ratio": 1.5},
        {"edge_ratio": "0.9"},
        {"edge_ratio": "1/0"},
        {"edge_ratio": "much"},
        {"income_not_counted.lottery": "彩票"},
        {"property.cars": {"kinds": ["vehicle"]}},
        {"property.cars": {"kinds": ["vehicle"], "count": 1, "fen": 1}},
        {"property.cars": {"kinds": ["yacht"], "count": 1}},
        {"property.cars": {"kinds": [], "count": 1}},
    ],
)
def test_a_regional_value_that_cannot_be_used_is_refused(region):
    with pytest.raises(ParameterNotUsable):
        parameters(region=region)


def test_a_regional_value_is_not_used_before_its_day():
    early = {
        name: replace(value, valid_from=date(2026, 11, 24)) for name, value in regional({"edge_ratio": "2"}).items()
    }

    with pytest.raises(ParameterNotUsable):
        PROGRAM.resolve(TODAY, {"living_allowance": standard()}, early)


def test_a_value_keeps_the_order_it_rests_on():
    known = parameters(region={"edge_ratio": "9/5"})

    assert known.edge_ratio == Fraction(9, 5)
    assert known.source("edge_ratio")["law"] == "测试省规定第一条"


def test_every_way_to_fix_the_amount_is_there():
    assert METHODS.keys() == set(AmountMethod)
