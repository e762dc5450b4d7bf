"""Cases of any age, and the nights that pass."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, func, select, text, update

from app.applications.lifecycle import Status
from app.applications.models import Application
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.core.clock import SHANGHAI, FixedClock
from app.core.crypto.columns import INFO
from app.core.db import Base, Database, ReadSession
from app.retention.jobs import erase_what_is_due


def noon(day: date) -> datetime:
    """Return noon in China."""
    return datetime.combine(day, time(12), SHANGHAI).astimezone(UTC)


async def night_of(eraser: Database, clock: FixedClock, day: date, **given: int) -> None:
    """Let a day come, and its erasures be done."""
    clock.set(noon(day))
    await erase_what_is_due(eraser, **given)


async def end_application(database: Database, application_id: UUID, status: Status, day: date) -> None:
    """Let an application have ended on a day."""
    async with database.unit_of_work() as db:
        ended = update(Application).where(Application.id == application_id)
        await db.execute(ended.values(status=status, ended_at=noon(day)))


async def stop(database: Database, award_id: UUID, last_month: date, decided: date) -> None:
    """Let an award have been stopped."""
    async with database.unit_of_work() as db:
        stopped = update(Award).where(Award.id == award_id)
        await db.execute(
            stopped.values(
                status=AwardStatus.STOPPED,
                to_month=last_month,
                stopped_at=noon(decided),
                stop_ground="income",
                stop_reason_sealed=db.vault.seal("awards.stop_reason", award_id, "收入超过标准", division="532529"),
            )
        )


async def is_erased(database: Database, application_id: UUID) -> bool:
    """Say whether a case's file is gone."""
    async with database.reading() as db:
        query = select(Application.erased_at).where(Application.id == application_id)
        return (await db.execute(query)).scalar_one() is not None


async def count(database: Database, model: type[Base]) -> int:
    """Count the rows of a table."""
    async with database.reading() as db:
        return int((await db.execute(select(func.count()).select_from(model))).scalar_one())


async def whole_text(database: Database, *tables: str) -> str:
    """Return all rows of some tables as one text."""
    async with database.reading() as db:
        found = [(await db.execute(text(f"SELECT t::text FROM {table} t"))).scalars().all() for table in tables]
    return "\n".join(row for rows in found for row in rows)


async def opened_text(database: Database, *tables: str) -> str:
    """Return all rows of some tables as one text, what is sealed in them opened."""
    async with database.reading() as db:
        found = [
            _opened(db, column, row)
            for table in (Base.metadata.tables[name] for name in tables)
            for row in (await db.execute(select(table))).mappings()
            for column in table.columns
        ]
    return "\n".join(found)


def _opened(db: ReadSession, column: Column[Any], row: Mapping[Any, Any]) -> str:
    value, declared = row[column], column.info.get(INFO)
    if declared is None or value is None:
        return str(value)
    return db.vault.open(declared.bound_as(column), row[column.table.c[declared.row]], value)


def days(count: int) -> timedelta:
    """Return a number of days."""
    return timedelta(days=count)
