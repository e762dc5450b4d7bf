"""A registry that asks ours, over HTTP, and a worker that answers it."""

import asyncio
import socket
from contextlib import asynccontextmanager

import httpx
import uvicorn
from sqlalchemy import select

from app.status_queries.commands import RegistryAccess, put_registry_access
from app.status_queries.jobs import answer_registry_message
from app.status_queries.models import RegistryMessage, StatusQuery
from app.webhooks.sending import WebhookSender
from tests.support.dci_partner import BASE, DciPartner


@asynccontextmanager
async def served(app):
    """The application behind a real socket."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    running = asyncio.create_task(server.serve([listening]))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{listening.getsockname()[1]}") as http:
        yield http
    server.should_exit = True
    await running


async def register(database, asking, partner: DciPartner, callback_url: str | None = None) -> DciPartner:
    partner.secret = asking.secret
    access = RegistryAccess(partner.sender, partner.key_id, partner.jwk, callback_url)
    async with database.unit_of_work() as db:
        await put_registry_access(db, asking.administrator, asking.partner.id, access, sandbox=True)
    return partner


async def ask(http, partner, envelope, path="/sync/search") -> httpx.Response:
    return await http.post(BASE + path, json=envelope, headers=partner.headers)


async def queries(database) -> int:
    async with database.reading() as db:
        return len((await db.execute(select(StatusQuery.id))).all())


class Worker:
    """One attempt at every answer that is due, to a receiver that is really called."""

    def __init__(self, database, keys, http) -> None:
        self._database, self._keys = database, keys
        self._sender = WebhookSender(http, "https://dibao.example", sandbox=True)

    async def run(self) -> None:
        async with self._database.reading() as db:
            rows = (await db.execute(select(RegistryMessage.id).where(RegistryMessage.delivery == "waiting"))).scalars()
        for row in rows.all():
            payload = {"message": str(row)}
            await answer_registry_message(self._database, payload, sender=self._sender, keys=self._keys)


async def message(database) -> RegistryMessage:
    async with database.reading() as db:
        return (await db.execute(select(RegistryMessage))).scalar_one()
