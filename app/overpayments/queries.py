"""Reads of this stage; whoever asks has the award, or gets it with the recovery."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from app.awards.errors import AwardNotFound
from app.awards.lifecycle import AdjustGround, AdjustmentStatus, StopGround
from app.awards.models import Award, AwardAdjustment
from app.awards.queries import get_award
from app.core.db import ReadSession, WriteSession
from app.disbursement.lifecycle import LineStatus
from app.disbursement.models import PayLine
from app.identity.actors import Actor
from app.overpayments.errors import RecoveryNotFound
from app.overpayments.lifecycle import Status
from app.overpayments.models import Recovery, RecoveryMonth, Repayment


async def get_recovery(
    db: ReadSession, actor: Actor, recovery_id: UUID, *, lock: bool = False
) -> tuple[Recovery, Award]:
    """Return one recovery with its award, which says who may see it; both locked when it is to be changed.

    Raises:
        RecoveryNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about a close relative of the member of staff who asks.
    """
    query = select(Recovery).where(Recovery.id == recovery_id)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise RecoveryNotFound
    try:
        award = await get_award(db, actor, found.award_id, lock=lock)
    except AwardNotFound:
        raise RecoveryNotFound from None
    if lock:
        locked = query.with_for_update().execution_options(populate_existing=True)
        found = (await db.execute(locked)).scalar_one()
    return found, award


async def list_recoveries(db: ReadSession, award_id: UUID) -> Sequence[Recovery]:
    """Return the recoveries of an award, oldest first."""
    query = select(Recovery).where(Recovery.award_id == award_id).order_by(Recovery.id)
    return (await db.execute(query)).scalars().all()


def recoveries_of(awards: Collection[UUID]) -> Select[UUID]:
    """Select the recoveries of awards."""
    return select(Recovery.id).where(Recovery.award_id.in_(awards))


async def has_proposed(db: ReadSession, award_id: UUID) -> bool:
    """Say whether one waits for a decision."""
    query = exists().where(Recovery.award_id == award_id, Recovery.status == Status.PROPOSED)
    return bool(await db.scalar(select(query)))


async def list_months(db: ReadSession, recovery_ids: Collection[UUID]) -> dict[UUID, list[RecoveryMonth]]:
    """Return what each recovery claims, by month."""
    query = select(RecoveryMonth).where(RecoveryMonth.recovery_id.in_(recovery_ids)).order_by(RecoveryMonth.month)
    found: dict[UUID, list[RecoveryMonth]] = {each: [] for each in recovery_ids}
    for row in (await db.execute(query)).scalars():
        found[row.recovery_id].append(row)
    return found


async def list_repayments(db: ReadSession, recovery_ids: Collection[UUID]) -> dict[UUID, list[Repayment]]:
    """Return what came back for each recovery, oldest first."""
    query = select(Repayment).where(Repayment.recovery_id.in_(recovery_ids)).order_by(Repayment.id)
    found: dict[UUID, list[Repayment]] = {each: [] for each in recovery_ids}
    for row in (await db.execute(query)).scalars():
        found[row.recovery_id].append(row)
    return found


async def find_repayment(db: ReadSession, recovery_id: UUID, reference: str) -> Repayment | None:
    """Return what was entered for a receipt."""
    query = select(Repayment).where(Repayment.recovery_id == recovery_id, Repayment.reference == reference)
    return (await db.execute(query)).scalar_one_or_none()


async def find_claim(db: ReadSession, award_id: UUID, month: date) -> UUID | None:
    """Return the recovery that claims something of a month of an award."""
    query = select(RecoveryMonth.recovery_id).where(
        RecoveryMonth.award_id == award_id, RecoveryMonth.month == month, RecoveryMonth.live
    )
    return (await db.execute(query)).scalar_one_or_none()


async def sum_paid(db: ReadSession, award_id: UUID) -> Mapping[date, int]:
    """Return what the bank has paid of an award, by month, in fen."""
    query = select(PayLine.month, func.sum(PayLine.amount_fen)).where(
        PayLine.award_id == award_id, PayLine.status == LineStatus.PAID
    )
    rows = await db.execute(query.group_by(PayLine.month).order_by(PayLine.month))
    return {month: int(fen) for month, fen in rows.all()}


async def list_claimed(db: ReadSession, award_id: UUID) -> set[date]:
    """Return the months of which something is claimed, or was."""
    query = select(RecoveryMonth.month).where(RecoveryMonth.award_id == award_id, RecoveryMonth.live)
    return set((await db.execute(query)).scalars())


async def was_found_fraudulent(db: ReadSession, award_id: UUID) -> bool:
    """Say whether a stop or a decision on a lower amount has found fraud: of the award, or of one of those by which
    other counties went on with it."""
    first = select(Award.id, Award.stop_ground).where(Award.id == award_id).cte("chain", recursive=True)
    after = aliased(Award)
    chain = first.union_all(select(after.id, after.stop_ground).join(first, after.taken_over_from == first.c.id))
    reduced = exists().where(
        AwardAdjustment.award_id == chain.c.id,
        AwardAdjustment.ground == AdjustGround.FRAUD,
        AwardAdjustment.status == AdjustmentStatus.APPROVED,
    )
    query = select(chain.c.id).where(or_(chain.c.stop_ground == StopGround.FRAUD, reduced)).limit(1)
    return await db.scalar(query) is not None


async def give_up_months(db: WriteSession, recovery_id: UUID) -> None:
    """Let the months of a dropped recovery be claimed again."""
    of_it = update(RecoveryMonth).where(RecoveryMonth.recovery_id == recovery_id).values(live=False)
    await db.execute(of_it.execution_options(synchronize_session=False))
