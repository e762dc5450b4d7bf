"""Close relatives that staff declare, and the roster of committees with theirs."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import DivisionCode, IdNumber, In, Line, Moment, Out, Page
from app.audit.commands import record_look
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed
from app.identity.actors import Actor
from app.identity.errors import IdNumberMalformed, NameMalformed, StaffNotFound, TokenRejected
from app.identity.masks import mask_id_number, mask_name
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision
from app.relatives.commands import (
    Declaration,
    add_committee_member,
    declare_for_committee,
    declare_own_relative,
    end_committee_member,
    end_for_committee,
    end_own_relative,
)
from app.relatives.errors import CommitteeMemberNotFound, NotACommittee, RelativeAlreadyDeclared, RelativeNotFound
from app.relatives.kinship import Kinship
from app.relatives.models import CommitteeMember, DeclaredRelative
from app.relatives.queries import get_committee_member, get_overseen_staff, list_committee_members, list_relatives

router = Router(prefix="/v1/console", tags=["console: conflicts of interest"])

Duty = Literal["secretary", "director", "deputy", "member"]


class RelativeIn(In):
    """A close relative: what he is to the declarer, his name and identity number. `self`: the declarer himself."""

    relation: Annotated[Kinship, Field(strict=False, examples=["sibling"])]
    name: Line
    id_number: IdNumber

    def declaration(self) -> Declaration:
        """Return what the command takes."""
        return Declaration(self.relation, self.name, self.id_number)


class RelativeOut(Out):
    """A declared relative; name and number are masked."""

    id: UUID
    relation: Kinship
    name_masked: str
    id_number_masked: str
    declared_at: Moment

    @classmethod
    def of(cls, db: ReadSession, row: DeclaredRelative) -> "RelativeOut":
        """Shape a declaration."""
        name = db.vault.open("declared_relatives.name", row.id, row.name_sealed)
        number = db.vault.open("declared_relatives.id_number", row.id, row.id_number_sealed)
        return cls(
            id=row.id,
            relation=Kinship(row.relation),
            name_masked=mask_name(name),
            id_number_masked=mask_id_number(number),
            declared_at=row.declared_at,
        )


class CommitteeMemberIn(In):
    """Somebody on the committee of a village or neighbourhood."""

    division: DivisionCode
    name: Line
    duty: Duty


class CommitteeMemberOut(Out):
    """A committee member in office; the name is masked."""

    id: UUID
    division: str
    name_masked: str
    duty: Duty
    added_at: Moment

    @classmethod
    def of(cls, db: ReadSession, row: CommitteeMember) -> "CommitteeMemberOut":
        """Shape a committee member."""
        name = db.vault.open("committee_members.name", row.id, row.name_sealed)
        duty: Duty = row.duty  # type: ignore[assignment]  # only duties come in
        return cls(id=row.id, division=row.division, name_masked=mask_name(name), duty=duty, added_at=row.added_at)


_DECLARING = (TokenRejected, IdNumberMalformed, NameMalformed, RelativeAlreadyDeclared)


async def _page(db: ReadSession, actor: Actor, person_id: UUID) -> Page[RelativeOut]:
    rows = await list_relatives(db, actor, person_id)
    return Page(items=[RelativeOut.of(db, row) for row in rows], next=None)


@router.get(
    "/me/relatives",
    operation_id="list_my_relatives",
    summary="List the close relatives I declared",
    responses=problems(TokenRejected),
)
async def list_mine(actor: Caseworker, db: ReadDb) -> Page[RelativeOut]:
    """Those in force, all on one page. Others see them masked as here: supervisors and administrators, nobody else."""
    return await _page(db, actor, actor.id)


@router.post(
    "/me/relatives",
    status_code=201,
    operation_id="declare_my_relative",
    summary="Declare a close relative",
    responses=problems(*_DECLARING),
)
async def declare_mine(body: RelativeIn, actor: Caseworker, db: Db) -> RelativeOut:
    """Spouse, parents, children, siblings, grandparents, grandchildren. A case of one of them, open or to come, is
    registered separately; the declarer has nothing to do with it (`403 conflict_of_interest`)."""
    return RelativeOut.of(db, await declare_own_relative(db, actor, body.declaration()))


@router.delete(
    "/me/relatives/{relative_id}",
    status_code=204,
    operation_id="end_my_relative",
    summary="End a declaration",
    responses=problems(TokenRejected, RelativeNotFound),
)
async def end_mine(relative_id: UUID, actor: Caseworker, db: Db) -> None:
    """Later cases are not matched with it. What is registered already stays, until a supervisor withdraws it."""
    await end_own_relative(db, actor, relative_id)


@router.get(
    "/staff/{staff_id}/relatives",
    operation_id="list_staff_relatives",
    summary="List the close relatives a member of staff declared",
    responses=problems(TokenRejected, StaffNotFound),
)
async def list_of_staff(staff_id: UUID, actor: Caseworker, db: Db) -> Page[RelativeOut]:
    """For supervisors and administrators. Every look is recorded."""
    staff = await get_overseen_staff(db, actor, staff_id)
    await record_look(db, actor, "relative.read", "staff", staff.id, county=staff.division[:6])
    return await _page(db, actor, staff.id)


@router.get(
    "/committee-members",
    operation_id="list_committee_members",
    summary="List the committee members of my division",
    responses=problems(TokenRejected, CursorRejected, DivisionMalformed),
)
async def list_committee(
    actor: Caseworker,
    db: ReadDb,
    division: Annotated[DivisionCode | None, Query()] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Page[CommitteeMemberOut]:
    """Those in office, for township and county handlers, administrators and supervisors; names are masked."""
    name = f"committee-members:{division}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_committee_members(db, actor, division=division, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[CommitteeMemberOut.of(db, row) for row in rows[:limit]], next=following)


@router.post(
    "/committee-members",
    status_code=201,
    operation_id="add_committee_member",
    summary="Put somebody on the roster of a committee",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        OutsideYourDivision,
        NotACommittee,
        DivisionUnknown,
        DivisionMalformed,
        NameMalformed,
    ),
)
async def add_member(body: CommitteeMemberIn, actor: Caseworker, db: Db) -> CommitteeMemberOut:
    """A township handler's or administrator's step, for a village of theirs."""
    return CommitteeMemberOut.of(db, await add_committee_member(db, actor, body.division, body.name, body.duty))


@router.delete(
    "/committee-members/{committee_member_id}",
    status_code=204,
    operation_id="end_committee_member",
    summary="Take somebody off the roster",
    responses=problems(TokenRejected, CommitteeMemberNotFound, RoleNotAllowed),
)
async def end_member(committee_member_id: UUID, actor: Caseworker, db: Db) -> None:
    """He left the committee: later cases of his relatives are not matched with him."""
    await end_committee_member(db, actor, committee_member_id)


@router.get(
    "/committee-members/{committee_member_id}/relatives",
    operation_id="list_committee_relatives",
    summary="List the close relatives a committee member declared",
    responses=problems(TokenRejected, CommitteeMemberNotFound),
)
async def list_of_committee(committee_member_id: UUID, actor: Caseworker, db: Db) -> Page[RelativeOut]:
    """For supervisors and administrators; a township handler sees what he entered. Every look is recorded."""
    member = await get_committee_member(db, actor, committee_member_id)
    await record_look(db, actor, "relative.read", "committee_member", member.id, county=member.county)
    return await _page(db, actor, member.id)


@router.post(
    "/committee-members/{committee_member_id}/relatives",
    status_code=201,
    operation_id="declare_committee_relative",
    summary="Enter a close relative of a committee member",
    responses=problems(*_DECLARING, CommitteeMemberNotFound, RoleNotAllowed),
)
async def declare_committee(committee_member_id: UUID, body: RelativeIn, actor: Caseworker, db: Db) -> RelativeOut:
    """As the committee member declared on paper. Cases of that relative are registered separately."""
    row = await declare_for_committee(db, actor, committee_member_id, body.declaration())
    return RelativeOut.of(db, row)


@router.delete(
    "/committee-members/{committee_member_id}/relatives/{relative_id}",
    status_code=204,
    operation_id="end_committee_relative",
    summary="End a declaration of a committee member",
    responses=problems(TokenRejected, CommitteeMemberNotFound, RelativeNotFound, RoleNotAllowed),
)
async def end_of_committee(committee_member_id: UUID, relative_id: UUID, actor: Caseworker, db: Db) -> None:
    """Later cases are not matched with it; what is registered stays."""
    await end_for_committee(db, actor, committee_member_id, relative_id)
