"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, exists, false, func, or_, select

from app.applications.conflict_queries import is_kept_from, refuse_relative
from app.awards.lifecycle import AmountCause
from app.awards.models import AwardAmount
from app.core.db import ReadSession
from app.disbursement.models import ENTITLEMENT, PayLine
from app.handovers.errors import HandoverNotFound
from app.handovers.lifecycle import OPEN, Status
from app.handovers.models import Handover
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of


class Wanted(NamedTuple):
    """Which hand-overs are asked for. `to_us`: those of other counties to the own division; None: both ways."""

    status: Status | None = None
    to_us: bool | None = None


def visible_to(actor: Actor) -> Select[Handover]:
    """Select the hand-overs this actor may see: staff those from below their division, and to it, once released."""
    query = select(Handover)
    if actor.role is Role.SYSTEM:
        return query
    if actor.is_staff and actor.division is not None:
        low, high = scope_of(actor.division)
        arrived = and_(Handover.to_division.between(low, high), Handover.released_at.is_not(None))
        return query.where(or_(Handover.division.between(low, high), arrived))
    return query.where(false())


async def get_handover(db: ReadSession, actor: Actor, handover_id: UUID, *, lock: bool = False) -> Handover:
    """Return one hand-over, locked against others when it is to be changed.

    Raises:
        HandoverNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about a close relative of the member of staff who asks.
    """
    query = visible_to(actor).where(Handover.id == handover_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise HandoverNotFound
    async with db.wider():  # whose relative it is stands with the other county
        await refuse_relative(db, actor, found.application_id)
    return found


async def list_handovers(
    db: ReadSession, actor: Actor, wanted: Wanted, *, after: UUID | None, limit: int
) -> Sequence[Handover]:
    """Return a page of hand-overs, newest first, without the cases of one's close relatives."""
    query = visible_to(actor).order_by(Handover.id.desc()).limit(limit)
    query = query.where(~is_kept_from(actor.id, Handover.application_id))
    if wanted.status is not None:
        query = query.where(Handover.status == wanted.status)
    if wanted.to_us is not None and actor.division is not None:
        there = Handover.to_division.between(*scope_of(actor.division))
        query = query.where(there if wanted.to_us else ~there)
    if after is not None:
        query = query.where(Handover.id < after)
    async with db.wider():  # whose relative it is stands with the other county
        return (await db.execute(query)).scalars().all()


async def has_open(db: ReadSession, award_id: UUID) -> bool:
    """Say whether an award is on its way."""
    query = exists().where(Handover.award_id == award_id, Handover.status.in_(OPEN))
    return bool(await db.scalar(select(query)))


async def find_open(db: ReadSession, award_id: UUID) -> Handover | None:
    """Return the hand-over an award is on its way by, locked."""
    query = select(Handover).where(Handover.award_id == award_id, Handover.status.in_(OPEN))
    return (await db.execute(query.with_for_update())).scalar_one_or_none()


async def last_prepared_month(db: ReadSession, award_id: UUID) -> date | None:
    """Return the last month that the county has laid a line for: what it prepared, it pays."""
    query = select(func.max(PayLine.month)).where(PayLine.award_id == award_id, PayLine.cause == ENTITLEMENT)
    found: date | None = await db.scalar(query)
    return found


async def last_adjusted_month(db: ReadSession, award_id: UUID) -> date | None:
    """Return the month from which the latest amount holds that a person decided on."""
    query = select(func.max(AwardAmount.from_month)).where(
        AwardAmount.award_id == award_id, AwardAmount.cause == AmountCause.ADJUSTMENT
    )
    found: date | None = await db.scalar(query)
    return found
