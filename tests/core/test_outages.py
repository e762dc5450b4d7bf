"""What counts as a database that is away, told from what PostgreSQL and the drivers really raise."""

import asyncpg
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.core.db import Database, make_engine
from app.core.hot_reads import HotPool, HotRead
from app.core.outages import DatabaseAway, connect, is_outage

_END_ME = select(func.pg_terminate_backend(func.pg_backend_pid()))


async def test_a_connection_that_ends_in_the_middle_is_an_outage(database_url: str):
    engine = make_engine(database_url, 1, role=None)

    with pytest.raises(DBAPIError) as raised:
        async with engine.begin() as connection:
            await connection.execute(_END_ME)

    assert is_outage(raised.value)
    await engine.dispose()


async def test_a_hot_read_whose_connection_ends_is_an_outage(database_url: str):
    pool = HotPool(database_url, 1, {})

    with pytest.raises(asyncpg.PostgresError) as raised:
        await pool.fetch(HotRead(_END_ME), {})

    assert is_outage(raised.value)
    await pool.close()


@pytest.mark.parametrize("statement", ["SELECT 1 / 0", "SELECT none", "INSERT INTO pg_class VALUES (1)"])
async def test_a_statement_that_fails_is_none(database: Database, statement: str):
    with pytest.raises(DBAPIError) as raised:
        async with database.unit_of_work() as db:
            await db.execute(text(statement))

    assert not is_outage(raised.value)


@pytest.mark.parametrize(
    "error",
    [
        asyncpg.CannotConnectNowError("the database system is starting up"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        asyncpg.TooManyConnectionsError("sorry, too many clients already"),
        asyncpg.InterfaceError("connection is closed"),
        ConnectionResetError(),
    ],
)
def test_what_a_server_says_that_ends_or_begins_is_an_outage(error: Exception):
    assert is_outage(error)


@pytest.mark.parametrize("error", [asyncpg.InterfaceError("the server expects 1 argument"), OSError("disk full")])
def test_a_mistake_of_ours_or_a_broken_disk_is_none(error: Exception):
    assert not is_outage(error)


@pytest.mark.parametrize("address", ["127.0.0.1:9", "no-such-host.invalid:5432"])
async def test_where_nobody_answers_the_database_is_away(address: str):
    with pytest.raises(DatabaseAway):
        await connect(f"postgresql://someone@{address}/nothing")


async def test_a_connection_closed_in_the_pool_is_replaced_and_nobody_refused(database_url: str):
    engine = make_engine(database_url, 1)
    async with engine.connect() as connection:
        first = (await connection.get_raw_connection()).driver_connection
        process = await connection.scalar(text("SELECT pg_backend_pid()"))
    other = await asyncpg.connect(database_url)
    await other.execute("SELECT pg_terminate_backend($1)", process)
    while not first.is_closed():
        await other.execute("SELECT 1")

    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT 1")) == 1

    await other.close()
    await engine.dispose()
