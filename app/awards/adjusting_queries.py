"""Reads about lower amounts that are proposed or decided, and the one write that ends a proposal with its award."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, update

from app.awards.lifecycle import AdjustmentStatus, AmountCause
from app.awards.models import AwardAdjustment, AwardAmount
from app.core.db import ReadSession, WriteSession


async def find_proposed(db: ReadSession, award_id: UUID, *, lock: bool = False) -> AwardAdjustment | None:
    """Return the one lower amount that is proposed for an award."""
    query = select(AwardAdjustment).where(
        AwardAdjustment.award_id == award_id, AwardAdjustment.status == AdjustmentStatus.PROPOSED
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalar_one_or_none()


async def get_adjustment(db: ReadSession, adjustment_id: UUID) -> AwardAdjustment:
    """Return one that is there, for the letter that tells of it."""
    return (await db.execute(select(AwardAdjustment).where(AwardAdjustment.id == adjustment_id))).scalar_one()


async def list_adjustments(db: ReadSession, award_ids: Collection[UUID]) -> dict[UUID, list[AwardAdjustment]]:
    """Return what was proposed for awards and what became of it, oldest first."""
    query = select(AwardAdjustment).where(AwardAdjustment.award_id.in_(award_ids)).order_by(AwardAdjustment.id)
    found: dict[UUID, list[AwardAdjustment]] = {award_id: [] for award_id in award_ids}
    for row in (await db.execute(query)).scalars():
        found[row.award_id].append(row)
    return found


async def next_number(db: ReadSession, award_id: UUID) -> tuple[int, date | None]:
    """Return the number of the next amount of an award, and the last month from which on one is known."""
    query = select(func.coalesce(func.max(AwardAmount.seq), 0) + 1, func.max(AwardAmount.from_month))
    row = (await db.execute(query.where(AwardAmount.award_id == award_id))).one()
    return int(row[0]), row[1]


async def last_fixed_month(db: ReadSession, award_id: UUID) -> date | None:
    """Return the last month from which on an amount holds that a person decided on: none is decided before it."""
    by_person = AwardAmount.cause.in_((AmountCause.ADJUSTMENT, AmountCause.HANDOVER))
    query = select(func.max(AwardAmount.from_month)).where(AwardAmount.award_id == award_id, by_person)
    found: date | None = await db.scalar(query)
    return found


async def withdraw_proposed(db: WriteSession, award_id: UUID, by: UUID) -> None:
    """End a proposal without a decision."""
    proposed = (AwardAdjustment.award_id == award_id, AwardAdjustment.status == AdjustmentStatus.PROPOSED)
    await db.execute(
        update(AwardAdjustment)
        .where(*proposed)
        .values(status=AdjustmentStatus.WITHDRAWN, decided_by=by, decided_at=db.clock.now())
        .execution_options(synchronize_session=False)
    )
