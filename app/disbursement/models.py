"""Tables of this stage. What keeps a month from being paid twice are two unique keys of a line: (award, month, cause),
and (county, program, beneficiary, month, cause) across awards.

Lines do not change once their payroll is approved, but for what the bank says became of them.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
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

from app.audit.subjects import Case
from app.core.crypto import sealed
from app.core.db import Base
from app.disbursement.lifecycle import Dispute, LineKind, LineStatus, PayrollKind, Status

Instant = DateTime(timezone=True)
# The cause of the one line that a month itself gives. That of arrears beside it is the id of the award's higher amount,
# that of a reissue the id of the line that failed.
ENTITLEMENT = "entitlement"


class Payroll(Base):
    """One county's orders to the bank for one month of one program (发放台账). Its id is the bank's batch number.

    `digest` is taken over the lines when the payroll is handed in. `ask_after`: when the bank is asked next about
    lines it has not settled; `check_after`: when the books are next compared with the lines.
    """

    __tablename__ = "payrolls"
    __table_args__ = (
        UniqueConstraint("county", "program", "month", "kind", "seq"),
        Index(
            "payrolls_one_regular_key",
            "county",
            "program",
            "month",
            unique=True,
            postgresql_where=text("kind = 'regular' AND status <> 'rejected'"),
        ),
        Index("payrolls_number_key", "number", unique=True),
        Index(None, "division", "id"),
        Index("payrolls_ask_after_idx", "ask_after", postgresql_where=text("ask_after IS NOT NULL")),
        Index("payrolls_check_after_idx", "check_after", postgresql_where=text("check_after IS NOT NULL")),
        CheckConstraint("extract(day FROM month) = 1", name="month"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(32))
    program: Mapped[str] = mapped_column(String(32))
    month: Mapped[date] = mapped_column(Date)
    kind: Mapped[PayrollKind] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(SmallInteger)
    of_payroll_id: Mapped[UUID | None] = mapped_column(ForeignKey("payrolls.id"), index=True)
    status: Mapped[Status] = mapped_column(String(16))
    line_count: Mapped[int] = mapped_column(Integer)
    total_fen: Mapped[int] = mapped_column(BigInteger)
    excluded_count: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str | None] = mapped_column(String(64))
    built_by: Mapped[UUID]
    built_at: Mapped[datetime] = mapped_column(Instant)
    submitted_by: Mapped[UUID | None]
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    approved_by: Mapped[UUID | None]
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    rejected_by: Mapped[UUID | None]
    rejected_at: Mapped[datetime | None] = mapped_column(Instant)
    reject_reason_sealed: Mapped[bytes | None] = sealed()
    released_by: Mapped[UUID | None]
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[datetime | None] = mapped_column(Instant)  # the bank has the batch
    closed_by: Mapped[UUID | None]
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    ask_after: Mapped[datetime | None] = mapped_column(Instant)
    check_after: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class PayLine(Base):
    """One amount for one award and month. Payee and account are as they stood when the payroll was built.

    `account_sealed` is a copy of the citizen's own: it opens as 'payout_accounts.account' of row `beneficiary_id`; and
    `payee_name_sealed` of the award's, which opens as 'awards.payee_name' of row `award_id`, in no other award's line.
    Building is one statement over all awards and could not seal anew; a batch sent again must be the same bytes; and a
    line is kept longer than what its award tells.
    Without account and name, and with a beneficiary who is nobody: its period is over, and the amount alone is left.
    `amount_seq`: which of the award's amounts it was laid by. A higher one that comes later for the same month is paid
    beside it, each once.
    `dispute`: the bank said something (`disputed_word`) that does not go with the line; it is not paid again until a
    person has settled it.
    """

    __tablename__ = "pay_lines"
    __table_args__ = (
        UniqueConstraint("award_id", "month", "cause"),
        UniqueConstraint("program", "beneficiary_id", "month", "cause"),  # in whatever county
        Index(None, "payroll_id", "id"),
        Index(None, "beneficiary_id", "id"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("(status = 'paid') = (transaction_no IS NOT NULL AND paid_on IS NOT NULL)", name="paid"),
        CheckConstraint(
            "CASE kind WHEN 'regular' THEN cause = 'entitlement' "
            "WHEN 'reissue' THEN cause <> 'entitlement' ELSE true END",
            name="cause",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    payroll_id: Mapped[UUID] = mapped_column(ForeignKey("payrolls.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"))
    program: Mapped[str] = mapped_column(String(32))
    month: Mapped[date] = mapped_column(Date)
    kind: Mapped[LineKind] = mapped_column(String(16))
    cause: Mapped[str] = mapped_column(String(36))
    amount_fen: Mapped[int] = mapped_column(BigInteger)
    amount_seq: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    beneficiary_id: Mapped[UUID]
    payee_name_sealed: Mapped[bytes | None] = sealed("awards.payee_name", row="award_id", clear="payee_name")
    payee_name_clear: Mapped[str | None] = mapped_column(
        "payee_name", Text
    )  # of before it was sealed; the worker seals and empties it
    bank_code: Mapped[str] = mapped_column(String(16))
    account_sealed: Mapped[bytes | None] = sealed("payout_accounts.account", row="beneficiary_id", division=None)
    account_index: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[LineStatus] = mapped_column(String(16))
    failure: Mapped[str | None] = mapped_column(String(16))
    failure_code: Mapped[str | None] = mapped_column(String(16))  # the bank's own
    transaction_no: Mapped[str | None] = mapped_column(String(200))
    paid_on: Mapped[date | None] = mapped_column(Date)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)
    dispute: Mapped[Dispute | None] = mapped_column(String(32))
    disputed_word: Mapped[str | None] = mapped_column(Text)

    @property
    def case(self) -> Case:
        """Whom records about this line are about."""
        return Case(None, self.beneficiary_id, self.county)


class LineSettlement(Base):
    """What a person of finance found out about a disputed or unknown line, and what the line was before.

    `words`: what the bank had said of it, so that it may say so again without opening the matter anew.
    """

    __tablename__ = "line_settlements"
    __table_args__ = (Index(None, "line_id"), {"info": {"append_only": True}})

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    payroll_id: Mapped[UUID] = mapped_column(ForeignKey("payrolls.id"), index=True)
    line_id: Mapped[UUID] = mapped_column(ForeignKey("pay_lines.id"))
    status_before: Mapped[LineStatus] = mapped_column(String(16))
    dispute: Mapped[Dispute | None] = mapped_column(String(32))
    words: Mapped[list[str]] = mapped_column(JSONB)
    outcome: Mapped[LineStatus] = mapped_column(String(16))
    transaction_no: Mapped[str | None] = mapped_column(String(200))
    reason_sealed: Mapped[bytes] = sealed()
    settled_by: Mapped[UUID]
    settled_at: Mapped[datetime] = mapped_column(Instant)


class PayExclusion(Base):
    """An award that was due and had to be left out of a payroll, with the number of months it is owed."""

    __tablename__ = "pay_exclusions"
    __table_args__ = (Index(None, "payroll_id", "award_id", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    payroll_id: Mapped[UUID] = mapped_column(ForeignKey("payrolls.id"))
    award_id: Mapped[UUID] = mapped_column(ForeignKey("awards.id"), index=True)
    months: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(String(32))
