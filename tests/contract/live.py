"""The running application for tools that speak HTTP: uvicorn on a free port of this machine, with something to find."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from app.api.common.deps import Tools
from app.complaints.commands import ReporterDetails
from app.core.clock import FixedClock
from app.core.crypto import Vault
from app.core.db import Database, WriteSession, make_engine
from app.core.reach import EVERYTHING
from app.core.storage import FolderStorage
from app.identity.actors import Actor, Role
from app.identity.commands import start_session
from app.identity.keys import KeyRing, load_key_ring, write_new_key_file
from app.main import assemble
from app.partners.paying_bank.adapter import HttpPayingBank
from app.settings import Settings
from tests.builders.applications import COUNTY, build_accepted, build_draft, build_household, build_submitted
from tests.builders.awards import build_award
from tests.builders.complaints import build_filed
from tests.builders.people import build_citizen, build_staff
from tests.builders.webhooks import build_endpoint
from tests.conftest import NOON
from tests.partners.fakes import build_fakes
from tests.support.calling_back import INBOUND_KEY

INBOUND_SECRET = "inbound-test-secret"


@dataclass
class Live:
    """Where it listens, who may call it with which token, and what is there to be found, by path parameter."""

    url: str = ""
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[str, list[str]] = field(default_factory=dict)
    spare_tokens: list[str] = field(default_factory=list)


@contextmanager
def running(database_url: str, vault: Vault, folder: Path) -> Iterator[Live]:
    """Serve the application over this database until the block ends."""
    server = _Server(database_url, vault, folder)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    server.ready.wait(60)
    assert server.live.url, "the application did not start"
    try:
        yield server.live
    finally:
        server.stop()
        thread.join(30)


class _Server:
    def __init__(self, database_url: str, vault: Vault, folder: Path) -> None:
        self.live = Live()
        self.ready = threading.Event()
        self._url, self._vault, self._folder = database_url, vault, folder
        self._uvicorn: uvicorn.Server | None = None

    def run(self) -> None:
        """Run in a thread, with an event loop and a pool of its own."""
        try:
            asyncio.run(self._serve())
        finally:
            self.ready.set()

    def stop(self) -> None:
        """Let it end."""
        if self._uvicorn is not None:
            self._uvicorn.should_exit = True

    async def _serve(self) -> None:
        engine = make_engine(self._url, 10)
        database = Database(engine, FixedClock(NOON), self._vault, reach=EVERYTHING)
        write_new_key_file(self._folder / "tokens.json")
        keys = load_key_ring(self._folder / "tokens.json")
        async with database.unit_of_work("0" * 32) as db:
            await _furnish(db, keys, self.live)
        app = assemble()
        agencies = build_fakes()
        app.state.tools = Tools(
            settings=Settings.model_construct(
                environment="sandbox", public_url="http://127.0.0.1", limit_factor=10**6, trusted_proxies=()
            ),
            database=database,
            keys=keys,
            storage=FolderStorage(self._folder),
            partners=agencies,
            inbound_secrets=dict.fromkeys([*agencies, HttpPayingBank.code], INBOUND_SECRET),
            inbound_keys=dict.fromkeys([*agencies, HttpPayingBank.code], INBOUND_KEY),
        )
        self._uvicorn = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        # A socket of our own: connections wait in it until the server is up.
        listening = socket.create_server(("127.0.0.1", 0))
        self.live.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        self.ready.set()
        await self._uvicorn.serve([listening])
        await engine.dispose()


async def _furnish(db: WriteSession, keys: KeyRing, live: Live) -> None:
    """Make one of most things, and sessions for those who may see them."""
    household = await build_household(db)
    owner = household.applicant
    draft = await build_draft(db, household)
    submitted = await build_submitted(db)
    accepted = await build_accepted(db)
    award = await build_award(db, county=COUNTY[:6])
    filed = await build_filed(db, by=ReporterDetails(name="测试庚", phone="19000000099"))
    administrator, endpoint, _ = await build_endpoint(db, "https://partner.example/hooks")
    handler = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    recipient = Actor(award.beneficiary_id, Role.APPLICANT)
    live.ids = {
        "application_id": [str(row.id) for row in (draft, submitted, accepted)],
        "member_id": [str(member_id) for member_id, _ in household.members],
        "award_id": [str(award.id)],
        "complaint_id": [str(filed.complaint.id)],
        "endpoint_id": [str(endpoint.id)],
        "staff_id": [str(handler.id)],
    }
    actors = {
        "applicant": owner,
        "neighbour": await build_citizen(db, name="测试丁"),
        "recipient": recipient,
        "handler": handler,
        "administrator": administrator,
    }
    for name, actor in actors.items():
        live.tokens[name] = (await start_session(db, keys, actor.id, actor.role)).access_token
    for _ in range(20):  # whoever signs out has none left
        live.spare_tokens.append((await start_session(db, keys, owner.id, owner.role)).access_token)
