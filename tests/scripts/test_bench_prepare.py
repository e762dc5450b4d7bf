"""What the bench asks is answered by both sides as it expects: it would measure refusals otherwise, or not start."""

from pathlib import Path

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from app.api.common.deps import Tools
from app.core.db import Database
from app.core.storage import FolderStorage
from app.identity.keys import KeyRing
from app.settings import Settings
from scripts.local.bench import floor
from scripts.local.bench.plan import Ask, Case
from scripts.local.bench.prepare import prepare
from tests.partners.fakes import build_fakes

DRAFTS = 4  # half of them for the floor


@pytest.fixture
def product(assembled: FastAPI, database: Database, keys: KeyRing, tmp_path: Path) -> FastAPI:
    """The product as the bench starts it: limits counted, and out of the way."""
    assembled.state.tools = Tools(
        settings=Settings.model_construct(environment="sandbox", limit_factor=1_000_000),
        database=database,
        keys=keys,
        storage=FolderStorage(tmp_path),
        partners=build_fakes(),
        inbound_secrets={},
    )
    return assembled


async def _answer(client: httpx.AsyncClient, ask: Ask) -> int:
    """Ask as the bench does, from the bytes that it would send."""
    etag = ""
    if ask.again:
        known = await client.get(ask.path, headers={"Authorization": f"Bearer {ask.token}"})
        etag = known.headers["etag"]
    head, _, body = ask.wire("test", etag).decode().partition("\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    return (await client.request(ask.method, ask.path, headers=headers, content=body)).status_code


def _client(app: FastAPI) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_both_sides_answer_what_the_bench_asks(product, database, keys, database_url):
    cases: list[Case] = await prepare(database, keys, DRAFTS)
    bare = floor.create_app()

    async with (
        asyncpg.create_pool(database_url.replace("+asyncpg", ""), min_size=1, max_size=2) as pool,
        _client(product) as ours,
        _client(bare) as theirs,
    ):
        bare.state.pool = pool
        for case in cases:
            for client, side in ((ours, case.ours), (theirs, case.floor)):
                assert {await _answer(client, ask) for ask in side.asks} == {side.status}, case.name
