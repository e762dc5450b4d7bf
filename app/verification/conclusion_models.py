"""The table of what the county's checkers conclude from reports."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Verdict(StrEnum):
    """What a person concludes from what was found beside what was declared."""

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    CANNOT_BE_TOLD = "cannot_be_told"


class ReportConclusion(Base):
    """What a county's checker concluded from one report, in his words. It holds until a later one takes its place or
    the report is superseded, and is never overwritten; of a report one holds at a time."""

    __tablename__ = "report_conclusions"
    __table_args__ = (
        Index(
            "report_conclusions_one_live_key",
            "report_id",
            unique=True,
            postgresql_where=text("superseded_at IS NULL"),
        ),
        Index(None, "application_id", "concluded_by"),
        CheckConstraint("verdict IN ('consistent', 'inconsistent', 'cannot_be_told')", name="verdict"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("household_reports.id"), index=True)
    verdict: Mapped[Verdict] = mapped_column(String(16))
    statement_sealed: Mapped[bytes] = sealed()
    concluded_by: Mapped[UUID]
    concluded_at: Mapped[datetime] = mapped_column(Instant)
    superseded_at: Mapped[datetime | None] = mapped_column(Instant)
