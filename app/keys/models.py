"""Tables of data keys, and of the runs that seal a division's values anew."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, LargeBinary, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base

Instant = DateTime(timezone=True)


class DataKeyRecord(Base):
    """One data key, wrapped. Its life: announced · usable · replaced by a later one · retired, when nothing is sealed
    under it any more · destroyed, when `wrapped` is overwritten.

    The one that was not replaced is the division's active key: there is exactly one.
    """

    __tablename__ = "data_keys"
    __table_args__ = (
        Index("data_keys_one_active_key", "division", unique=True, postgresql_where=text("replaced_at IS NULL")),
        CheckConstraint("retired_at IS NULL OR replaced_at IS NOT NULL", name="replaced_before_retired"),
        CheckConstraint("destroyed_at IS NULL OR retired_at IS NOT NULL", name="retired_before_destroyed"),
        CheckConstraint("(destroyed_at IS NOT NULL) = (length(wrapped) = 0)", name="overwritten"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(6))  # a county, or 000000 for what belongs to none
    suite: Mapped[int] = mapped_column(SmallInteger)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(Instant)
    usable_from: Mapped[datetime] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
    retired_at: Mapped[datetime | None] = mapped_column(Instant)
    destroyed_at: Mapped[datetime | None] = mapped_column(Instant)


class Resealing(Base):
    """One run that brings all values of a division under its active key, and where it stands.

    It goes through the tables in the order of their names, each by primary key; `after` is the last key it has done.
    `barrier`: the transaction it waits for at the end of a round, before it looks whether anything was left.
    `resealed` and `unreadable` count in the present round, `total` in all of them.
    """

    __tablename__ = "resealings"
    __table_args__ = (
        Index("resealings_one_open_key", "division", unique=True, postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(String(6))
    started_at: Mapped[datetime] = mapped_column(Instant)
    round: Mapped[int] = mapped_column(Integer)
    table_name: Mapped[str] = mapped_column(String(64))
    after: Mapped[str | None] = mapped_column(String(128))
    barrier: Mapped[int | None] = mapped_column(BigInteger)
    resealed: Mapped[int] = mapped_column(BigInteger)
    unreadable: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int] = mapped_column(BigInteger)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
