"""Reads and writes of messages of the DCI standard."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import ReadSession, WriteSession
from app.core.sql import written_out
from app.status_queries.lifecycle import MessageDelivery
from app.status_queries.models import QueryPartner, RegistryMessage


async def find_partner_of_sender(db: ReadSession, sender: str) -> QueryPartner | None:
    """Return the partner that is called so in messages, whoever asks: for finding out who it is."""
    return (await db.execute(select(QueryPartner).where(QueryPartner.sender_id == sender))).scalar_one_or_none()


async def get_partner_of(db: ReadSession, partner_id: UUID) -> QueryPartner:
    """Return a message's partner, as it is now."""
    return (await db.execute(select(QueryPartner).where(QueryPartner.id == partner_id))).scalar_one()


async def add_message(db: WriteSession, values: Mapping[str, Any]) -> RegistryMessage | None:
    """Keep a message; None where its partner has sent one of its id before. Of two at once the second waits for the
    first to end."""
    statement = insert(RegistryMessage).values(**values)
    statement = statement.on_conflict_do_nothing(index_elements=["partner_id", "message_id"])
    added = (await db.execute(statement.returning(RegistryMessage.id))).scalar_one_or_none()
    return None if added is None else await db.get(RegistryMessage, added)


async def find_message(db: ReadSession, partner_id: UUID, message_id: str) -> RegistryMessage | None:
    """Return the message a partner sent under an id of its own."""
    query = select(RegistryMessage).where(RegistryMessage.partner_id == partner_id)
    return (await db.execute(query.where(RegistryMessage.message_id == message_id))).scalar_one_or_none()


async def lock_message(db: WriteSession, row_id: UUID) -> RegistryMessage | None:
    """Return one message, locked."""
    return await db.get(RegistryMessage, row_id, with_for_update=True, populate_existing=True)


async def list_searches(
    db: ReadSession, partner_id: UUID, *, transaction_id: str | None = None, row_id: UUID | None = None
) -> Sequence[RegistryMessage]:
    """Return a partner's searches of one transaction, or the one we gave an id, the newest first; at most a hundred."""
    query = select(RegistryMessage).where(RegistryMessage.partner_id == partner_id, RegistryMessage.action == "search")
    if row_id is not None:
        query = query.where(RegistryMessage.id == row_id)
    else:
        query = query.where(RegistryMessage.transaction_id == transaction_id)
    return (await db.execute(query.order_by(RegistryMessage.id.desc()).limit(100))).scalars().all()


async def take_due_messages(db: WriteSession, now: datetime, later: datetime, limit: int) -> Sequence[UUID]:
    """Put off what is due until `later`, when it is due again if nothing became of it, and return the ids."""
    due = (
        select(RegistryMessage.id)
        .where(RegistryMessage.delivery == written_out(MessageDelivery.WAITING), RegistryMessage.next_attempt_at <= now)
        .order_by(RegistryMessage.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(RegistryMessage)
        .where(RegistryMessage.id.in_(due.scalar_subquery()))
        .values(next_attempt_at=later)
        .returning(RegistryMessage.id)
    )
    return (await db.execute(statement)).scalars().all()
