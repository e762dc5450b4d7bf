"""An event and its job stand or fall together."""

from dataclasses import dataclass
from typing import ClassVar

import asyncpg
import pytest

from app.core.ids import new_id
from app.events.base import Event, rebuild
from app.events.commands import record_event
from app.events.handlers import handle
from app.events.queries import list_subject_events


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    type: ClassVar[str] = "test.rang"
    times: int


async def _jobs(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT count(*) FROM pgqueuer")
    finally:
        await connection.close()


async def test_an_event_starts_one_job(database, database_url):
    async with database.unit_of_work() as db:
        await record_event(db, Rang(subject=new_id(), county="530102", times=3))

    assert await _jobs(database_url) == 1


async def _record_and_fail(database):
    async with database.unit_of_work() as db:
        await record_event(db, Rang(subject=new_id(), county="530102", times=3))
        raise ZeroDivisionError


async def test_a_rolled_back_event_leaves_no_job(database, database_url):
    with pytest.raises(ZeroDivisionError):
        await _record_and_fail(database)

    assert await _jobs(database_url) == 0


async def test_events_of_one_subject_are_numbered_and_can_be_rebuilt(database):
    subject = new_id()
    async with database.unit_of_work() as db:
        await record_event(db, Rang(subject=subject, county="530102", times=1))
        await record_event(db, Rang(subject=subject, county="530102", times=2))

    async with database.reading() as db:
        first, second = await list_subject_events(db, subject)
    assert (first.sequence, second.sequence) == (1, 2)
    assert rebuild(second.type, second.subject, second.county, second.data) == Rang(
        subject=subject, county="530102", times=2
    )


async def test_the_application_role_cannot_change_an_event(database):
    from sqlalchemy import text
    from sqlalchemy.exc import ProgrammingError

    async with database.unit_of_work() as db:
        await record_event(db, Rang(subject=new_id(), county="530102", times=3))

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.unit_of_work() as db:
            await db.execute(text("DELETE FROM events"))


async def test_a_handler_sees_the_event_under_the_id_of_its_row(database):
    seen = []

    async def hear(database, event):
        seen.append(event.id)

    async with database.unit_of_work() as db:
        event_id = await record_event(db, Rang(subject=new_id(), county="530102", times=3))
    await handle(database, hear, {"event": str(event_id)})

    assert seen == [event_id]
