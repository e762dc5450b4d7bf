"""Reads of the event table."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, tuple_

from app.core.db import ReadSession, WriteSession
from app.core.prepared import Prepared, asked
from app.events.models import EventRecord

_COLUMNS = ("id", "type", "subject", "county", "occurred_at", "data")
_next = select(func.coalesce(func.max(EventRecord.sequence), 0) + 1).where(EventRecord.subject == asked("about"))
_INSERT = Prepared(insert(EventRecord).values(sequence=_next.scalar_subquery()), _COLUMNS)


async def insert_event(db: WriteSession, **values: Any) -> None:
    """Insert one event, under the next number of its subject."""
    await db.fetch(_INSERT, about=values["subject"], **values)


async def last_sequences(db: ReadSession, subjects: Collection[UUID]) -> dict[UUID, int]:
    """Return the number of the last event of each subject that has one."""
    query = (
        select(EventRecord.subject, func.max(EventRecord.sequence))
        .where(EventRecord.subject.in_(subjects))
        .group_by(EventRecord.subject)
    )
    return {row[0]: row[1] for row in (await db.execute(query)).all()}


async def get_event(db: ReadSession, event_id: UUID) -> EventRecord:
    """Return one event by id."""
    return (await db.execute(select(EventRecord).where(EventRecord.id == event_id))).scalar_one()


async def find_event(db: ReadSession, event_id: UUID) -> EventRecord | None:
    """Return one event by id, if there is one."""
    return await db.get(EventRecord, event_id)


async def list_subject_events(db: ReadSession, subject: UUID) -> Sequence[EventRecord]:
    """Return what happened to one subject, in order."""
    query = select(EventRecord).where(EventRecord.subject == subject).order_by(EventRecord.sequence)
    return (await db.execute(query)).scalars().all()


_UNKNOWN = text(
    "SELECT entrypoint, count(*) FROM pgqueuer WHERE status = 'queued' AND NOT (entrypoint = ANY(:known)) GROUP BY 1"
)
# Counted no further than somebody has to look: a queue may be long.
_UNATTENDED = text(
    "SELECT count(*) FROM (SELECT FROM pgqueuer WHERE status = 'queued'"
    " AND execute_after < now() - CAST(:since AS interval)"
    " LIMIT 1000) AS waiting"
)


async def count_unknown_jobs(db: ReadSession, known: Collection[str]) -> dict[str, int]:
    """Return how many jobs lie in the queue under names that are not among `known`, by name: no worker of these takes
    them up, and by itself the queue says nothing of them."""
    return {row[0]: row[1] for row in (await db.execute(_UNKNOWN, {"known": list(known)})).all()}


async def count_unattended_jobs(db: ReadSession, since: timedelta) -> int:
    """Return how many jobs have been due for so long without a worker that took them up; a thousand are as many as
    more."""
    return int((await db.execute(_UNATTENDED, {"since": since})).scalar_one())


async def list_feed(
    db: ReadSession, after: tuple[int, UUID] | None, county_low: str, county_high: str, limit: int
) -> Sequence[EventRecord]:
    """Return events of the counties from low to high, in an order that never shows a later one first.

    Ids and sequences do not follow commit order: a slow transaction would slip in behind a reader's mark. Rows come
    ordered by transaction, and only from below the oldest transaction still running.
    """
    query = (
        select(EventRecord)
        .where(EventRecord.txid < text("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint"))
        .where(EventRecord.county.between(county_low, county_high))
        .order_by(EventRecord.txid, EventRecord.id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(tuple_(EventRecord.txid, EventRecord.id) > after)
    return (await db.execute(query)).scalars().all()
