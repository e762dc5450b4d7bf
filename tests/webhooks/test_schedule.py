"""Growing pauses, spread, and bounded wishes."""

from datetime import timedelta

import pytest

from app.webhooks.schedule import LONGEST_WISH, PAUSES, TRIES, is_spent, pause_after


@pytest.mark.parametrize("failures", range(1, TRIES))
def test_each_pause_lies_around_its_planned_length(failures):
    planned = PAUSES[failures - 1]

    pauses = {pause_after(failures, None) for _ in range(50)}

    assert all(0.8 * planned <= pause <= 1.2 * planned for pause in pauses)
    assert len(pauses) > 10


def test_a_round_lasts_days_and_ends():
    assert sum(PAUSES, timedelta()) > timedelta(days=3)
    assert [is_spent(failures) for failures in (TRIES - 1, TRIES)] == [False, True]


def test_a_wish_lengthens_a_pause_within_a_day_and_never_shortens_it():
    assert pause_after(1, timedelta(hours=1)) == timedelta(hours=1)
    assert pause_after(1, timedelta(days=30)) == LONGEST_WISH
    assert pause_after(9, timedelta(seconds=1)) > timedelta(hours=19)
