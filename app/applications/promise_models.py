"""The table of promises that stand for papers, and of what became of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.promise_lifecycle import Settlement, Status
from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Promise(Base):
    """A member's signed word for what a paper would show. `kind`: which paper; `member_id`: whom it is about.

    `fact_sealed`: what is promised to be so; `why_sealed`: why the paper cannot be had in time; both in the household's
    words. `signer_index`: the blind index of the signer's identity number, by which a broken promise is found again.
    """

    __tablename__ = "promises"
    __table_args__ = (
        Index(
            "promises_one_live_per_paper_key",
            "application_id",
            "member_id",
            "kind",
            unique=True,
            postgresql_where=text("status = 'promised'"),
        ),
        Index(None, "application_id"),
        Index("promises_broken_by_idx", "signer_index", postgresql_where=text("status IN ('broken', 'settled')")),
        CheckConstraint("(status IN ('promised', 'withdrawn')) = (verified_at IS NULL)", name="verified"),
        CheckConstraint("(status = 'settled') = (settlement IS NOT NULL)", name="settled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    fact_sealed: Mapped[bytes] = sealed()
    why_sealed: Mapped[bytes] = sealed()
    terms_version: Mapped[str] = mapped_column(String(16))
    signed_by_member_id: Mapped[UUID] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    signer_index: Mapped[bytes] = mapped_column(LargeBinary)
    method: Mapped[str] = mapped_column(String(16))
    signed_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    way: Mapped[str | None] = mapped_column(String(16))
    finding_sealed: Mapped[bytes | None] = sealed()
    verified_by: Mapped[UUID | None]
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    settlement: Mapped[Settlement | None] = mapped_column(String(16))
    settled_reason_sealed: Mapped[bytes | None] = sealed()
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
