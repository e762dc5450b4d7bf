"""Rows that change hands with the bank: released, asked about, settled. Row locks are taken here."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, exists, literal, select, update
from sqlalchemy import cast as sql_cast

from app.applications.clocks import StepKind
from app.applications.models import ApplicationStep
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession
from app.core.sql import written_out
from app.disbursement.lifecycle import UNSETTLED, LineKind, LineStatus, Status
from app.disbursement.models import LineSettlement, PayLine, Payroll
from app.ledger.accounts import HOUSEHOLD, fund_account


async def find_payroll(db: ReadSession, payroll_id: UUID, *, lock: bool = False) -> Payroll | None:
    """Return a payroll for the bank's sake rather than a person's, locked when it is to be changed."""
    query = select(Payroll).where(Payroll.id == payroll_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def release_lines(db: WriteSession, payroll_id: UUID) -> None:
    """Turn the lines of a payroll into orders."""
    pending = (PayLine.payroll_id == payroll_id, PayLine.status == LineStatus.PENDING)
    await db.execute(update(PayLine).where(*pending).values(status=LineStatus.SENT))


def accruals_of(payroll: Payroll, now: datetime) -> Select[*tuple[Any, ...]]:
    """Select what a release posts: each month's money is owed to its household now.

    A reissue owes nothing new: what it pays was owed with the line that failed.
    """
    query = select(
        PayLine.county.label("county"),
        literal(fund_account(payroll.county)).label("debit"),
        literal(HOUSEHOLD).concat(sql_cast(PayLine.award_id, String)).label("credit"),
        PayLine.amount_fen.label("amount_fen"),
        literal("accrual").label("cause_type"),
        PayLine.id.label("cause_id"),
        literal(now).label("posted_at"),
    )
    return query.where(PayLine.payroll_id == payroll.id, PayLine.kind != LineKind.REISSUE)


async def lock_lines(db: WriteSession, payroll_id: UUID, ids: Sequence[UUID]) -> dict[UUID, PayLine]:
    """Return the lines of a payroll with these ids, locked."""
    query = (
        select(PayLine)
        .where(PayLine.payroll_id == payroll_id, PayLine.id.in_(ids))
        .order_by(PayLine.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {line.id: line for line in (await db.execute(query)).scalars()}


async def lock_awards(db: WriteSession, award_ids: Collection[UUID]) -> None:
    """Lock awards in one order always; a payroll that is being built on them need not wait."""
    query = select(Award.id).where(Award.id.in_(award_ids)).order_by(Award.id)
    await db.execute(query.with_for_update(key_share=True))


async def list_applications_of(db: ReadSession, award_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return the application behind each award."""
    rows = await db.execute(select(Award.id, Award.application_id).where(Award.id.in_(award_ids)))
    return {row[0]: row[1] for row in rows.all()}


async def list_applications_awaiting_first_payment(
    db: ReadSession, application_ids: Collection[UUID]
) -> Sequence[UUID]:
    """Return those of the applications whose timeline still waits for the first payment, in one order always."""
    query = (
        select(ApplicationStep.application_id)
        .where(
            ApplicationStep.application_id.in_(application_ids),
            ApplicationStep.kind == StepKind.FIRST_PAYMENT,
            ApplicationStep.closed_at.is_(None),
        )
        .order_by(ApplicationStep.application_id)
    )
    return (await db.execute(query)).scalars().all()


async def has_unsettled(db: ReadSession, payroll_id: UUID) -> bool:
    """Say whether the bank still owes an answer about a line."""
    return await _has(db, PayLine.payroll_id == payroll_id, PayLine.status.in_(UNSETTLED))


async def has_disputed(db: ReadSession, payroll_id: UUID) -> bool:
    """Say whether the bank contradicts itself about a line."""
    return await _has(db, PayLine.payroll_id == payroll_id, PayLine.dispute.is_not(None))


async def list_words_looked_into(db: ReadSession, line_ids: Collection[UUID]) -> set[tuple[UUID, str]]:
    """Return what the bank had said of these lines when a person settled them."""
    query = select(LineSettlement.line_id, LineSettlement.words).where(LineSettlement.line_id.in_(line_ids))
    return {(line_id, word) for line_id, words in (await db.execute(query)).all() for word in words}


async def list_awards_to_free(db: ReadSession, month: date, limit: int) -> Sequence[UUID]:
    """Return stopped awards whose last month is before `month` and which no line pays that month or a later one."""
    paid_on = exists().where(PayLine.award_id == Award.id, PayLine.month >= month)
    query = select(Award.id).where(
        Award.status == written_out(AwardStatus.STOPPED), Award.freed_at.is_(None), Award.to_month < month, ~paid_on
    )
    return (await db.execute(query.order_by(Award.to_month, Award.id).limit(limit))).scalars().all()


async def claim_payroll_to_ask(db: WriteSession, now: datetime, again: timedelta) -> UUID | None:
    """Return a released payroll the bank is to be asked about, and put the next question off by `again`."""
    due = (
        select(Payroll.id)
        .where(Payroll.ask_after <= now, Payroll.status == Status.RELEASED)
        .order_by(Payroll.ask_after)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(Payroll)
        .where(Payroll.id == due.scalar_subquery())
        .values(ask_after=now + again)
        .returning(Payroll.id)
        .execution_options(synchronize_session=False)
    )
    return (await db.execute(statement)).scalar_one_or_none()


async def fail_all_lines(
    db: WriteSession, payroll_id: UUID, *, failure: str, code: str, guilty: UUID | None, guilty_failure: str
) -> None:
    """Mark every unsettled line of a batch that the bank did not take as failed, the guilty one as such."""
    statement = update(PayLine).where(PayLine.payroll_id == payroll_id, PayLine.status.in_(UNSETTLED))
    settled = {"status": LineStatus.FAILED, "failure_code": code, "settled_at": db.clock.now()}
    if guilty is not None:
        await db.execute(statement.where(PayLine.id == guilty).values(**settled, failure=guilty_failure))
    await db.execute(statement.values(**settled, failure=failure))


async def _has(db: ReadSession, *conditions: ColumnElement[bool]) -> bool:
    query = select(exists().where(*conditions))
    return bool((await db.execute(query)).scalar_one())
