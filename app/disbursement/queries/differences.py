"""What the reviewer approves: the difference between this month and the last (domain 4.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery, case, func, select

from app.core.db import ReadSession
from app.core.months import previous_month
from app.disbursement.lifecycle import LineKind, PayrollKind, Status
from app.disbursement.models import PayExclusion, PayLine, Payroll


class ChangeKind(StrEnum):
    """How an award stands in this payroll, compared with that of the month before."""

    NEW = "new"
    STOPPED = "stopped"
    INCREASED = "increased"
    DECREASED = "decreased"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Difference:
    """One award in both months; None where it is not paid in one of them."""

    award_id: UUID
    payee_name_sealed: bytes | None
    payee_name_clear: str | None
    change: ChangeKind
    before_fen: int | None
    after_fen: int | None


_COMPARED = (
    PayLine.award_id,
    PayLine.payee_name_sealed,
    PayLine.payee_name_clear.label("payee_name_clear"),
    PayLine.amount_fen,
)


def _compared(payroll: Payroll) -> Subquery:
    after = (
        select(*_COMPARED).where(PayLine.payroll_id == payroll.id, PayLine.kind == LineKind.REGULAR).subquery("after")
    )
    before = (
        select(*_COMPARED)
        .join(Payroll, Payroll.id == PayLine.payroll_id)
        .where(
            Payroll.county == payroll.county,
            Payroll.program == payroll.program,
            Payroll.month == previous_month(payroll.month),
            Payroll.kind == PayrollKind.REGULAR,
            Payroll.status != Status.REJECTED,
            PayLine.kind == LineKind.REGULAR,
        )
        .subquery("before")
    )
    change = case(
        (before.c.award_id.is_(None), ChangeKind.NEW.value),
        (after.c.award_id.is_(None), ChangeKind.STOPPED.value),
        (after.c.amount_fen > before.c.amount_fen, ChangeKind.INCREASED.value),
        (after.c.amount_fen < before.c.amount_fen, ChangeKind.DECREASED.value),
        else_=ChangeKind.UNCHANGED.value,
    )
    return (
        select(
            func.coalesce(after.c.award_id, before.c.award_id).label("award_id"),
            # Either opens: both are bound to the award.
            func.coalesce(after.c.payee_name_sealed, before.c.payee_name_sealed).label("payee_name_sealed"),
            func.coalesce(after.c.payee_name_clear, before.c.payee_name_clear).label("payee_name_clear"),
            change.label("change"),
            before.c.amount_fen.label("before_fen"),
            after.c.amount_fen.label("after_fen"),
        )
        .select_from(after.outerjoin(before, after.c.award_id == before.c.award_id, full=True))
        .subquery("compared")
    )


async def count_differences(db: ReadSession, payroll: Payroll) -> Mapping[ChangeKind, int]:
    """Return how many awards are new, stopped, increased, decreased and unchanged."""
    compared = _compared(payroll)
    rows = await db.execute(select(compared.c.change, func.count()).group_by(compared.c.change))
    found = {row[0]: row[1] for row in rows.all()}
    return {kind: found.get(kind.value, 0) for kind in ChangeKind}


async def list_differences(
    db: ReadSession, payroll: Payroll, *, change: ChangeKind | None, after: UUID | None, limit: int
) -> Sequence[Difference]:
    """Return a page of the differences by award; without `change` everything but what is unchanged."""
    compared = _compared(payroll)
    wanted = compared.c.change != ChangeKind.UNCHANGED if change is None else compared.c.change == change
    query = select(compared).where(wanted).order_by(compared.c.award_id).limit(limit)
    if after is not None:
        query = query.where(compared.c.award_id > after)
    rows: Sequence[Any] = (await db.execute(query)).all()
    return [
        Difference(r.award_id, r.payee_name_sealed, r.payee_name_clear, ChangeKind(r.change), r.before_fen, r.after_fen)
        for r in rows
    ]


async def count_exclusions(db: ReadSession, payroll_id: UUID) -> Mapping[str, int]:
    """Return how many awards were left out, by reason."""
    query = (
        select(PayExclusion.reason, func.count())
        .where(PayExclusion.payroll_id == payroll_id)
        .group_by(PayExclusion.reason)
        .order_by(PayExclusion.reason)
    )
    return {row[0]: row[1] for row in (await db.execute(query)).all()}


async def list_exclusions(
    db: ReadSession, payroll: Payroll, *, after: UUID | None, limit: int
) -> Sequence[PayExclusion]:
    """Return a page of the awards that were left out, by award."""
    query = select(PayExclusion).where(PayExclusion.payroll_id == payroll.id)
    if after is not None:
        query = query.where(PayExclusion.award_id > after)
    return (await db.execute(query.order_by(PayExclusion.award_id).limit(limit))).scalars().all()
