"""Shapes of payrolls as the county and finance see them. Names and accounts are masked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.api.common.months import Month
from app.api.common.schemas import Fen, In, Line, Moment, Out, Page, Paragraph
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.core.months import write_month
from app.disbursement.accounts import account_of, paid_to
from app.disbursement.lifecycle import LIFECYCLE, Action, Dispute, LineKind, LineStatus, PayrollKind, Status
from app.disbursement.models import PayExclusion, PayLine, Payroll
from app.disbursement.queries import ChangeKind, Difference, Totals
from app.identity.actors import Role
from app.identity.masks import mask_account, mask_name
from app.programs.declaration import PlainDate


class PayrollIn(In):
    """Build the payroll of the caller's county for a month: at most next month."""

    program: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["living_allowance"])]
    month: Month


class RejectIn(In):
    """Why the payroll goes back."""

    reason: Line


class SettleIn(In):
    """What became of a line, found out with the bank, and how that is known. A paid one has the bank's transaction
    number and the day of the payment, a failed one neither."""

    outcome: Literal["paid", "failed"]
    reason: Annotated[Paragraph, Field(examples=["已与银行核对交易明细，款项已入账。"])]
    transaction_no: Annotated[
        str | None, Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", examples=["20261208A1B2C3D4E5F60718"])
    ] = None
    paid_on: Annotated[PlainDate | None, Field(examples=["2026-12-08"])] = None


class PayrollSummary(Out):
    """A payroll in a list. `digest` is taken over all lines when it is handed in."""

    id: UUID
    number: str
    county: str
    program: str
    month: str
    kind: PayrollKind
    of_payroll_id: UUID | None
    status: Status
    line_count: int
    total_fen: Fen
    currency: str
    excluded_count: int
    digest: str | None
    built_by: UUID
    built_at: Moment
    submitted_by: UUID | None
    submitted_at: Moment | None
    approved_by: UUID | None
    approved_at: Moment | None
    rejected_by: UUID | None
    rejected_at: Moment | None
    reject_reason: str | None
    released_by: UUID | None
    released_at: Moment | None
    bank_accepted_at: Moment | None
    closed_by: UUID | None
    closed_at: Moment | None
    version: int

    @classmethod
    def of_row(cls, db: ReadSession, payroll: Payroll) -> "PayrollSummary":
        shown = {name: getattr(payroll, name) for name in cls.model_fields if hasattr(payroll, name)}
        reason = payroll.reject_reason_sealed
        shown["reject_reason"] = db.vault.open("payrolls.reject_reason", payroll.id, reason) if reason else None
        shown |= {"month": write_month(payroll.month), "currency": CURRENCY, "bank_accepted_at": payroll.accepted_at}
        return cls.model_validate(shown)


class TotalsOut(Out):
    """How many lines stand at one status, and their sum."""

    status: LineStatus
    count: int
    total_fen: Fen


class PayrollOut(PayrollSummary):
    """A payroll, reconciled: the totals by status add up to `total_fen` from the release on. `disputed_count`: lines
    about which the bank contradicts itself; finance settles them."""

    totals: list[TotalsOut]
    disputed_count: int
    exclusions: dict[str, int]
    actions: list[Action]

    @classmethod
    def of(
        cls,
        db: ReadSession,
        payroll: Payroll,
        *,
        totals: Sequence[Totals],
        disputed: int,
        exclusions: Mapping[str, int],
        role: Role,
    ) -> "PayrollOut":
        return cls(
            **PayrollSummary.of_row(db, payroll).model_dump(),
            totals=[TotalsOut(status=t.status, count=t.count, total_fen=t.total_fen) for t in totals],
            disputed_count=disputed,
            exclusions=dict(exclusions),
            actions=list(LIFECYCLE.actions(payroll.status, role)),
        )


class PayLineOut(Out):
    """One amount for one award and month; payee and account as they stood when the payroll was built,
    masked. `dispute`: what
    the bank said last does not go with the line; it is not paid again until finance has settled it."""

    id: UUID
    award_id: UUID
    division: str
    month: str
    kind: LineKind
    payee_name: str
    bank_code: str
    account_masked: str
    amount_fen: Fen
    currency: str
    status: LineStatus
    failure: str | None
    failure_code: str | None
    transaction_no: str | None
    paid_on: date | None
    dispute: Dispute | None

    @classmethod
    def of(cls, db: ReadSession, line: PayLine) -> "PayLineOut":
        return cls(
            id=line.id,
            award_id=line.award_id,
            division=line.division,
            month=write_month(line.month),
            kind=line.kind,
            payee_name=mask_name(paid_to(db, line)),
            bank_code=line.bank_code,
            account_masked=mask_account(account_of(db, line)),
            amount_fen=line.amount_fen,
            currency=CURRENCY,
            status=line.status,
            failure=line.failure,
            failure_code=line.failure_code,
            transaction_no=line.transaction_no,
            paid_on=line.paid_on,
            dispute=line.dispute,
        )


class DifferenceOut(Out):
    """One award, this month against the last; null where it is not paid in one of them. The name is masked."""

    award_id: UUID
    payee_name: str
    change: ChangeKind
    before_fen: Fen | None
    after_fen: Fen | None

    @classmethod
    def of(cls, db: ReadSession, difference: Difference) -> "DifferenceOut":
        return cls(
            award_id=difference.award_id,
            payee_name=mask_name(paid_to(db, difference)),
            change=difference.change,
            before_fen=difference.before_fen,
            after_fen=difference.after_fen,
        )


class DifferencesOut(Page[DifferenceOut]):
    """A page of what the reviewer approves, and how many there are of each kind."""

    counts: dict[ChangeKind, int]


class ExclusionOut(Out):
    """An award that is due and had to be left out: why, and for how many months."""

    award_id: UUID
    division: str
    months: int
    reason: str

    @classmethod
    def of(cls, row: PayExclusion) -> "ExclusionOut":
        return cls(award_id=row.award_id, division=row.division, months=row.months, reason=row.reason)
