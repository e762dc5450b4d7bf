"""Tables of uploads. They belong to a citizen, not to a county: a file becomes a case's with its document."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Upload(Base):
    """A file announced by size and digest.

    `completed_at` is set when the whole was checked and kept; `stored_*` and `media_type` then describe what is kept,
    which for a picture is not the file announced: it was drawn anew. `attached_at` is set with the first document made
    of it. `key_sealed`: the key that parts and file lie under in the storage; null: a version before kept them in
    clear. Discarded ones are gone for everybody but the sweep that clears them away.
    """

    __tablename__ = "uploads"
    __table_args__ = (
        Index("uploads_unattached_idx", "owner_id", postgresql_where=text("attached_at IS NULL")),
        Index("uploads_expiring_idx", "created_at", postgresql_where=text("attached_at IS NULL")),
        Index("uploads_untidied_idx", "completed_at", postgresql_where=text("tidied_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    key_sealed: Mapped[bytes | None] = sealed(division=None)
    media_type: Mapped[str | None] = mapped_column(String(64))
    stored_size: Mapped[int | None] = mapped_column(Integer)
    stored_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    completed_at: Mapped[datetime | None] = mapped_column(Instant)
    attached_at: Mapped[datetime | None] = mapped_column(Instant)
    discarded_at: Mapped[datetime | None] = mapped_column(Instant)
    tidied_at: Mapped[datetime | None] = mapped_column(Instant)


class UploadPart(Base):
    """A part that is kept under its digest until the upload is complete; parts are numbered from 1."""

    __tablename__ = "upload_parts"

    upload_id: Mapped[UUID] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))
