"""Tables of this stage. Their conditions: never more comes back than was paid, and each month of an award once."""

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
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.overpayments.lifecycle import Ground, Status

Instant = DateTime(timezone=True)


class Recovery(Base):
    """A claim on a household for what one award paid too much, in fen.

    `instalments`: JSON list of `due_on` and `amount_fen`, as ordered. `taken_back_fen`: what the bank took back itself
    since. What is still to come back is `total_fen` less that, `repaid_fen` and `written_off_fen`.
    """

    __tablename__ = "recoveries"
    __table_args__ = (
        Index(None, "award_id"),
        Index("recoveries_one_proposed_key", "award_id", unique=True, postgresql_where=text("status = 'proposed'")),
        Index("recoveries_number_key", "number", unique=True),
        CheckConstraint("total_fen > 0", name="total"),
        CheckConstraint(
            "repaid_fen >= 0 AND written_off_fen >= 0 AND taken_back_fen >= 0 "
            "AND repaid_fen + written_off_fen + taken_back_fen <= total_fen",
            name="rest",
        ),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status = 'proposed' OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(status = 'repaid') = (repaid_fen + taken_back_fen = total_fen)", name="repaid"),
        CheckConstraint(
            "(status = 'written_off') = (written_off_by IS NOT NULL) "
            "AND (status = 'written_off') = (written_off_fen > 0)",
            name="written_off",
        ),
        CheckConstraint(
            "written_off_by IS NULL OR (write_off_proposed_by IS NOT NULL AND written_off_by <> write_off_proposed_by "
            "AND write_off_reason_sealed IS NOT NULL)",
            name="two_persons",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    number: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    ground: Mapped[Ground] = mapped_column(String(16))
    total_fen: Mapped[int] = mapped_column(BigInteger)
    reason_sealed: Mapped[bytes] = sealed()
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    heard_on: Mapped[date | None] = mapped_column(Date)
    heard_by: Mapped[UUID | None]
    opinion_sealed: Mapped[bytes | None] = sealed()
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    drop_reason_sealed: Mapped[bytes | None] = sealed()
    instalments: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    repaid_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    written_off_fen: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_back_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    write_off_reason_sealed: Mapped[bytes | None] = sealed()
    write_off_proposed_by: Mapped[UUID | None]
    write_off_proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    written_off_by: Mapped[UUID | None]
    written_off_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def outstanding_fen(self) -> int:
        """Return what is still to come back."""
        return self.total_fen - self.repaid_fen - self.written_off_fen - self.taken_back_fen


class RecoveryMonth(Base):
    """What of one month is claimed, of what was paid for it then; `taken_back_fen`: of that by the bank, later.

    `live`: its recovery was not dropped, and the bank has not taken back all of it.
    """

    __tablename__ = "recovery_months"
    __table_args__ = (
        UniqueConstraint("recovery_id", "month"),
        Index("recovery_months_once_key", "award_id", "month", unique=True, postgresql_where=text("live")),
        CheckConstraint(
            "amount_fen > 0 AND amount_fen <= paid_fen AND taken_back_fen BETWEEN 0 AND amount_fen", name="amount"
        ),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recoveries.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    month: Mapped[date] = mapped_column(Date)
    paid_fen: Mapped[int] = mapped_column(BigInteger)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    taken_back_fen: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    live: Mapped[bool] = mapped_column(Boolean)


class Repayment(Base):
    """Money that came back, by the number of its receipt: entered again, it is the same. Nobody changes it."""

    __tablename__ = "repayments"
    __table_args__ = (
        UniqueConstraint("recovery_id", "reference"),
        CheckConstraint("amount_fen > 0", name="amount"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    recovery_id: Mapped[UUID] = mapped_column(ForeignKey("recoveries.id"))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    received_on: Mapped[date] = mapped_column(Date)
    reference: Mapped[str] = mapped_column(String(64))
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)
