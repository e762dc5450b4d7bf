"""Reads of what recipients said when they were heard about a stop (社会救助法 art. 48)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select, union_all

from app.applications.models import Member
from app.applications.promise_lifecycle import Settlement as Broken
from app.applications.promise_lifecycle import Status as Promised
from app.applications.promise_models import Promise
from app.applications.queries import list_members
from app.awards.finding_models import AwardFinding
from app.awards.lifecycle import AdjustmentStatus, Settlement, Status, StopGround
from app.awards.models import Award, AwardAdjustment, Hearing, RecomputedAward
from app.core.clock import legal_date
from app.core.db import ReadSession

# What a stop acts on: before it is decided that is open, and afterwards settled by it.
_ACTED_ON = (Settlement.OPEN, Settlement.STOPPED)


async def list_heard_about_stop(db: ReadSession, award: Award, ground: StopGround) -> Sequence[Hearing]:
    """Return the hearings that carry a stop of an award on a ground, oldest first; the same before and after the stop.

    Each was about this ground, since whatever was considered before came to an end (the award was resumed, kept or
    moved, or what had been found was settled), and, unless the household wishes the stop itself, since what the stop
    acts on was found. A hearing of before grounds were named carries it only where something it acts on was open then.
    """
    acted_on = await db.scalar(_latest(_found(award)))
    ended = await find_last_ended(db, award)
    query = select(Hearing).where(Hearing.award_id == award.id, Hearing.about == "stop").order_by(Hearing.id)
    named = Hearing.ground == ground
    query = query.where(named if acted_on is None else or_(named, Hearing.ground.is_(None)))
    if ended is not None:
        query = query.where(Hearing.recorded_at > ended, Hearing.heard_on >= legal_date(ended))
    if acted_on is not None and ground is not StopGround.REQUEST:
        query = query.where(Hearing.recorded_at >= acted_on, Hearing.heard_on >= legal_date(acted_on))
    return (await db.scalars(query)).all()


async def list_heard_about_less(db: ReadSession, adjustment: AwardAdjustment) -> Sequence[Hearing]:
    """Return the hearings that carry a lower amount, oldest first: held and put on record since it is proposed, for
    nobody can say anything about what he does not know."""
    query = select(Hearing).where(
        Hearing.award_id == adjustment.award_id,
        Hearing.about == "reduce",
        Hearing.recorded_at >= adjustment.proposed_at,
        Hearing.heard_on >= legal_date(adjustment.proposed_at),
    )
    return (await db.scalars(query.order_by(Hearing.id))).all()


async def find_only_member(db: ReadSession, award: Award) -> Member | None:
    """Return who lives alone, after whose death nobody is left to be heard; None where the household lists others."""
    members = await list_members(db, award.application_id)
    return members[0] if len(members) == 1 else None


async def is_hearing_open(db: ReadSession, award: Award) -> bool:
    """Say whether the recipient was heard about a stop that nothing was decided on yet."""
    if award.status == Status.STOPPED:  # it is what the stop rests on
        return False
    ended = await find_last_ended(db, award)
    heard = select(Hearing.id).where(Hearing.award_id == award.id, Hearing.about == "stop")
    if ended is not None:
        heard = heard.where(Hearing.recorded_at > ended)
    return bool(await db.scalar(select(exists(heard))))


async def find_last_ended(db: ReadSession, award: Award) -> datetime | None:
    """Return when what was considered about an award last came to an end without a stop; None where nothing was."""
    return await db.scalar(_latest(_ended(award)))


def _found(award: Award) -> list[Select[Any]]:
    broken = or_(Promise.status == Promised.BROKEN, Promise.settlement == Broken.STOPPED)
    return [
        select(AwardFinding.found_at.label("at")).where(
            AwardFinding.award_id == award.id, AwardFinding.settlement.in_(_ACTED_ON)
        ),
        select(RecomputedAward.recorded_at).where(
            RecomputedAward.award_id == award.id, RecomputedAward.settlement.in_(_ACTED_ON)
        ),
        select(Promise.verified_at).where(Promise.application_id == award.application_id, broken),
    ]


def _ended(award: Award) -> list[Select[Any]]:
    return [
        select(func.greatest(Award.resumed_at, Award.kept_at).label("at")).where(Award.id == award.id),
        select(AwardFinding.settled_at).where(
            AwardFinding.award_id == award.id, AwardFinding.settlement.not_in(_ACTED_ON)
        ),
        select(RecomputedAward.settled_at).where(
            RecomputedAward.award_id == award.id, RecomputedAward.settlement.not_in(_ACTED_ON)
        ),
        select(AwardAdjustment.decided_at).where(
            AwardAdjustment.award_id == award.id, AwardAdjustment.status == AdjustmentStatus.APPROVED
        ),
    ]


def _latest(instants: list[Select[Any]]) -> Select[datetime | None]:
    at = union_all(*instants).subquery()
    return select(func.max(at.c.at))
