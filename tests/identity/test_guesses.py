"""Ten wrong tries an hour, however many come at once."""

import asyncio
from datetime import timedelta

import pytest

from app.identity.guesses import MOST_WRONG, TooManyGuesses, forget_old_guesses, give_back_guess, take_guess


async def _wrong(database, times, number="N1"):
    for _ in range(times):
        await take_guess(database, "test", number)


async def test_the_eleventh_wrong_try_within_an_hour_is_refused_and_says_when_to_come_back(database, clock):
    await _wrong(database, MOST_WRONG)
    clock.advance(timedelta(minutes=20))

    with pytest.raises(TooManyGuesses) as refusal:
        await take_guess(database, "test", "N1")

    assert refusal.value.retry_after == 40 * 60
    await take_guess(database, "test", "N2")
    await take_guess(database, "another", "N1")


async def test_after_the_hour_one_may_try_again(database, clock):
    await _wrong(database, MOST_WRONG)
    clock.advance(timedelta(hours=1))

    await take_guess(database, "test", "N1")


async def test_right_tries_are_not_counted(database):
    for _ in range(3 * MOST_WRONG):
        await take_guess(database, "test", "N1")
        await give_back_guess(database, "test", "N1")


async def test_of_many_tries_at_once_ten_get_through(database):
    results = await asyncio.gather(*(take_guess(database, "test", "N1") for _ in range(40)), return_exceptions=True)

    assert sum(result is None for result in results) == MOST_WRONG


async def test_old_counts_are_forgotten_and_fresh_ones_kept(database, clock):
    await _wrong(database, MOST_WRONG)
    await forget_old_guesses(database)
    with pytest.raises(TooManyGuesses):
        await take_guess(database, "test", "N1")

    clock.advance(timedelta(hours=2))
    await forget_old_guesses(database)
    await take_guess(database, "test", "N1")
