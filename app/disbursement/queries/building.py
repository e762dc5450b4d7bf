"""Building is one statement over all awards of a county, whatever their number: INSERT … SELECT, never a loop.

Who is due in a payroll of month M: every award from its first month up to M (or its last month, when stopped) for each
month that no line was ever laid for. So a month that was missed, because the decision came late or the award was
suspended, is paid with the next payroll, as arrears. So is what a month was raised by after it had been ordered
(社会救助法 art. 19: standards are often published late). The unique key on (award, month, cause) is what keeps two
payrolls that are built at once from both taking it; ON CONFLICT lets one of them have it. The key on (program,
beneficiary, month, cause) does the same for two awards of one person, of two counties, too, where one hands over.
"""

from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    Date,
    DateTime,
    Select,
    Subquery,
    and_,
    case,
    column,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import aggregate_order_by, insert
from sqlalchemy.orm import aliased
from sqlalchemy.types import String

from app.applications.models import Member, PayoutAccount
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.awards.queries import amount_in
from app.core.db import ReadSession, WriteSession
from app.core.sql import new_id_for_each_row
from app.disbursement.lifecycle import Exclusion, LineKind, LineStatus, PayrollKind
from app.disbursement.models import ENTITLEMENT, PayExclusion, PayLine, Payroll
from app.disbursement.queries.raises import is_laid, raises
from app.partners.paying_bank.base import FailureKind

_LINE_COLUMNS = (
    "county", "division", "award_id", "program", "month", "kind", "cause", "amount_fen", "amount_seq", "beneficiary_id",
    "payee_name_sealed", "bank_code", "account_sealed", "account_index",
)  # fmt: skip

_NEVER = (false(), "")


def _is_of_another_name() -> Any:
    """Say whether the account is held under another name than the payee's; one not indexed yet counts as another."""
    same = PayoutAccount.holder_name_index == Award.payee_name_index
    return func.coalesce(same, false()).is_(false())


def _reason(first: tuple[Any, str], *more: Any) -> Any:
    """Say why an award cannot be paid; NULL when it can."""
    return case(
        first,
        (Award.status == AwardStatus.SUSPENDED, Exclusion.SUSPENDED.value),
        (PayoutAccount.citizen_id.is_(None), Exclusion.ACCOUNT_MISSING.value),
        (_is_of_another_name(), Exclusion.ACCOUNT_NAME_DIFFERS.value),
        *more,
        else_=null(),
    )


def _has_another_award(month: Any) -> Any:
    """Say whether the beneficiary, or somebody of the household, has this month from another award of the program.

    Claims keep that from happening; this looks at what they guard. Of two awards that both cover a month the older has
    it; and a line that was laid keeps it, whatever its award says by now.
    """
    other, mine, theirs = aliased(Award), aliased(Member), aliased(Member)
    laid = (
        exists()
        .where(PayLine.award_id == other.id, PayLine.month == month, PayLine.cause == ENTITLEMENT)
        .correlate_except(PayLine)  # of itself it would draw the months anew
    )
    older = and_(other.id < Award.id, other.from_month <= month, or_(other.to_month.is_(None), other.to_month >= month))
    of_member = (
        select(literal(1))
        .select_from(mine)
        .join(theirs, and_(theirs.county == mine.county, theirs.id_number_index == mine.id_number_index))
        .join(other, other.application_id == theirs.application_id)
        .where(
            mine.claimed,
            theirs.claimed,
            mine.application_id == Award.application_id,
            other.id != Award.id,
            other.program == Award.program,
            or_(older, laid),
        )
    )
    of_beneficiary = exists().where(
        PayLine.county == Award.county,
        PayLine.program == Award.program,
        PayLine.beneficiary_id == Award.beneficiary_id,
        PayLine.month == month,
        PayLine.cause == ENTITLEMENT,
        PayLine.award_id != Award.id,
    )
    return or_(of_beneficiary, of_member.correlate_except(mine, theirs, other).exists())


