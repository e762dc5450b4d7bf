"""Every status × action × role of the campaign's table."""

import pytest

from app.campaigns.lifecycle import LIFECYCLE, Action, Status
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role

DESKS = {Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR}
EXPECTED = {
    (Status.PLANNED, Action.APPROVE): (Status.RUNNING, {Role.COUNTY_CONFIRMER, Role.SUPERVISOR}),
    (Status.PLANNED, Action.END): (Status.ENDED, DESKS),
    (Status.RUNNING, Action.PAUSE): (Status.PAUSED, DESKS),
    (Status.RUNNING, Action.END): (Status.ENDED, DESKS),
    (Status.RUNNING, Action.FINISH): (Status.DONE, {Role.SYSTEM}),
    (Status.PAUSED, Action.RESUME): (Status.RUNNING, DESKS),
    (Status.PAUSED, Action.END): (Status.ENDED, DESKS),
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


def test_what_is_over_is_over():
    assert LIFECYCLE.is_final(Status.DONE)
    assert LIFECYCLE.is_final(Status.ENDED)
