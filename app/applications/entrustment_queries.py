"""Reads of entrustments; every read for a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, false, or_, select

from app.applications.entrustment_lifecycle import AGENTS_ON_STAFF, Status
from app.applications.entrustment_models import Entrustment
from app.applications.errors import EntrustmentNotFound
from app.applications.models import Application
from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of

_READERS = AGENTS_ON_STAFF | {
    Role.TOWNSHIP_REVIEWER,
    Role.TOWNSHIP_CONFIRMER,
    Role.COUNTY_HANDLER,
    Role.COUNTY_CONFIRMER,
    Role.SUPERVISOR,
}


def visible_to(actor: Actor) -> Select[Entrustment]:
    """Select the entrustments this actor may see: citizens those they act by or are spoken for by, offices those of
    their place."""
    query = select(Entrustment)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        return query.where(or_(Entrustment.agent_id == actor.id, Entrustment.principal_id == actor.id))
    if actor.role in _READERS and actor.division is not None:
        return query.where(Entrustment.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_entrustment(db: ReadSession, actor: Actor, entrustment_id: UUID, *, lock: bool = False) -> Entrustment:
    """Return one entrustment, locked where it is to be changed.

    Raises:
        EntrustmentNotFound: there is none, or it is not theirs to see.
    """
    query = visible_to(actor).where(Entrustment.id == entrustment_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise EntrustmentNotFound
    return found


async def list_entrustments(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Entrustment]:
    """Return a page of entrustments, newest first."""
    query = visible_to(actor).order_by(Entrustment.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Entrustment.id < after)
    return (await db.execute(query)).scalars().all()


async def find_entrustment_of(db: ReadSession, application_id: UUID) -> Entrustment | None:
    """Return on what an application was made for somebody; None where she made it herself."""
    query = select(Entrustment).where(Entrustment.application_id == application_id)
    return (await db.execute(query)).scalar_one_or_none()


async def has_made_other(db: ReadSession, entrustment: Entrustment, program: str) -> bool:
    """Say whether an application for another program was made under an entrustment, thrown away or not."""
    made = select(Application.id).where(
        Application.applicant_id == entrustment.principal_id,
        Application.entrustment_id == entrustment.id,
        Application.program != program,
    )
    return bool((await db.execute(select(exists(made)))).scalar_one())


async def find_standing(db: ReadSession, agent_id: UUID, principal_index: bytes) -> Entrustment | None:
    """Return what the same agent asked for the same person before, and still stands."""
    query = select(Entrustment).where(
        Entrustment.agent_id == agent_id,
        Entrustment.principal_index == principal_index,
        Entrustment.status.in_((Status.REQUESTED, Status.IN_FORCE)),
    )
    return (await db.execute(query)).scalar_one_or_none()


async def list_forgotten(db: ReadSession, before: datetime, limit: int) -> Sequence[UUID]:
    """Return those that were asked for before an instant and that nobody confirmed."""
    query = select(Entrustment.id).where(Entrustment.status == Status.REQUESTED, Entrustment.requested_at < before)
    return (await db.execute(query.order_by(Entrustment.id).limit(limit))).scalars().all()
