"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, false, or_, select

from app.core.db import ReadSession
from app.identity.actors import Actor, Role
from app.reference.divisions import lineage, scope_of
from app.standards.errors import ChangeNotFound
from app.standards.lifecycle import Kind, Status
from app.standards.models import Change


def visible_to(actor: Actor) -> Select[Change]:
    """Select the changes of the places that an actor's division lies in, and of all below it: they concern it.

    What they say is public once it is in force; drafts are for staff.
    """
    query = select(Change)
    if actor.role is Role.SYSTEM:
        return query
    if actor.is_staff and actor.division is not None:
        above = Change.area.in_(lineage(actor.division))
        return query.where(or_(above, Change.area.between(*scope_of(actor.division))))
    return query.where(false())


async def get_change(db: ReadSession, actor: Actor, kind: Kind, change_id: UUID, *, lock: bool = False) -> Change:
    """Return one change of a kind, locked when it is to be decided on.

    Raises:
        ChangeNotFound: there is none, or it does not concern the actor's division.
    """
    query = visible_to(actor).where(Change.id == change_id, Change.kind == kind)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise ChangeNotFound
    return found


async def get_any_change(db: ReadSession, actor: Actor, change_id: UUID) -> Change:
    """Return one change of either kind.

    Raises:
        ChangeNotFound: there is none, or it does not concern the actor's division.
    """
    found = (await db.execute(visible_to(actor).where(Change.id == change_id))).scalar_one_or_none()
    if found is None:
        raise ChangeNotFound
    return found


async def list_changes_by_id(db: ReadSession, ids: Collection[UUID]) -> Sequence[Change]:
    """Return changes by id: what is in force is public."""
    return (await db.execute(select(Change).where(Change.id.in_(ids)))).scalars().all() if ids else []


async def find_change(db: ReadSession, change_id: UUID) -> Change | None:
    """Return a change of either kind, for the system's sake."""
    return await db.get(Change, change_id)


async def find_draft(
    db: ReadSession, kind: Kind, program: str, area: str, name: str, valid_from: date
) -> Change | None:
    """Return the one draft there may be of a number and first day, locked."""
    query = select(Change).where(
        Change.kind == kind,
        Change.program == program,
        Change.area == area,
        Change.name == name,
        Change.valid_from == valid_from,
        Change.status == Status.DRAFT,
    )
    return (await db.execute(query.with_for_update().execution_options(populate_existing=True))).scalar_one_or_none()


async def list_changes(
    db: ReadSession,
    actor: Actor,
    kind: Kind,
    *,
    program: str | None,
    division: str | None,
    status: Status | None,
    after: UUID | None,
    limit: int,
) -> Sequence[Change]:
    """Return a page of changes, newest first; with `division` those of the place and all it lies in."""
    query = visible_to(actor).where(Change.kind == kind).order_by(Change.id.desc()).limit(limit)
    if program is not None:
        query = query.where(Change.program == program)
    if division is not None:
        query = query.where(Change.area.in_(lineage(division)))
    if status is not None:
        query = query.where(Change.status == status)
    if after is not None:
        query = query.where(Change.id < after)
    return (await db.execute(query)).scalars().all()
