"""Wiring only: the world a story happens in."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import httpx
import pytest_asyncio
import structlog
from fastapi import FastAPI

from app.api.common.deps import Tools
from app.core.storage import FolderStorage
from app.identity.keys import KeyRing
from app.reference.commands import LocalParameter, put_parameter
from app.settings import Settings
from tests.support.calling_back import INBOUND_KEY
from tests.support.outside import Outside
from tests.support.world import INBOUND_SECRET, World


@pytest_asyncio.fixture
async def world(
    assembled: FastAPI, database, database_url: str, clock, keys: KeyRing, tmp_path: Path
) -> AsyncIterator[World]:
    """Monday, 23 November 2026, noon. What the product logs as a warning or worse fails the story."""
    outside = Outside()
    agencies = outside.agencies.by_code
    assembled.state.tools = Tools(
        settings=Settings.model_construct(environment="sandbox", public_url="http://test", limit_factor=1000),
        database=database,
        keys=keys,
        storage=FolderStorage(tmp_path),
        partners=agencies,
        inbound_secrets=dict.fromkeys([*agencies, "paying_bank"], INBOUND_SECRET),
        inbound_keys=dict.fromkeys([*agencies, "paying_bank"], INBOUND_KEY),
    )
    transport = httpx.ASGITransport(assembled, raise_app_exceptions=False)
    headers = {"Accept-Language": "en"}
    with structlog.testing.capture_logs() as logs:
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as http:
            world = World(assembled, database, database_url, clock, http, outside)
            await world.employ()
            yield world
    alarming = [entry for entry in logs if entry["log_level"] in ("warning", "error", "critical")]
    assert [entry for entry in alarming if entry["event"] not in world.expected_logs] == []


@pytest_asyncio.fixture
async def no_cars(database):
    """Let the county hold that a household with a car does not qualify."""
    async with database.unit_of_work("operator") as db:
        limit = {"kinds": ["vehicle"], "count": 0}
        row = LocalParameter("living_allowance", "property.vehicles", "530000000000", limit, "测试", date(2026, 1, 1))
        await put_parameter(db, row)
