"""The table of audit records: append-only by database rights."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class AuditRecord(Base):
    """One act or look. `detail` holds codes and ids, never personal data."""

    __tablename__ = "audit_records"
    __table_args__ = (
        Index(None, "object_id", "at"),
        Index(None, "county", "at"),
        {"info": {"append_only": True}},
    )

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
