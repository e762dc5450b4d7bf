"""What was found about a household whose award is in force, for a person to look at."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.awards.lifecycle import Settlement
from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class AwardFinding(Base):
    """Something agencies say of a household that they did not say before. It moves no amount: a person settles it.

    `found_by`: the kind of re-verification, and `campaign_id` which one; `dispute` and None where an agency was asked
    anew because of a dispute, `late_answer` and None where it answered after the grant what was asked before.
    `report_id`: the report that says so; None of a match, which issues none. `content_sealed` is JSON:
    `findings.FoundChange` by field: of these, and of no other, what comes later is compared with it. `digest` is keyed:
    what a register said once and was settled does not come back with the next match; what a report says comes once.
    `adjustment_id`: the proposed amount that answers it: approved it settles the finding, else it lets go of it.
    """

    __tablename__ = "award_findings"
    __table_args__ = (
        UniqueConstraint("award_id", "digest"),
        Index("award_findings_open_idx", "award_id", postgresql_where=text("settlement = 'open'")),
        Index("award_findings_adjustment_idx", "adjustment_id", postgresql_where=text("adjustment_id IS NOT NULL")),
        CheckConstraint("(settlement = 'open') = (settled_at IS NULL)", name="settled"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    found_by: Mapped[str] = mapped_column(String(24))
    campaign_id: Mapped[UUID | None]
    report_id: Mapped[UUID | None]
    found_at: Mapped[datetime] = mapped_column(Instant)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    content_sealed: Mapped[bytes] = sealed()
    adjustment_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_adjustments.id"))
    settlement: Mapped[Settlement] = mapped_column(String(16))
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_reason_sealed: Mapped[bytes | None] = sealed()
