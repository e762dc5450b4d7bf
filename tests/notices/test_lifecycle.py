"""Every status × action × role of the notice's table."""

from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.notices.lifecycle import LIFECYCLE, UP, Action, Status

SYSTEM = {Role.SYSTEM}

# Written a second time, by hand, from the law: a slip in the table shows as a difference.
ALLOWED = {
    ("posted", "end"): ("ended", SYSTEM),
    ("posted", "object"): ("objected", SYSTEM),
    ("posted", "withdraw"): ("withdrawn", SYSTEM),
    ("objected", "object"): ("objected", SYSTEM),
    ("objected", "withdraw"): ("withdrawn", SYSTEM),
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


def test_what_is_up_can_come_down_and_what_is_down_stays_down():
    assert {status for status in Status if not LIFECYCLE.is_final(status)} == UP
