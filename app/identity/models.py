"""Tables of identity: citizens, questions about their names, one-time codes; staff; sessions and refresh tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.identity.actors import Role, Scope

Instant = DateTime(timezone=True)


class Citizen(Base):
    """A person with an account. One phone opens one account; relatives may share a phone only by signing in as one.

    Without a phone: opened under an entrustment, for who has none; nobody signs in to it but who acts for her.
    """

    __tablename__ = "citizens"
    __table_args__ = (
        Index("citizens_phone_index_key", "phone_index", unique=True),
        Index("citizens_id_number_index_key", "id_number_index", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    phone_sealed: Mapped[bytes | None] = sealed(division=None)
    phone_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    name_sealed: Mapped[bytes | None] = sealed(division=None, clear="name")
    name_clear: Mapped[str | None] = mapped_column(
        "name", Text
    )  # of before it was sealed; the worker seals and empties it
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
    device_index: Mapped[bytes | None] = mapped_column(LargeBinary)  # who asked; only that device may try it
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


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


class SecondFactor(Base):
    """A member of staff's authenticator (RFC 6238); it counts once it was confirmed by a code.

    `last_step` is the newest time step a code of which was taken: no code is taken twice. `reset_by` asked for its
    removal, which another administrator has to do.
    """

    __tablename__ = "second_factors"

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    secret_sealed: Mapped[bytes] = sealed(row="staff_id", division=None)
    created_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    reset_by: Mapped[UUID | None]
    reset_asked_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """One way in without the authenticator; good once. `code_index` is a keyed hash of staff and code."""

    __tablename__ = "recovery_codes"

    code_index: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class SessionEpoch(Base):
    """How often all sessions of a subject, citizen or staff, were ended at once; without a row: never."""

    __tablename__ = "session_epochs"

    subject_id: Mapped[UUID] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(Integer)


class Session(Base):
    """One sign-in on one device: the family of its refresh tokens. It stands while its epoch is its subject's.

    Where somebody else acts in it, `agent_id` and `agent_epoch` say who, and under which of his epochs: it does not
    outlive what ends all sessions of his own.
    """

    __tablename__ = "sessions"
    __table_args__ = (Index(None, "subject_id", "device_index"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject_id: Mapped[UUID] = mapped_column(index=True)
    role: Mapped[Role] = mapped_column(String(32))
    epoch: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    scope: Mapped[Scope] = mapped_column(String(16), default=Scope.FULL, server_default="full")
    device_index: Mapped[bytes | None] = mapped_column(LargeBinary)
    entrustment_id: Mapped[UUID | None] = mapped_column(index=True)  # somebody else acts, under this entrustment
    agent_id: Mapped[UUID | None] = mapped_column(index=True)
    agent_epoch: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(Instant)
    authenticated_at: Mapped[datetime | None] = mapped_column(Instant)  # null in a session of before: as created
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


class IdentityQuestion(Base):
    """A question to public security whether a name and a number belong together, kept before it is put.

    It comes before there is a case: what stands in the place of case and authorisation is the citizen's own request
    for the own account, which the database insists on, or the entrustment of who asks for another. `id` is the
    reference the agency is told. Unanswered where the agency stayed silent. Neither name nor number is kept here: what
    was confirmed stands on the account.
    """

    __tablename__ = "identity_questions"
    __table_args__ = (
        CheckConstraint("purpose = 'real_name'", name="purpose"),
        CheckConstraint("authorisation IN ('own_request', 'entrustment') AND operator = citizen_id", name="grounds"),
        CheckConstraint("(answered_at IS NULL) = (same IS NULL)", name="answered"),
        Index(None, "citizen_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    citizen_id: Mapped[UUID]
    item: Mapped[str] = mapped_column(String(32))
    partner: Mapped[str] = mapped_column(String(32))
    purpose: Mapped[str] = mapped_column(String(32))
    authorisation: Mapped[str] = mapped_column(String(32))
    operator: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(Instant)
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    same: Mapped[bool | None]
