"""Audit records in numbers, and the log sealed."""

import asyncio
from datetime import timedelta

from app.audit.commands import record_act, record_look
from app.audit.jobs import seal_batch, seal_records
from app.audit.queries import list_tail
from app.audit.signing import Signer
from app.audit.subjects import Case
from app.core.clock import FixedClock
from app.core.db import Database
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role

HANDLER = Actor(new_id(), Role.TOWNSHIP_HANDLER, "532529103000")
_PATIENCE = 60.0  # seconds; other databases of the server may hold its oldest transaction open


async def build_records(database: Database, count: int, *, at_once: int = 20) -> None:
    """Write acts and looks, some transactions of them."""
    for start in range(0, count, at_once):
        async with database.unit_of_work(f"trace-{start}") as db:
            for number in range(start, min(start + at_once, count)):
                case = Case(new_id(), new_id(), "532529")
                if number % 3:
                    await record_act(db, SYSTEM, "application.accept", "application", new_id(), case=case, n=number)
                else:
                    await record_look(db, HANDLER, "application.read", "application", new_id(), cases=[case])


async def seal_all(database: Database, signer: Signer) -> None:
    """Seal until nothing is left; what lies above the oldest transaction of the server has to wait for it."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            await seal_records(database, signer=signer)
            async with database.reading() as db:
                if not await list_tail(db):
                    return
            await asyncio.sleep(0.01)


async def build_log(database: Database, signer: Signer, clock: FixedClock, batches: list[int]) -> None:
    """Write and seal batches of records, a minute after one another."""
    for count in batches:
        await build_records(database, count)
        await seal_all(database, signer)
        clock.advance(timedelta(minutes=1))


async def seal_one(database: Database, signer: Signer, limit: int) -> int:
    """Seal at most `limit` records."""
    async with database.unit_of_work() as db:
        return await seal_batch(db, signer, limit)
