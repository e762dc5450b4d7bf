"""How events become jobs: one event, one job per handler, each at least once.

`record_event` enqueues one dispatch. The dispatch enqueues a job for every handler of the event's type, in one
transaction. A handler that fails is tried again with growing delay and then parked, without holding up the others. A
job may run twice, always: after a kill the last batch runs again. Handlers are idempotent by keys in the database.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.core.db import Database
from app.events.base import Event, rebuild
from app.events.commands import enqueue
from app.events.queries import get_event

Handler = Callable[[Database, Any], Awaitable[None]]  # (database, event)
Job = Callable[[Database, Mapping[str, str]], Awaitable[None]]  # (database, payload)
Handlers = Mapping[type[Event], Sequence[Handler]]


def name_of(handler: Callable[..., Awaitable[None]]) -> str:
    """Return the name a handler is known by in the queue."""
    function: Any = getattr(handler, "func", handler)  # a functools.partial carries the tools it was given
    name: str = function.__name__
    return name


async def dispatch(database: Database, handlers: Handlers, payload: Mapping[str, str]) -> None:
    """Enqueue one job for each handler of an event."""
    async with database.unit_of_work() as db:
        record = await get_event(db, UUID(payload["event"]))
        event = rebuild(record.type, record.subject, record.county, record.data)
        for handler in handlers_of(handlers, event):
            await enqueue(db, name_of(handler), {"event": payload["event"]})


async def handle(database: Database, handler: Handler, payload: Mapping[str, str]) -> None:
    """Run one handler on the event its job names."""
    async with database.reading() as db:
        record = await get_event(db, UUID(payload["event"]))
    await handler(database, rebuild(record.type, record.subject, record.county, record.data, record.id))


def handlers_of(handlers: Handlers, event: Event) -> list[Handler]:
    """Return the handlers of an event's type and of every base of it (`Event` itself: handlers of everything)."""
    return [handler for cls in type(event).__mro__ for handler in handlers.get(cls, ())]


def read_payload(raw: bytes | None) -> dict[str, str]:
    """Read a job's payload."""
    payload: dict[str, str] = json.loads(raw or b"{}")
    return payload
