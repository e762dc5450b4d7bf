"""Prepared statements: in the session's transaction, seeing what it holds, and giving the session's own objects."""

from contextlib import suppress

import asyncpg
import pytest
from sqlalchemy import Integer, func, insert, select

from app.core.db import Database, columns_of
from app.core.ids import new_id
from app.core.prepared import Prepared, asked
from app.core.reach import NOTHING, Reach
from app.idempotency.queries import take_key
from app.identity.models import Citizen

_NUMBER = Prepared(select(asked("number", Integer) + 1))
_REACH = Prepared(select(func.current_setting("dibao.low")))
_ONE = Prepared(select(*columns_of(Citizen)).where(Citizen.id == asked("id")))
_INSERT = Prepared(insert(Citizen), ("id", "phone_sealed", "phone_index", "created_at"))


def _citizen(database: Database, mark: str) -> dict[str, object]:
    row = new_id()
    sealed = database.vault.seal("citizens.phone", row, mark, division="000000")
    return {
        "id": row,
        "phone_sealed": sealed,
        "phone_index": database.vault.index("citizens.phone", mark),
        "created_at": database.clock.now(),
    }


async def test_values_come_with_each_use(database):
    async with database.reading() as db:
        assert [(await db.fetch(_NUMBER, number=number))[0][0] for number in (1, 2, 3)] == [2, 3, 4]


@pytest.mark.parametrize("given", [{}, {"number": 1, "other": 2}, {"nummer": 1}])
async def test_a_value_too_few_or_too_many_is_refused_before_anything_is_sent(database, given):
    async with database.reading() as db:
        with pytest.raises(TypeError):
            await db.fetch(_NUMBER, **given)


async def test_as_the_first_statement_it_is_undone_with_the_transaction_too(database):
    unseen = database.reaching(NOTHING)  # then nothing tells PostgreSQL of the reach before
    with suppress(ZeroDivisionError):
        async with unseen.unit_of_work() as db:
            assert await take_key(db, b"scope", new_id(), b"request")
            raise ZeroDivisionError

    async with unseen.unit_of_work() as db:
        assert await take_key(db, b"scope", new_id(), b"request")


async def test_within_a_savepoint_it_is_undone_with_the_savepoint(database):
    kept, gone, after = (_citizen(database, mark) for mark in ("kept", "gone", "after"))
    async with database.unit_of_work() as db:
        await db.fetch(_INSERT, **kept)
        savepoint = await db.begin_nested()
        await db.fetch(_INSERT, **gone)
        with pytest.raises(asyncpg.UniqueViolationError):
            await db.fetch(_INSERT, **kept)
        await savepoint.rollback()
        await db.fetch(_INSERT, **after)

    async with database.reading() as db:
        assert [bool(await db.fetch(_ONE, id=each["id"])) for each in (kept, gone, after)] == [True, False, True]


async def test_it_sees_no_further_than_its_session(database):
    async with database.reaching(Reach("530102000000", "530102999999")).reading() as db:
        assert (await db.fetch(_REACH))[0][0] == "530102000000"
        async with db.wider():
            assert (await db.fetch(_REACH))[0][0] == "000000000000"
        assert (await db.fetch(_REACH))[0][0] == "530102000000"


async def test_it_sees_what_the_session_was_given_and_has_not_sent_yet(database):
    async with database.unit_of_work() as db:
        row = Citizen(**_citizen(database, "new"))
        db.add(row)

        assert (await db.fetch(_ONE, id=row.id))[0][0] == row.id


async def test_a_row_read_whole_is_the_object_the_mapper_would_have_made(database):
    values = _citizen(database, "same")
    async with database.unit_of_work() as db:
        await db.fetch(_INSERT, **values)
        taken = db.take_up(Citizen, (await db.fetch(_ONE, id=values["id"]))[0])

        assert taken is await db.get(Citizen, values["id"])
        assert {name: getattr(taken, name) for name in values} == values
        assert taken not in db.dirty
        taken.real_name_proved_at = database.clock.now()

    async with database.unit_of_work() as db:
        mapped = await db.get(Citizen, values["id"])
        assert mapped is not None
        assert mapped.real_name_proved_at == database.clock.now()


async def test_a_row_read_again_is_as_it_is_now(database):
    values = _citizen(database, "again")
    async with database.unit_of_work() as db:
        await db.fetch(_INSERT, **values)
    async with database.unit_of_work() as db:
        before = await db.get(Citizen, values["id"])
        async with database.unit_of_work() as other:
            changed = await other.get(Citizen, values["id"])
            assert changed is not None
            changed.real_name_proved_at = database.clock.now()
        after = db.take_up(Citizen, (await db.fetch(_ONE, id=values["id"]))[0])

        assert after is before
        assert after.real_name_proved_at == database.clock.now()
