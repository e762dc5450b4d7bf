"""Tables of this stage. Who complained is kept apart, sealed, and reading it is an act on record."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, Date, DateTime, ForeignKey, Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.complaints.lifecycle import Category, Status
from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Complaint(Base):
    """One matter. `division` is the village of the application it names, else the place it names.

    `application_number` is kept as told, whether or not there is such an application; `application_id` only where there
    is. `code_index`: blind index of number and secret code; the code itself is nowhere.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index("complaints_number_key", "number", unique=True),
        Index(None, "division", "status"),
        Index(None, "application_id"),
        Index(None, "assigned_to"),
        Index("complaints_due_idx", "county", "due_on", postgresql_where=text("status IN ('received', 'assigned')")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(32))
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    category: Mapped[Category] = mapped_column(String(16))
    status: Mapped[Status] = mapped_column(String(16))
    named: Mapped[bool] = mapped_column(Boolean)
    application_number: Mapped[str | None] = mapped_column(String(32))
    application_id: Mapped[UUID | None]
    text_sealed: Mapped[bytes] = sealed()
    received_at: Mapped[datetime] = mapped_column(Instant)
    due_on: Mapped[date | None] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean)
    due_basis: Mapped[str | None] = mapped_column(String(64))
    assigned_to: Mapped[UUID | None]
    assigned_at: Mapped[datetime | None] = mapped_column(Instant)
    answer_sealed: Mapped[bytes | None] = sealed()
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class ComplaintReporter(Base):
    """Who complained, if they said so. `citizen_index` lets an account find its own, and tells nobody whose it is."""

    __tablename__ = "complaint_reporters"
    __table_args__ = (Index(None, "citizen_index"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    complaint_id: Mapped[UUID] = mapped_column(ForeignKey("complaints.id"), unique=True)
    name_sealed: Mapped[bytes | None] = sealed()
    phone_sealed: Mapped[bytes] = sealed()
    citizen_index: Mapped[bytes | None] = mapped_column(LargeBinary)
