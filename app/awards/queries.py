"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, or_, select

from app.applications.conflict_queries import refuse_relative
from app.audit.subjects import Case
from app.awards.errors import AwardNotFound
from app.awards.lifecycle import Status
from app.awards.models import Award, AwardAmount, Hearing
from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.notices.amounts import Amount, in_order
from app.reference.divisions import scope_of
from app.review.decisions import REFUSED
from app.review.models import Decision


def visible_to(actor: Actor) -> Select[Award]:
    """Select the awards this actor may see: the one place that decides.

    Recipients see their own; staff see what lies below their division; the system sees all; others nothing.
    """
    query = select(Award)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        return query.where(Award.beneficiary_id == actor.id)
    if actor.is_staff and actor.division is not None:
        low, high = scope_of(actor.division)
        return query.where(Award.division.between(low, high))
    return query.where(false())


def amount_in(month: Any, what: str = "amount_fen") -> ColumnElement[int]:
    """Return an expression over `Award`: what it amounts to in a month, or with `what` the number (`seq`) of that."""
    granted = Award.monthly_amount_fen if what == "amount_fen" else literal(0)
    latest = (
        select(getattr(AwardAmount, what))
        .where(AwardAmount.award_id == Award.id, AwardAmount.from_month <= month)
        .order_by(AwardAmount.seq.desc())
        .limit(1)
        .correlate_except(AwardAmount)
        .scalar_subquery()
    )
    return func.coalesce(latest, granted)


async def get_award(db: ReadSession, actor: Actor, award_id: UUID, *, lock: bool = False) -> Award:
    """Return one award, locked against others when it is to be changed.

    Raises:
        AwardNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is a close relative's of the member of staff who asks.
    """
    query = visible_to(actor).where(Award.id == award_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise AwardNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def find_award_of(db: ReadSession, application_id: UUID) -> Award | None:
    """Return the award that an application led to."""
    return (await db.execute(select(Award).where(Award.application_id == application_id))).scalar_one_or_none()


async def list_caseload(
    db: ReadSession, county: str, program: str, *, refused_since: date, after: UUID | None, limit: int
) -> Sequence[tuple[Decision, bool]]:
    """Return decisions of a county that can still be opened, by id: those behind an award in force, which are marked,
    and what was refused since a day. For the system alone, which asks what a change would mean for them."""
    in_force = Award.status.in_((Status.ACTIVE, Status.SUSPENDED))
    refused = and_(Decision.outcome == REFUSED, Decision.decided_on >= refused_since)
    query = select(Decision, in_force.is_(True)).outerjoin(Award, Award.decision_id == Decision.id)
    query = query.where(Decision.county == county, Decision.program == program, Decision.body_sealed.is_not(None))
    query = query.where(or_(in_force, refused)).order_by(Decision.id).limit(limit)
    if after is not None:
        query = query.where(Decision.id > after)
    return [(decision, granted) for decision, granted in (await db.execute(query)).all()]


async def list_counties_with_decisions(db: ReadSession) -> Sequence[str]:
    """Return the counties that have decided anything."""
    return (await db.execute(select(Decision.county).distinct().order_by(Decision.county))).scalars().all()


async def list_awards(
    db: ReadSession, actor: Actor, *, status: Status | None, after: UUID | None, limit: int
) -> Sequence[Award]:
    """Return a page of awards, newest first."""
    query = visible_to(actor).order_by(Award.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Award.status == status)
    if after is not None:
        query = query.where(Award.id < after)
    return (await db.execute(query)).scalars().all()


async def list_cases_of(db: ReadSession, award_ids: Collection[UUID]) -> Sequence[Case]:
    """Return whom these awards are about, for the record of somebody's look at what belongs to them."""
    query = select(Award.application_id, Award.beneficiary_id, Award.county)
    return [Case(*row) for row in (await db.execute(query.where(Award.id.in_(award_ids)))).all()]


async def list_hearings(db: ReadSession, award_id: UUID) -> Sequence[Hearing]:
    """Return the hearings on an award, oldest first."""
    query = select(Hearing).where(Hearing.award_id == award_id).order_by(Hearing.id)
    return (await db.execute(query)).scalars().all()


async def get_amount_in(db: ReadSession, award_id: UUID, month: date) -> int:
    """Return what an award amounts to in a month, in fen."""
    return int((await db.execute(select(amount_in(month)).where(Award.id == award_id))).scalar_one())


async def list_schedule(db: ReadSession, award_id: UUID) -> list[Amount]:
    """Return what an award comes to from which month on, earliest first; the last of it may still be ahead."""
    granted = select(Award.monthly_amount_fen, Award.from_month).where(Award.id == award_id)
    since = select(AwardAmount.amount_fen, AwardAmount.from_month).where(AwardAmount.award_id == award_id)
    rows = [(await db.execute(granted)).one(), *await db.execute(since.order_by(AwardAmount.seq))]
    return in_order(Amount(*row) for row in rows)
