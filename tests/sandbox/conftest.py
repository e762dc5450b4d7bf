"""A sandbox per test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.sandbox.outside import Outside, running_sandbox, settings_in


@pytest_asyncio.fixture
async def outside(tmp_path: Path) -> AsyncIterator[Outside]:
    async with running_sandbox(settings_in(tmp_path)) as running:
        yield running
