"""Every status × action × role of the table, and whose county each action is for."""

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.handovers.commands.records import actions_of, step_of
from app.handovers.errors import OtherCountysStep
from app.handovers.lifecycle import LIFECYCLE, OPEN, Action, Status
from app.handovers.models import Handover
from app.identity.actors import Actor, Role

CONFIRMER = {Role.COUNTY_CONFIRMER}
HANDLERS = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}
COUNTY = {Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}
WITHDRAWERS = HANDLERS | CONFIRMER | {Role.SYSTEM}

EXPECTED = {
    (Status.PROPOSED, Action.RELEASE): (Status.RELEASED, CONFIRMER),
    (Status.PROPOSED, Action.WITHDRAW): (Status.WITHDRAWN, WITHDRAWERS),
    (Status.RELEASED, Action.ACCEPT): (Status.ACCEPTED, HANDLERS),
    (Status.RELEASED, Action.DECLINE): (Status.DECLINED, COUNTY),
    (Status.RELEASED, Action.WITHDRAW): (Status.WITHDRAWN, WITHDRAWERS),
    (Status.ACCEPTED, Action.CONFIRM): (Status.COMPLETED, CONFIRMER),
    (Status.ACCEPTED, Action.DECLINE): (Status.DECLINED, COUNTY),
    (Status.ACCEPTED, Action.WITHDRAW): (Status.WITHDRAWN, WITHDRAWERS),
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


def test_what_is_not_open_is_the_end():
    assert {status for status in Status if not LIFECYCLE.is_final(status)} == OPEN


@pytest.mark.parametrize("status", sorted(OPEN))
@pytest.mark.parametrize("action", Action)
def test_each_half_is_for_its_own_county(status, action):
    handover = Handover(division="532529103204", to_division="530627102000", status=status)
    here = Actor(new_id(), Role.COUNTY_CONFIRMER, "532529000000")
    there = Actor(new_id(), Role.COUNTY_CONFIRMER, "530627000000")
    own, other = (here, there) if action in (Action.RELEASE, Action.WITHDRAW) else (there, here)

    with pytest.raises(OtherCountysStep):
        step_of(other, handover, action)

    possible = (status, action) in EXPECTED and Role.COUNTY_CONFIRMER in EXPECTED[status, action][1]
    assert (action in actions_of(own, handover)) == possible
    assert action not in actions_of(other, handover)
