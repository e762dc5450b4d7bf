"""Every status × action × role of a dispute, against a table written a second time, by hand."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.verification.dispute_lifecycle import LIFECYCLE, PENDING, Action, Status

_SYSTEM, _COUNTY, _CITIZEN = {Role.SYSTEM}, {Role.COUNTY_HANDLER}, {Role.APPLICANT}
ALLOWED = {
    ("open", "fall_due"): ("overdue", _SYSTEM),
    ("overdue", "escalate"): ("escalated", _SYSTEM),
    ("open", "send"): ("open", _COUNTY),
    ("overdue", "send"): ("overdue", _COUNTY),
    ("escalated", "send"): ("escalated", _COUNTY),
    ("open", "correct"): ("corrected", _SYSTEM | _COUNTY),
    ("overdue", "correct"): ("corrected", _SYSTEM | _COUNTY),
    ("escalated", "correct"): ("corrected", _SYSTEM | _COUNTY),
    ("open", "uphold"): ("upheld", _COUNTY),
    ("overdue", "uphold"): ("upheld", _COUNTY),
    ("escalated", "uphold"): ("upheld", _COUNTY),
    ("open", "take_back"): ("taken_back", _CITIZEN),
    ("overdue", "take_back"): ("taken_back", _CITIZEN),
    ("escalated", "take_back"): ("taken_back", _CITIZEN),
    ("open", "lapse"): ("lapsed", _SYSTEM),
    ("overdue", "lapse"): ("lapsed", _SYSTEM),
    ("escalated", "lapse"): ("lapsed", _SYSTEM),
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


def test_what_waits_for_an_agency_is_what_can_still_change():
    assert {status for status in Status if not LIFECYCLE.is_final(status)} == PENDING
