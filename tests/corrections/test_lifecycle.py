"""Every status × action × role."""

from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.corrections.lifecycle import LIFECYCLE, Action, Status
from app.identity.actors import Role

HANDLERS = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}

# Written a second time, by hand: a slip in the table shows as a difference.
ALLOWED = {("requested", "accept"): "accepted", ("requested", "refuse"): "refused"}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_allowed_or_refused_as_the_rules_say(status, action, role):
    expected = ALLOWED.get((status, action))
    if expected is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in HANDLERS:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == expected
