"""Local parameters as they change: drafted by an administrator, put in force by another person, never edited."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.conditional import IfMatch, PreconditionFailed, PreconditionRequired, check_version, tag
from app.api.common.deps import Db, ReadDb
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Page
from app.api.console.change_schemas import ChangeOut, NumberIn, RejectIn, shared_parts
from app.core.db import ReadSession
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.programs.errors import ParameterNotUsable, ProgramUnknown, RulesNotInForce
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision, ParameterInvalid
from app.standards.commands import Draft, approve_change, find_standing_draft, is_as, put_draft, reject_change
from app.standards.errors import ChangeNotFound, ChangeOvertaken
from app.standards.lifecycle import Kind, Status
from app.standards.models import Change
from app.standards.queries import get_change, list_changes

router = Router(prefix="/v1/console/parameters", tags=["console: standards"])

_WRONG = (DivisionMalformed, DivisionUnknown, ProgramUnknown, ParameterInvalid, ParameterNotUsable, RulesNotInForce)


class ParameterIn(NumberIn):
    """A number or choice that the law leaves to the place; the program says which names there are."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,99}$", examples=["edge_ratio"])]
    value: Annotated[Any, Field(examples=["1.5"])]

    def draft(self) -> Draft:
        """Return it as the command takes it."""
        return Draft(
            kind=Kind.PARAMETER,
            program=self.program,
            area=self.area,
            name=self.name,
            value=self.value,
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            note=self.note,
            document=self.document.document(),
        )


class ParameterChangeOut(ChangeOut):
    """A parameter as it is to be, or is, from its first day on."""

    name: str
    value: Any

    @classmethod
    def of(cls, db: ReadSession, actor: Actor, change: Change) -> "ParameterChangeOut":
        """Shape a change for who asks."""
        return cls(
            **shared_parts(db, actor, change),
            name=change.name,
            value=change.value,
        )


@router.get(
    "",
    operation_id="list_parameter_changes",
    summary="List changes of parameters",
    responses=problems(TokenRejected, CursorRejected, DivisionMalformed),
)
async def list_all(
    actor: Caseworker,
    db: ReadDb,
    program: Annotated[str | None, Query(pattern=r"^[a-z_]{1,32}$")] = None,
    division: Annotated[str | None, Query(pattern="^[0-9]{12}$", description="12-digit division code")] = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> Page[ParameterChangeOut]:
    """Those that concern the caller's division, newest first; with `division` those of the place and all it lies in."""
    name = f"parameter-changes:{program}:{division}:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_changes(
        db, actor, Kind.PARAMETER, program=program, division=division, status=status, after=after, limit=limit + 1
    )
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[ParameterChangeOut.of(db, actor, row) for row in rows[:limit]], next=following)


@router.put(
    "",
    operation_id="put_parameter",
    summary="Draft a parameter",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        OutsideYourDivision,
        ChangeOvertaken,
        PreconditionRequired,
        PreconditionFailed,
        *_WRONG,
    ),
)
async def put(body: ParameterIn, actor: Caseworker, db: Db, if_match: IfMatch = None) -> ParameterChangeOut:
    """Draft a parameter from a first day on, or edit the one draft of it that there is, which needs `If-Match`.

    Administrators only, for their own division and what lies below. Nothing changes until another person approves it.
    A first day in the past is possible (published late): what awards are owed from then on is then paid as arrears."""
    draft = body.draft()
    standing = await find_standing_draft(db, actor, draft)
    if standing is not None and not is_as(standing, draft):
        check_version(if_match, standing.version)
    change = await put_draft(db, actor, draft)
    tag(change.version)
    return ParameterChangeOut.of(db, actor, change)


@router.get(
    "/{change_id}",
    operation_id="get_parameter_change",
    summary="Read one change of a parameter",
    responses=problems(TokenRejected, ChangeNotFound),
)
async def get(change_id: UUID, actor: Caseworker, db: ReadDb) -> ParameterChangeOut:
    """The number, the document it rests on, and who drafted and decided."""
    change = await get_change(db, actor, Kind.PARAMETER, change_id)
    tag(change.version)
    return ParameterChangeOut.of(db, actor, change)


@router.post(
    "/{change_id}/approve",
    operation_id="approve_parameter",
    summary="Put a parameter in force",
    responses=problems(
        TokenRejected,
        ChangeNotFound,
        RoleNotAllowed,
        StepNotAllowed,
        OutsideYourDivision,
        SamePersonNotAllowed,
        ChangeOvertaken,
        PreconditionRequired,
        PreconditionFailed,
        *_WRONG,
    ),
)
async def approve(change_id: UUID, actor: Caseworker, db: Db, if_match: IfMatch = None) -> ParameterChangeOut:
    """Approve the version that `If-Match` names; another person than who drafted it. Every award it bears on is worked
    out anew from its first month on: higher amounts hold at once, lower ones only after the recipient was heard."""
    check_version(if_match, (await get_change(db, actor, Kind.PARAMETER, change_id, lock=True)).version)
    change = await approve_change(db, actor, Kind.PARAMETER, change_id)
    tag(change.version)
    return ParameterChangeOut.of(db, actor, change)


@router.post(
    "/{change_id}/reject",
    operation_id="reject_parameter",
    summary="End a draft without effect",
    responses=problems(TokenRejected, ChangeNotFound, RoleNotAllowed, StepNotAllowed, OutsideYourDivision),
)
async def reject(change_id: UUID, body: RejectIn, actor: Caseworker, db: Db) -> ParameterChangeOut:
    """Reject a draft, with the reason; who drafted it may withdraw it so."""
    change = await reject_change(db, actor, Kind.PARAMETER, change_id, reason=body.reason)
    tag(change.version)
    return ParameterChangeOut.of(db, actor, change)
