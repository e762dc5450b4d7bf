"""Standards as they change: drafted by an administrator, put in force by another person, superseded, never edited."""

from typing import Annotated, Literal
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
from app.core.money import CURRENCY
from app.identity.actors import Actor
from app.identity.errors import TokenRejected
from app.programs.errors import ProgramUnknown
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision, StandardInvalid
from app.standards.commands import Draft, approve_change, find_standing_draft, is_as, put_draft, reject_change
from app.standards.errors import ChangeNotFound, ChangeOvertaken, StandardBelowGuidance
from app.standards.lifecycle import Kind, Status
from app.standards.models import Change
from app.standards.queries import get_change, list_changes

router = Router(prefix="/v1/console/standards", tags=["console: standards"])

_WRONG = (DivisionMalformed, DivisionUnknown, ProgramUnknown, StandardInvalid, StandardBelowGuidance)


class StandardIn(NumberIn):
    """A standard for one person, as it is published. `area_class`: urban, rural, unified or any; of
    `destitute_care` independent, partly_dependent or fully_dependent."""

    area_class: Annotated[str, Field(pattern=r"^[a-z_]{1,32}$", examples=["rural"])]
    amount_fen: Annotated[int, Field(ge=1, le=10**9, description="as published: a year's amount is not divided")]
    period: Literal["month", "year"]

    def draft(self) -> Draft:
        """Return it as the command takes it."""
        return Draft(
            kind=Kind.STANDARD,
            program=self.program,
            area=self.area,
            name=self.area_class,
            value={"amount_fen": self.amount_fen, "period": self.period},
            valid_from=self.valid_from,
            valid_to=self.valid_to,
            note=self.note,
            document=self.document.document(),
        )


class StandardChangeOut(ChangeOut):
    """A standard as it is to be, or is, from its first day on."""

    area_class: str
    amount_fen: int
    currency: str
    period: str

    @classmethod
    def of(cls, db: ReadSession, actor: Actor, change: Change) -> "StandardChangeOut":
        """Shape a change for who asks."""
        return cls(
            **shared_parts(db, actor, change),
            area_class=change.name,
            amount_fen=change.value["amount_fen"],
            currency=CURRENCY,
            period=change.value["period"],
        )


@router.get(
    "",
    operation_id="list_standard_changes",
    summary="List changes of standards",
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
) -> Page[StandardChangeOut]:
    """Those that concern the caller's division, newest first; with `division` those of the place and all it lies in."""
    name = f"standard-changes:{program}:{division}:{status}"
    after = read_id_cursor(db.vault, actor, name, cursor)
    rows = await list_changes(
        db, actor, Kind.STANDARD, program=program, division=division, status=status, after=after, limit=limit + 1
    )
    following = write_cursor(db.vault, actor, name, str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[StandardChangeOut.of(db, actor, row) for row in rows[:limit]], next=following)


@router.put(
    "",
    operation_id="put_standard",
    summary="Draft a standard",
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
async def put(body: StandardIn, actor: Caseworker, db: Db, if_match: IfMatch = None) -> StandardChangeOut:
    """Draft a standard from a first day on, or edit the one draft of it that there is, which needs `If-Match`.

    Administrators only, for their own division and what lies below. Nothing changes until another person approves it.
    A first day in the past is possible (published late): what awards are owed from then on is then paid as arrears."""
    draft = body.draft()
    standing = await find_standing_draft(db, actor, draft)
    if standing is not None and not is_as(standing, draft):
        check_version(if_match, standing.version)
    change = await put_draft(db, actor, draft)
    tag(change.version)
    return StandardChangeOut.of(db, actor, change)


@router.get(
    "/{change_id}",
    operation_id="get_standard_change",
    summary="Read one change of a standard",
    responses=problems(TokenRejected, ChangeNotFound),
)
async def get(change_id: UUID, actor: Caseworker, db: ReadDb) -> StandardChangeOut:
    """The number, the document it rests on, and who drafted and decided."""
    change = await get_change(db, actor, Kind.STANDARD, change_id)
    tag(change.version)
    return StandardChangeOut.of(db, actor, change)


@router.post(
    "/{change_id}/approve",
    operation_id="approve_standard",
    summary="Put a standard in force",
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
async def approve(change_id: UUID, actor: Caseworker, db: Db, if_match: IfMatch = None) -> StandardChangeOut:
    """Approve the version that `If-Match` names; another person than who drafted it. Every award it bears on is worked
    out anew from its first month on: higher amounts hold at once, lower ones only after the recipient was heard."""
    check_version(if_match, (await get_change(db, actor, Kind.STANDARD, change_id, lock=True)).version)
    change = await approve_change(db, actor, Kind.STANDARD, change_id)
    tag(change.version)
    return StandardChangeOut.of(db, actor, change)


@router.post(
    "/{change_id}/reject",
    operation_id="reject_standard",
    summary="End a draft without effect",
    responses=problems(TokenRejected, ChangeNotFound, RoleNotAllowed, StepNotAllowed, OutsideYourDivision),
)
async def reject(change_id: UUID, body: RejectIn, actor: Caseworker, db: Db) -> StandardChangeOut:
    """Reject a draft, with the reason; who drafted it may withdraw it so."""
    change = await reject_change(db, actor, Kind.STANDARD, change_id, reason=body.reason)
    tag(change.version)
    return StandardChangeOut.of(db, actor, change)
