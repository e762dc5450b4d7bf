"""Tables of this stage: holds on cases, what is left of an erased one, and the nights' runs."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.subjects import Case
from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class LegalHold(Base):
    """That nothing of a case may be erased: a lawsuit, an audit or a complaint still needs it. Several may stand."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("ground IN ('complaint', 'lawsuit', 'audit')", name="ground"),
        CheckConstraint(
            "(lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_reason_sealed IS NULL)",
            name="lifted",
        ),
        Index("legal_holds_standing_idx", "application_id", postgresql_where=text("lifted_at IS NULL")),
        Index(None, "division", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"), index=True)
    ground: Mapped[str] = mapped_column(String(16))
    reason_sealed: Mapped[bytes] = sealed()
    placed_by: Mapped[UUID]
    placed_at: Mapped[datetime] = mapped_column(Instant)
    lifted_by: Mapped[UUID | None]
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)
    lifted_reason_sealed: Mapped[bytes | None] = sealed()

    @property
    def case(self) -> Case:
        """Whom records about this hold are about; the applicant is named by the case."""
        return Case(self.application_id, None, self.county)


class Erasure(Base):
    """What is left where something was erased: as what it had been kept, from when, by which rule. Nothing of whom."""

    __tablename__ = "erasures"
    __table_args__ = (
        UniqueConstraint("application_id", "kept"),
        Index(None, "division", "id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    kept: Mapped[str] = mapped_column(String(32))
    period: Mapped[str] = mapped_column(String(16))
    basis: Mapped[list[str]] = mapped_column(JSONB)
    started_on: Mapped[date] = mapped_column(Date)
    erased_at: Mapped[datetime] = mapped_column(Instant)


class RetentionRun(Base):
    """One night's erasures. Unfinished: a killed worker left it, and the next sweep goes on."""

    __tablename__ = "retention_runs"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
