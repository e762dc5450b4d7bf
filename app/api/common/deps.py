"""What an endpoint asks for: a session, the process's tools."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from app.api.common.reach import reach_of
from app.core.db import Database, ReadSession, WriteSession
from app.core.reach import EVERYTHING, NOTHING, Reach
from app.core.storage import Storage
from app.identity.actors import Actor
from app.identity.keys import KeyRing
from app.limits.buckets import Buckets
from app.partners.base import Partner
from app.settings import Settings


@dataclass(frozen=True)
class Tools:
    """What the web process was built with."""

    settings: Settings
    database: Database
    keys: KeyRing
    storage: Storage
    partners: dict[str, Partner]
    inbound_secrets: dict[str, str]
    inbound_keys: dict[str, str] = field(default_factory=dict)
    unconnected: frozenset[str] = frozenset()  # agencies that this installation has no connection with, by code
    buckets: Buckets = field(default_factory=Buckets)

    def __post_init__(self) -> None:
        """However far the database given sees: a request sees nothing until it is known whom it serves."""
        object.__setattr__(self, "database", self.database.reaching(NOTHING))

    def database_for(self, actor: Actor) -> Database:
        """Return the database as far as `actor` may see it."""
        return self.database.reaching(reach_of(actor, self.database.vault))

    @property
    def database_for_anyone(self) -> Database:
        """The whole database, for what is open to all and for sign-in: the command asks for a number and a code, or
        shows what the law has everybody see."""
        return self.database.reaching(EVERYTHING)


def get_tools(request: Request) -> Tools:
    """Return the process's tools."""
    tools: Tools = request.app.state.tools
    return tools


async def _tools(request: Request) -> Tools:
    # async, as every dependency has to be: FastAPI runs others in a thread, which costs more than most requests.
    return get_tools(request)


def trace_of(request: Request) -> str:
    """Return the request's trace id."""
    trace: str = request.scope.get("trace", "")
    return trace


async def write_session(request: Request) -> AsyncIterator[WriteSession]:
    """Open the request's one transaction; it commits before the answer leaves.

    A route that runs once per key has opened it already, and commits it with the kept answer.
    """
    shared: WriteSession | None = getattr(request.state, "db", None)
    if shared is not None:
        yield shared
        return
    async with _database(request).unit_of_work(trace_of(request)) as session:
        yield session


async def read_session(request: Request) -> AsyncIterator[ReadSession]:
    """Open a read-only session for the request."""
    async with _database(request).reading(trace_of(request)) as session:
        yield session


def _database(request: Request) -> Database:
    return get_tools(request).database.reaching(getattr(request.state, "reach", NOTHING))


async def serve(request: Request, reach: Reach) -> None:
    """Let the request see so far: its sessions to come, and the one that is open already."""
    request.state.reach = reach
    shared: WriteSession | None = getattr(request.state, "db", None)
    if shared is not None and shared.reach != reach:
        await shared.reach_to(reach)


async def for_anyone(request: Request) -> None:
    """Let the request see everything: for operations open to all, whose command shows no more than it should."""
    await serve(request, EVERYTHING)


# scope="function": without it the commit happens after the response was sent, and a failed commit still answers 200.
Db = Annotated[WriteSession, Depends(write_session, scope="function")]
ReadDb = Annotated[ReadSession, Depends(read_session, scope="function")]
ToolsDep = Annotated[Tools, Depends(_tools)]
