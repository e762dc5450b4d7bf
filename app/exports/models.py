"""The table of this stage. The file is nowhere: it is made of live rows at each download, and only its marks remain."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Integer, SmallInteger, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.exports.kinds import ExportKind
from app.exports.lifecycle import DOWNLOADS, Status

Instant = DateTime(timezone=True)


class Export(Base):
    """A list somebody asked for. `division`: below which its rows lie; `month`, `filter_status`: of the rows.

    `columns` as they stand in the file; `unmasked`: those of them that are shown in clear.
    """

    __tablename__ = "exports"
    __table_args__ = (
        Index(None, "division", "id"),
        Index(None, "requested_by", "id"),
        CheckConstraint("approved_by <> requested_by AND rejected_by <> requested_by", name="second_person"),
        CheckConstraint(
            "(status = 'approved') = (approved_by IS NOT NULL AND approved_at IS NOT NULL AND expires_at IS NOT NULL)",
            name="approved",
        ),
        CheckConstraint("downloads BETWEEN 0 AND 3 AND (downloads = 0 OR status = 'approved')", name="downloads"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    kind: Mapped[ExportKind] = mapped_column(String(32))
    month: Mapped[date | None] = mapped_column(Date)
    filter_status: Mapped[str | None] = mapped_column(String(32))
    columns: Mapped[list[str]] = mapped_column(JSONB)
    unmasked: Mapped[list[str]] = mapped_column(JSONB)
    purpose: Mapped[str] = mapped_column(String(32))
    reason_sealed: Mapped[bytes] = sealed(division=None)  # some exports lie above the counties, which have the keys
    status: Mapped[Status] = mapped_column(String(16))
    requested_by: Mapped[UUID]
    requested_at: Mapped[datetime] = mapped_column(Instant)
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_by: Mapped[UUID | None]
    rejected_at: Mapped[datetime | None] = mapped_column(Instant)
    reject_reason_sealed: Mapped[bytes | None] = sealed(division=None)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    downloads: Mapped[int] = mapped_column(SmallInteger, default=0, server_default=text("0"))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def downloads_left(self) -> int:
        """How often the file may still be taken, while the approval lasts."""
        return DOWNLOADS - self.downloads if self.status == Status.APPROVED else 0
