"""Reads across all stages: whom rows know a citizen as, when what is kept of a case began to be kept, and holds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from app.applications.conflict_queries import is_kept_from, refuse_relative
from app.applications.models import Application, Member
from app.awards.models import Award
from app.core.db import ReadSession
from app.disbursement.models import PayLine
from app.identity.actors import Actor, Role
from app.identity.models import RefreshToken, Session
from app.reference.divisions import scope_of
from app.retention.errors import HoldNotFound
from app.retention.models import Erasure, LegalHold


class CaseState(NamedTuple):
    """What the keeping of a case's file depends on."""

    id: UUID
    county: str
    division: str
    applicant_id: UUID
    status: str
    created_at: datetime
    ended_at: datetime | None
    award_status: str | None
    to_month: date | None
    stopped_at: datetime | None


def names_somebody(model: type[Award] | type[PayLine]) -> ColumnElement[bool]:
    """Say which awards, or pay lines, still hold whom they are paid to."""
    return or_(model.payee_name_sealed.is_not(None), model.payee_name_clear.is_not(None))


async def list_cases_of(db: ReadSession, citizen_id: UUID) -> list[CaseState]:
    """Return all applications of a citizen, discarded ones, too, with what became of them."""
    query = case_states().where(Application.applicant_id == citizen_id)
    return [CaseState._make(row) for row in (await db.execute(query)).all()]


def case_states() -> Select[Any]:
    """Select applications with what their keeping depends on, as `CaseState` has it."""
    of_application = ("id", "county", "division", "applicant_id", "status", "created_at", "ended_at")
    columns = [getattr(Application, name) for name in of_application]
    query = select(*columns, Award.status, Award.to_month, Award.stopped_at)
    return query.outerjoin(Award, Award.application_id == Application.id)


async def list_members_by_number(db: ReadSession, index: bytes) -> Collection[UUID]:
    """Return the members, of whosever household, who have an identity number (blind index)."""
    return (await db.execute(select(Member.id).where(Member.id_number_index == index))).scalars().all()


async def list_minors(db: ReadSession, applications: Collection[UUID], born_after: date) -> Collection[UUID]:
    """Return the members of some households who were born after a date."""
    query = select(Member.id).where(Member.application_id.in_(applications), Member.birth_date > born_after)
    return (await db.execute(query)).scalars().all()


async def list_awards_of(db: ReadSession, citizen_id: UUID) -> Mapping[UUID, UUID]:
    """Return a citizen's awards, each with its application."""
    rows = await db.execute(select(Award.id, Award.application_id).where(Award.beneficiary_id == citizen_id))
    return {row.id: row.application_id for row in rows.all()}


async def find_last_use(db: ReadSession, citizen_id: UUID) -> datetime | None:
    """Return when a citizen last signed in, or his phone last got a token."""
    return await db.scalar(select(func.max(used_at(Session))).where(Session.subject_id == citizen_id))


def used_at(session: type[Session]) -> ColumnElement[datetime]:
    """Say when a session was last used: signed in to, proved anew, or given a token."""
    issued = select(func.max(RefreshToken.issued_at)).where(RefreshToken.session_id == session.id).scalar_subquery()
    return func.greatest(session.created_at, session.authenticated_at, issued)  # passes over nulls


def holds_visible_to(actor: Actor) -> Select[LegalHold]:
    """Select the holds this actor may see: supervisors, those below their division."""
    query = select(LegalHold)
    if actor.role is Role.SUPERVISOR and actor.division is not None:
        return query.where(LegalHold.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_hold(db: ReadSession, actor: Actor, hold_id: UUID, *, lock: bool = False) -> LegalHold:
    """Return one hold, locked when it is to be changed.

    Raises:
        HoldNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is the case of a close relative of who asks.
    """
    query = holds_visible_to(actor).where(LegalHold.id == hold_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise HoldNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_holds(
    db: ReadSession, actor: Actor, *, standing: bool | None, after: UUID | None, limit: int
) -> Sequence[LegalHold]:
    """Return a page of holds, newest first, without those on cases of close relatives of who asks."""
    query = holds_visible_to(actor).order_by(LegalHold.id.desc()).limit(limit)
    query = query.where(~is_kept_from(actor.id, LegalHold.application_id))
    if standing is not None:
        query = query.where(LegalHold.lifted_at.is_(None) if standing else LegalHold.lifted_at.is_not(None))
    if after is not None:
        query = query.where(LegalHold.id < after)
    return (await db.execute(query)).scalars().all()


async def list_erasures(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[Erasure]:
    """Return a page of what is left of erased files, newest first: supervisors, those below their division."""
    if actor.role is not Role.SUPERVISOR or actor.division is None:
        return ()
    query = select(Erasure).where(Erasure.division.between(*scope_of(actor.division)))
    query = query.order_by(Erasure.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Erasure.id < after)
    return (await db.execute(query)).scalars().all()
