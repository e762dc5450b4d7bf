"""The table of entrustments: who may apply for whom, on what, and who has seen to it that she wants it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.entrustment_lifecycle import EndedBy, Ground, Kind, Status
from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Entrustment(Base):
    """That `agent_id`, a citizen or member of staff, applies for another person.

    `principal_sealed`: JSON of her name, number and telephone, as the agent gave them; emptied once they stand on her
    own account, `principal_id`. `record_sealed`: how and in what words she entrusted it. `application_id`: what came
    of it.
    """

    __tablename__ = "entrustments"
    __table_args__ = (
        Index(
            "entrustments_one_standing_key",
            "agent_id",
            "principal_index",
            unique=True,
            postgresql_where=text("status IN ('requested', 'in_force')"),
        ),
        Index(None, "principal_id"),
        Index(None, "application_id"),
        Index(None, "division", "id"),
        CheckConstraint("(confirmed_at IS NULL) = (principal_id IS NULL)", name="confirmed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    kind: Mapped[Kind] = mapped_column(String(16))
    ground: Mapped[Ground] = mapped_column(String(16))
    agent_kind: Mapped[str] = mapped_column(String(16))  # citizen | staff
    agent_id: Mapped[UUID]
    principal_id: Mapped[UUID | None]
    principal_index: Mapped[bytes] = mapped_column(LargeBinary)
    principal_sealed: Mapped[bytes | None] = sealed()
    record_sealed: Mapped[bytes] = sealed()
    application_id: Mapped[UUID | None] = mapped_column(ForeignKey("applications.id"))
    requested_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_how: Mapped[str | None] = mapped_column(String(8))  # code | seen
    confirmed_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[EndedBy | None] = mapped_column(String(16))
