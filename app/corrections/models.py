"""The table of this stage."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.subjects import Case
from app.core.crypto import sealed
from app.core.db import Base
from app.corrections.lifecycle import ObjectType, Status

Instant = DateTime(timezone=True)


class CorrectionRequest(Base):
    """That one field of a case is wrong, in the citizen's words, and what was decided. The trail stays (D57 art. 39):
    an accepted request changes nothing by itself, whoever keeps the field puts it right."""

    __tablename__ = "correction_requests"
    __table_args__ = (
        Index(
            "correction_requests_one_open_per_field_key",
            "application_id",
            "object_id",
            "field",
            unique=True,
            postgresql_where=text("status = 'requested'"),
        ),
        Index(None, "division", "status"),
        Index(None, "citizen_id", "id"),
        CheckConstraint("(status = 'requested') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(status = 'refused') = (reason_sealed IS NOT NULL)", name="refused"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    citizen_id: Mapped[UUID]
    object_type: Mapped[ObjectType] = mapped_column(String(16))
    object_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(String(64))
    wrong_sealed: Mapped[bytes] = sealed()
    right_sealed: Mapped[bytes] = sealed()
    status: Mapped[Status] = mapped_column(String(16))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    due_basis: Mapped[str] = mapped_column(String(64))
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reason_sealed: Mapped[bytes | None] = sealed()
    remedies: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this request are about."""
        return Case(self.application_id, self.citizen_id, self.county)