def _due(payroll: Payroll) -> Subquery:
    """Select every award and month that is due and has no line, with the reason it cannot be paid, if there is one."""
    last = literal(payroll.month, Date)
    until = func.least(last, func.coalesce(Award.to_month, last))
    series = func.generate_series(
        sql_cast(Award.from_month, DateTime), sql_cast(until, DateTime), literal_column("interval '1 month'")
    )
    months = series.table_valued(column("at", DateTime), name="months").render_derived().lateral()
    month = sql_cast(months.c.at, Date)
    laid = exists().where(PayLine.award_id == Award.id, PayLine.month == month, PayLine.cause == ENTITLEMENT)
    query = (
        select(
            Award.county,
            Award.division,
            Award.id.label("award_id"),
            Award.program,
            month.label("month"),
            case((month == last, LineKind.REGULAR.value), else_=LineKind.ARREARS.value).label("kind"),
            literal(ENTITLEMENT).label("cause"),
            amount_in(month).label("amount_fen"),
            amount_in(month, "seq").label("amount_seq"),
            Award.beneficiary_id,
            Award.payee_name_sealed,
            PayoutAccount.bank_code,
            PayoutAccount.account_sealed,
            PayoutAccount.account_index,
            _reason((_has_another_award(month), Exclusion.PAID_ELSEWHERE.value)).label("reason"),
        )
        .select_from(Award)
        .join(months, true())
        .outerjoin(PayoutAccount, PayoutAccount.citizen_id == Award.beneficiary_id)
        .where(Award.county == payroll.county, Award.program == payroll.program, Award.from_month <= last, ~laid)
    )
    return query.union_all(_raised(payroll)).subquery("due")


def _raised(payroll: Payroll) -> Select[*tuple[Any, ...]]:
    """Select by how much months were raised after they were ordered, in the shape of what is due.

    Each higher amount has a line of its own for each month, over the highest of those before it: whoever builds beside
    us lays the same ones, and the unique key lets one of us.
    """
    r = raises()
    return (
        select(
            Award.county,
            Award.division,
            Award.id.label("award_id"),
            Award.program,
            r.c.month,
            literal(LineKind.ARREARS.value).label("kind"),
            sql_cast(r.c.amount_id, String).label("cause"),
            r.c.raise_fen.label("amount_fen"),
            r.c.seq.label("amount_seq"),
            Award.beneficiary_id,
            Award.payee_name_sealed,
            PayoutAccount.bank_code,
            PayoutAccount.account_sealed,
            PayoutAccount.account_index,
            _reason(_NEVER).label("reason"),
        )
        .select_from(r)
        .join(Award, Award.id == r.c.award_id)
        .outerjoin(PayoutAccount, PayoutAccount.citizen_id == Award.beneficiary_id)
        .where(Award.county == payroll.county, Award.program == payroll.program, r.c.month <= payroll.month)
        .where(or_(Award.to_month.is_(None), Award.to_month >= r.c.month), ~is_laid(r))
    )


def _failed(payroll: Payroll) -> Subquery:
    """Select the failed lines of the payroll that is reissued, in the same shape; none is reissued twice."""
    failed = PayLine.__table__.alias("failed")
    again = exists().where(
        PayLine.award_id == failed.c.award_id,
        PayLine.month == failed.c.month,
        PayLine.cause == sql_cast(failed.c.id, String),
    )
    # The bank said the account is at fault: until the citizen has put it right, it would only say so again.
    not_corrected = and_(
        failed.c.failure == FailureKind.NEED_CITIZEN_FIX.value, PayoutAccount.changed_at <= failed.c.settled_at
    )
    query = (
        select(
            failed.c.county,
            failed.c.division,
            failed.c.award_id,
            failed.c.program,
            failed.c.month,
            literal(LineKind.REISSUE.value).label("kind"),
            sql_cast(failed.c.id, String).label("cause"),
            failed.c.amount_fen,
            failed.c.amount_seq,
            failed.c.beneficiary_id,
            Award.payee_name_sealed,
            PayoutAccount.bank_code,
            PayoutAccount.account_sealed,
            PayoutAccount.account_index,
            _reason(
                (failed.c.dispute.is_not(None), Exclusion.DISPUTED.value),
                (not_corrected, Exclusion.ACCOUNT_NOT_CORRECTED.value),
            ).label("reason"),
        )
        .select_from(failed)
        .join(Award, Award.id == failed.c.award_id)
        .outerjoin(PayoutAccount, PayoutAccount.citizen_id == failed.c.beneficiary_id)
        .where(failed.c.payroll_id == payroll.of_payroll_id, failed.c.status == LineStatus.FAILED.value, ~again)
    )
    return query.subquery("due")


async def insert_lines(db: WriteSession, payroll: Payroll) -> None:
    """Lay a line for every award and month that is due and can be paid."""
    await _insert_lines(db, payroll, _due(payroll))


async def insert_exclusions(db: WriteSession, payroll: Payroll) -> int:
    """Note every award that is due and cannot be paid, with its reason; return how many."""
    return await _insert_exclusions(db, payroll, _due(payroll))


