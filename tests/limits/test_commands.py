"""Limits counted in the database: across processes, whatever becomes of the request."""

import asyncio
from datetime import timedelta

import asyncpg

from app.core.clock import FixedClock
from app.limits.commands import forget_ended_windows, give_back, use_limit
from app.limits.policies import CODES, COMPLAINTS, POLICIES, Policy

PHONE = "19000000001"
TWO_A_MINUTE = Policy("two_a_minute", 2, 60, "test")


async def _use(database, policy=TWO_A_MINUTE, partition=PHONE):
    return await use_limit(database, policy, partition, policy.quota)


async def test_a_use_says_how_much_is_left_and_for_how_long(database, clock: FixedClock):
    first = await _use(database)
    clock.advance(timedelta(seconds=20))
    second = await _use(database)
    third = await _use(database)

    assert [(s.remaining, s.seconds, s.refused) for s in (first, second, third)] == [
        (1, 60, False),
        (0, 40, False),
        (0, 40, True),
    ]


async def test_a_window_that_is_over_begins_anew(database, clock: FixedClock):
    for _ in range(5):
        await _use(database)
    clock.advance(timedelta(seconds=60))

    assert not (await _use(database)).refused


async def test_of_many_at_once_no_more_get_through_than_may(database):
    standings = await asyncio.gather(*(_use(database) for _ in range(12)))

    assert sum(not standing.refused for standing in standings) == 2


async def test_partitions_and_policies_do_not_share_a_count(database):
    for _ in range(2):
        await _use(database)

    assert not (await _use(database, partition="19000000002")).refused
    assert not (await _use(database, policy=CODES)).refused


async def test_a_use_given_back_may_be_used_again(database):
    await _use(database)
    await _use(database)
    await give_back(database, TWO_A_MINUTE, PHONE)

    assert not (await _use(database)).refused


async def test_a_use_counts_though_the_work_beside_it_is_undone(database):
    try:
        async with database.unit_of_work():
            await _use(database)
            await _use(database)
            raise LookupError
    except LookupError:
        pass

    assert (await _use(database)).refused


async def test_windows_that_are_over_are_forgotten(database, database_url, clock: FixedClock):
    await _use(database)
    await _use(database, policy=COMPLAINTS)
    clock.advance(timedelta(seconds=61))

    await forget_ended_windows(database)

    assert len(await _rows(database_url)) == 1


async def test_the_table_names_nobody(database, database_url):
    await _use(database)

    [row] = await _rows(database_url)
    assert len(row["key"]) == 32
    assert PHONE.encode() not in row["key"]


def test_policies_have_names_of_their_own():
    assert len({policy.name for policy in POLICIES}) == len(POLICIES)


async def _rows(url: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch("SELECT * FROM limit_counts")
    finally:
        await connection.close()
