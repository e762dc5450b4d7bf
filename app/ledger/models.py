"""The table of postings: append-only by database rights."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class Posting(Base):
    """One amount moved from `credit` to `debit`, once for its cause: a second posting of the same cause cannot exist.

    A mistake is corrected by another posting with a cause of its own, never by changing this one.
    """

    __tablename__ = "postings"
    __table_args__ = (
        UniqueConstraint("cause_id", "cause_type"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("debit <> credit", name="sides"),
        Index(None, "debit"),
        Index(None, "credit"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    debit: Mapped[str] = mapped_column(String(64))
    credit: Mapped[str] = mapped_column(String(64))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    cause_type: Mapped[str] = mapped_column(String(16))
    cause_id: Mapped[UUID]
    posted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
