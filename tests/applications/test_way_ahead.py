"""What is said to follow is what does, from every point of the procedure, and nothing follows on an end."""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import pytest

from app.applications.clocks import StepKind as K
from app.applications.lifecycle import OPEN, Status
from app.applications.way_ahead import what_follows


class Taken(NamedTuple):
    kind: str
    outcome: str | None = None


_LAST = [K.CONFIRMATION, K.FIRST_PAYMENT]
_ACCEPTED = (Taken(K.ACCEPTANCE, "accepted"), Taken(K.VERIFICATION), Taken(K.SURVEY))
_VERIFIED = (Taken(K.ACCEPTANCE, "accepted"), Taken(K.VERIFICATION, "complete"))
_VISITED = (*_VERIFIED, Taken(K.SURVEY, "visited"))
_OPINION = (*_VISITED, Taken(K.OPINION))
_FAVOURED = (*_VISITED, Taken(K.OPINION, "favourable"))
_OPPOSED = (*_VISITED, Taken(K.OPINION, "unfavourable"))
_NOTICE = (*_FAVOURED, Taken(K.NOTICE))
_UNOBJECTED = (*_FAVOURED, Taken(K.NOTICE, "no_objection"))
_OBJECTED = (*_FAVOURED, Taken(K.NOTICE, "objected"))
_SENT_BACK = (*_UNOBJECTED, Taken(K.CONFIRMATION, "sent_back"))
_BEGUN = [K.VERIFICATION, K.SURVEY, K.HOME_VISIT, K.OPINION, K.NOTICE, *_LAST]

# Every point between two arrows of the procedure: where the case stands, the way so far, what follows.
POINTS = {
    "a draft": (Status.DRAFT, (), [K.ACCEPTANCE, *_BEGUN]),
    "handed in": (Status.SUBMITTED, (Taken(K.ACCEPTANCE),), _BEGUN),
    "something is missing": (
        Status.SUPPLEMENT_REQUESTED,
        (Taken(K.ACCEPTANCE, "supplement_requested"), Taken(K.SUPPLEMENT)),
        [K.ACCEPTANCE, *_BEGUN],
    ),
    "supplied": (
        Status.SUBMITTED,
        (Taken(K.ACCEPTANCE, "supplement_requested"), Taken(K.SUPPLEMENT, "supplemented"), Taken(K.ACCEPTANCE)),
        _BEGUN,
    ),
    "accepted": (Status.ACCEPTED, _ACCEPTED, [K.HOME_VISIT, K.OPINION, K.NOTICE, *_LAST]),
    "visited at home at once": (
        Status.ACCEPTED,
        (*_ACCEPTED[:2], Taken(K.SURVEY, "visited")),
        [K.OPINION, K.NOTICE, *_LAST],
    ),
    "survey begun elsewhere": (
        Status.ACCEPTED,
        (*_VERIFIED, Taken(K.SURVEY, "started"), Taken(K.HOME_VISIT)),
        [K.OPINION, K.NOTICE, *_LAST],
    ),
    "may object to what was found": (
        Status.ACCEPTED,
        (*_VISITED, Taken(K.CHECK_OBJECTION)),
        [K.OPINION, K.NOTICE, *_LAST],
    ),
    "has objected to what was found": (
        Status.ACCEPTED,
        (*_VISITED, Taken(K.CHECK_OBJECTION, "objected"), Taken(K.RECHECK)),
        [K.VERIFICATION, K.OPINION, K.NOTICE, *_LAST],
    ),
    "agencies are asked again": (
        Status.ACCEPTED,
        (*_VISITED, Taken(K.CHECK_OBJECTION, "objected"), Taken(K.RECHECK, "asked"), Taken(K.VERIFICATION)),
        [K.OPINION, K.NOTICE, *_LAST],
    ),
    "the opinion is due": (Status.ACCEPTED, _OPINION, [K.NOTICE, *_LAST]),
    "in favour, not yet posted": (Status.ACCEPTED, _FAVOURED, [K.NOTICE, *_LAST]),
    "posted": (Status.ACCEPTED, _NOTICE, _LAST),
    "objected to": (Status.ACCEPTED, (*_OBJECTED, Taken(K.RE_SURVEY)), _LAST),
    "in favour again": (
        Status.ACCEPTED,
        (*_OBJECTED, Taken(K.RE_SURVEY, "favourable"), Taken(K.CONFIRMATION)),
        [K.FIRST_PAYMENT],
    ),
    "against, after the objection": (
        Status.ACCEPTED,
        (*_OBJECTED, Taken(K.RE_SURVEY, "unfavourable"), Taken(K.CONFIRMATION)),
        [K.DECISION_NOTICE],
    ),
    "not posted, for children": (
        Status.ACCEPTED,
        (*_FAVOURED, Taken(K.NOTICE, "not_posted_orphan"), Taken(K.CONFIRMATION)),
        [K.FIRST_PAYMENT],
    ),
    "with who confirms": (Status.ACCEPTED, (*_UNOBJECTED, Taken(K.CONFIRMATION)), [K.FIRST_PAYMENT]),
    "opposed": (Status.ACCEPTED, (*_OPPOSED, Taken(K.CONFIRMATION)), [K.DECISION_NOTICE]),
    "sent back": (Status.ACCEPTED, _SENT_BACK, [K.OPINION, K.NOTICE, *_LAST]),
    "the second opinion is due": (Status.ACCEPTED, (*_SENT_BACK, Taken(K.OPINION)), [K.NOTICE, *_LAST]),
    "sent back although opposed": (
        Status.ACCEPTED,
        (*_OPPOSED, Taken(K.CONFIRMATION, "sent_back"), Taken(K.OPINION)),
        [K.NOTICE, *_LAST],
    ),
    "posted again": (
        Status.ACCEPTED,
        (*_SENT_BACK, Taken(K.OPINION, "favourable"), Taken(K.NOTICE)),
        _LAST,
    ),
    "a dispute beside": (Status.ACCEPTED, (*_NOTICE, Taken(K.REPORT_DISPUTE)), _LAST),
    "granted": (Status.APPROVED, (*_UNOBJECTED, Taken(K.CONFIRMATION, "approved")), [K.FIRST_PAYMENT]),
    "to be paid": (
        Status.APPROVED,
        (*_UNOBJECTED, Taken(K.CONFIRMATION, "approved"), Taken(K.FIRST_PAYMENT)),
        [],
    ),
    "refused": (
        Status.REFUSED,
        (*_OPPOSED, Taken(K.CONFIRMATION, "refused"), Taken(K.DECISION_NOTICE)),
        [],
    ),
}


