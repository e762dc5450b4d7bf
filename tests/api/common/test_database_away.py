"""PostgreSQL is stopped under the running API and started again: refused meanwhile, served again without a restart."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import structlog

from app.core.db import Database, make_engine, make_hot_pool
from app.identity.commands import start_session
from scripts.local.postgres import EmbeddedPostgres
from scripts.local.processes import Supervisor
from tests.builders.applications import VILLAGE, build_draft, build_household
from tests.support.schema import build_schema


@contextmanager
def _running(postgres: EmbeddedPostgres, data: Path) -> Iterator[None]:
    with Supervisor(data) as supervisor:
        supervisor.start(postgres.service())
        yield


async def test_the_api_outlives_its_database(app, anyone, keys, database: Database, tmp_path: Path):
    postgres = EmbeddedPostgres(tmp_path, durable=False)  # a server of its own: all other tests need theirs
    with _running(postgres, tmp_path):
        await asyncio.to_thread(postgres.create_database)
        await build_schema(postgres.url())
        own = _connected(database, postgres.url())
        app.state.tools = replace(app.state.tools, database=own)
        address = await _sign_in_with_draft(anyone, own, keys)
        before = await _ask(anyone, address)
        assert [answer.status_code for answer in before] == [200, 200, 200, 200, 409]

    with structlog.testing.capture_logs() as logs:
        for _ in range(2):  # over connections that broke; then over none at all
            for answer in await _ask(anyone, address):
                assert (answer.status_code, answer.json()["status"]) == (503, 503)
                assert answer.headers["content-type"] == "application/problem+json"
                assert int(answer.headers["retry-after"]) > 0
    assert {line["event"] for line in logs} == {"database away"}

    with _running(postgres, tmp_path):
        after = await _ask(anyone, address)
        assert [answer.status_code for answer in after] == [200, 200, 200, 200, 409]
        assert after[0].content == before[0].content
        await own.dispose()


def _connected(database: Database, url: str) -> Database:
    return replace(database, engine=make_engine(url, 3), side=make_engine(url, 1), hot=make_hot_pool(url, 2))


async def _sign_in_with_draft(client: httpx.AsyncClient, database: Database, keys) -> str:
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        tokens = await start_session(db, keys, household.applicant.id, household.applicant.role)
    client.headers["Authorization"] = f"Bearer {tokens.access_token}"
    return f"/v1/applications/{draft.id}"


async def _ask(client: httpx.AsyncClient, address: str) -> list[httpx.Response]:
    """Ask in each of the ways in which the API asks its database: mapped, hot, without a session, and writing."""
    return [
        await client.get(address),
        await client.get(f"{address}/timeline"),
        await client.get("/v1/public/notices", params={"division": VILLAGE}),
        await client.get("/readyz"),
        await client.post("/v1/applications", json={"program": "living_allowance", "division": VILLAGE}),
    ]
