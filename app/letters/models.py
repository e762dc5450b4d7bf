"""The table of this stage."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.letters.kinds import Kind


class Letter(Base):
    """One letter, as it was issued; nobody changes it. `cause_id`: what it was written for. `citizen_id`: to whom; None
    where it went to somebody outside the household, which the household does not read.

    `body_sealed`: what it says, as canonical JSON, its check code included; `digest` is the SHA-256 of that.
    `code_index`: blind index of number and code, for who checks it.
    """

    __tablename__ = "letters"
    __table_args__ = (
        UniqueConstraint("application_id", "kind", "cause_id"),
        Index("letters_number_key", "number", unique=True),
        Index(None, "division", "issued_at"),
        Index(None, "citizen_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    citizen_id: Mapped[UUID | None]
    kind: Mapped[Kind] = mapped_column(String(16))
    cause_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(String(32))
    code_index: Mapped[bytes] = mapped_column(LargeBinary)
    authority: Mapped[str] = mapped_column(String(12))  # the division that issued it
    issued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    digest: Mapped[str] = mapped_column(String(64))
    body_sealed: Mapped[bytes] = sealed()
