"""Authorisations as others than the applicant ask for them.

Who is listed in another's household reads of what was signed about her by the number that she proved, beyond what her
own rows let her see: call these within `db.wider()`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.applications.lifecycle import OPEN, Status
from app.applications.locking_queries import with_application_locked
from app.applications.models import GUARDIAN, Application, Authorisation, Claim, Member
from app.core.db import ReadSession
from app.identity.actors import Actor, Role

_READER, _ABOUT = aliased(Member), aliased(Member)


class Signed(NamedTuple):
    """An authorisation in a household: about whom it is, as whom the reader is listed there, and the application."""

    authorisation: Authorisation
    about: Member
    reader: Member
    application: Application


def signed_visible_to(actor: Actor, id_number_index: bytes) -> Select[Authorisation, Member, Member, Application]:
    """Select what was signed about, or by, the members of households who have the number that a citizen proved; nobody
    acts on it in another's place. A household is under way, or lives on what was granted as long as its people are
    claimed by it."""
    query = (
        select(Authorisation, _ABOUT, _READER, Application)
        .join(Application, Application.id == Authorisation.application_id)
        .join(_ABOUT, _ABOUT.id == Authorisation.member_id)
        .join(_READER, _READER.application_id == Application.id)
    )
    if actor.role is not Role.APPLICANT or actor.entrustment is not None:
        return query.where(false())
    granted = and_(Application.status == Status.APPROVED, exists().where(Claim.application_id == Application.id))
    return query.where(
        _READER.id_number_index == id_number_index,
        _READER.supporter_ref.is_(None),
        _ABOUT.supporter_ref.is_(None),
        or_(_ABOUT.id == _READER.id, Authorisation.signed_by_member_id == _READER.id),
        or_(Application.status.in_(OPEN), granted),
        Application.erased_at.is_(None),
    )


async def list_signed(
    db: ReadSession, actor: Actor, id_number_index: bytes, *, after: UUID | None, limit: int
) -> Sequence[Signed]:
    """Return a page of what was signed about or by a citizen, the latest first, also what was withdrawn."""
    query = signed_visible_to(actor, id_number_index).order_by(Authorisation.id.desc()).limit(limit)
    if after is not None:
        query = query.where(Authorisation.id < after)
    return [Signed(*row) for row in (await db.execute(query)).all()]


async def find_signed(
    db: ReadSession, actor: Actor, id_number_index: bytes, authorisation_id: UUID, *, lock: bool = False
) -> Signed | None:
    """Return one of them; with its application locked, first of all, where it is to be changed: whoever held it before
    may have listed another in her place, whose authorisation is not hers to withdraw."""
    query = signed_visible_to(actor, id_number_index).where(Authorisation.id == authorisation_id)
    if lock:
        query = await with_application_locked(db, query)
    row = (await db.execute(query)).one_or_none()
    return None if row is None else Signed(*row)


async def list_guardians(db: ReadSession, application_id: UUID) -> Mapping[UUID, UUID]:
    """Return who signed as a guardian for members without full capacity, by the member, while that is in force."""
    query = select(Authorisation.member_id, Authorisation.signed_by_member_id).where(
        Authorisation.application_id == application_id,
        Authorisation.method == GUARDIAN,
        Authorisation.withdrawn_at.is_(None),
    )
    return {row.member_id: row.signed_by_member_id for row in await db.execute(query)}


async def list_memberships(db: ReadSession, id_number_index: bytes) -> Sequence[tuple[Member, Application]]:
    """Return in which cases somebody of this number is a member, or a supporter; none that was erased."""
    query = (
        select(Member, Application)
        .join(Application, Application.id == Member.application_id)
        .where(Member.id_number_index == id_number_index, Application.erased_at.is_(None))
    )
    return [(row[0], row[1]) for row in (await db.execute(query.order_by(Member.id.desc()).limit(100))).all()]
