"""Reads for people; every one of them starts at a `visible_to`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Select, false, func, select

from app.applications.conflict_queries import refuse_relative
from app.audit.subjects import Case
from app.awards.models import Award
from app.core.db import ReadSession
from app.disbursement.errors import PayLineNotFound, PayrollNotFound
from app.disbursement.lifecycle import READERS, LineStatus, Status
from app.disbursement.models import PayLine, Payroll
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of


@dataclass(frozen=True)
class Totals:
    """How many lines of a payroll stand at one status, and their sum."""

    status: LineStatus
    count: int
    total_fen: int


@dataclass(frozen=True)
class BatchLine:
    """What the bank is told of one line; payee and account are still sealed."""

    id: UUID
    award_id: UUID
    beneficiary_id: UUID
    payee_name_sealed: bytes | None
    payee_name_clear: str | None
    account_sealed: bytes | None
    month: date
    kind: str
    amount_fen: int
    status: str


def visible_to(actor: Actor) -> Select[Payroll]:
    """Select the payrolls this actor may see: those who work on them at the county or above it, and the system.

    A payroll lies at its county, so whoever stands below a county sees none of it.
    """
    query = select(Payroll)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role in READERS and actor.division is not None:
        low, high = scope_of(actor.division)
        return query.where(Payroll.division.between(low, high))
    return query.where(false())


def payments_to(actor: Actor) -> Select[PayLine]:
    """Select the payments that were ordered for this citizen; what is not released is nobody's money yet."""
    if actor.role is not Role.APPLICANT:
        return select(PayLine).where(false())
    return select(PayLine).where(PayLine.beneficiary_id == actor.id, PayLine.status != LineStatus.PENDING)


def lines_to(citizen_id: UUID) -> Select[UUID]:
    """Select all lines that pay a citizen, for what hangs on them."""
    return select(PayLine.id).where(PayLine.beneficiary_id == citizen_id)


async def get_payroll(db: ReadSession, actor: Actor, payroll_id: UUID, *, lock: bool = False) -> Payroll:
    """Return one payroll, locked against others when it is to be changed.

    Raises:
        PayrollNotFound: there is none, or it is not theirs to see.
    """
    query = visible_to(actor).where(Payroll.id == payroll_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise PayrollNotFound
    return found


async def list_payrolls(
    db: ReadSession, actor: Actor, *, month: date | None, status: Status | None, after: UUID | None, limit: int
) -> Sequence[Payroll]:
    """Return a page of payrolls, newest first."""
    query = visible_to(actor).order_by(Payroll.id.desc()).limit(limit)
    if month is not None:
        query = query.where(Payroll.month == month)
    if status is not None:
        query = query.where(Payroll.status == status)
    if after is not None:
        query = query.where(Payroll.id < after)
    return (await db.execute(query)).scalars().all()


async def list_lines(
    db: ReadSession,
    payroll: Payroll,
    *,
    status: LineStatus | None,
    disputed: bool | None = None,
    after: UUID | None,
    limit: int,
) -> Sequence[PayLine]:
    """Return a page of the lines of a payroll that the caller may see, by id."""
    query = select(PayLine).where(PayLine.payroll_id == payroll.id).order_by(PayLine.id).limit(limit)
    if status is not None:
        query = query.where(PayLine.status == status)
    if disputed is not None:
        query = query.where(PayLine.dispute.is_not(None) if disputed else PayLine.dispute.is_(None))
    if after is not None:
        query = query.where(PayLine.id > after)
    return (await db.execute(query)).scalars().all()


async def get_pay_line(db: ReadSession, actor: Actor, line_id: UUID) -> tuple[PayLine, Case]:
    """Return one line of a payroll that the actor may see, and whose case it pays.

    Raises:
        PayLineNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it pays a close relative of who asks.
    """
    seen = visible_to(actor).with_only_columns(Payroll.id)
    query = select(PayLine, Award.application_id).join(Award, Award.id == PayLine.award_id)
    row = (await db.execute(query.where(PayLine.id == line_id, PayLine.payroll_id.in_(seen)))).one_or_none()
    if row is None:
        raise PayLineNotFound
    line, application_id = row
    await refuse_relative(db, actor, application_id)
    return line, Case(application_id, line.beneficiary_id, line.county)


async def count_disputed(db: ReadSession, payroll_id: UUID) -> int:
    """Return about how many lines of a payroll the bank contradicts itself."""
    query = select(func.count()).where(PayLine.payroll_id == payroll_id, PayLine.dispute.is_not(None))
    return int((await db.execute(query)).scalar_one())


async def list_totals(db: ReadSession, payroll_id: UUID) -> Sequence[Totals]:
    """Return count and sum of a payroll's lines by status."""
    query = (
        select(PayLine.status, func.count(), func.sum(PayLine.amount_fen))
        .where(PayLine.payroll_id == payroll_id)
        .group_by(PayLine.status)
        .order_by(PayLine.status)
    )
    return [Totals(LineStatus(status), count, int(fen)) for status, count, fen in (await db.execute(query)).all()]


async def list_batch(db: ReadSession, payroll_id: UUID) -> Sequence[BatchLine]:
    """Return all lines of a payroll in the one order they are ever sent in."""
    columns = (getattr(PayLine, name) for name in BatchLine.__dataclass_fields__)
    rows = await db.execute(select(*columns).where(PayLine.payroll_id == payroll_id).order_by(PayLine.id))
    return [BatchLine(*row) for row in rows.all()]


async def list_payments(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[PayLine]:
    """Return a page of a citizen's payments, newest first."""
    query = payments_to(actor).order_by(PayLine.id.desc()).limit(limit)
    if after is not None:
        query = query.where(PayLine.id < after)
    return (await db.execute(query)).scalars().all()
