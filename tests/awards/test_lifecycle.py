"""Every status × action × role of the award's table."""

import pytest

from app.awards.lifecycle import GOING_OVER, HANDED_OVER, LIFECYCLE, Action, Status
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role

HEARERS = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}
COUNTY = {Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}
CONFIRMER = {Role.COUNTY_CONFIRMER}

EXPECTED = {
    (Status.ACTIVE, Action.HEAR): (Status.ACTIVE, HEARERS),
    (Status.ACTIVE, Action.SUSPEND): (Status.SUSPENDED, COUNTY),
    (Status.ACTIVE, Action.STOP): (Status.STOPPED, CONFIRMER),
    (Status.ACTIVE, Action.ADJUST): (Status.ACTIVE, {Role.COUNTY_HANDLER}),
    (Status.ACTIVE, Action.DECIDE): (Status.ACTIVE, CONFIRMER),
    (Status.ACTIVE, Action.KEEP): (Status.ACTIVE, CONFIRMER),
    (Status.SUSPENDED, Action.ADJUST): (Status.SUSPENDED, {Role.COUNTY_HANDLER}),
    (Status.SUSPENDED, Action.DECIDE): (Status.SUSPENDED, CONFIRMER),
    (Status.SUSPENDED, Action.KEEP): (Status.SUSPENDED, CONFIRMER),
    (Status.SUSPENDED, Action.HEAR): (Status.SUSPENDED, HEARERS),
    (Status.SUSPENDED, Action.RESUME): (Status.ACTIVE, COUNTY),
    (Status.SUSPENDED, Action.STOP): (Status.STOPPED, CONFIRMER),
    (Status.STOPPED, Action.ADJUST): (Status.STOPPED, {Role.COUNTY_HANDLER}),
    (Status.STOPPED, Action.DECIDE): (Status.STOPPED, CONFIRMER),
    (Status.STOPPED, Action.KEEP): (Status.STOPPED, CONFIRMER),
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


def test_a_stopped_award_stays_stopped():
    assert {step.target for step in LIFECYCLE.steps if step.source is Status.STOPPED} == {Status.STOPPED}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("status", Status)
def test_only_an_award_in_force_goes_over_and_by_no_persons_single_act(status, role):
    if status is not Status.ACTIVE:
        with pytest.raises(StepNotAllowed):
            GOING_OVER.step(status, HANDED_OVER, role)
    elif role is not Role.SYSTEM:
        with pytest.raises(RoleNotAllowed):
            GOING_OVER.step(status, HANDED_OVER, role)
    else:
        assert GOING_OVER.step(status, HANDED_OVER, role).target == Status.STOPPED
