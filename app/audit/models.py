"""Tables of the evidence: records, and the Merkle tree over them. Append-only by database rights, all of them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class AuditRecord(Base):
    """One act or look. `detail` holds codes and ids, never personal data.

    `citizens`, `applications`: whom it is about; a look at a list is one record with all that were shown. `purpose`: a
    code of `purposes.py`. `before_digest`, `after_digest`: see `states.py`. `reason_sealed`: the person's own words;
    `reason_digest` is in the leaf in their place. `txid` orders records for sealing: what has committed is complete
    below the oldest running transaction. Columns with server defaults have them for records of before there was a
    tree.
    """

    __tablename__ = "audit_records"
    __table_args__ = (
        Index(None, "object_id", "at"),
        Index(None, "county", "at"),
        Index(None, "txid", "id"),
        # Most records are about few people: entries of a look at nobody in particular would only be in the way.
        Index(
            "audit_records_citizens_idx", "citizens", postgresql_using="gin", postgresql_where=text("citizens <> '{}'")
        ),
        Index(
            "audit_records_applications_idx",
            "applications",
            postgresql_using="gin",
            postgresql_where=text("applications <> '{}'"),
        ),
        CheckConstraint("NOT look OR purpose IS NOT NULL", name="look_has_purpose"),
        CheckConstraint("purpose ~ '^[a-z_]{1,32}$'", name="purpose_is_code"),
        {"info": {"append_only": True}},
    )
    # Asked for what the server filled in, PostgreSQL would want the row to be one that who wrote it may read.
    __mapper_args__ = {"eager_defaults": False}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    county: Mapped[str | None] = mapped_column(String(6))
    actor_id: Mapped[UUID]
    actor_role: Mapped[str] = mapped_column(String(32))
    actor_division: Mapped[str | None] = mapped_column(String(12))
    actor_level: Mapped[str | None] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(64))
    look: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    object_type: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[UUID]
    object_version: Mapped[int | None] = mapped_column(Integer)
    purpose: Mapped[str | None] = mapped_column(Text)
    citizens: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    applications: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    before_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    after_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    reason_sealed: Mapped[bytes | None] = sealed(division=None)  # some looks have no county
    reason_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)
    trace: Mapped[str] = mapped_column(String(64))
    salt: Mapped[bytes] = mapped_column(LargeBinary, server_default="")
    txid: Mapped[int] = mapped_column(BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint"))


class AuditLeaf(Base):
    """The place of a record in the tree, and its leaf's hash. Places have no gaps: they are given when sealing.

    No foreign key: the hash stays when a record is erased by law, and the rest of the tree can still be proved.
    """

    __tablename__ = "audit_leaves"
    __table_args__ = (
        Index("audit_leaves_record_id_key", "record_id", unique=True),
        {"info": {"append_only": True}},
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[UUID]
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditTile(Base):
    """256 neighbouring hashes of one height, once they are all there, and the root over them: an eight-storey piece.

    `level` 0 holds leaves, level 1 the roots of level 0, and so on. A hash of any height is computed from one tile, so
    a proof reads as many rows as the tree has storeys of eight. Nothing of it is believed: it can be made anew from the
    leaves, and a verifier never asks for it.
    """

    __tablename__ = "audit_tiles"
    __table_args__ = ({"info": {"append_only": True}},)

    level: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    hashes: Mapped[bytes] = mapped_column(LargeBinary)


class AuditCheckpoint(Base):
    """One signed state of the tree. `note` is what is published, to the byte.

    `edge`: the roots of the tree's perfect subtrees, the largest first, so that it can grow without being read.
    `last_txid`, `last_record_id`: up to where records are in it, in the order of sealing.
    """

    __tablename__ = "audit_checkpoints"
    __table_args__ = ({"info": {"append_only": True}},)

    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Instant)
    key_id: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(Text)
    edge: Mapped[bytes] = mapped_column(LargeBinary)
    last_txid: Mapped[int] = mapped_column(BigInteger)
    last_record_id: Mapped[UUID]


class AuditKey(Base):
    """A public key that has signed checkpoints, in a note's usual form."""

    __tablename__ = "audit_keys"
    __table_args__ = ({"info": {"append_only": True}},)

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    verifier_key: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Instant)
