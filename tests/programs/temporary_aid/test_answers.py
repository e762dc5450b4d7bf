"""What the form and the numbers of this program refuse."""

import pytest

from app.programs.errors import ParameterNotUsable
from app.programs.temporary_aid.program import TemporaryAid
from tests.programs.builders import member, resolve

_PROGRAM = TemporaryAid()
_FIRE = {"kind": "emergency", "cause": "fire", "needed_fen": 1}


def _faults(answers):
    return {(each.pointer, each.code) for each in _PROGRAM.check_answers(answers, [member()])}


def test_what_happened_and_what_is_needed_must_be_said():
    assert _faults(_FIRE) == set()
    assert _faults({}) == {
        ("/answers/kind", "missing"),
        ("/answers/cause", "missing"),
        ("/answers/needed_fen", "missing"),
    }
    assert {"kind", "cause", "needed_fen"} <= set(_PROGRAM.must_be_stated())


@pytest.mark.parametrize("needed", [0, -1, 1.0, "1", True])
def test_what_is_needed_is_a_whole_amount_above_nothing(needed):
    assert {pointer for pointer, _ in _faults({**_FIRE, "needed_fen": needed})} == {"/answers/needed_fen"}


@pytest.mark.parametrize(
    "region",
    [
        {"ceiling": {}},
        {"ceiling": {"fen": 1, "months_of_standard": "1"}},
        {"ceiling": {"months_of_standard": 10}},
        {"fast_track": 64_100},
        {"income_limit": 2},
        {"jobless_months": 0},
        {"edge_ratio": "1.5"},  # a number of another program
    ],
)
def test_a_regional_value_that_cannot_be_used_is_refused(region):
    with pytest.raises(ParameterNotUsable):
        resolve(_PROGRAM, region=region)
