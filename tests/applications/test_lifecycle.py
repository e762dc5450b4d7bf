"""Every status × action × role of the application's table."""

from itertools import product

import pytest

from app.applications.lifecycle import LIFECYCLE, OPEN, Action, Status
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role

APPLICANT = {Role.APPLICANT}
TOWNSHIP = {Role.TOWNSHIP_HANDLER}
CASEWORK = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}
CONFIRMER = {Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER}

# Written a second time, by hand, from the law: a slip in the table shows as a difference.
ALLOWED = {
    ("draft", "edit"): ("draft", APPLICANT),
    ("draft", "submit"): ("submitted", APPLICANT),
    ("draft", "discard"): ("discarded", APPLICANT),
    ("submitted", "accept"): ("accepted", TOWNSHIP),
    ("submitted", "return"): ("supplement_requested", TOWNSHIP),
    ("submitted", "redirect"): ("redirected", TOWNSHIP),
    ("submitted", "withdraw"): ("withdrawn", APPLICANT),
    ("supplement_requested", "edit"): ("supplement_requested", APPLICANT),
    ("supplement_requested", "supplement"): ("submitted", APPLICANT),
    ("supplement_requested", "withdraw"): ("withdrawn", APPLICANT),
    ("supplement_requested", "terminate"): ("terminated", TOWNSHIP),
    ("accepted", "extend"): ("accepted", CASEWORK),
    ("accepted", "withdraw"): ("withdrawn", APPLICANT),
    ("accepted", "terminate"): ("terminated", CASEWORK),
    ("accepted", "approve"): ("approved", CONFIRMER),
    ("accepted", "refuse"): ("refused", CONFIRMER),
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_allowed_or_refused_as_the_law_says(status, action, role):
    expected = ALLOWED.get((status, action))
    if expected is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in expected[1]:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == expected[0]


def test_what_is_open_has_a_way_on_and_what_is_not_has_none():
    assert {status for status in Status if not LIFECYCLE.is_final(status)} == OPEN
