"""One sandbox for all partner tests of a process, over real HTTP; every test begins with all agencies well."""

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from tests.sandbox.outside import BASE, Outside, served_sandbox


@pytest_asyncio.fixture(scope="session")
async def shared_sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Outside]:
    async with served_sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest_asyncio.fixture
async def outside(shared_sandbox: Outside) -> AsyncIterator[Outside]:
    shared_sandbox.received.clear()
    yield shared_sandbox
    shared_sandbox.answer = lambda _: httpx.Response(204)
    await shared_sandbox.http.delete(f"{BASE}/faults")
