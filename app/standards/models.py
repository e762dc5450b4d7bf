"""The table of changes. Public facts and who of the staff entered them; nothing about anybody who applies."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.standards.lifecycle import Kind, Status

Instant = DateTime(timezone=True)


class Change(Base):
    """One standard or parameter as it is to be from a day on, and the document that says so.

    `name`: the class of people of a standard, the name of a parameter. `value`: {amount_fen, period} of a standard, any
    JSON value of a parameter. There is one draft for each number and first day; `version` is its ETag.
    """

    __tablename__ = "number_changes"
    __table_args__ = (
        Index(
            "number_changes_one_draft_key",
            "kind",
            "program",
            "area",
            "name",
            "valid_from",
            unique=True,
            postgresql_where=text("status = 'draft'"),
        ),
        Index(None, "area", "id"),
        CheckConstraint("(status = 'draft') = (decided_by IS NULL)", name="decided"),
        CheckConstraint("decided_by <> drafted_by OR status = 'rejected'", name="four_eyes"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[Kind] = mapped_column(String(16))
    program: Mapped[str] = mapped_column(String(32))
    area: Mapped[str] = mapped_column(String(12))
    name: Mapped[str] = mapped_column(String(100))
    value: Mapped[Any] = mapped_column(JSONB)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    note: Mapped[str] = mapped_column(Text)
    document_number: Mapped[str] = mapped_column(String(100))
    document_title: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(100))
    published_on: Mapped[date] = mapped_column(Date)
    status: Mapped[Status] = mapped_column(String(16))
    drafted_by: Mapped[UUID]
    drafted_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    reject_reason_sealed: Mapped[bytes | None] = sealed(division=None)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def law(self) -> str:
        """The document as decisions cite it."""
        return f"{self.issuer}《{self.document_title}》（{self.document_number}）"
