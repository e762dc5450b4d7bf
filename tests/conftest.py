"""Wiring only: one database per test process, a clock that stands still, tables emptied after each test.

Tests commit for real: workers, races and the commit-before-answer rule cannot be seen inside a transaction that is
rolled back. Emptying the tables that a test filled costs a few milliseconds.
"""

import gc
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from sqlalchemy import event

from app.core.clock import FixedClock
from app.core.crypto import Vault
from app.core.db import A_JOBS_WAIT, Database, WriteSession, make_engine
from app.core.reach import EVERYTHING
from app.identity.keys import KeyRing, load_key_ring, write_new_key_file
from app.main import assemble
from app.retention import ERASER_ROLE
from tests.support.cleaning import sweep
from tests.support.journeys_taken import JourneysTaken
from tests.support.postgres import build_database
from tests.support.vaults import self_made_vault

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # Monday, noon in China


# A machine that is busy with other things is no finding: no test here is about time.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    """Have the journeys watched: together they take every arrow and meet every refusal of the procedure."""
    config.pluginmanager.register(JourneysTaken())


def pytest_collection_finish() -> None:
    """Spare the collector what stays to the end: modules and tests, a million objects to visit."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """The URL of this test process's own database, as its owner."""
    with build_database() as url:
        yield url


@pytest.fixture(scope="session")
def vault() -> Vault:
    return self_made_vault()


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    path = tmp_path_factory.mktemp("keys") / "tokens.json"
    write_new_key_file(path)
    return load_key_ring(path)


@pytest.fixture(scope="session")
def assembled() -> FastAPI:
    """The web process, put together once, which takes longer than most tests; each test gives it its own tools."""
    return assemble()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest_asyncio.fixture(scope="session")
async def engine(database_url):
    engine = make_engine(database_url, 10, wait=A_JOBS_WAIT)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture(scope="session")
async def owner_connection(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the database's owner, for cleaning up."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture
async def database(
    engine, owner_connection: asyncpg.Connection, clock: FixedClock, vault: Vault
) -> AsyncIterator[Database]:
    """The database as the worker sees it; whatever the test committed is gone afterwards."""
    yield Database(engine, clock, vault, reach=EVERYTHING)
    await sweep(owner_connection)


@pytest_asyncio.fixture
async def db(database: Database) -> AsyncIterator[WriteSession]:
    """One unit of work, committed at the end of the test."""
    async with database.unit_of_work("test") as session:
        yield session


@pytest_asyncio.fixture(scope="session")
async def eraser_engine(database_url: str):
    engine = make_engine(database_url, 2, role=ERASER_ROLE)
    yield engine
    await engine.dispose()


@pytest.fixture
def eraser(database: Database, eraser_engine) -> Database:
    """The same database, by the role that may erase."""
    return replace(database, engine=eraser_engine)


@pytest.fixture
def statements(engine) -> Iterator[list[str]]:
    """Every statement as it is sent."""
    sent: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:
        sent.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine.sync_engine, "before_cursor_execute", note)
