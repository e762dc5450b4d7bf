"""Every status × action × role of the review's table."""

from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.review.lifecycle import LIFECYCLE, OPEN, Action, Status

SURVEYORS = {Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER}
REVIEWER = {Role.TOWNSHIP_REVIEWER}
COUNTY = {Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER}
CONFIRMER = {Role.COUNTY_CONFIRMER, Role.TOWNSHIP_CONFIRMER}
SYSTEM = {Role.SYSTEM}

# Written a second time, by hand, from the law: a slip in the table shows as a difference.
ALLOWED = {
    ("surveying", "record_visit"): ("surveying", SURVEYORS),
    ("surveying", "favour"): ("on_notice", REVIEWER),
    ("surveying", "favour_unposted"): ("with_county", REVIEWER),
    ("surveying", "oppose"): ("with_county", REVIEWER),
    ("surveying", "end"): ("ended", SYSTEM),
    ("on_notice", "notice_ended"): ("with_county", SYSTEM),
    ("on_notice", "object"): ("re_surveying", SYSTEM),
    ("on_notice", "end"): ("ended", SYSTEM),
    ("re_surveying", "record_visit"): ("re_surveying", SURVEYORS),
    ("re_surveying", "record_appraisal"): ("re_surveying", SURVEYORS),
    ("re_surveying", "favour"): ("with_county", REVIEWER),
    ("re_surveying", "oppose"): ("with_county", REVIEWER),
    ("re_surveying", "end"): ("ended", SYSTEM),
    ("with_county", "record_county_visit"): ("with_county", COUNTY),
    ("with_county", "confirm"): ("confirmed", CONFIRMER),
    ("with_county", "refuse"): ("refused", CONFIRMER),
    ("with_county", "send_back"): ("surveying", COUNTY | CONFIRMER),
    ("with_county", "end"): ("ended", SYSTEM),
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_allowed_or_refused_as_the_law_says(status, action, role):
    expected = ALLOWED.get((status, action))
    if expected is None:
        with pytest.raises(StepNotAllowed):
            LIFECYCLE.step(status, action, role)
    elif role not in expected[1]:
        with pytest.raises(RoleNotAllowed):
            LIFECYCLE.step(status, action, role)
    else:
        assert LIFECYCLE.step(status, action, role).target == expected[0]


def test_what_is_open_has_a_way_on_and_what_is_not_has_none():
    assert {status for status in Status if not LIFECYCLE.is_final(status)} == OPEN


def test_nobody_who_gives_opinions_can_confirm_and_nobody_who_confirms_can_give_one():
    opinions = {
        role for step in LIFECYCLE.steps if step.action in (Action.FAVOUR, Action.OPPOSE) for role in step.roles
    }
    decisions = {
        role for step in LIFECYCLE.steps if step.action in (Action.CONFIRM, Action.REFUSE) for role in step.roles
    }

    assert not opinions & decisions
