"""Tables by which nobody is asked about twice for the same need: who asks, and which case used which answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.facts import Item

Instant = DateTime(timezone=True)


class AskedNeed(Base):
    """Which check asks about an item of a person, whatever the case: one at a time.

    `person_index`: the blind index of the identity number, as in `members`. Like `claims` it crosses counties, so that
    it is small, and refers to nobody: the next check that asks about the same takes the row over.
    """

    __tablename__ = "asked_needs"
    __table_args__ = (Index(None, "application_id"),)

    person_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    item: Mapped[Item] = mapped_column(String(32), primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    application_id: Mapped[UUID]
    check_id: Mapped[UUID]


class CheckUse(Base):
    """A check took the answer that another case of the same person had: which, when it was given, and on what ground.

    `source_check_id`: the check under which the agency was asked, whose case may be erased before this one. Nobody
    changes a use.
    """

    __tablename__ = "check_uses"
    __table_args__ = (
        Index("check_uses_check_id_key", "check_id", unique=True),
        Index(None, "application_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    check_id: Mapped[UUID]
    source_check_id: Mapped[UUID]
    authorisation_id: Mapped[UUID]
    answered_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime] = mapped_column(Instant)
