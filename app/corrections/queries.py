"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, exists, false, select

from app.applications.conflict_queries import is_kept_from, refuse_relative
from app.applications.models import Member
from app.core.db import ReadSession
from app.corrections.errors import CorrectionNotFound
from app.corrections.lifecycle import HANDLERS, ObjectType, Status
from app.corrections.models import CorrectionRequest
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.verification.models import Check

_READERS = HANDLERS | {Role.SUPERVISOR}


def visible_to(actor: Actor) -> Select[CorrectionRequest]:
    """Select the requests this actor may see: citizens their own, handlers and supervisors those below."""
    query = select(CorrectionRequest)
    if actor.role is Role.APPLICANT:
        return query.where(CorrectionRequest.citizen_id == actor.id)
    if actor.role in _READERS and actor.division is not None:
        return query.where(CorrectionRequest.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_correction(
    db: ReadSession, actor: Actor, correction_id: UUID, *, lock: bool = False
) -> CorrectionRequest:
    """Return one request, locked when it is to be changed.

    Raises:
        CorrectionNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about the case of a close relative of who asks.
    """
    query = visible_to(actor).where(CorrectionRequest.id == correction_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise CorrectionNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_corrections(
    db: ReadSession, actor: Actor, *, status: Status | None, after: UUID | None, limit: int
) -> Sequence[CorrectionRequest]:
    """Return a page of requests, newest first, without those in cases of close relatives of who asks."""
    query = visible_to(actor).where(~is_kept_from(actor.id, CorrectionRequest.application_id))
    query = query.order_by(CorrectionRequest.id.desc()).limit(limit)
    if status is not None:
        query = query.where(CorrectionRequest.status == status)
    if after is not None:
        query = query.where(CorrectionRequest.id < after)
    return (await db.execute(query)).scalars().all()


async def has_object(db: ReadSession, application_id: UUID, object_type: ObjectType, object_id: UUID) -> bool:
    """Say whether a case has what is said to be wrong."""
    if object_type is ObjectType.APPLICATION:
        return object_id == application_id
    model: type[Member] | type[Check] = Member if object_type is ObjectType.MEMBER else Check
    return bool(await db.scalar(select(exists().where(model.id == object_id, model.application_id == application_id))))


async def is_about(db: ReadSession, application_id: UUID, check_id: UUID, members: Collection[UUID]) -> bool:
    """Say whether a check of a case is about one of some members."""
    of_them = exists().where(Check.id == check_id, Check.application_id == application_id, Check.member_id.in_(members))
    async with db.wider():  # listed in another's household one sees none of its rows
        return bool(await db.scalar(select(of_them)))


async def was_entered_by(db: ReadSession, check_id: UUID, person: UUID) -> bool:
    """Say whether somebody entered by hand what an agency is said to have found."""
    return bool(await db.scalar(select(exists().where(Check.id == check_id, Check.entered_by == person))))


async def has_open(db: ReadSession, application_id: UUID, field: tuple[UUID, str] | None = None) -> bool:
    """Say whether a request about a case is open, about one field of one object if that is given."""
    open_ones = exists().where(
        CorrectionRequest.application_id == application_id, CorrectionRequest.status == Status.REQUESTED
    )
    if field is not None:
        open_ones = open_ones.where(CorrectionRequest.object_id == field[0], CorrectionRequest.field == field[1])
    return bool(await db.scalar(select(open_ones)))