def _delegated(kinds: list[K]) -> list[K]:
    return [K.TOWNSHIP_CONFIRMATION if kind is K.CONFIRMATION else kind for kind in kinds]


@pytest.mark.parametrize("point", POINTS)
def test_from_each_point_the_rest_of_the_way_follows(point):
    status, steps, expected = POINTS[point]

    assert list(what_follows(status, "county", steps)) == expected


@pytest.mark.parametrize("point", POINTS)
def test_where_the_township_confirms_its_own_step_follows(point):
    status, steps, expected = POINTS[point]
    there = [Taken(*_delegated([K(step.kind)]), step.outcome) for step in steps]

    assert list(what_follows(status, "township", there)) == _delegated(expected)


@pytest.mark.parametrize("status", sorted(set(Status) - OPEN - {Status.APPROVED}))
@pytest.mark.parametrize("point", POINTS)
def test_on_an_end_nothing_follows(point, status):
    _, steps, _ = POINTS[point]

    assert list(what_follows(status, "county", steps)) == []


def _states() -> Iterator[tuple[Status, str | None, tuple[Taken, ...]]]:
    """Yield every status over every beginning of every way, sensible or not: a phone is answered all the same."""
    for _, steps, _ in POINTS.values():
        for length in range(len(steps) + 1):
            for status in Status:
                for confirmed_by in (None, "county", "township"):
                    yield status, confirmed_by, steps[:length]


def test_what_is_running_is_never_said_to_follow_and_the_order_is_the_laws():
    places = [K.ACCEPTANCE, K.VERIFICATION, K.SURVEY, K.HOME_VISIT, K.OPINION, K.NOTICE]
    places += [K.CONFIRMATION, K.TOWNSHIP_CONFIRMATION, K.FIRST_PAYMENT, K.DECISION_NOTICE]
    for status, confirmed_by, steps in _states():
        ahead = list(what_follows(status, confirmed_by, steps))

        assert not {step.kind for step in steps if step.outcome is None} & set(ahead)
        assert all(places.index(one) < places.index(other) for one, other in pairwise(ahead))
