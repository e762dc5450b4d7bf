"""What the form and the numbers of this program refuse."""

import pytest

from app.programs.destitute_support.program import DestituteSupport
from app.programs.errors import ParameterNotUsable
from tests.programs.builders import member, members, resolve

_PROGRAM = DestituteSupport()
_POINTS = ("eats", "dresses", "gets_out_of_bed", "uses_the_toilet", "walks_indoors", "bathes")


def _faults(answers, people=None):
    return {(each.pointer, each.code) for each in _PROGRAM.check_answers(answers, people or [member()])}


def test_the_form_is_for_one_person():
    assert _faults({}) == set()
    assert _faults({}, members({}, {})) == {("/members", "one_person_only")}


def test_all_six_points_are_answered_or_none():
    assert _faults({"self_care": dict.fromkeys(_POINTS, True)}) == set()
    assert _faults({"self_care": dict.fromkeys(_POINTS[1:], True)}) == {("/answers/self_care/eats", "missing")}


@pytest.mark.parametrize(
    "region",
    [
        {"base": {"urban_fen": 83_600}},
        {"base_ratio": "0.9"},
        {"base_ratio": "1.29"},  # below the nation's
        {"base_ratio": 1.3},
        {"care": {"fully_fen": 1, "partly_fen": 1}},
        {"care": {"fully": "0.5", "partly": "0.25", "able": "0.15"}},  # of which wage
        {"care": {"fully_fen": 1, "partly_fen": 1, "able_fen": 1, "fully": "0.5"}},
        {"no_ability.deaf": {"kinds": [], "grade": 1}},
        {"disposable_income": {"year": 2025, "urban_fen": 1}},
        {"edge_ratio": "1.5"},  # a number of another program
    ],
)
def test_a_regional_value_that_cannot_be_used_is_refused(region):
    with pytest.raises(ParameterNotUsable):
        resolve(_PROGRAM, region=region)
