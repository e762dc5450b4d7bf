"""Declaring close relatives, for oneself or for a committee member, and keeping the roster of committees.

What a declaration means for a case is the applications' business: a job named here looks for open cases and awards of
the person declared, once the declaration is committed.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from app.audit.commands import record_act
from app.core.clock import today
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.events.commands import enqueue
from app.identity.actors import Actor
from app.identity.numbers import read_id_number, read_name
from app.reference.divisions import Level, covers, level_of
from app.reference.errors import OutsideYourDivision
from app.reference.queries import get_division
from app.relatives.errors import NotACommittee, RelativeAlreadyDeclared
from app.relatives.kinship import Kinship, PersonKind
from app.relatives.models import CommitteeMember, DeclaredRelative
from app.relatives.queries import KEEPERS, get_committee_member, get_relative

REGISTER_RELATIVE = "register_relative"
# The number is indexed under the members' name for it: an index is keyed by its column's name.
ID_NUMBER = "members.id_number"


@dataclass(frozen=True)
class Declaration:
    """One close relative as declared."""

    relation: Kinship
    name: str
    id_number: str


async def declare_own_relative(db: WriteSession, actor: Actor, declaration: Declaration) -> DeclaredRelative:
    """Keep a close relative of the member of staff who asks; cases of that person are looked for right after.

    Raises:
        NameMalformed, IdNumberMalformed: the name or number is not one.
        RelativeAlreadyDeclared: this number was declared before.
    """
    return await _declare(db, actor, PersonKind.STAFF, actor.id, actor.division or "", declaration)


async def end_own_relative(db: WriteSession, actor: Actor, relative_id: UUID) -> None:
    """End a declaration of one's own. What was registered on its ground stays until a supervisor withdraws it.

    Raises:
        RelativeNotFound: there is none.
    """
    await _end(db, actor, actor.id, relative_id)


async def declare_for_committee(
    db: WriteSession, actor: Actor, member_id: UUID, declaration: Declaration
) -> DeclaredRelative:
    """Keep a close relative of a committee member.

    Raises:
        CommitteeMemberNotFound: there is none, or he sits outside the actor's division.
        RoleNotAllowed: the actor does not keep the roster.
        NameMalformed, IdNumberMalformed, RelativeAlreadyDeclared: as for one's own.
    """
    member = await get_committee_member(db, actor, member_id)
    _require_keeper(actor)
    return await _declare(db, actor, PersonKind.COMMITTEE, member.id, member.division, declaration)


async def end_for_committee(db: WriteSession, actor: Actor, member_id: UUID, relative_id: UUID) -> None:
    """End a declaration of a committee member.

    Raises:
        CommitteeMemberNotFound, RelativeNotFound: there is none, or outside the actor's division.
        RoleNotAllowed: the actor does not keep the roster.
    """
    member = await get_committee_member(db, actor, member_id)
    _require_keeper(actor)
    await _end(db, actor, member.id, relative_id)


async def add_committee_member(db: WriteSession, actor: Actor, division: str, name: str, duty: str) -> CommitteeMember:
    """Put somebody on the roster of a village's or neighbourhood's committee.

    Raises:
        RoleNotAllowed: the actor does not keep the roster.
        OutsideYourDivision, NotACommittee, DivisionUnknown, DivisionMalformed: not a village of the actor's.
        NameMalformed: the name is not one.
    """
    _require_keeper(actor)
    if level_of(division) is not Level.VILLAGE:
        raise NotACommittee
    if actor.division is None or not covers(actor.division, division):
        raise OutsideYourDivision
    await get_division(db, division, today(db.clock))
    row = new_id()
    member = CommitteeMember(
        id=row,
        county=division[:6],
        division=division,
        name_sealed=db.vault.seal("committee_members.name", row, read_name(name), division=division[:6]),
        duty=duty,
        added_by=actor.id,
        added_at=db.clock.now(),
    )
    db.add(member)
    await db.flush()
    await record_act(
        db, actor, "committee_member.add", "committee_member", row, county=member.county, row=member, duty=duty
    )
    return member


async def end_committee_member(db: WriteSession, actor: Actor, member_id: UUID) -> None:
    """Take somebody off the roster; his relatives are matched no more.

    Raises:
        CommitteeMemberNotFound: there is none, or he sits outside the actor's division.
        RoleNotAllowed: the actor does not keep the roster.
    """
    member = await get_committee_member(db, actor, member_id)
    _require_keeper(actor)
    member.left_at = db.clock.now()
    await db.flush()
    await record_act(db, actor, "committee_member.end", "committee_member", member.id, county=member.county, row=member)


def _require_keeper(actor: Actor) -> None:
    if actor.role not in KEEPERS:
        raise RoleNotAllowed


async def _declare(
    db: WriteSession, actor: Actor, kind: PersonKind, person_id: UUID, division: str, declaration: Declaration
) -> DeclaredRelative:
    number, row = read_id_number(declaration.id_number).text, new_id()
    relative = DeclaredRelative(
        id=row,
        county=division[:6],
        person_kind=kind,
        person_id=person_id,
        relation=declaration.relation,
        name_sealed=db.vault.seal("declared_relatives.name", row, read_name(declaration.name), division=GENERAL),
        id_number_sealed=db.vault.seal("declared_relatives.id_number", row, number, division=GENERAL),
        id_number_index=db.vault.index(ID_NUMBER, number),
        declared_by=actor.id,
        declared_at=db.clock.now(),
    )
    try:
        async with db.begin_nested():
            db.add(relative)
    except IntegrityError:
        raise RelativeAlreadyDeclared from None
    await record_act(db, actor, "relative.declare", kind.value, person_id, county=relative.county, relative=str(row))
    await enqueue(db, REGISTER_RELATIVE, {"relative": str(row)})
    return relative


async def _end(db: WriteSession, actor: Actor, person_id: UUID, relative_id: UUID) -> None:
    relative = await get_relative(db, person_id, relative_id)
    relative.ended_by, relative.ended_at = actor.id, db.clock.now()
    await db.flush()
    await record_act(
        db, actor, "relative.end", relative.person_kind, person_id, county=relative.county, relative=str(relative.id)
    )
