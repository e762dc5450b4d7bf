"""Wiring only: a theatre of the whole application, on a loop of its own because machines walk outside of any."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest
import structlog
from fastapi import FastAPI

from app.api.common.deps import Tools
from app.core.clock import FixedClock
from app.core.crypto import Vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.core.storage import FolderStorage
from app.identity.keys import KeyRing
from app.reference.commands import load_calendar_year
from app.settings import Settings
from tests.support.calling_back import INBOUND_KEY
from tests.support.cleaning import sweep
from tests.support.outside import Outside
from tests.support.world import INBOUND_SECRET, World
from tests.walks.machine import Theatre
from tests.walks.model import Setting
from tests.walks.observation import Observer
from tests.walks.people import MORE
from tests.walks.stage import Stage, set_the_stage

_LONG_AGO = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
_DAYS_OFF = (date(2027, 1, 1), *(date(2027, 2, 5) + timedelta(days=number) for number in range(7)))
_NOTICE = {
    **dict.fromkeys(_DAYS_OFF, False),
    **dict.fromkeys((date(2027, 10, 1) + timedelta(days=number) for number in range(7)), False),
    date(2027, 1, 30): True,  # Saturdays worked for the festival
    date(2027, 2, 20): True,
}


@pytest.fixture
def theatre(assembled: FastAPI, database_url: str, vault: Vault, keys: KeyRing, tmp_path: Path) -> Iterator[Theatre]:
    """One application for many walks, each of which finds it empty. What is logged as a warning or worse fails."""
    loop = asyncio.new_event_loop()
    house = _House(assembled, database_url, vault, keys, tmp_path)
    try:
        observer = loop.run_until_complete(house.open())
        yield Theatre(loop.run_until_complete, house.set_up, house.tear_down, house.announce, observer)
    finally:
        loop.run_until_complete(house.close())
        loop.close()


class _House:
    def __init__(self, app: FastAPI, url: str, vault: Vault, keys: KeyRing, folder: Path) -> None:
        self.app, self.url, self.vault, self.keys, self.folder = app, url, vault, keys, folder
        self.engine = make_engine(url, 10)

    async def open(self) -> Observer:
        """Connect, by the owner of the tables."""
        self.owner = await asyncpg.connect(self.url)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="http://test", headers={"Accept-Language": "en"})
        await sweep(self.owner)
        return Observer(self.owner)

    async def set_up(self, setting: Setting) -> Stage:
        """Build the world of one walk, days before it begins."""
        self.leaving = ExitStack()
        self.logs = self.leaving.enter_context(structlog.testing.capture_logs())
        clock, outside = FixedClock(_LONG_AGO), Outside()
        database = self.database = Database(self.engine, clock, self.vault, reach=EVERYTHING)
        agencies = outside.agencies.by_code
        self.app.state.tools = Tools(
            settings=Settings.model_construct(environment="sandbox", public_url="http://test", limit_factor=1000),
            database=database,
            keys=self.keys,
            storage=FolderStorage(self.folder),
            partners=agencies,
            inbound_secrets=dict.fromkeys([*agencies, "paying_bank"], INBOUND_SECRET),
            inbound_keys=dict.fromkeys([*agencies, "paying_bank"], INBOUND_KEY),
        )
        world = World(self.app, database, self.url, clock, self.http, outside)
        await world.employ()
        await world.employ(*MORE)
        return await set_the_stage(world, setting)

    async def announce(self) -> dict[date, bool]:
        """Let the operator load the notice of 2027; returns what it says."""
        async with self.database.unit_of_work("operator") as db:
            await load_calendar_year(db, 2027, _NOTICE, "测试通知")
        return _NOTICE

    async def tear_down(self) -> None:
        """Empty everything, the notice included."""
        self.leaving.close()
        alarming = [entry for entry in self.logs if entry["log_level"] in ("warning", "error", "critical")]
        await self.owner.execute("DELETE FROM calendar_days; DELETE FROM calendar_years WHERE year = 2027")
        await sweep(self.owner)
        assert alarming == []

    async def close(self) -> None:
        """Disconnect."""
        await self.http.aclose()
        await self.owner.close()
        await self.engine.dispose()
