"""Who lets a partner in and out: every state against every action and role."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.status_queries.lifecycle import LIFECYCLE, PartnerAction, PartnerStatus

EXPECTED = {
    (PartnerStatus.ACTIVE, PartnerAction.DISABLE): PartnerStatus.DISABLED,
    (PartnerStatus.ACTIVE, PartnerAction.ROTATE): PartnerStatus.ACTIVE,
    (PartnerStatus.ACTIVE, PartnerAction.SET_SCOPE): PartnerStatus.ACTIVE,
    (PartnerStatus.DISABLED, PartnerAction.SET_SCOPE): PartnerStatus.DISABLED,
    (PartnerStatus.DISABLED, PartnerAction.ENABLE): PartnerStatus.ACTIVE,
    (PartnerStatus.DISABLED, PartnerAction.ROTATE): PartnerStatus.DISABLED,
}


@pytest.mark.parametrize("status", PartnerStatus)
@pytest.mark.parametrize("action", PartnerAction)
@pytest.mark.parametrize("role", Role)
def test_every_step(status, action, role):
    target = EXPECTED.get((status, action))
    if target is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role is not Role.ADMINISTRATOR:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == target
