"""A session sees as far as it was told, for its transaction; a block that widens it widens it for the block alone."""

import asyncio

import pytest
from sqlalchemy import false, func, select, text, true
from sqlalchemy.exc import IntegrityError

from app.core.db import TELLING, Database, ReadSession
from app.core.ids import new_id
from app.core.prepared import Prepared
from app.core.reach import EVERYTHING, NOTHING, Reach
from app.identity.models import Citizen
from tests.builders.people import build_citizen
from tests.jurisdiction.strangers import office

_TOWNSHIP = office("532529103000")


async def _seen(db: ReadSession) -> int:
    return int(await db.scalar(select(func.count()).select_from(Citizen)) or 0)


async def _build(database: Database) -> Reach:
    """Make two citizens; returns how far one of them sees."""
    async with database.unit_of_work() as db:
        await build_citizen(db)
        citizen = await build_citizen(db)
    return Reach(EVERYTHING.low, EVERYTHING.high, owner=citizen.id, actor=citizen.id)


async def test_a_transaction_sees_what_its_session_was_opened_for(database: Database):
    own = await _build(database)
    seen = []
    for reach in (EVERYTHING, own, _TOWNSHIP, NOTHING):
        async with database.reaching(reach).reading() as db:
            seen.append(await _seen(db))

    assert seen == [2, 1, 0, 0]


async def test_nothing_of_it_is_left_for_who_takes_the_connection_next(database: Database):
    await _build(database)
    async with database.engine.connect() as connection:
        async with database.reaching(EVERYTHING).reading() as db:
            assert await _seen(db) == 2
        assert await connection.scalar(text("SELECT count(*) FROM citizens")) == 0


async def test_an_open_session_learns_whom_it_serves(database: Database):
    own = await _build(database)
    async with database.reaching(NOTHING).unit_of_work() as db:
        assert await _seen(db) == 0
        await db.reach_to(own)
        assert await _seen(db) == 1


async def test_a_statement_that_finds_whom_it_serves_tells_of_the_reach_itself(database: Database):
    own = await _build(database)
    found, none = (Prepared(select(*TELLING).where(condition)) for condition in (true(), false()))
    async with database.reaching(NOTHING).unit_of_work() as db:
        await db.fetch_and_reach(none, own)
        assert (db.reach, await _seen(db)) == (NOTHING, 0)
        await db.fetch_and_reach(found, own)
        assert (db.reach, await _seen(db)) == (own, 1)


async def test_it_sees_everything_for_a_block_and_no_longer(database: Database):
    own = await _build(database)
    async with database.reaching(own).reading() as db:
        async with db.wider():
            assert await _seen(db) == 2
        assert await _seen(db) == 1


async def test_a_block_that_fails_does_not_leave_it_open(database: Database):
    own = await _build(database)
    async with database.reaching(own).reading() as db:
        with pytest.raises(LookupError):
            async with db.wider():
                raise LookupError
        assert await _seen(db) == 1


async def test_a_statement_that_fails_within_a_savepoint_does_not_leave_it_open(database: Database):
    own = await _build(database)
    async with database.reaching(own).unit_of_work() as db:
        with pytest.raises(IntegrityError):
            async with db.begin_nested(), db.wider():
                await db.execute(text("INSERT INTO citizens SELECT * FROM citizens"))
        assert await _seen(db) == 1
        assert db.reach == own


async def test_the_failure_that_is_told_is_the_one_that_came_first(database: Database):
    own = await _build(database)
    with pytest.raises(IntegrityError):
        await _take_a_phone_twice(database.reaching(own))


async def _take_a_phone_twice(database: Database) -> None:
    """Fail in a flush, after which a session refuses every statement."""
    async with database.unit_of_work() as db, db.wider():
        index = await db.scalar(select(Citizen.phone_index).limit(1))
        db.add(Citizen(id=new_id(), phone_sealed=b"", phone_index=index, created_at=db.clock.now()))
        await db.flush()


async def test_a_block_that_is_cancelled_does_not_leave_it_open(database: Database):
    own = await _build(database)
    async with database.reaching(own).reading() as db:
        with pytest.raises(asyncio.CancelledError):
            async with db.wider():
                raise asyncio.CancelledError
        assert await _seen(db) == 1


async def test_a_failure_that_is_dealt_with_inside_the_block_does_not_leave_it_open(database: Database):
    own = await _build(database)
    async with database.reaching(own).unit_of_work() as db:
        async with db.wider():
            with pytest.raises(IntegrityError):
                async with db.begin_nested():
                    await db.execute(text("INSERT INTO citizens SELECT * FROM citizens"))
            assert await _seen(db) == 2
        assert await _seen(db) == 1


async def test_what_is_added_in_a_block_is_written_within_its_reach(database: Database):
    own = await _build(database)
    async with database.reaching(own).unit_of_work() as db, db.wider():
        await build_citizen(db)
    async with database.reading() as db:
        assert await _seen(db) == 3


async def test_a_session_tells_once_a_transaction(database: Database, statements: list[str]):
    own = await _build(database)
    statements.clear()
    async with database.reaching(own).reading() as db:
        await _seen(db)
        await _seen(db)

    assert len([statement for statement in statements if "set_config" in statement]) == 1
