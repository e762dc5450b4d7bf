"""Tables of declarations and of the roster of committees. Names and numbers are sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base
from app.relatives.kinship import Kinship, PersonKind

Instant = DateTime(timezone=True)


class CommitteeMember(Base):
    """Somebody on the committee of a village or neighbourhood (村（居）民委员会成员)."""

    __tablename__ = "committee_members"
    __table_args__ = (Index(None, "division"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    name_sealed: Mapped[bytes] = sealed()
    duty: Mapped[str] = mapped_column(String(16))
    added_by: Mapped[UUID]
    added_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)


class DeclaredRelative(Base):
    """A close relative of somebody. Rows are ended, never changed: what was declared when stays on record.

    `id_number_index` is made under the name of the members' column: declarations are found by the members of a
    household, and members by a declaration, without a number in clear.
    """

    __tablename__ = "declared_relatives"
    __table_args__ = (
        Index(None, "id_number_index"),
        Index(
            "declared_relatives_one_live_key",
            "person_id",
            "id_number_index",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    person_kind: Mapped[PersonKind] = mapped_column(String(16))
    person_id: Mapped[UUID]
    relation: Mapped[Kinship] = mapped_column(String(16))
    # Under the general key: staff above the counties declare, too.
    name_sealed: Mapped[bytes] = sealed(division=None)
    id_number_sealed: Mapped[bytes] = sealed(division=None)
    id_number_index: Mapped[bytes] = mapped_column(LargeBinary)
    declared_by: Mapped[UUID]
    declared_at: Mapped[datetime] = mapped_column(Instant)
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
