"""Many events at once are what the same events one by one would be."""

from dataclasses import dataclass
from typing import ClassVar

import asyncpg
import pytest

from app.core.ids import new_id
from app.events.base import Event
from app.events.commands import record_event, record_events
from app.events.queries import list_subject_events


@dataclass(frozen=True, kw_only=True)
class Chimed(Event):
    type: ClassVar[str] = "test.chimed"
    times: int


async def _jobs(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT count(*) FROM pgqueuer")
    finally:
        await connection.close()


async def test_each_event_is_numbered_after_its_subjects_last_and_starts_a_job(database, database_url):
    old, new = new_id(), new_id()
    async with database.unit_of_work() as db:
        await record_event(db, Chimed(subject=old, county="530102", times=1))

    async with database.unit_of_work() as db:
        await record_events(db, [Chimed(subject=each, county="530102", times=n) for n in (2, 3) for each in (old, new)])

    async with database.reading() as db:
        assert [(e.sequence, e.data["times"]) for e in await list_subject_events(db, old)] == [(1, 1), (2, 2), (3, 3)]
        assert [(e.sequence, e.data["times"]) for e in await list_subject_events(db, new)] == [(1, 2), (2, 3)]
    assert await _jobs(database_url) == 5


async def test_rolled_back_events_leave_no_jobs(database, database_url):
    async def fail() -> None:
        async with database.unit_of_work() as db:
            await record_events(db, [Chimed(subject=new_id(), county="530102", times=1)])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()

    assert await _jobs(database_url) == 0


async def test_no_events_are_no_jobs(database, database_url):
    async with database.unit_of_work() as db:
        await record_events(db, [])

    assert await _jobs(database_url) == 0
