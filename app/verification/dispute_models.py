"""The table of disputes of what was found, each with the ticket that asks its agency for a correction."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.subjects import Case
from app.core.crypto import sealed
from app.core.db import Base
from app.facts import FactKey, Item
from app.verification.dispute_lifecycle import LapseGround, SentWay, Status

Instant = DateTime(timezone=True)
_PENDING = "status IN ('open', 'overdue', 'escalated')"


class ReportDispute(Base):
    """That one field of a report is not so, in the words of whom it is about (`citizen_id` disputes it), and what the
    agency (`partner`) answered to ticket `number`.

    `check_id`: the answer that is disputed. `recheck_id`: the question that was put anew because of it; None where
    nothing authorises one. `reference`: what the agency's own answer goes by, and `answered_by` who entered it; both
    None where what was disputed was gone when the agency was asked again, which `answer_report_id` shows. While no
    answer is there, that is the report in which the agency says otherwise than it did, and no more. `sent_on`,
    `sent_way`: when and how the letter to the agency went out, as the county says (`sent_by`); None until it has.
    `lapsed_for`: why it lapsed; None also of what lapsed before that was kept.
    `scan_upload_id`: the paper of what was entered; None also of what was entered before scans were asked for.
    """

    __tablename__ = "report_disputes"
    __table_args__ = (
        Index(
            "report_disputes_one_pending_per_field_key",
            "application_id",
            "member_id",
            "item",
            "key",
            unique=True,
            postgresql_where=text(_PENDING),
        ),
        Index("report_disputes_number_key", "number", unique=True),
        Index(None, "division", "status"),
        Index(None, "citizen_id", "id"),
        Index(None, "application_id", "answered_by"),
        Index("report_disputes_scan_idx", "scan_upload_id", postgresql_where=text("scan_upload_id IS NOT NULL")),
        Index("report_disputes_due_idx", "due_on", postgresql_where=text("status IN ('open', 'overdue')")),
        CheckConstraint("(status IN ('corrected', 'upheld')) = (answered_at IS NOT NULL)", name="answered"),
        CheckConstraint(
            "(sent_on IS NULL) = (sent_by IS NULL) AND (sent_on IS NULL) = (sent_way IS NULL)", name="sent"
        ),
        CheckConstraint("(answered_by IS NULL) = (reference IS NULL)", name="by_somebody_with_reference"),
        CheckConstraint(
            "status <> 'upheld' OR (answered_by IS NOT NULL AND reasons_sealed IS NOT NULL)", name="upheld"
        ),
        CheckConstraint(
            "status <> 'corrected' OR answered_by IS NOT NULL OR answer_report_id IS NOT NULL", name="corrected"
        ),
        CheckConstraint("lapsed_for IS NULL OR status = 'lapsed'", name="lapsed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    citizen_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(32))
    report_id: Mapped[UUID] = mapped_column(ForeignKey("household_reports.id"), index=True)
    check_id: Mapped[UUID] = mapped_column(ForeignKey("checks.id"), index=True)
    recheck_id: Mapped[UUID | None] = mapped_column(ForeignKey("checks.id"), index=True)
    member_id: Mapped[UUID]
    item: Mapped[Item] = mapped_column(String(32))
    key: Mapped[FactKey] = mapped_column(String(32))
    partner: Mapped[str] = mapped_column(String(32))
    statement_sealed: Mapped[bytes] = sealed()
    status: Mapped[Status] = mapped_column(String(16))
    raised_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    sent_on: Mapped[date | None] = mapped_column(Date)
    sent_way: Mapped[SentWay | None] = mapped_column(String(32))
    sent_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    answered_by: Mapped[UUID | None]
    reference: Mapped[str | None] = mapped_column(String(64))
    reasons_sealed: Mapped[bytes | None] = sealed()
    scan_upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("uploads.id"))
    answer_report_id: Mapped[UUID | None]
    lapsed_for: Mapped[LapseGround | None] = mapped_column(String(32))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this dispute are about: whoever disputes."""
        return Case(self.application_id, self.citizen_id, self.county)
