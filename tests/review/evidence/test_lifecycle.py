"""Every status × action × role of an evidence letter's table."""

from itertools import product

import pytest

from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.actors import Role
from app.review.evidence_lifecycle import GROUNDS, LIFECYCLE, OPEN, Action, Status
from app.review.evidence_terms import KINDS, QUESTIONS, AddresseeKind, Question, may_be_asked

SURVEYORS = {Role.TOWNSHIP_HANDLER, Role.TOWNSHIP_REVIEWER}
SYSTEM = {Role.SYSTEM}

# Written a second time, by hand: a slip in the table shows as a difference.
ALLOWED = {
    ("written", "send"): ("sent", SURVEYORS),
    ("written", "set_aside"): ("discarded", SURVEYORS),
    ("written", "cancel"): ("cancelled", SYSTEM),
    ("sent", "answer"): ("answered", SURVEYORS),
    ("sent", "set_aside"): ("not_awaited", SURVEYORS),
    ("sent", "lapse"): ("unanswered", SYSTEM),
    ("sent", "cancel"): ("cancelled", SYSTEM),
    ("unanswered", "answer"): ("answered", SURVEYORS),
    ("unanswered", "set_aside"): ("not_awaited", SURVEYORS),
    ("unanswered", "cancel"): ("cancelled", SYSTEM),
    ("not_awaited", "answer"): ("answered", SURVEYORS),
    ("not_awaited", "cancel"): ("cancelled", SYSTEM),
}


@pytest.mark.parametrize(("status", "action", "role"), list(product(Status, Action, Role)))
def test_every_step_is_allowed_or_refused(status, action, role):
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


def test_grounds_are_what_was_sent_and_is_over():
    assert {Status.UNANSWERED, Status.NOT_AWAITED, Status.ANSWERED} == GROUNDS


def test_everything_that_can_be_asked_has_words_and_somebody_to_be_asked():
    assert set(QUESTIONS) == set(Question)
    assert set(KINDS) == set(AddresseeKind)
    for kind in AddresseeKind:
        assert Question.OTHER in may_be_asked(kind)
    special = [may_be_asked(kind) for kind in AddresseeKind if kind is not AddresseeKind.OTHER]
    assert frozenset().union(*special) == set(Question)
