"""Every status × action × role, and what each category may end with."""

from itertools import product

import pytest

from app.complaints.lifecycle import LIFECYCLE, OUTCOMES, Action, Category, Status, actions
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role

HANDING_OUT = {Role.COUNTY_HANDLER, Role.SUPERVISOR}
HANDLERS = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}

# Written a second time, by hand: a slip in the table shows as a difference.
ALLOWED = {
    ("received", "assign"): ("assigned", HANDING_OUT),
    ("assigned", "assign"): ("assigned", HANDING_OUT),
    ("assigned", "answer"): ("answered", HANDLERS),
    ("assigned", "uphold"): ("upheld", HANDLERS),
    ("assigned", "dismiss"): ("dismissed", HANDLERS),
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_allowed_or_refused_as_the_rules_say(status, action, role):
    expected = ALLOWED.get((status, action))
    if expected is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in expected[1]:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == expected[0]


@pytest.mark.parametrize("category", Category)
def test_every_category_has_an_end(category):
    assert OUTCOMES[category]
    assert set(actions(category, Status.ASSIGNED, Role.COUNTY_HANDLER)) == OUTCOMES[category] | {Action.ASSIGN}
