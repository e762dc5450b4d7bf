"""The way of a promise, the whole table: what each may do in each state."""

import pytest

from app.applications.promise_lifecycle import LIFECYCLE, Action, Status
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role

# Written a second time, by hand: status × action → target and who.
CONFIRMERS = {Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER}
ALLOWED = {
    ("promised", "withdraw"): ("withdrawn", {Role.APPLICANT}),
    ("promised", "find_kept"): ("kept", {Role.TOWNSHIP_HANDLER}),
    ("promised", "find_broken"): ("broken", {Role.TOWNSHIP_HANDLER}),
    ("broken", "settle"): ("settled", CONFIRMERS),
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
