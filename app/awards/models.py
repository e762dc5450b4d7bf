"""Tables of this stage. No row here without a decision (D57 art. 28): the key to it is not null and unique."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import PAYEES
from app.audit.subjects import Case
from app.awards.lifecycle import Status
from app.core.crypto import OwnersIndex, sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Award(Base):
    """What one household is entitled to: an amount for each month from `from_month` to `to_month` (None: open).

    Months are the date of their first day. `freed_at`: since then the household of a stopped award may apply again.
    `version` rises with every change.
    """

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("application_id"),
        UniqueConstraint("decision_id"),
        CheckConstraint("monthly_amount_fen > 0", name="amount"),
        CheckConstraint("extract(day FROM from_month) = 1", name="from_month"),
        CheckConstraint("to_month IS NULL OR extract(day FROM to_month) = 1", name="to_month"),
        CheckConstraint("(status = 'stopped') = (to_month IS NOT NULL)", name="stopped"),
        Index(None, "county", "program", "status"),
        Index(None, "division", "status"),
        Index(None, "beneficiary_id"),
        Index("awards_to_free_idx", "to_month", postgresql_where=text("status = 'stopped' AND freed_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decisions.id"))
    beneficiary_id: Mapped[UUID]
    payee_name_sealed: Mapped[bytes | None] = sealed(
        clear="payee_name", index=OwnersIndex("payee_name_index", PAYEES, "beneficiary_id")
    )  # absent once erased
    payee_name_clear: Mapped[str | None] = mapped_column(
        "payee_name", Text
    )  # of before it was sealed; the worker seals and empties it
    payee_name_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # beside that of an account's holder
    program: Mapped[str] = mapped_column(String(32))
    monthly_amount_fen: Mapped[int] = mapped_column(BigInteger)
    members_count: Mapped[int] = mapped_column(SmallInteger)
    from_month: Mapped[date] = mapped_column(Date)
    to_month: Mapped[date | None] = mapped_column(Date)
    status: Mapped[Status] = mapped_column(String(16))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    suspended_reason: Mapped[str | None] = mapped_column(String(32))
    resumed_at: Mapped[datetime | None] = mapped_column(Instant)
    stop_ground: Mapped[str | None] = mapped_column(String(16))
    stop_reason_sealed: Mapped[bytes | None] = sealed()
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    freed_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this award are about."""
        return Case(self.application_id, self.beneficiary_id, self.county)


class Hearing(Base):
    """What the recipient said before a reduction or stop was decided; sealed, it may speak of health."""

    __tablename__ = "award_hearings"
    __table_args__ = (Index(None, "award_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    about: Mapped[str] = mapped_column(String(16))  # 'stop' | 'reduce'
    heard_on: Mapped[date] = mapped_column(Date)
    heard_by: Mapped[UUID]
    opinion_sealed: Mapped[bytes] = sealed()
    recorded_at: Mapped[datetime] = mapped_column(Instant)
