"""Tables of identity: citizens, one-time codes, staff, sessions and refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.identity.actors import Role

Instant = DateTime(timezone=True)


class Citizen(Base):
    """A person with an account. One phone opens one account; relatives may share a phone only by signing in as one."""

    __tablename__ = "citizens"
    __table_args__ = (
        Index("citizens_phone_index_key", "phone_index", unique=True),
        Index("citizens_id_number_index_key", "id_number_index", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_sealed: Mapped[bytes] = sealed(division=None)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str | None] = mapped_column(Text)
    id_number_sealed: Mapped[bytes | None] = sealed(division=None)
    id_number_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    real_name_proved_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class OneTimeCode(Base):
    """A code sent to a phone; the code itself is stored sealed until the message has left."""

    __tablename__ = "one_time_codes"
    __table_args__ = (Index(None, "phone_index", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_sealed: Mapped[bytes] = sealed(division=None)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary)
    code_sealed: Mapped[bytes] = sealed(division=None)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Guess(Base):
    """How often a number was tried with a wrong second fact since `since`; `key` is a hash of number and purpose."""

    __tablename__ = "guesses"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(Instant, index=True)


class Staff(Base):
    """A caseworker, finance officer, supervisor or administrator, and the division below which they see."""

    __tablename__ = "staff"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    role: Mapped[Role] = mapped_column(String(32))
    division: Mapped[str] = mapped_column(String(12), index=True)
    disabled_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)


class Session(Base):
    """One sign-in on one device: the family of its refresh tokens."""

    __tablename__ = "sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[Role] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class RefreshToken(Base):
    """One link of a family. The token is computed from `id`, so that a lost answer can be given again."""

    __tablename__ = "refresh_tokens"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id"), index=True)
    issued_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    successor_id: Mapped[UUID | None]
