"""The way of a claim, the whole table: what each may do in each state."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.overpayments.lifecycle import LIFECYCLE, Action, Status

# Written a second time, by hand: status × action → target and who.
COUNTY_HANDLER, CONFIRMER, FINANCE = {Role.COUNTY_HANDLER}, {Role.COUNTY_CONFIRMER}, {Role.FINANCE}
ALLOWED = {
    ("proposed", "hear"): ("proposed", {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}),
    ("proposed", "order"): ("ordered", CONFIRMER),
    ("proposed", "drop"): ("dropped", CONFIRMER),
    ("ordered", "receive"): ("ordered", FINANCE | {Role.SYSTEM}),
    ("ordered", "complete"): ("repaid", FINANCE | {Role.SYSTEM}),
    ("ordered", "propose_write_off"): ("ordered", COUNTY_HANDLER),
    ("ordered", "write_off"): ("written_off", CONFIRMER),
    ("ordered", "keep"): ("ordered", CONFIRMER),
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("role", Role)
def test_every_step_is_allowed_or_refused(status, action, role):
    target, roles = ALLOWED.get((status, action), (None, set()))
    if target is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in roles:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == target
