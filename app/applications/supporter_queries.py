"""Supporters outside the household: who is named in a case, what each said to being checked, and who is asked for it.

They stand among `members` and are not the household: `queries.list_members` leaves them out. Who is named reads of it
by the number that he proved, beyond what his own rows let him see: call these within `db.wider()`.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, exists, false, or_, select, tuple_

from app.applications.lifecycle import OPEN
from app.applications.locking_queries import with_application_locked
from app.applications.models import Application, Authorisation, Member
from app.core.db import ReadSession
from app.identity.actors import Actor, Role


class Named(NamedTuple):
    """Somebody who is named as a supporter, and in which application."""

    person: Member
    application: Application


def named_visible_to(actor: Actor, id_number_index: bytes) -> Select[Member, Application]:
    """Select where a citizen who proved this number is named; nobody acts on it in another's place."""
    query = select(Member, Application).join(Application, Application.id == Member.application_id)
    if actor.role is not Role.APPLICANT or actor.entrustment is not None:
        return query.where(false())
    named = query.where(Member.supporter_ref.is_not(None), Member.id_number_index == id_number_index)
    return named.where(Application.erased_at.is_(None))


async def list_named(
    db: ReadSession, actor: Actor, id_number_index: bytes, *, after: tuple[bool, UUID] | None, limit: int
) -> Sequence[tuple[Named, bool]]:
    """Return a page of where a citizen is named in a case under way, or has answered, and whether he signed there: what
    he signed first, then the latest. So nobody can bury what he might want to withdraw under cases that name him."""
    signed = exists().where(Authorisation.member_id == Member.id)
    concerned = or_(Application.status.in_(OPEN), signed, Member.declined_at.is_not(None))
    query = named_visible_to(actor, id_number_index).where(concerned)
    page = query.add_columns(signed).order_by(signed.desc(), Member.id.desc()).limit(limit)
    if after is not None:
        page = page.where(tuple_(signed, Member.id) < after)
    return [(Named(person, case), has_signed) for person, case, has_signed in (await db.execute(page)).all()]


async def find_named(
    db: ReadSession, actor: Actor, id_number_index: bytes, person_id: UUID, *, lock: bool = False
) -> Named | None:
    """Return one of them; with its application locked, first of all, where it is to be changed: whoever held it before
    may have named another in his place, whose authorisation is not his to give."""
    query = named_visible_to(actor, id_number_index).where(Member.id == person_id)
    if lock:
        query = await with_application_locked(db, query)
    row = (await db.execute(query)).one_or_none()
    return None if row is None else Named(*row)


async def list_people(db: ReadSession, application_id: UUID) -> Sequence[Member]:
    """Return all people of a case: the household, and the supporters whom it named."""
    query = select(Member).where(Member.application_id == application_id).order_by(Member.id)
    return (await db.execute(query)).scalars().all()


async def list_supporters(db: ReadSession, application_id: UUID) -> Sequence[Member]:
    """Return the supporters outside the household who are named in a case."""
    query = select(Member).where(Member.application_id == application_id, Member.supporter_ref.is_not(None))
    return (await db.execute(query.order_by(Member.id))).scalars().all()


async def list_consents(db: ReadSession, people: Collection[UUID]) -> Sequence[Authorisation]:
    """Return what these supporters signed, also what they withdrew, the latest last."""
    query = select(Authorisation).where(Authorisation.member_id.in_(people)).order_by(Authorisation.id)
    return (await db.execute(query.execution_options(populate_existing=True))).scalars().all()


async def list_live_consents(db: ReadSession, application_id: UUID) -> Sequence[Authorisation]:
    """Return the authorisations in force that supporters gave in a case, in the order of the people."""
    query = select(Authorisation).where(
        Authorisation.application_id == application_id,
        Authorisation.signed_by_citizen_id.is_not(None),
        Authorisation.withdrawn_at.is_(None),
    )
    return (await db.execute(query.order_by(Authorisation.member_id))).scalars().all()
