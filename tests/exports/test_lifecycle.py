"""Every status × action × role of the exports' table."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.exports.lifecycle import LIFECYCLE, Action, Status
from app.identity.actors import Role

APPROVERS = {Role.TOWNSHIP_REVIEWER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR}
REQUESTERS = {*APPROVERS, Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER, Role.FINANCE}

EXPECTED = {
    (Status.REQUESTED, Action.APPROVE): (Status.APPROVED, APPROVERS),
    (Status.REQUESTED, Action.REJECT): (Status.REJECTED, APPROVERS),
    (Status.APPROVED, Action.DOWNLOAD): (Status.APPROVED, REQUESTERS),
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
