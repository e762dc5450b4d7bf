"""Every status × action × role of a check."""

from datetime import date, timedelta
from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.verification.lifecycle import LIFECYCLE, OPEN, Action, Status, actions_for, may_be_entered

SYSTEM = {Role.SYSTEM}
ANSWERING = {Role.SYSTEM, Role.PARTNER}
COUNTY = {Role.COUNTY_HANDLER}
CASEWORK = {Role.TOWNSHIP_HANDLER, Role.COUNTY_HANDLER}

EXPECTED = {
    (Status.REQUESTED, Action.ASK): (Status.REQUESTED, SYSTEM),
    (Status.REQUESTED, Action.DISPATCH): (Status.DISPATCHED, SYSTEM),
    (Status.REQUESTED, Action.ANSWER): (Status.ANSWERED, ANSWERING),
    (Status.REQUESTED, Action.GIVE_UP): (Status.UNAVAILABLE, SYSTEM),
    (Status.REQUESTED, Action.CANCEL): (Status.CANCELLED, SYSTEM),
    (Status.DISPATCHED, Action.ASK): (Status.DISPATCHED, SYSTEM),
    (Status.DISPATCHED, Action.DISPATCH): (Status.DISPATCHED, SYSTEM),
    (Status.DISPATCHED, Action.ANSWER): (Status.ANSWERED, ANSWERING),
    (Status.DISPATCHED, Action.GIVE_UP): (Status.UNAVAILABLE, SYSTEM),
    (Status.DISPATCHED, Action.ANSWER_MANUALLY): (Status.ANSWERED, COUNTY),
    (Status.DISPATCHED, Action.CANCEL): (Status.CANCELLED, SYSTEM),
    (Status.REQUESTED, Action.REROUTE): (Status.AWAITING_ENTRY, SYSTEM),
    (Status.DISPATCHED, Action.REROUTE): (Status.AWAITING_ENTRY, SYSTEM),
    (Status.AWAITING_ENTRY, Action.ANSWER_MANUALLY): (Status.ANSWERED, COUNTY),
    (Status.AWAITING_ENTRY, Action.ANSWER): (Status.ANSWERED, ANSWERING),
    (Status.AWAITING_ENTRY, Action.GIVE_UP): (Status.UNAVAILABLE, SYSTEM),
    (Status.AWAITING_ENTRY, Action.CANCEL): (Status.CANCELLED, SYSTEM),
    (Status.UNAVAILABLE, Action.ANSWER): (Status.ANSWERED, ANSWERING),
    (Status.UNAVAILABLE, Action.RETRY): (Status.REQUESTED, CASEWORK),
    (Status.UNAVAILABLE, Action.ANSWER_MANUALLY): (Status.ANSWERED, COUNTY),
    (Status.UNAVAILABLE, Action.CANCEL): (Status.CANCELLED, SYSTEM),
    (Status.ANSWERED, Action.ANSWER): (Status.ANSWERED, ANSWERING),
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_as_agreed(status, action, role):
    target, roles = EXPECTED.get((status, action), (None, set()))

    if target is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in roles:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target is target


def test_only_a_cancellation_is_final_and_an_answer_leads_to_nothing_but_answers():
    assert {status for status in Status if LIFECYCLE.is_final(status)} == {Status.CANCELLED}
    assert {step.target for step in LIFECYCLE.steps if step.source is Status.ANSWERED} == {Status.ANSWERED}


@pytest.mark.parametrize(
    ("status", "days", "may"),
    [
        (Status.REQUESTED, 100, False),
        (Status.DISPATCHED, -1, False),
        (Status.DISPATCHED, 0, False),
        (Status.DISPATCHED, 1, True),
        (Status.ANSWERED, 100, False),
        (Status.UNAVAILABLE, -1, True),
        (Status.AWAITING_ENTRY, -1, True),
        (Status.CANCELLED, 100, False),
    ],
)
def test_nobody_answers_for_an_agency_before_its_day_has_passed(status, days, may):
    due = date(2026, 12, 3)
    on = due + timedelta(days=days)

    assert may_be_entered(status, due, on) is may
    assert (Action.ANSWER_MANUALLY in actions_for(status, due, Role.COUNTY_HANDLER, on)) is may
    assert Action.ANSWER_MANUALLY not in actions_for(status, due, Role.TOWNSHIP_HANDLER, on)


def test_what_is_open_can_be_given_up():
    assert {step.source for step in LIFECYCLE.steps if step.action is Action.GIVE_UP} == OPEN
