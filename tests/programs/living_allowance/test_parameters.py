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
    assert known.property_limits == ()
    assert known.not_counted["优待抚恤金"] == "preferential_pension"


def test_the_pension_exclusion_ends_with_2025():
    assert "central_basic_pension" in parameters(date(2025, 12, 31)).not_counted
    assert "central_basic_pension" not in parameters(date(2026, 1, 1)).not_counted


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
        {"employment_cost": "10%"},  # a rule this program does not have is never skipped
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
