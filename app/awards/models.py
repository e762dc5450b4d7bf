"""Tables of this stage. No award without a decision (D57 art. 28): the key to it is not null and unique.

An amount never changes in place: `award_amounts` holds what it is from a month on, and why, by number.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
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
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.applications.models import PAYEES
from app.audit.subjects import Case
from app.awards.lifecycle import AdjustGround, AdjustmentStatus, AmountCause, Outcome, Settlement, Status
from app.core.crypto import OwnersIndex, sealed
from app.core.db import Base

Instant = DateTime(timezone=True)


class Award(Base):
    """What one household is entitled to: an amount for each month from `from_month` to `to_month` (None: open).

    `monthly_amount_fen` is what the decision granted; what holds in a month is for `award_amounts` to say
    (`queries.amount_in`). Months are the date of their first day.
    `kept_at`: when it was last decided that it stays as it is.
    `freed_at`: since then the household of a stopped award may apply again.
    `taken_over_from`: the award of another county that this one goes on with; no key crosses counties.
    `numbers_due`: it is still to be worked out for numbers that its decision did not know.
    `version` rises with every change.
    """

    __tablename__ = "awards"
    __table_args__ = (
        UniqueConstraint("application_id"),
        UniqueConstraint("decision_id"),
        UniqueConstraint("taken_over_from"),  # nobody's award is gone on with twice
        UniqueConstraint("id", "from_month"),  # what both ends of a hand-over are held to
        UniqueConstraint("id", "to_month"),
        CheckConstraint("monthly_amount_fen > 0", name="amount"),
        CheckConstraint("extract(day FROM from_month) = 1", name="from_month"),
        CheckConstraint("to_month IS NULL OR extract(day FROM to_month) = 1", name="to_month"),
        CheckConstraint("(status = 'stopped') = (to_month IS NOT NULL)", name="stopped"),
        Index(None, "county", "program", "status"),
        Index(None, "division", "status"),
        Index(None, "beneficiary_id"),
        Index("awards_to_free_idx", "to_month", postgresql_where=text("status = 'stopped' AND freed_at IS NULL")),
        Index("awards_numbers_due_idx", "id", postgresql_where=text("numbers_due")),
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
    kept_at: Mapped[datetime | None] = mapped_column(Instant)
    stop_ground: Mapped[str | None] = mapped_column(String(16))
    stop_reason_sealed: Mapped[bytes | None] = sealed()
    stopped_at: Mapped[datetime | None] = mapped_column(Instant)
    freed_at: Mapped[datetime | None] = mapped_column(Instant)
    taken_over_from: Mapped[UUID | None]
    numbers_due: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)

    @property
    def case(self) -> Case:
        """Whom records about this award are about."""
        return Case(self.application_id, self.beneficiary_id, self.county)


class Hearing(Base):
    """What the recipient said before a reduction or stop was decided; sealed, it may speak of health.

    `ground`: what the stop would rest on; None of a reduction, and of hearings of before grounds were named.
    """

    __tablename__ = "award_hearings"
    __table_args__ = (Index(None, "award_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    about: Mapped[str] = mapped_column(String(16))  # 'stop' | 'reduce'
    ground: Mapped[str | None] = mapped_column(String(16))
    heard_on: Mapped[date] = mapped_column(Date)
    heard_by: Mapped[UUID]
    opinion_sealed: Mapped[bytes] = sealed()
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class AwardAmount(Base):
    """What an award amounts to from a month on. Of several that cover a month the greatest `seq` holds; before the
    first of them what the decision granted, which is number 0.

    `numbers`: the numbers it was worked out with from the case of the decision; without them it rests on what the
    amount before rested on (`kept`), or on a person's finding (`adjustment`, or a `handover` of such an amount, or a
    `kept` with the `adjustment_id` of the decision that it says again, from its month on).
    `digest`: of the assessment, which is worked out anew when somebody asks why.
    """

    __tablename__ = "award_amounts"
    __table_args__ = (
        UniqueConstraint("award_id", "seq"),
        Index(None, "change_id", postgresql_where=text("change_id IS NOT NULL")),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("seq > 0", name="seq"),
        CheckConstraint("extract(day FROM from_month) = 1", name="from_month"),
        {"info": {"append_only": True}},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    seq: Mapped[int] = mapped_column(SmallInteger)
    from_month: Mapped[date] = mapped_column(Date)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    before_fen: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[AmountCause] = mapped_column(String(16))
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("number_changes.id"))
    adjustment_id: Mapped[UUID | None] = mapped_column(ForeignKey("award_adjustments.id"), index=True)
    numbers: Mapped[str | None] = mapped_column(ForeignKey("number_sets.digest"))
    rules_version: Mapped[int | None] = mapped_column(Integer)
    digest: Mapped[str | None] = mapped_column(String(64))
    recorded_by: Mapped[UUID]
    recorded_at: Mapped[datetime] = mapped_column(Instant)


class AwardAdjustment(Base):
    """Another amount from a month on: proposed by one person, decided by another; a lower one after the recipient was
    heard, a higher one with how and when it was found that more is due.

    `recomputed_id`: what a changed standard means for the award, where that is the ground; the amount is then that.
    """

    __tablename__ = "award_adjustments"
    __table_args__ = (
        Index(None, "award_id"),
        Index(
            "award_adjustments_one_proposed_key",
            "award_id",
            unique=True,
            postgresql_where=text("status = 'proposed'"),
        ),
        CheckConstraint("amount_fen > 0 AND amount_fen <> before_fen", name="amount"),
        CheckConstraint("(amount_fen > before_fen) = (found_on IS NOT NULL AND found_by IS NOT NULL)", name="found"),
        CheckConstraint("amount_fen < before_fen OR ground IN ('income', 'members', 'standard')", name="raise_ground"),
        CheckConstraint("extract(day FROM from_month) = 1", name="from_month"),
        CheckConstraint("(status = 'proposed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("status <> 'approved' OR decided_by <> proposed_by", name="four_eyes"),
        CheckConstraint("(ground = 'standard') = (recomputed_id IS NOT NULL)", name="ground"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    status: Mapped[AdjustmentStatus] = mapped_column(String(16))
    ground: Mapped[AdjustGround] = mapped_column(String(16))
    from_month: Mapped[date] = mapped_column(Date)
    before_fen: Mapped[int] = mapped_column(BigInteger)
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    recomputed_id: Mapped[UUID | None] = mapped_column(ForeignKey("recomputed_awards.id"), index=True)
    found_by: Mapped[str | None] = mapped_column(String(16))  # review | report
    found_on: Mapped[date | None] = mapped_column(Date)
    reason_sealed: Mapped[bytes] = sealed()
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[UUID | None]
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_reason_sealed: Mapped[bytes | None] = sealed()


class NumberSet(Base):
    """The numbers of one place and day, as amounts were worked out with them. Public facts, kept once."""

    __tablename__ = "number_sets"
    __table_args__ = ({"info": {"append_only": True}},)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    program: Mapped[str] = mapped_column(String(32))
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)


class Recomputation(Base):
    """One county's awards of a program, worked out anew because a number changed.

    Unfinished: it goes on behind `after`. `counts`: how many awards by outcome. `raised_fen`: by how much more is due
    each month, as of each award's first higher month.
    """

    __tablename__ = "recomputations"
    __table_args__ = (
        UniqueConstraint("change_id", "county", "program"),
        Index("recomputations_unfinished_idx", "id", postgresql_where=text("finished_at IS NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("number_changes.id"))
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    program: Mapped[str] = mapped_column(String(32))
    after: Mapped[UUID | None]
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    raised_fen: Mapped[int] = mapped_column(BigInteger)
    started_at: Mapped[datetime] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)


class RecomputedAward(Base):
    """What a changed number means for one award, once for each change.

    Or what another county's numbers mean for an award that was taken over (`handover_id`), which no key holds: the
    record of the hand-over is the first county's, and goes with its file.
    `after_fen`: what the rules give from `from_month` on; none where the household would not be entitled, or a person
    has to look first (`reason`). `further`: later months that wait as well, each with what it amounts to and what the
    rules give (`falls.Further`, its month as YYYY-MM). `grown`: of the first month, as with these; none: it was found
    before that was kept. What a person has to act on stays open until it is settled;
    one a time for an award.
    `step_due`: the case's timeline is still to be brought in line.
    """

    __tablename__ = "recomputed_awards"
    __table_args__ = (
        UniqueConstraint("change_id", "award_id"),
        Index(
            "recomputed_awards_one_open_key",
            "award_id",
            unique=True,
            postgresql_where=text("settlement = 'open'"),
        ),
        Index(None, "change_id", "division", "id"),
        Index("recomputed_awards_step_due_idx", "award_id", postgresql_where=text("step_due")),
        CheckConstraint("(settlement IN ('none', 'open')) = (settled_at IS NULL)", name="settled"),
        CheckConstraint("(change_id IS NULL) <> (handover_id IS NULL)", name="cause"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("number_changes.id"))
    handover_id: Mapped[UUID | None]
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    outcome: Mapped[Outcome] = mapped_column(String(24))
    reason: Mapped[str | None] = mapped_column(String(32))
    from_month: Mapped[date] = mapped_column(Date)
    before_fen: Mapped[int] = mapped_column(BigInteger)
    after_fen: Mapped[int | None] = mapped_column(BigInteger)
    further: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list, server_default=text("'[]'"))
    grown: Mapped[bool | None] = mapped_column(Boolean)
    numbers: Mapped[str | None] = mapped_column(ForeignKey("number_sets.digest"))
    settlement: Mapped[Settlement] = mapped_column(String(16))
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    settled_reason_sealed: Mapped[bytes | None] = sealed()
    step_due: Mapped[bool] = mapped_column(Boolean)
    recorded_at: Mapped[datetime] = mapped_column(Instant)
