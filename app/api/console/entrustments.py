"""The committee's and the township's side of applying for somebody who cannot."""

from uuid import UUID

from fastapi import Response

from app.api.common.auth import TokensOut
from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ToolsDep
from app.api.common.entrustments import EntrustmentIn, EntrustmentOut
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Page
from app.applications.commands import act_for, end_entrustment, request_entrustment
from app.applications.entrustment_queries import list_entrustments
from app.applications.errors import EntrustmentNotAllowed, EntrustmentNotFound, NotAVillage
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed, StepNotAllowed
from app.identity.errors import IdNumberMalformed, NameMalformed, PhoneMalformed, RealNameMismatch, TokenRejected
from app.reference.errors import DivisionMalformed, DivisionUnknown, OutsideYourDivision
from app.verification.entrusting import confirm
from app.verification.real_name import AgencySilent

router = Router(prefix="/v1/console/entrustments", tags=["console: applications"])


@router.post(
    "",
    status_code=201,
    operation_id="register_entrustment",
    summary="Register that the committee applies for somebody",
    responses=problems(
        TokenRejected,
        RoleNotAllowed,
        EntrustmentNotAllowed,
        IdNumberMalformed,
        NameMalformed,
        PhoneMalformed,
        DivisionMalformed,
        DivisionUnknown,
        NotAVillage,
        OutsideYourDivision,
    ),
)
async def register(body: EntrustmentIn, actor: Caseworker, db: Db, response: Response) -> EntrustmentOut:
    """By the village's helper or the township's handler, who then acts. Another person confirms to have seen her."""
    entrustment = await request_entrustment(db, actor, body.wish())
    response.headers["Location"] = f"/v1/console/entrustments/{entrustment.id}"
    return EntrustmentOut.of(entrustment)


@router.get(
    "",
    operation_id="list_entrustments",
    summary="List the entrustments of my division",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_all(actor: Caseworker, db: Db, limit: Limit = 20, cursor: Cursor = None) -> Page[EntrustmentOut]:
    """Newest first: on what, by whose word, and what came of it. That the caller saw them is recorded."""
    after = read_id_cursor(db.vault, actor, "console-entrustments", cursor)
    rows = await list_entrustments(db, actor, after=after, limit=limit + 1)
    last = str(rows[limit - 1].id) if len(rows) > limit else None
    following = write_cursor(db.vault, actor, "console-entrustments", last) if last else None
    if rows:
        await record_look(db, actor, "entrustment.list", "entrustments", count=len(rows[:limit]))
    return Page(items=[EntrustmentOut.of(row) for row in rows[:limit]], next=following)


@router.post(
    "/{entrustment_id}/confirm",
    operation_id="confirm_entrustment",
    openapi_extra=retry_safe(),
    summary="Confirm to have seen her and the papers",
    responses=problems(
        TokenRejected,
        EntrustmentNotFound,
        StepNotAllowed,
        RoleNotAllowed,
        SamePersonNotAllowed,
        RealNameMismatch,
        AgencySilent,
    ),
)
async def confirm_seen(entrustment_id: UUID, actor: Caseworker, tools: ToolsDep) -> EntrustmentOut:
    """By another person than who acts. Public security is asked about her; then it is in force, and she is told."""
    return EntrustmentOut.of(await confirm(tools.database_for(actor), tools.partners, actor, entrustment_id))


@router.post(
    "/{entrustment_id}/sessions",
    status_code=201,
    operation_id="act_for_somebody",
    openapi_extra=retry_safe(),
    summary="Get tokens to apply for her",
    responses=problems(TokenRejected, EntrustmentNotFound, RoleNotAllowed, StepNotAllowed),
)
async def act(entrustment_id: UUID, actor: Caseworker, db: Db, tools: ToolsDep) -> TokensOut:
    """The tokens are a citizen's: they are good for the applicant's operations on the one application."""
    return TokensOut.of(await act_for(db, tools.keys, actor, entrustment_id))


@router.post(
    "/{entrustment_id}/end",
    operation_id="end_entrustment_of_division",
    summary="End it",
    responses=problems(TokenRejected, EntrustmentNotFound, RoleNotAllowed),
)
async def end(entrustment_id: UUID, actor: Caseworker, db: Db) -> EntrustmentOut:
    """Because she says so at the desk, or it was not right. Nobody acts for her from the next request on."""
    return EntrustmentOut.of(await end_entrustment(db, actor, entrustment_id))
