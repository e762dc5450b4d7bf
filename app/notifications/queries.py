"""Reads of messages, and the writes that must be one statement."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import WriteSession
from app.core.sql import written_out
from app.notifications.lifecycle import Status
from app.notifications.models import Message


async def add_message(db: WriteSession, **values: object) -> bool:
    """Add a message unless its event was told by its template before; says whether it was added."""
    statement = insert(Message).values(**values, status=Status.WAITING, attempts=0)
    statement = statement.on_conflict_do_nothing(index_elements=["event_id", "template"])
    return (await db.execute(statement.returning(Message.id))).scalar_one_or_none() is not None


async def find_message(db: WriteSession, message_id: UUID) -> Message | None:
    """Return a message, locked."""
    return await db.get(Message, message_id, with_for_update=True, populate_existing=True)


async def take_due(db: WriteSession, now: datetime, queued: datetime, limit: int) -> Sequence[UUID]:
    """Mark messages that are due as queued until `queued`, and return their ids."""
    due = (
        select(Message.id)
        .where(Message.status == written_out(Status.WAITING), Message.next_attempt_at <= now)
        .where(Message.queued_until.is_(None) | (Message.queued_until <= now))
        .order_by(Message.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = update(Message).where(Message.id.in_(due.scalar_subquery())).values(queued_until=queued)
    return (await db.execute(statement.returning(Message.id))).scalars().all()
