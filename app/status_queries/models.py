"""Tables of this stage. A query and its lines are the record of what was told to whom: nobody changes them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    Boolean,
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
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.status_queries.grounds import Basis, QueryPurpose
from app.status_queries.lifecycle import PartnerStatus

Instant = DateTime(timezone=True)


class QueryPartner(Base):
    """A system of another authority that may ask. `title` is what citizens read (zh-CN).

    `division`: below which what it asks about has to be kept; `purposes`: what it may ask for. `secret_index` is a
    keyed hash of its secret. `counted` persons were asked about on `counted_on`, a day in China.
    """

    __tablename__ = "query_partners"
    __table_args__ = (
        UniqueConstraint("code"),
        Index(None, "division", "id"),
        CheckConstraint("code ~ '^[a-z][a-z_]{2,31}$'", name="code"),
        CheckConstraint("most_per_day > 0", name="most_per_day"),
        CheckConstraint("counted BETWEEN 0 AND most_per_day", name="counted"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(32))
    title: Mapped[str] = mapped_column(Text)
    purposes: Mapped[list[str]] = mapped_column(JSONB)
    secret_index: Mapped[bytes] = mapped_column(LargeBinary)
    most_per_day: Mapped[int] = mapped_column(Integer)
    counted_on: Mapped[date | None] = mapped_column(Date)
    counted: Mapped[int] = mapped_column(Integer, default=0)
    status: Mapped[PartnerStatus] = mapped_column(String(16))
    status_since: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class StatusQuery(Base):
    """One query about up to a hundred persons. `county` and `division` are the partner's."""

    __tablename__ = "status_queries"
    __table_args__ = (
        Index(None, "partner_id", "id"),
        Index(None, "division", "id"),
        Index(None, "asked_at"),
        CheckConstraint("persons > 0 AND recipients BETWEEN 0 AND persons", name="persons"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    partner_id: Mapped[UUID] = mapped_column(ForeignKey("query_partners.id"))
    purpose: Mapped[QueryPurpose] = mapped_column(String(32))
    basis: Mapped[Basis] = mapped_column(String(32))
    persons: Mapped[int] = mapped_column(SmallInteger)
    recipients: Mapped[int] = mapped_column(SmallInteger)
    asked_at: Mapped[datetime] = mapped_column(Instant)


class StatusQueryLine(Base):
    """One person who was asked about, and what was told: JSON of `reference`, the partner's own, and `programs`.

    `citizen_id`: the account of that number, whether or not the name was right; `member_id`, `application_id`: the
    member and case of what was told, where something was.
    """

    __tablename__ = "status_query_lines"
    __table_args__ = (
        UniqueConstraint("query_id", "position"),
        Index(None, "citizen_id"),
        Index(None, "member_id"),
        Index(None, "asked_at"),
        CheckConstraint("recipient = (application_id IS NOT NULL)", name="recipient"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    query_id: Mapped[UUID] = mapped_column(ForeignKey("status_queries.id"))
    partner_id: Mapped[UUID]  # the query's
    position: Mapped[int] = mapped_column(SmallInteger)
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    citizen_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]
    application_id: Mapped[UUID | None]
    purpose: Mapped[QueryPurpose] = mapped_column(String(32))
    recipient: Mapped[bool] = mapped_column(Boolean)
    answer_sealed: Mapped[bytes] = sealed(division=None)  # the partner's place is not the person's
    asked_at: Mapped[datetime] = mapped_column(Instant)
