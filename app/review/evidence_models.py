"""The table of evidence letters: who outside a household was asked what about whom, and what came of it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.review.evidence_lifecycle import Status
from app.review.evidence_terms import AddresseeKind, Form

Instant = DateTime(timezone=True)


class EvidenceLetter(Base):
    """A letter for evidence (信函索证) about one member, on that member's own authorisation.

    `answer_days`: working days it gives. `visit_id`: the act of survey that sending it is, signed by two.
    `answers_sealed`: JSON, question → finding; `remarks_sealed`: what else the answer says; `scan_upload_id`: its
    paper. `set_aside_sealed`: why it was not sent after all, or is not waited for.
    """

    __tablename__ = "evidence_letters"
    __table_args__ = (
        ForeignKeyConstraint(
            ["authorisation_id", "application_id", "member_id"],
            ["authorisations.id", "authorisations.application_id", "authorisations.member_id"],
            name="evidence_letters_authorised_fkey",
        ),
        Index(None, "application_id", "id"),
        Index(None, "authorisation_id", "application_id", "member_id"),
        Index("evidence_letters_due_idx", "answer_by", postgresql_where=text("status = 'sent'")),
        Index("evidence_letters_scan_idx", "scan_upload_id", postgresql_where=text("scan_upload_id IS NOT NULL")),
        CheckConstraint(
            "(sent_on IS NULL) = (visit_id IS NULL) AND (sent_on IS NULL) = (answer_by IS NULL)", name="sent"
        ),
        CheckConstraint("sent_on IS NOT NULL OR status IN ('written', 'discarded', 'cancelled')", name="sent_first"),
        CheckConstraint(
            "(status = 'answered') = (received_on IS NOT NULL) AND (received_on IS NULL) = (entered_by IS NULL) "
            "AND (received_on IS NULL) = (answers_sealed IS NULL)",
            name="answered",
        ),
        CheckConstraint("(set_aside_by IS NULL) = (set_aside_sealed IS NULL)", name="set_aside"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    review_id: Mapped[UUID] = mapped_column(ForeignKey("reviews.id"), index=True)
    member_id: Mapped[UUID]
    authorisation_id: Mapped[UUID]
    status: Mapped[Status] = mapped_column(String(16))
    addressee_kind: Mapped[AddresseeKind] = mapped_column(String(32))
    addressee_form: Mapped[Form] = mapped_column(String(16))
    addressee_name_sealed: Mapped[bytes] = sealed()
    addressee_address_sealed: Mapped[bytes] = sealed()
    asked: Mapped[list[str]] = mapped_column(JSONB)
    words_sealed: Mapped[bytes | None] = sealed()
    law: Mapped[list[str]] = mapped_column(JSONB)
    answer_days: Mapped[int] = mapped_column(SmallInteger)
    answer_basis: Mapped[str] = mapped_column(String(255))
    written_by: Mapped[UUID]
    written_at: Mapped[datetime] = mapped_column(Instant)
    sent_on: Mapped[date | None] = mapped_column(Date)
    sent_way: Mapped[str | None] = mapped_column(String(16))
    answer_by: Mapped[date | None] = mapped_column(Date)
    answer_by_provisional: Mapped[bool] = mapped_column(Boolean)
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visits.id"), index=True)
    received_on: Mapped[date | None] = mapped_column(Date)
    answers_sealed: Mapped[bytes | None] = sealed()
    remarks_sealed: Mapped[bytes | None] = sealed()
    scan_upload_id: Mapped[UUID | None] = mapped_column(ForeignKey("uploads.id"))
    entered_by: Mapped[UUID | None]
    entered_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_by: Mapped[UUID | None]
    set_aside_at: Mapped[datetime | None] = mapped_column(Instant)
    set_aside_sealed: Mapped[bytes | None] = sealed()
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)
