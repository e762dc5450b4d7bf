"""What evidence costs: records a second beside those of before, looks beside plain reads, and how fast sealing is.

"Before" is the table as it was without subjects, digests and order of transactions, written in the same way into the
same database. Everything in short alternating rounds, eight writers at once, one record a transaction, with fsync.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.applications.models import Application
from app.applications.queries import get_case_file
from app.audit.commands import record_act, record_look
from app.audit.jobs import seal_records
from app.audit.proofs import prove_inclusion
from app.audit.queries import find_last_checkpoint, list_on_case
from app.audit.signing import load_signer
from app.audit.subjects import Case
from app.core.clock import SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine
from app.core.ids import new_id
from app.core.reach import EVERYTHING
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.keys import load_key_ring
from app.keys.loading import open_vault
from app.settings import load_settings
from scripts.local.bench.household import make_accepted
from scripts.local.narration import say

_WRITERS = 8
_ROUNDS = 5
_SEALED = 20_000
_HANDLER = Actor(new_id(), Role.TOWNSHIP_HANDLER, "532529103000")
Turn = Callable[[], Awaitable[None]]


class _Base(DeclarativeBase):
    """Apart from the product's tables."""


class Before(_Base):
    """The table of records as it was."""

    __tablename__ = "audit_records_before"
    __table_args__ = (Index("before_object_idx", "object_id", "at"), Index("before_county_idx", "county", "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    county: Mapped[str | None] = mapped_column(String(6))
    actor_id: Mapped[UUID]
    actor_role: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[UUID]
    purpose: Mapped[str | None] = mapped_column(Text)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    trace: Mapped[str] = mapped_column(String(64))


async def measure(seconds: float) -> None:
    """Measure and print."""
    settings = load_settings()
    assert settings.evidence_key_file is not None
    owner = make_engine(settings.database_url, 1, role=None)
    async with owner.begin() as connection:
        await connection.run_sync(_Base.metadata.create_all)
        await connection.execute(text("GRANT ALL ON audit_records_before TO dibao_app"))
    await owner.dispose()
    engine, side = make_engine(settings.database_url, _WRITERS), make_engine(settings.database_url, _WRITERS)
    clock = SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(engine, clock, vault, side=side, reach=EVERYTHING)
    try:
        await open_vault(database)
        async with database.unit_of_work() as db:
            home = await make_accepted(db, load_key_ring(settings.token_key_file), 0)
        await _acts(database, home.application_id, seconds)
        await _looks(database, home.application_id, seconds)
        await _sealing(database, settings.evidence_key_file, home.application_id)
    finally:
        await database.dispose()


async def _acts(database: Database, application_id: UUID, seconds: float) -> None:
    async def before() -> None:
        async with database.unit_of_work("bench") as db:
            db.add(_as_before(db.clock.now()))

    async def after() -> None:
        case = Case(new_id(), new_id(), "532529")
        async with database.unit_of_work("bench") as db:
            await record_act(db, SYSTEM, "application.accept", "application", new_id(), case=case, count=1)

    async def with_state() -> None:
        async with database.unit_of_work("bench") as db:
            row = await db.get(Application, application_id)
            assert row is not None
            await record_act(db, SYSTEM, "application.accept", "application", row.id, row=row, case=row.case)

    async def with_row() -> None:
        async with database.unit_of_work("bench") as db:
            row = await db.get(Application, application_id)
            assert row is not None
            await record_act(db, SYSTEM, "application.accept", "application", row.id, case=row.case)

    _show("a record of an act", await _rates(seconds, before, after), "as it was", "with subjects and order")
    _show("the object's digests", await _rates(seconds, with_row, with_state), "without", "with")


async def _looks(database: Database, application_id: UUID, seconds: float) -> None:
    async def plain() -> None:
        async with database.reading("bench") as db:
            await get_case_file(db, _HANDLER, application_id)

    async def same() -> None:
        async with database.unit_of_work("bench") as db:
            row = await get_case_file(db, _HANDLER, application_id)
            await record_look(db, _HANDLER, "application.read", "application", row.id, cases=[row.case])

    async def aside() -> None:
        async with database.reading("bench") as db:
            row = await get_case_file(db, _HANDLER, application_id)
            async with database.aside("bench") as other:
                await record_look(other, _HANDLER, "application.read", "application", row.id, cases=[row.case])

    _show("reading a case file", await _rates(seconds, plain, same), "unrecorded", "recorded in its transaction")
    _show("reading a case file", await _rates(seconds, plain, aside), "unrecorded", "recorded by one of its own")


async def _sealing(database: Database, key_file: Any, application_id: UUID) -> None:
    signer = load_signer(key_file)
    await seal_records(database, signer=signer)
    for _ in range(_SEALED // 500):
        async with database.unit_of_work("bench") as db:
            for number in range(500):
                case = Case(new_id() if number % 25 else application_id, new_id(), "532529")
                await record_act(db, SYSTEM, "application.accept", "application", new_id(), case=case)
    began = time.perf_counter()
    await seal_records(database, signer=signer)
    passed = time.perf_counter() - began
    async with database.reading() as db:
        last = await find_last_checkpoint(db)
        assert last is not None
        say(f"  sealing: {_SEALED / passed:,.0f} records a second; the tree has {last.size:,} leaves")
        began = time.perf_counter()
        rows = await list_on_case(db, application_id, after=None, limit=20)
        await prove_inclusion(db, [place for _, place in rows if place is not None], last.size)
        say(f"  a page of 20 entries with proofs: {(time.perf_counter() - began) * 1000:.1f} ms")


async def _rates(seconds: float, first: Turn, second: Turn) -> tuple[float, float]:
    """Return how often a second each can be done, the medians of alternating rounds."""
    rates: tuple[list[float], list[float]] = ([], [])
    for turn in (first, second):
        await turn()
    for _ in range(_ROUNDS):
        for turn, kept in zip((first, second), rates, strict=True):
            kept.append(await _rate(seconds, turn))
    return statistics.median(rates[0]), statistics.median(rates[1])


async def _rate(seconds: float, turn: Turn) -> float:
    began, done = time.perf_counter(), 0

    async def go_on() -> None:
        nonlocal done
        while time.perf_counter() - began < seconds:
            await turn()
            done += 1

    await asyncio.gather(*(go_on() for _ in range(_WRITERS)))
    return done / (time.perf_counter() - began)


def _show(what: str, rates: tuple[float, float], first: str, second: str) -> None:
    say(f"  {what}: {first} {rates[0]:,.0f}/s, {second} {rates[1]:,.0f}/s: {rates[1] / rates[0]:.2f}")


def _as_before(now: datetime) -> Before:
    return Before(
        id=new_id(),
        at=now,
        county="532529",
        actor_id=SYSTEM.id,
        actor_role=SYSTEM.role.value,
        action="application.accept",
        object_type="application",
        object_id=new_id(),
        detail={"count": 1},
        trace="bench",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="evidence", description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    asyncio.run(measure(parser.parse_args(sys.argv[1:]).seconds))
