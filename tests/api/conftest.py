"""Clients of each audience, over the real application and the in-memory agencies."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from app.api.common.deps import Tools
from app.core.db import Database
from app.core.storage import FolderStorage
from app.identity.actors import Actor, Role
from app.identity.commands import start_session
from app.identity.keys import KeyRing
from app.settings import Settings
from tests.builders.people import build_citizen, build_staff
from tests.partners.fakes import build_fakes
from tests.support.calling_back import INBOUND_KEY

INBOUND_SECRET = "inbound-test-secret"


@pytest.fixture
def partners() -> dict[str, object]:
    """All agencies, in memory."""
    return build_fakes()


@pytest.fixture
def app(assembled: FastAPI, database: Database, keys: KeyRing, partners, tmp_path: Path) -> FastAPI:
    assembled.state.tools = Tools(
        settings=Settings.model_construct(
            environment="sandbox",
            public_url="http://127.0.0.1:8000",
            limit_factor=1000,  # the clock stands still, and the tests hurry; limits of secrets hold
        ),
        database=database,
        keys=keys,
        storage=FolderStorage(tmp_path),
        partners=partners,
        inbound_secrets=dict.fromkeys([*partners, "paying_bank", "hotline"], INBOUND_SECRET),
        inbound_keys=dict.fromkeys([*partners, "paying_bank", "hotline"], INBOUND_KEY),
    )
    return assembled


async def _add_key(request: httpx.Request) -> None:
    """Name each POST anew, as a phone does; a test about retries sends a key of its own."""
    if request.method == "POST":
        request.headers.setdefault("Idempotency-Key", uuid4().hex)


def _client(app: FastAPI, address: str = "127.0.0.1", **options: Any) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 123))
    hooks = {"request": [_add_key]}
    return httpx.AsyncClient(transport=transport, base_url="http://test", event_hooks=hooks, **options)


@pytest_asyncio.fixture
async def anyone(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """A client that is not signed in."""
    async with _client(app) as client:
        yield client


@pytest.fixture
def elsewhere(app: FastAPI) -> Callable[[str], httpx.AsyncClient]:
    """Clients that are not signed in, each from an address of its own."""

    def from_address(address: str) -> httpx.AsyncClient:
        return _client(app, address)

    return from_address


SignIn = Callable[[Actor], Awaitable[httpx.AsyncClient]]


@pytest_asyncio.fixture
async def sign_in(app: FastAPI, database: Database, keys: KeyRing) -> AsyncIterator[SignIn]:
    """Sign an actor in; returns a client that carries the token."""
    clients: list[httpx.AsyncClient] = []

    async def sign_in(actor: Actor) -> httpx.AsyncClient:
        async with database.unit_of_work() as db:
            tokens = await start_session(db, keys, actor.id, actor.role)
        client = _client(app, headers={"Authorization": f"Bearer {tokens.access_token}"})
        clients.append(client)
        return client

    yield sign_in
    for client in clients:
        await client.aclose()


@pytest_asyncio.fixture
async def applicant(database: Database) -> Actor:
    """A citizen with a proved real name."""
    async with database.unit_of_work() as db:
        return await build_citizen(db)


@pytest_asyncio.fixture
async def phone(sign_in: SignIn, applicant: Actor) -> httpx.AsyncClient:
    """That citizen's phone, signed in."""
    return await sign_in(applicant)


@pytest_asyncio.fixture
async def staff(sign_in: SignIn, database: Database) -> Callable[[Role, str], Awaitable[httpx.AsyncClient]]:
    """Sign in a new member of staff of a role and division."""

    async def make(role: Role, division: str) -> httpx.AsyncClient:
        async with database.unit_of_work() as db:
            actor = await build_staff(db, role, division)
        return await sign_in(actor)

    return make
