"""What must always hold between payrolls, lines and the books (domain 4.7). Each query counts where it does not."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, Select, String, and_, exists, func, literal, not_, or_, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import aliased

from app.applications.models import Member
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession
from app.disbursement.lifecycle import LineKind, LineStatus, Status
from app.disbursement.models import PayLine, Payroll
from app.ledger.accounts import HOUSEHOLD, clearing_account, fund_account
from app.ledger.models import Posting


async def claim_payroll_to_check(db: WriteSession, now: datetime, again: timedelta) -> Payroll | None:
    """Return a payroll whose books are due to be checked; an open one is due again after `again`, a closed one not."""
    query = (
        select(Payroll)
        .where(Payroll.check_after <= now)
        .order_by(Payroll.check_after)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    payroll = (await db.execute(query)).scalar_one_or_none()
    if payroll is not None:
        following = now + again if payroll.status == Status.RELEASED else None
        await db.execute(
            update(Payroll)
            .where(Payroll.id == payroll.id)
            .values(check_after=following)
            .execution_options(synchronize_session=False)
        )
    return payroll


async def find_discrepancies(db: ReadSession, payroll: Payroll, bank: str) -> Mapping[str, int]:
    """Count by kind where a released payroll, its lines and the books disagree; empty when all is well."""
    queries = {
        "header_differs": _header_differs(payroll),
        "not_reconciled": _not_reconciled(payroll),
        "accrual_wrong": _accrual_wrong(payroll),
        "payment_wrong": _payment_wrong(payroll, bank),
        "reversal_wrong": _reversal_wrong(payroll, bank),
        "paid_twice": _paid_twice(payroll),
        "paid_by_two_awards": _paid_by_two_awards(payroll),
        "disputed": select(func.count()).where(PayLine.payroll_id == payroll.id, PayLine.dispute.is_not(None)),
        "household_overpaid": _household_overpaid(payroll),
    }
    found = {name: int((await db.execute(query)).scalar_one()) for name, query in queries.items()}
    return {name: count for name, count in found.items() if count}


def _header_differs(payroll: Payroll) -> Select[Any]:
    differs = or_(
        func.count() != payroll.line_count,
        func.coalesce(func.sum(PayLine.amount_fen), 0) != payroll.total_fen,
    )
    return select(sql_cast(differs, Integer)).where(PayLine.payroll_id == payroll.id)


def _not_reconciled(payroll: Payroll) -> Select[Any]:
    """Count lines of a released payroll that are neither paid, failed nor with the bank; of a closed one, open ones."""
    fine = [LineStatus.PAID, LineStatus.FAILED]
    if payroll.status == Status.RELEASED:
        fine += [LineStatus.SENT, LineStatus.UNKNOWN]
    return select(func.count()).where(PayLine.payroll_id == payroll.id, PayLine.status.not_in(fine))


def _accrual_wrong(payroll: Payroll) -> Select[Any]:
    right = and_(
        Posting.debit == fund_account(payroll.county),
        Posting.credit == _household(),
        Posting.amount_fen == PayLine.amount_fen,
    )
    return _posting_wrong(payroll, "accrual", PayLine.kind != LineKind.REISSUE, right)


def _payment_wrong(payroll: Payroll, bank: str) -> Select[Any]:
    right = and_(
        Posting.debit == _household(),
        Posting.credit == clearing_account(payroll.county, bank),
        Posting.amount_fen == PayLine.amount_fen,
    )
    expected = or_(PayLine.status == LineStatus.PAID, _has_posting("reversal"))
    return _posting_wrong(payroll, "payment", expected, right)


def _reversal_wrong(payroll: Payroll, bank: str) -> Select[Any]:
    """Look at payments that were taken back: the line is owed again, and only such a line has failed after all."""
    right = and_(
        Posting.debit == clearing_account(payroll.county, bank),
        Posting.credit == _household(),
        Posting.amount_fen == PayLine.amount_fen,
    )
    expected = and_(PayLine.status == LineStatus.FAILED, _has_posting("payment"))
    return _posting_wrong(payroll, "reversal", expected, right)


def _has_posting(cause_type: str) -> Any:
    posted = aliased(Posting)
    return exists().where(posted.cause_id == PayLine.id, posted.cause_type == cause_type)


def _posting_wrong(payroll: Payroll, cause_type: str, expected: Any, right: Any) -> Select[Any]:
    """Count lines that have no posting where one is expected, a wrong one, or one that is not expected."""
    missing_or_wrong = and_(expected, or_(Posting.id.is_(None), not_(right)))
    unfounded = and_(not_(expected), Posting.id.is_not(None))
    return (
        select(func.count())
        .select_from(PayLine)
        .outerjoin(Posting, and_(Posting.cause_id == PayLine.id, Posting.cause_type == cause_type))
        .where(PayLine.payroll_id == payroll.id, or_(missing_or_wrong, unfounded))
    )


def _paid_twice(payroll: Payroll) -> Select[Any]:
    """Count paid lines of months for which more was paid than was ever owed: a reissue owes nothing of its own."""
    other = aliased(PayLine)
    same_month = select(literal(0)).where(other.award_id == PayLine.award_id, other.month == PayLine.month)
    paid = same_month.with_only_columns(func.sum(other.amount_fen)).where(other.status == LineStatus.PAID)
    owed = same_month.with_only_columns(func.sum(other.amount_fen)).where(
        other.kind != LineKind.REISSUE, other.status != LineStatus.PENDING
    )
    return select(func.count()).where(
        PayLine.payroll_id == payroll.id,
        PayLine.status == LineStatus.PAID,
        paid.correlate(PayLine).scalar_subquery() > func.coalesce(owed.correlate(PayLine).scalar_subquery(), 0),
    )


def _paid_by_two_awards(payroll: Payroll) -> Select[Any]:
    """Count lines of a person whose month another award pays, too: to the same beneficiary, or to the same member."""
    other, award, their_award = aliased(PayLine), aliased(Award), aliased(Award)
    mine, theirs = aliased(Member), aliased(Member)
    standing = (LineStatus.SENT, LineStatus.UNKNOWN, LineStatus.PAID)
    same_month = (
        other.program == PayLine.program,
        other.month == PayLine.month,
        other.award_id != PayLine.award_id,
        other.status.in_(standing),
    )
    to_beneficiary = (
        select(literal(1))
        .select_from(other)
        .where(other.beneficiary_id == PayLine.beneficiary_id, *same_month)
        .correlate(PayLine)
    )
    to_member = (
        select(literal(1))
        .select_from(award)
        .join(mine, mine.application_id == award.application_id)
        .join(theirs, and_(theirs.county == mine.county, theirs.id_number_index == mine.id_number_index))
        .join(their_award, their_award.application_id == theirs.application_id)
        .join(other, other.award_id == their_award.id)
        .where(award.id == PayLine.award_id, mine.supporter_ref.is_(None), theirs.supporter_ref.is_(None), *same_month)
        .correlate(PayLine)
    )
    return select(func.count()).where(
        PayLine.payroll_id == payroll.id,
        PayLine.status.in_(standing),
        or_(to_beneficiary.exists(), to_member.exists()),
    )


def _household_overpaid(payroll: Payroll) -> Select[Any]:
    accounts = select(_household().label("account")).where(PayLine.payroll_id == payroll.id).distinct().cte("accounts")
    paid = (
        select(func.coalesce(func.sum(Posting.amount_fen), 0))
        .where(Posting.debit == accounts.c.account)
        .scalar_subquery()
    )
    owed = (
        select(func.coalesce(func.sum(Posting.amount_fen), 0))
        .where(Posting.credit == accounts.c.account)
        .scalar_subquery()
    )
    return select(func.count()).select_from(accounts).where(paid > owed)


def _household() -> Any:
    return literal(HOUSEHOLD).concat(sql_cast(PayLine.award_id, String))
