"""What the numbers of this program refuse, and from when there are any."""

from datetime import date

import pytest

from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.programs.rigid_expense_family.program import RigidExpenseFamily
from tests.programs.builders import resolve

_PROGRAM = RigidExpenseFamily()


def test_the_rules_do_not_reach_back_before_2025():
    assert resolve(_PROGRAM, date(2025, 1, 1))
    with pytest.raises(RulesNotInForce):
        resolve(_PROGRAM, date(2024, 12, 31))


def test_what_counts_as_rigid_expense_is_national_but_for_the_rest():
    assert set(resolve(_PROGRAM).household.expenses) == {"living", "medical", "education", "disability"}


@pytest.mark.parametrize(
    "region",
    [
        {"expense_ratio": "1.1"},
        {"expense_ratio": 0.6},
        {"validity_months": 13},  # twelve at most: art. 10
        {"validity_months": "12"},
        {"edge_ratio": "0.5"},
        {"disposable_income": {"year": 1999, "urban_fen": 1, "rural_fen": 1}},
        {"amount_method": "difference"},  # a number of another program
    ],
)
def test_a_regional_value_that_cannot_be_used_is_refused(region):
    with pytest.raises(ParameterNotUsable):
        resolve(_PROGRAM, region=region)
