"""How often and how far apart: pure."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.verification.patience import PATIENCE, SANDBOX_PATIENCE


def test_an_agency_has_six_attempts_where_it_lives_in_seconds():
    tries = [SANDBOX_PATIENCE.is_exhausted(n, dispatched=False, overdue=False) for n in range(8)]
    assert tries == [False] * 6 + [True] * 2


def test_nothing_is_given_up_before_its_day():
    assert not any(PATIENCE.is_exhausted(n, dispatched=False, overdue=False) for n in range(100))
    assert timedelta(hours=16) <= PATIENCE.pause(100, dispatched=False, overdue=False) <= timedelta(hours=20)


@pytest.mark.parametrize("patience", [PATIENCE, SANDBOX_PATIENCE])
def test_a_due_date_that_passed_ends_nothing_before_four_real_attempts(patience):
    for dispatched in (False, True):
        tries = [patience.is_exhausted(n, dispatched=dispatched, overdue=True) for n in range(6)]
        assert tries == [False] * 4 + [True] * 2


@pytest.mark.parametrize("patience", [PATIENCE, SANDBOX_PATIENCE])
def test_a_call_back_is_waited_for_until_the_due_date_however_often_it_was_asked(patience):
    assert not any(patience.is_exhausted(n, dispatched=True, overdue=False) for n in range(100))


@pytest.mark.parametrize("patience", [PATIENCE, SANDBOX_PATIENCE])
def test_pauses_grow(patience):
    patience = replace(patience, spread=0.0)
    pauses = [patience.pause(n, dispatched=False, overdue=False) for n in range(1, 6)]

    assert pauses == sorted(set(pauses))
    assert patience.pause(99, dispatched=False, overdue=False) == pauses[-1]


def test_an_acknowledged_question_is_repeated_after_days_and_sooner_when_overdue():
    assert PATIENCE.pause(1, dispatched=True, overdue=False) == timedelta(days=3)
    assert timedelta(seconds=8) <= PATIENCE.pause(1, dispatched=True, overdue=True) <= timedelta(seconds=10)


def test_an_agency_may_be_down_for_a_night():
    assert sum(PATIENCE.pauses, timedelta()) * (1 - PATIENCE.spread) > timedelta(hours=12)
