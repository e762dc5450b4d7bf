"""Every status × action × role of a change's table."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.standards.lifecycle import LIFECYCLE, Action, Status

DECIDERS = {Role.ADMINISTRATOR, Role.SUPERVISOR}
EXPECTED = {
    (Status.DRAFT, Action.EDIT): (Status.DRAFT, {Role.ADMINISTRATOR}),
    (Status.DRAFT, Action.APPROVE): (Status.IN_FORCE, DECIDERS),
    (Status.DRAFT, Action.REJECT): (Status.REJECTED, DECIDERS),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("status", Status)
def test_every_step(status, action, role):
    if (status, action) not in EXPECTED:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
        return
    target, roles = EXPECTED[status, action]
    if role not in roles:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
        return
    assert LIFECYCLE.step(status, action, role).target == target


@pytest.mark.parametrize("status", [Status.IN_FORCE, Status.REJECTED])
def test_what_was_decided_is_final(status):
    assert LIFECYCLE.is_final(status)
