"""Wiring only: a database seen by two kinds of process, each with a vault that reads its keys from the table."""

from dataclasses import replace

import pytest_asyncio

from app.core.clock import FixedClock
from app.core.db import Database, make_engine
from app.keys import KEYS_ROLE
from app.keys.loading import open_vault
from tests.support.vaults import reading_vault


@pytest_asyncio.fixture(scope="session")
async def keys_engine(database_url: str):
    engine = make_engine(database_url, 3, role=KEYS_ROLE)
    yield engine
    await engine.dispose()


@pytest_asyncio.fixture
async def office(database: Database, clock: FixedClock) -> Database:
    """The database as a process of the product sees it, its keys made and read."""
    opened = replace(database, vault=reading_vault(clock))
    await open_vault(opened)
    return opened


@pytest_asyncio.fixture
async def keeper(office: Database, keys_engine) -> Database:
    """The same as the worker sees it that seals anew: by the role that may."""
    return replace(office, engine=keys_engine)
