"""What is known of an item: the last answer, while it holds; silence takes nothing away."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.facts import Item, Outcome
from app.verification.known import is_asked_in_vain, what_is_known
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.prefill import PREFILLING

_NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
_DAY = date(2026, 11, 23)
_MEMBER, _VALID = UUID(int=1), 90
_SILENT = (Status.REQUESTED, Status.DISPATCHED, Status.AWAITING_ENTRY, Status.UNAVAILABLE)


def _check(round_: int, status: Status, *, answered: datetime | None = None, campaign: UUID | None = None) -> Check:
    is_answered = status is Status.ANSWERED
    return Check(
        id=UUID(int=100 + round_),
        member_id=_MEMBER,
        item=Item.VEHICLES,
        round=round_,
        status=status,
        outcome=Outcome.HIT if is_answered else None,
        answered_at=(answered or _NOON) if is_answered else None,
        campaign_id=campaign,
    )


def _known(*checks: Check, on: date = _DAY) -> tuple[int, int | None]:
    """Return the rounds of the answer that counts, and of the question that was put since."""
    (known,) = what_is_known(checks, on, _VALID).values()
    return known.check.round, known.asked_again.round if known.asked_again else None


@pytest.mark.parametrize("status", _SILENT)
def test_what_was_answered_counts_while_it_is_asked_anew_and_after_that_was_in_vain(status):
    assert _known(_check(1, Status.ANSWERED), _check(2, status)) == (1, 2)
    assert _known(_check(3, status), _check(2, status), _check(1, Status.ANSWERED)) == (1, 3)


def test_an_answer_supersedes_the_one_before():
    assert _known(_check(1, Status.ANSWERED), _check(2, Status.ANSWERED)) == (2, None)
    assert not is_asked_in_vain([_check(1, Status.ANSWERED), _check(2, Status.ANSWERED)])


def test_on_the_last_day_of_an_answer_it_counts_and_the_day_after_nothing_is_known():
    last = _DAY + timedelta(days=_VALID)
    checks = _check(1, Status.ANSWERED), _check(2, Status.UNAVAILABLE)

    assert _known(*checks, on=last) == (1, 2)
    assert _known(*checks, on=last + timedelta(days=1)) == (2, None)
    assert is_asked_in_vain(checks)


def test_the_last_answer_counts_whatever_its_age_while_nobody_asks_anew():
    assert _known(_check(1, Status.ANSWERED), on=_DAY + timedelta(days=1_000)) == (1, None)


def test_of_two_answers_a_later_one_that_still_holds_counts():
    old = _NOON - timedelta(days=200)
    first, second = _check(1, Status.ANSWERED), _check(2, Status.ANSWERED, answered=old)

    assert _known(first, second, _check(3, Status.UNAVAILABLE)) == (1, 3)


@pytest.mark.parametrize("since", [(), (Status.UNAVAILABLE,)])
def test_with_a_withdrawn_authorisation_what_was_answered_before_is_out(since):
    later = [_check(3 + place, status) for place, status in enumerate(since)]
    checks = [_check(1, Status.ANSWERED), _check(2, Status.CANCELLED), *later]

    assert _known(*checks) == (checks[-1].round, None)
    assert not is_asked_in_vain(checks)


def test_what_filled_in_the_draft_does_not_come_back_once_it_was_asked_anew_with_the_acceptance():
    filled_in = _check(PREFILLING, Status.ANSWERED)
    campaigns = _check(1, Status.UNAVAILABLE, campaign=UUID(int=7))

    assert _known(filled_in, _check(1, Status.UNAVAILABLE)) == (1, None)
    assert _known(filled_in, _check(2, Status.UNAVAILABLE)) == (PREFILLING, 2)
    assert _known(filled_in, campaigns) == (PREFILLING, 1)


def test_what_was_never_answered_is_not_known():
    assert _known(_check(1, Status.UNAVAILABLE), _check(2, Status.UNAVAILABLE)) == (2, None)
