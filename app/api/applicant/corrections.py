"""Asking for a correction of what is held about me."""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.corrections import CorrectionOut
from app.api.common.deps import Db, ReadDb
from app.api.common.explanations import language_of
from app.api.common.limits import LimitsDep
from app.api.common.paging import Cursor, CursorRejected, Limit, read_id_cursor, write_cursor
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Id, In, Page, Paragraph
from app.applications.errors import ApplicationNotFound
from app.corrections.commands import request_correction
from app.corrections.commands.asking import WrongField
from app.corrections.errors import CorrectionAlreadyRequested, CorrectionObjectNotFound, StillEditable
from app.corrections.lifecycle import ObjectType
from app.corrections.queries import list_corrections
from app.identity.errors import TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import CORRECTIONS

router = Router(prefix="/v1/me", tags=["applicant"])


class CorrectionIn(In):
    """What is wrong: the application itself, one member, or what an agency found (a check); which field of it."""

    application_id: Id
    object_type: Annotated[ObjectType, Field(strict=False, examples=["check"])]
    object_id: Id
    field: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,63}$", examples=["vehicle_count"])]
    wrong: Annotated[Paragraph, Field(examples=["核对显示名下有一辆车。"])]
    right: Annotated[Paragraph, Field(examples=["该车已于2025年过户，名下无车。"])]


@router.post(
    "/corrections",
    status_code=201,
    operation_id="request_correction",
    summary="Ask for a correction",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        StillEditable,
        CorrectionObjectNotFound,
        CorrectionAlreadyRequested,
        TooManyRequests,
    ),
)
async def ask(body: CorrectionIn, actor: Applicant, db: Db, limits: LimitsDep, request: Request) -> CorrectionOut:
    """For what was handed in already (个人信息保护法 art. 46). Ids of members are in the application, those of checks
    in `GET /v1/me/data`. Who is listed in another's household asks about checks of himself alone. No authorisation has
    to be in force. Answered within ten working days where an agency has it wrong, else within fifteen; a message tells
    of the answer."""
    await limits.use((CORRECTIONS, str(actor.id)))
    said = WrongField(body.object_type, body.object_id, body.field, body.wrong, body.right)
    row = await request_correction(db, actor, body.application_id, said)
    return CorrectionOut.of(db, row, language_of(english=wants_english(request)))


@router.get(
    "/corrections",
    operation_id="list_my_corrections",
    summary="List the corrections I asked for",
    responses=problems(TokenRejected, CursorRejected),
)
async def list_mine(
    actor: Applicant, db: ReadDb, request: Request, limit: Limit = 20, cursor: Cursor = None
) -> Page[CorrectionOut]:
    """Newest first, with what became of them."""
    after = read_id_cursor(db.vault, actor, "corrections", cursor)
    rows = await list_corrections(db, actor, status=None, after=after, limit=limit + 1)
    following = write_cursor(db.vault, actor, "corrections", str(rows[limit - 1].id)) if len(rows) > limit else None
    language = language_of(english=wants_english(request))
    return Page(items=[CorrectionOut.of(db, row, language) for row in rows[:limit]], next=following)
