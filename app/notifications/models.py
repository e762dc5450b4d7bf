"""The table of messages: one row per event and template, sent once or, after a kill, at worst twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.notifications.lifecycle import Status

Instant = DateTime(timezone=True)


class Message(Base):
    """A message to the phone of an account, or, for people without one, to the phone that is sealed here."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_event_id_template_key", "event_id", "template", unique=True),
        Index("messages_due_idx", "next_attempt_at", postgresql_where=text("status = 'waiting'")),
        Index(None, "citizen_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    citizen_id: Mapped[UUID | None]
    phone_sealed: Mapped[bytes | None] = sealed()
    event_id: Mapped[UUID]  # or of what else it is about, once
    template: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(SmallInteger)
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    queued_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
