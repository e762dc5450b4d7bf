"""Tables of files: which questions went out together, the files that came back, and what became of each line.

A batch is of one agency, one item and one county: its lines fall under the county's keys, and whoever may see the
county sees it whole. No person is named in any of them: a line is known by its check.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Date, DateTime, ForeignKey, Index, Integer, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.facts import Item
from app.verification.batch_lifecycle import LineStatus, Status

Instant = DateTime(timezone=True)


class CheckBatch(Base):
    """A file of questions. `serial` is what the agency knows it by; `division` is the county's own code.

    `next_at`: when it is taken up again, to be sent or to look for answers; None: only once the agency says that there
    is a file. `attempts` counts calls, `failures` those in a row that brought nothing. `files`: how many files of
    answers were read.
    """

    __tablename__ = "check_batches"
    __table_args__ = (
        UniqueConstraint("serial"),
        Index(None, "division", "opened_at"),
        Index("check_batches_due_idx", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    partner: Mapped[str] = mapped_column(String(32))
    item: Mapped[Item] = mapped_column(String(32))
    serial: Mapped[str] = mapped_column(String(32))
    status: Mapped[Status] = mapped_column(String(16))
    lines: Mapped[int] = mapped_column(Integer)
    opened_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    due_on: Mapped[date] = mapped_column(Date)
    next_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(Integer)
    failures: Mapped[int] = mapped_column(Integer)
    last_failure: Mapped[str | None] = mapped_column(String(16))
    files: Mapped[int] = mapped_column(SmallInteger)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class CheckBatchLine(Base):
    """One question of a batch. A check is in one open line at a time.

    `reason`: why it was set aside; `file`: the number of the file that settled it.
    """

    __tablename__ = "check_batch_lines"
    __table_args__ = (
        UniqueConstraint("batch_id", "check_id"),
        Index("check_batch_lines_one_open_key", "check_id", unique=True, postgresql_where=text("status = 'open'")),
        Index(None, "application_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("check_batches.id"))
    check_id: Mapped[UUID]
    status: Mapped[LineStatus] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(16))
    file: Mapped[int | None] = mapped_column(SmallInteger)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class CheckBatchFile(Base):
    """A file of answers of a batch, each number once; `digest` is that of its bytes. `read_at`: all of it was kept.

    `bad` names the lines that were set aside, `[{"line": 3, "reason": "unknown"}, …]`, also those that are no question
    of the batch.
    """

    __tablename__ = "check_batch_files"
    __table_args__ = (UniqueConstraint("batch_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("check_batches.id"))
    number: Mapped[int] = mapped_column(SmallInteger)
    digest: Mapped[str] = mapped_column(String(64))
    answers: Mapped[int] = mapped_column(Integer)
    bad: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    found_at: Mapped[datetime] = mapped_column(Instant)
    read_at: Mapped[datetime | None] = mapped_column(Instant)
