"""Owners and a storage."""

import pytest
import pytest_asyncio

from app.core.storage import FolderStorage
from tests.builders.people import build_citizen


@pytest.fixture
def files(tmp_path):
    """The folder of the storage."""
    return tmp_path / "files"


@pytest.fixture
def storage(files):
    return FolderStorage(files)


@pytest_asyncio.fixture
async def owner(database):
    async with database.unit_of_work() as db:
        return await build_citizen(db)


@pytest_asyncio.fixture
async def stranger(database):
    async with database.unit_of_work() as db:
        return await build_citizen(db, name="测试乙")
