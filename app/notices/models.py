"""Tables of this stage: notices, and the objections to them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.notices.lifecycle import Kind, Status

Instant = DateTime(timezone=True)


class Notice(Base):
    """What is posted in a village. `applicant_name_sealed` is as shown: masked where the applicant is a minor.

    `round` is the opinion that is posted; `ends_on` the last day, None for an award, which is up while it is in force,
    until it is stopped from a month on. An award's notice says what it amounts to, not what was granted once:
    `monthly_amount_fen` follows every raise and reduction, and `amount_from` is the month from which it holds; None for
    an opinion. While that month is to come, `earlier` has what holds until then (`amounts.told_in`).
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "round"),
        CheckConstraint(
            "amount_from IS NULL OR kind = 'award' AND extract(day FROM amount_from) = 1", name="amount_from"
        ),
        Index(None, "division", "id"),
        Index("notices_due_idx", "ends_on", postgresql_where=text("status = 'posted' AND ends_on IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    kind: Mapped[Kind] = mapped_column(String(16))
    round: Mapped[int] = mapped_column(SmallInteger)
    program: Mapped[str] = mapped_column(String(32))
    applicant_name_sealed: Mapped[bytes | None] = sealed(clear="applicant_name")  # absent once its time was over
    applicant_name_clear: Mapped[str | None] = mapped_column(
        "applicant_name", Text
    )  # of before it was sealed; the worker seals and empties it
    members_count: Mapped[int] = mapped_column(SmallInteger)
    monthly_amount_fen: Mapped[int] = mapped_column(BigInteger)
    amount_from: Mapped[date | None] = mapped_column(Date)
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    status: Mapped[Status] = mapped_column(String(16))
    posted_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    ends_provisional: Mapped[bool] = mapped_column(Boolean)
    posted_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Objection(Base):
    """What somebody said against a notice. With the number and the code it can be asked after; nobody else learns
    who made it."""

    __tablename__ = "objections"
    __table_args__ = (
        Index("objections_number_key", "number", unique=True),
        Index(None, "notice_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id"))
    number: Mapped[str] = mapped_column(String(32))
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    statement_sealed: Mapped[bytes] = sealed()
    name_sealed: Mapped[bytes | None] = sealed()
    phone_sealed: Mapped[bytes | None] = sealed()
    made_at: Mapped[datetime] = mapped_column(Instant)
