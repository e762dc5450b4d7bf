"""The table of kept answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from app.core.crypto import sealed
from app.core.db import Base


class KeptAnswer(Base):
    """What a request was answered. `scope` is a digest of caller, method, route and key; `request` one of the request.

    The body is sealed and bound to its row: the table holds no second copy of anybody's data in clear.
    """

    __tablename__ = "kept_answers"

    scope: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    id: Mapped[UUID]
    request: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int | None] = mapped_column(SmallInteger)
    answer_sealed: Mapped[bytes | None] = sealed(division=None)
    kept_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
