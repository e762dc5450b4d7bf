"""Hot reads on connections of their own: they wait their turn, survive a broken connection, and cannot write."""

import asyncio

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import Integer, func, literal_column, select, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.applications.models import Application
from app.core import hot_reads
from app.core.db import make_hot_pool
from app.core.hot_reads import HotRead
from app.core.prepared import asked
from app.identity.models import Citizen

_BACKEND = HotRead(select(func.pg_backend_pid().label("pid"), asked("number", Integer).label("number")))
_SLOW = HotRead(select(func.pg_sleep(0.3)))
_WRITE = HotRead(select(func.nextval("pgqueuer_id_seq")))
_SEALED = HotRead(select(Application.answers_sealed))
_OTHER_TABLE = HotRead(select(Citizen.id))
_ROLE = HotRead(select(literal_column("current_user::text").label("role")))


@pytest_asyncio.fixture
async def pool(database_url):
    pool = make_hot_pool(database_url, 1)
    yield pool
    await pool.close()


async def test_values_come_with_each_asking(pool):
    rows = [await pool.fetch(_BACKEND, {"number": number}) for number in (1, 2)]

    assert [row[0]["number"] for row in rows] == [1, 2]
    assert rows[0][0]["pid"] == rows[1][0]["pid"]


async def test_without_connections_of_its_own_it_takes_the_engines(database):
    assert (await database.look_up(_BACKEND, number=7))[0]["number"] == 7


async def test_its_role_can_neither_write_nor_read_what_is_sealed(pool):
    assert (await pool.fetch(_ROLE, {}))[0]["role"] == "dibao_hot"
    for refused in (_WRITE, _SEALED, _OTHER_TABLE):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.fetch(refused, {})


async def test_many_wait_for_their_turn(pool):
    results = await asyncio.gather(*(pool.fetch(_BACKEND, {"number": number}) for number in range(20)))

    assert [rows[0]["number"] for rows in results] == list(range(20))


async def test_who_waits_too_long_is_told(pool, monkeypatch):
    monkeypatch.setattr(hot_reads, "_PATIENCE", 0.05)
    slow = asyncio.create_task(pool.fetch(_SLOW, {}))
    await asyncio.sleep(0)

    with pytest.raises(PoolTimeout):
        await pool.fetch(_BACKEND, {"number": 1})
    await slow


async def test_a_connection_that_was_cut_is_replaced(pool, database):
    first = (await pool.fetch(_BACKEND, {"number": 1}))[0]["pid"]
    async with database.unit_of_work() as db:
        await db.execute(text("SET LOCAL ROLE NONE"))
        await db.execute(select(func.pg_terminate_backend(first)))
    await asyncio.sleep(0.2)

    assert (await pool.fetch(_BACKEND, {"number": 1}))[0]["pid"] != first


async def test_who_gives_up_leaves_nothing_behind(pool):
    slow = asyncio.create_task(pool.fetch(_SLOW, {}))
    await asyncio.sleep(0.05)
    slow.cancel()
    with pytest.raises(asyncio.CancelledError):
        await slow

    assert (await pool.fetch(_BACKEND, {"number": 5}))[0]["number"] == 5
