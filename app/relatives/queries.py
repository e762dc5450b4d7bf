"""Reads of declarations. A declaration is shown to who made it, and masked to supervisors and administrators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, Select, and_, any_, false, func, or_, select

from app.core.db import ReadSession, columns_of
from app.core.prepared import Prepared, asked
from app.identity.actors import Actor, Role
from app.identity.errors import StaffNotFound
from app.identity.models import Staff
from app.identity.queries import get_staff
from app.reference.divisions import covers, scope_of
from app.relatives.errors import CommitteeMemberNotFound, RelativeNotFound
from app.relatives.kinship import PersonKind
from app.relatives.models import CommitteeMember, DeclaredRelative

OVERSEERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
KEEPERS = frozenset({Role.TOWNSHIP_HANDLER, Role.ADMINISTRATOR})  # of the roster


@dataclass(frozen=True)
class Match:
    """A declaration in force and where the declarer stands now."""

    relative: DeclaredRelative
    division: str


def visible_to(actor: Actor) -> Select[DeclaredRelative]:
    """Select the declarations in force that this actor may see.

    One's own; what one entered for a committee member; supervisors and administrators all, whose people they are is
    asked before.
    """
    query = select(DeclaredRelative).where(DeclaredRelative.ended_at.is_(None))
    if actor.role in OVERSEERS:
        return query
    if not actor.is_staff:
        return query.where(false())
    return query.where(or_(DeclaredRelative.person_id == actor.id, DeclaredRelative.declared_by == actor.id))


def roster_visible_to(actor: Actor) -> Select[CommitteeMember]:
    """Select the committee members in office that this actor may see, below their division: who keeps the roster,
    oversees it, or names somebody from it when a case is registered."""
    query = select(CommitteeMember).where(CommitteeMember.left_at.is_(None))
    if actor.role in OVERSEERS | KEEPERS | {Role.COUNTY_HANDLER} and actor.division is not None:
        return query.where(CommitteeMember.division.between(*scope_of(actor.division)))
    return query.where(false())


async def list_relatives(db: ReadSession, actor: Actor, person_id: UUID) -> Sequence[DeclaredRelative]:
    """Return what one person declared, as far as the actor may see it, oldest first."""
    query = visible_to(actor).where(DeclaredRelative.person_id == person_id).order_by(DeclaredRelative.id)
    return (await db.execute(query)).scalars().all()


async def get_relative(db: ReadSession, person_id: UUID, relative_id: UUID) -> DeclaredRelative:
    """Return one declaration in force of one person, locked.

    Raises:
        RelativeNotFound: there is none.
    """
    query = select(DeclaredRelative).where(
        DeclaredRelative.id == relative_id,
        DeclaredRelative.person_id == person_id,
        DeclaredRelative.ended_at.is_(None),
    )
    found = (await db.execute(query.with_for_update())).scalar_one_or_none()
    if found is None:
        raise RelativeNotFound
    return found


async def get_overseen_staff(db: ReadSession, actor: Actor, staff_id: UUID) -> Staff:
    """Return a member of staff whose declarations the actor oversees.

    Raises:
        StaffNotFound: there is none, or none below the actor's division, or the actor oversees nobody.
    """
    staff = await get_staff(db, staff_id)
    if actor.role not in OVERSEERS or actor.division is None or not covers(actor.division, staff.division):
        raise StaffNotFound
    return staff


async def list_committee_members(
    db: ReadSession, actor: Actor, *, division: str | None, after: UUID | None, limit: int
) -> Sequence[CommitteeMember]:
    """Return a page of committee members in office, oldest first."""
    query = roster_visible_to(actor).order_by(CommitteeMember.id).limit(limit)
    if division is not None:
        query = query.where(CommitteeMember.division.between(*scope_of(division)))
    if after is not None:
        query = query.where(CommitteeMember.id > after)
    return (await db.execute(query)).scalars().all()


async def get_committee_member(db: ReadSession, actor: Actor, member_id: UUID) -> CommitteeMember:
    """Return one committee member in office.

    Raises:
        CommitteeMemberNotFound: there is none, or it is not theirs to see.
    """
    query = roster_visible_to(actor).where(CommitteeMember.id == member_id)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise CommitteeMemberNotFound
    return found


async def find_people(db: ReadSession, ids: Iterable[UUID]) -> dict[UUID, Staff | CommitteeMember]:
    """Return who some people are, in office or not, by id."""
    wanted = list(set(ids))
    staff = (await db.execute(select(Staff).where(Staff.id.in_(wanted)))).scalars()
    members = (await db.execute(select(CommitteeMember).where(CommitteeMember.id.in_(wanted)))).scalars()
    return {row.id: row for row in (*staff, *members)}


_ANYONE = Prepared(select(func.anyone_declared(asked("indexes", ARRAY(LargeBinary)))))


async def is_anyone_declared(db: ReadSession, indexes: Iterable[bytes]) -> bool:
    """Say whether a declaration in force names somebody with one of these identity numbers (blind indexes), of all
    declarations there are: that there is one is all that whoever is served may come to know by it."""
    return bool((await db.fetch(_ANYONE, indexes=list(indexes)))[0][0])


async def list_matches(db: ReadSession, indexes: Iterable[bytes]) -> Sequence[Match]:
    """Return the declarations in force that name somebody with one of these identity numbers (blind indexes)."""
    rows = await db.fetch(_NAMED, indexes=list(indexes))
    return [Match(db.take_up(DeclaredRelative, row[:-1]), row[-1]) for row in rows]


async def find_match(db: ReadSession, relative_id: UUID) -> Match | None:
    """Return one declaration, if it is in force and its declarer in office."""
    row = (await db.execute(_matches().where(DeclaredRelative.id == relative_id))).one_or_none()
    return None if row is None else Match(*row)


_DIVISION = func.coalesce(Staff.division, CommitteeMember.division)


def _matches() -> Select[DeclaredRelative, str]:
    """Select declarations in force with the division of whoever made them, as it is now."""
    is_staff = DeclaredRelative.person_kind == PersonKind.STAFF
    return (
        select(DeclaredRelative, _DIVISION)
        .outerjoin(Staff, and_(is_staff, Staff.id == DeclaredRelative.person_id, Staff.disabled_at.is_(None)))
        .outerjoin(
            CommitteeMember,
            and_(~is_staff, CommitteeMember.id == DeclaredRelative.person_id, CommitteeMember.left_at.is_(None)),
        )
        .where(DeclaredRelative.ended_at.is_(None))
        .where(or_(Staff.id.is_not(None), CommitteeMember.id.is_not(None)))
        .order_by(DeclaredRelative.id)
    )


_NAMED = Prepared(
    _matches()
    .where(DeclaredRelative.id_number_index == any_(asked("indexes", ARRAY(LargeBinary))))
    .with_only_columns(*columns_of(DeclaredRelative), _DIVISION)
)
