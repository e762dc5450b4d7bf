"""The table of this stage: the one row that belongs to two counties.

Its keys hold the seam. Once a hand-over is completed the first award's last month and the second one's first month are
what they are as long as the row is there, and between them lies no month and none is both.
"""

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
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.subjects import Case
from app.core.crypto import sealed
from app.core.db import Base
from app.handovers.lifecycle import DeclineReason, Ground, Source, Status

Instant = DateTime(timezone=True)


class Handover(Base):
    """An award on its way from `county` to `to_county`. `to_division`: the township there; `village`: where, as that
    county found.

    `file_sealed`: JSON, what the other county is told of the case, as it was released (`file.py`).
    `due_on`: by when the other county is to say whether it goes on.
    """

    __tablename__ = "handovers"
    __table_args__ = (
        Index(None, "application_id"),
        Index(None, "award_id", "last_month"),
        Index("handovers_one_open_key", "award_id", unique=True,
              postgresql_where=text("status IN ('proposed', 'released', 'accepted')")),
        Index("handovers_once_key", "award_id", unique=True, postgresql_where=text("status = 'completed'")),
        Index("handovers_new_award_id_key", "new_award_id", unique=True),
        Index(None, "division", "id"),
        Index(None, "to_division", "id"),
        ForeignKeyConstraint(["award_id", "last_month"], ["awards.id", "awards.to_month"]),
        ForeignKeyConstraint(["new_award_id", "first_month"], ["awards.id", "awards.from_month"]),
        CheckConstraint("first_month = last_month + interval '1 month'", name="seam"),
        CheckConstraint(
            "(status = 'completed') = (new_award_id IS NOT NULL) AND (status = 'completed') = (first_month IS NOT NULL)"
            " AND (status = 'completed') = (last_month IS NOT NULL)"
            " AND (status = 'completed') = (confirmed_by IS NOT NULL)",
            name="completed",
        ),
        CheckConstraint("county <> to_county AND to_county = left(to_division, 6)", name="counties"),
        CheckConstraint("released_by <> proposed_by", name="four_eyes"),
        CheckConstraint("confirmed_by <> accepted_by", name="four_eyes_there"),
        CheckConstraint("(status = 'declined') = (decline_reason IS NOT NULL)", name="declined"),
        CheckConstraint("status IN ('proposed', 'withdrawn') OR released_by IS NOT NULL", name="released"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    to_county: Mapped[str] = mapped_column(String(6))
    to_division: Mapped[str] = mapped_column(String(12))
    village: Mapped[str | None] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    beneficiary_id: Mapped[UUID]
    program: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    ground: Mapped[Ground] = mapped_column(String(32))
    source: Mapped[Source] = mapped_column(String(16))
    moved_on: Mapped[date] = mapped_column(Date)
    reason_sealed: Mapped[bytes] = sealed()
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    released_by: Mapped[UUID | None]
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    file_sealed: Mapped[bytes | None] = sealed(division="to_county")
    due_on: Mapped[date | None] = mapped_column(Date)
    due_provisional: Mapped[bool] = mapped_column(Boolean, default=False)
    accepted_by: Mapped[UUID | None]
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by: Mapped[UUID | None]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(String(32))
    decline_words_sealed: Mapped[bytes | None] = sealed(division="to_county")
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_month: Mapped[date | None] = mapped_column(Date)
    first_month: Mapped[date | None] = mapped_column(Date)
    new_award_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this hand-over are about."""
        return Case(self.application_id, self.beneficiary_id, self.county)
