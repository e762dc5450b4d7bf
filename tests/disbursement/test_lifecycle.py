"""Every status × action × role of the payroll's table."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.disbursement.lifecycle import LIFECYCLE, Action, Status
from app.identity.actors import Role

HANDLER = {Role.COUNTY_HANDLER}
APPROVERS = {Role.COUNTY_CONFIRMER, Role.FINANCE}
FINANCE = {Role.FINANCE}

EXPECTED = {
    (Status.DRAFT, Action.SUBMIT): (Status.SUBMITTED, HANDLER),
    (Status.DRAFT, Action.REJECT): (Status.REJECTED, HANDLER),
    (Status.SUBMITTED, Action.APPROVE): (Status.APPROVED, APPROVERS),
    (Status.SUBMITTED, Action.REJECT): (Status.REJECTED, APPROVERS),
    (Status.APPROVED, Action.RELEASE): (Status.RELEASED, FINANCE),
    (Status.APPROVED, Action.REJECT): (Status.REJECTED, FINANCE),
    (Status.RELEASED, Action.REISSUE): (Status.RELEASED, HANDLER),
    (Status.RELEASED, Action.CLOSE): (Status.CLOSED, FINANCE),
    (Status.CLOSED, Action.REISSUE): (Status.CLOSED, HANDLER),
    (Status.RELEASED, Action.SETTLE): (Status.RELEASED, FINANCE),
    (Status.CLOSED, Action.SETTLE): (Status.CLOSED, FINANCE),
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


def test_what_was_released_is_never_rejected():
    assert not any(
        step.action == Action.REJECT for step in LIFECYCLE.steps if step.source in (Status.RELEASED, Status.CLOSED)
    )