async def insert_reissue_lines(db: WriteSession, payroll: Payroll) -> None:
    """Lay a new line for every failed line that can be paid now."""
    await _insert_lines(db, payroll, _failed(payroll))


async def insert_reissue_exclusions(db: WriteSession, payroll: Payroll) -> int:
    """Note every award whose failed lines still cannot be paid; return how many."""
    return await _insert_exclusions(db, payroll, _failed(payroll))


async def _insert_lines(db: WriteSession, payroll: Payroll, due: Subquery) -> None:
    # In one order always: two statements that want the same rows wait for each other instead of locking up.
    source = (
        select(
            new_id_for_each_row(),
            literal(payroll.id),
            literal(LineStatus.PENDING.value),
            *(due.c[name] for name in _LINE_COLUMNS),
        )
        .where(due.c.reason.is_(None))
        .order_by(due.c.award_id, due.c.month)
    )
    statement = insert(PayLine).from_select(["id", "payroll_id", "status", *_LINE_COLUMNS], source)
    await db.execute(statement.on_conflict_do_nothing())  # either key


async def _insert_exclusions(db: WriteSession, payroll: Payroll, due: Subquery) -> int:
    source = (
        select(
            new_id_for_each_row(),
            literal(payroll.id),
            due.c.county,
            due.c.division,
            due.c.award_id,
            func.count(),
            func.min(due.c.reason),
        )
        .where(due.c.reason.is_not(None))
        .group_by(due.c.county, due.c.division, due.c.award_id)
    )
    names = ["id", "payroll_id", "county", "division", "award_id", "months", "reason"]
    return _count(await db.execute(insert(PayExclusion).from_select(names, source)))


async def sum_lines(db: ReadSession, payroll_id: UUID) -> tuple[int, int]:
    """Return how many lines a payroll has and what they add up to."""
    query = select(func.count(), func.coalesce(func.sum(PayLine.amount_fen), 0)).where(PayLine.payroll_id == payroll_id)
    count, total = (await db.execute(query)).one()
    return count, int(total)


async def digest_of(db: ReadSession, payroll_id: UUID) -> str:
    """Return the SHA-256 over what will be paid to whom, line by line.

    Who is said by the award: a line's sealed payee opens as the payee of its own award, and of no other.
    """
    text = func.concat_ws(
        "|",
        PayLine.id,
        PayLine.award_id,
        PayLine.month,
        PayLine.kind,
        PayLine.cause,
        PayLine.amount_fen,
        PayLine.bank_code,
        func.encode(PayLine.account_index, "hex"),
    )
    lines = func.string_agg(text, aggregate_order_by(literal("\n"), PayLine.id))
    digest = func.encode(func.sha256(func.convert_to(func.coalesce(lines, ""), "UTF8")), "hex")
    return str((await db.execute(select(digest).where(PayLine.payroll_id == payroll_id))).scalar_one())


async def delete_lines(db: WriteSession, payroll_id: UUID) -> None:
    """Take the lines of a payroll away that was never sent, so that their months are free again."""
    await db.execute(delete(PayLine).where(PayLine.payroll_id == payroll_id, PayLine.status == LineStatus.PENDING))


async def next_seq(db: ReadSession, county: str, program: str, month: date, kind: PayrollKind) -> int:
    """Return the place of the next payroll of this kind for a month."""
    query = select(func.coalesce(func.max(Payroll.seq), 0) + 1).where(
        Payroll.county == county, Payroll.program == program, Payroll.month == month, Payroll.kind == kind
    )
    return int((await db.execute(query)).scalar_one())


async def count_outdated_lines(db: ReadSession, payroll: Payroll) -> int:
    """Count the lines that would not be laid today.

    Their award was suspended, or stopped before their month, or lowered for it; or the failed line that they pay again
    is disputed now, or was paid after all.
    """
    failed = aliased(PayLine)
    reissued = and_(failed.payroll_id == payroll.of_payroll_id, sql_cast(failed.id, String) == PayLine.cause)
    query = (
        select(func.count())
        .select_from(PayLine)
        .join(Award, Award.id == PayLine.award_id)
        .outerjoin(failed, reissued)
        .where(
            PayLine.payroll_id == payroll.id,
            or_(
                Award.status == AwardStatus.SUSPENDED,
                Award.to_month < PayLine.month,
                and_(PayLine.cause == ENTITLEMENT, PayLine.amount_fen > amount_in(PayLine.month)),
                failed.status != LineStatus.FAILED,
                failed.dispute.is_not(None),
            ),
        )
    )
    return int((await db.execute(query)).scalar_one())


def _count(result: Any) -> int:
    return cast("CursorResult[Any]", result).rowcount
