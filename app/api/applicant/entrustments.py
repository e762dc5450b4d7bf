"""Applying for somebody else, and who applies for me."""

from typing import Annotated
from uuid import UUID

from fastapi import Response
from pydantic import Field

from app.api.common.auth import TokensOut
from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb, ToolsDep
from app.api.common.entrustments import EntrustmentIn, EntrustmentOut
from app.api.common.limits import LimitsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import In, Page
from app.applications.commands import act_for, end_entrustment, principal_of, request_entrustment
from app.applications.entrustment_lifecycle import Status
from app.applications.entrustment_queries import list_entrustments
from app.applications.errors import EntrustmentNotAllowed, EntrustmentNotFound, NotAVillage
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.commands import request_code
from app.identity.errors import (
    CodeRejected,
    IdNumberMalformed,
    NameMalformed,
    PhoneMalformed,
    RealNameMismatch,
    RealNameRequired,
    TokenRejected,
)
from app.limits.errors import TooManyRequests
from app.limits.policies import CODES, CODES_CALLER, REAL_NAMES
from app.notifications.commands import send_code_later
from app.reference.errors import DivisionMalformed, DivisionUnknown
from app.verification.entrusting import code_device, confirm
from app.verification.real_name import AgencySilent

router = Router(prefix="/v1/entrustments", tags=["applicant"])


class ConfirmationIn(In):
    """The code that came to her telephone."""

    code: Annotated[str, Field(pattern="^[0-9]{6}$", examples=["123456"])]


@router.post(
    "",
    status_code=201,
    operation_id="request_entrustment",
    summary="Ask to apply for somebody else",
    responses=problems(
        TokenRejected,
        RealNameRequired,
        EntrustmentNotAllowed,
        IdNumberMalformed,
        NameMalformed,
        PhoneMalformed,
        DivisionMalformed,
        DivisionUnknown,
        NotAVillage,
        TooManyRequests,
    ),
)
async def request(
    body: EntrustmentIn, actor: Applicant, db: Db, limits: LimitsDep, response: Response
) -> EntrustmentOut:
    """Begin. With her telephone, a code goes there, which she tells you if she wants it; it expires after five minutes,
    and asking again sends another one. Nothing is shown of her, and whether she has an account is not said."""
    entrustment = await request_entrustment(db, actor, body.wish())
    if entrustment.status == Status.REQUESTED and (phone := principal_of(db, entrustment).phone) is not None:
        await limits.use((CODES_CALLER, limits.address), (CODES, phone))
        code = await request_code(db, phone, device=code_device(entrustment.id))
        await send_code_later(db, code, use="entrustment")
    response.headers["Location"] = f"/v1/entrustments/{entrustment.id}"
    return EntrustmentOut.of(entrustment)


@router.get(
    "",
    operation_id="list_my_entrustments",
    summary="List for whom I apply, and who applies for me",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_mine(actor: Applicant, db: ReadDb, limit: Limit = 20, cursor: Cursor = None) -> Page[EntrustmentOut]:
    """Newest first."""
    after = read_id_cursor(db.vault, actor, "entrustments", cursor)
    rows = await list_entrustments(db, actor, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "entrustments", str(rows[limit - 1].id)) if len(rows) > limit else None
    return Page(items=[EntrustmentOut.of(row) for row in rows[:limit]], next=following)


@router.post(
    "/{entrustment_id}/confirm",
    operation_id="confirm_entrustment_by_code",
    openapi_extra=retry_safe(),
    summary="Confirm with the code from her telephone",
    responses=problems(
        TokenRejected,
        EntrustmentNotFound,
        EntrustmentNotAllowed,
        StepNotAllowed,
        CodeRejected,
        RealNameMismatch,
        AgencySilent,
        TooManyRequests,
    ),
)
async def confirm_by_code(
    entrustment_id: UUID, body: ConfirmationIn, actor: Applicant, tools: ToolsDep, limits: LimitsDep
) -> EntrustmentOut:
    """Public security is asked whether her name and number belong together; then it is in force, and she is told."""
    async with limits.counting((RealNameMismatch, CodeRejected), (REAL_NAMES, str(actor.id))):
        kept = await confirm(tools.database_for(actor), tools.partners, actor, entrustment_id, code=body.code)
    return EntrustmentOut.of(kept)


@router.post(
    "/{entrustment_id}/sessions",
    status_code=201,
    operation_id="act_for_another",
    openapi_extra=retry_safe(),
    summary="Get tokens to apply for her",
    responses=problems(TokenRejected, EntrustmentNotFound, RoleNotAllowed, StepNotAllowed),
)
async def act(entrustment_id: UUID, actor: Applicant, db: Db, tools: ToolsDep) -> TokensOut:
    """With these tokens the application's operations do for her what she would do herself, for the one application made
    under the entrustment, and nothing else of her account. They end with the entrustment."""
    return TokensOut.of(await act_for(db, tools.keys, actor, entrustment_id))


@router.post(
    "/{entrustment_id}/end",
    operation_id="end_entrustment",
    summary="End it",
    responses=problems(TokenRejected, EntrustmentNotFound),
)
async def end(entrustment_id: UUID, actor: Applicant, db: Db) -> EntrustmentOut:
    """By who acts or by the one who is spoken for, at any time; what was handed in stays hers."""
    return EntrustmentOut.of(await end_entrustment(db, actor, entrustment_id))
