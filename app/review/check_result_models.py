"""The table of results by which a household does not qualify, as they were told, and what became of them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.review.check_result_lifecycle import Status

Instant = DateTime(timezone=True)


class CheckResult(Base):
    """That a report speaks against a household, told to it. `findings_sealed`: JSON, the findings that are not met.

    `object_by`: the last day for an objection. `recheck_report_id`: the report after checking again; `still`: whether
    the household does not qualify by that one either, which is so, too, where no new answer came of it.
    """

    __tablename__ = "check_results"
    __table_args__ = (
        UniqueConstraint("application_id", "report_id"),
        Index(
            "check_results_one_open_key",
            "application_id",
            unique=True,
            postgresql_where=text("status IN ('told', 'objected', 'rechecking')"),
        ),
        Index("check_results_due_idx", "object_by", postgresql_where=text("status = 'told'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    report_id: Mapped[UUID]
    status: Mapped[Status] = mapped_column(String(16))
    findings_sealed: Mapped[bytes] = sealed()
    told_at: Mapped[datetime] = mapped_column(Instant)
    object_by: Mapped[date] = mapped_column(Date)
    object_by_provisional: Mapped[bool] = mapped_column(Boolean)
    objected_at: Mapped[datetime | None] = mapped_column(Instant)
    objection_sealed: Mapped[bytes | None] = sealed()
    recheck_asked_by: Mapped[UUID | None]
    recheck_asked_at: Mapped[datetime | None] = mapped_column(Instant)
    recheck_report_id: Mapped[UUID | None]
    still: Mapped[bool | None] = mapped_column(Boolean)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
