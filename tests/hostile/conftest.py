"""Wiring only: the application, and records to aim at."""

from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.api.common.deps import Tools
from app.core.db import Database
from app.core.storage import FolderStorage
from app.identity.keys import KeyRing
from app.settings import Settings
from tests.builders.verification import build_agencies
from tests.hostile.world import INBOUND_SECRET, World, build_world
from tests.support.calling_back import INBOUND_KEY


@pytest.fixture
def app(assembled: FastAPI, database: Database, keys: KeyRing, tmp_path: Path) -> FastAPI:
    agencies = build_agencies().by_code
    assembled.state.tools = Tools(
        settings=Settings.model_construct(
            environment="sandbox", public_url="http://127.0.0.1:8000", limit_factor=10**6
        ),
        database=database,
        keys=keys,
        storage=FolderStorage(tmp_path),
        partners=agencies,
        inbound_secrets=dict.fromkeys([*agencies, "paying_bank"], INBOUND_SECRET),
        inbound_keys=dict.fromkeys([*agencies, "paying_bank"], INBOUND_KEY),
    )
    return assembled


@pytest_asyncio.fixture
async def world(database: Database, keys: KeyRing) -> World:
    return await build_world(database, keys)
