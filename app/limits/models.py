"""The table of counters."""

from datetime import datetime

from sqlalchemy import DateTime, Integer, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base


class LimitCount(Base):
    """How often a limit was used in the window that is open until `ends_at`.

    `key` is a blind index of policy and partition: the table names no phone, number or address.
    """

    __tablename__ = "limit_counts"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used: Mapped[int] = mapped_column(Integer)
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
