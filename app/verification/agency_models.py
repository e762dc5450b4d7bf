"""Tables about the agencies themselves: how each attempt went, how reports agree with declarations, who fell silent.

Nobody is named in them: an attempt is known by its check. What was asked about whom, on which grounds, is on record for
three years in the audit (政务数据共享条例). These rows go with the case's file, attempts with those years.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base
from app.facts import Item

Instant = DateTime(timezone=True)

# Outcomes of an attempt that brought an answer; that brought the word that one will come; and both.
ANSWERS = ("hit", "none")
TAKEN = "taken"
USABLE = (*ANSWERS, TAKEN)
UNSIGNED = "unsigned"  # an answer was brought that does not carry the agency's signature

WHOLE = ""  # in place of an item: the agency as a whole


class CheckAttempt(Base):
    """One attempt at a check: when the agency was asked, how long it took, and what came of it.

    `outcome`: hit, none, taken (it will call back), or why nothing came: timeout, refused, error, garbage, unsigned. An
    attempt over which its worker died has no row. Nobody changes one.

    `called_back`: the agency's own turn, an answer that came by call-back or file. `asked_at` is then when it came, and
    `took_ms` is counted from when the question was first put.
    """

    __tablename__ = "check_attempts"
    __table_args__ = (
        Index(None, "application_id"),
        Index(None, "division", "asked_at"),
        Index("check_attempts_asked_idx", "asked_at"),
        # When an agency was last of use, and what has failed since.
        Index(
            "check_attempts_usable_idx",
            "partner",
            "asked_at",
            postgresql_where=text("outcome IN ('hit', 'none', 'taken')"),
        ),
        Index(
            "check_attempts_failed_idx",
            "partner",
            "asked_at",
            postgresql_where=text("outcome NOT IN ('hit', 'none', 'taken')"),
        ),
        CheckConstraint("took_ms >= 0", name="took"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    check_id: Mapped[UUID]
    partner: Mapped[str] = mapped_column(String(32))
    item: Mapped[Item] = mapped_column(String(32))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    took_ms: Mapped[int] = mapped_column(Integer)
    outcome: Mapped[str] = mapped_column(String(16))
    called_back: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))


class ReportTally(Base):
    """How far a report's findings of one agency agree with what was declared: fields compared, and fields that differ.

    The report itself is sealed; this is all of it that a picture of the agencies needs. Nobody changes one.
    """

    __tablename__ = "report_tallies"
    __table_args__ = (
        Index(None, "application_id"),
        Index(None, "division", "issued_at"),
        Index("report_tallies_report_id_partner_key", "report_id", "partner", unique=True),
        CheckConstraint("differing BETWEEN 0 AND compared", name="differing"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[UUID] = mapped_column(ForeignKey("applications.id"))
    report_id: Mapped[UUID]
    partner: Mapped[str] = mapped_column(String(32))
    issued_at: Mapped[datetime] = mapped_column(Instant)
    compared: Mapped[int] = mapped_column(SmallInteger)
    differing: Mapped[int] = mapped_column(SmallInteger)


class AgencyOutage(Base):
    """An agency gave a county nothing usable for so long that its supervisors are told; `ended_at`: it answers again.

    `item`: where it is silent about one of its items only, which one; empty where it is the agency as a whole.
    `division` is the county's own code. `silent_since`: its first failure after whatever it said last. `waiting`: how
    many of the county's questions waited for it when that was found.
    """

    __tablename__ = "agency_outages"
    __table_args__ = (
        Index(
            "agency_outages_one_open_key",
            "county",
            "partner",
            "item",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "division", "found_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    partner: Mapped[str] = mapped_column(String(32))
    item: Mapped[str] = mapped_column(String(32), default=WHOLE, server_default=text("''"))
    silent_since: Mapped[datetime] = mapped_column(Instant)
    found_at: Mapped[datetime] = mapped_column(Instant)
    waiting: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
