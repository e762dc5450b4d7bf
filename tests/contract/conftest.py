"""The document as clients get it, and the application that keeps it."""

import asyncio
import json
import pickle
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.crypto import Vault
from tests.contract.live import Live, running
from tests.support.cleaning import empty_tables
from tests.support.contract import contract


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    """The contract, as JSON would bring it; not to be changed."""
    document: dict[str, Any] = json.loads(json.dumps(contract()))
    return document


@pytest.fixture(scope="module")
def live(database_url: str, vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """The application, served over HTTP with something to be found; gone without a trace after the module."""
    with running(database_url, vault, tmp_path_factory.mktemp("live")) as live:
        yield live
    asyncio.run(empty_tables(database_url))


@pytest.fixture
def document(written: dict[str, Any]) -> dict[str, Any]:
    """A copy to change."""
    changed: dict[str, Any] = pickle.loads(pickle.dumps(written))  # faster than deepcopy
    return changed
