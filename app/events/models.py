"""The table of events: append-only by database rights."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class EventRecord(Base):
    """One event. `txid` orders the feed: what committed is complete below the oldest running transaction."""

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("subject", "sequence"),
        Index(None, "txid", "id"),
        # Rows come in order of time and stay where they are: a few kilobytes find a range in billions of rows.
        Index(None, "occurred_at", postgresql_using="brin"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(64))
    subject: Mapped[UUID]
    sequence: Mapped[int] = mapped_column(Integer)
    county: Mapped[str] = mapped_column(String(6))
    occurred_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))
