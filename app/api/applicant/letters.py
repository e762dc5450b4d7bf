"""What I was told in writing."""

from uuid import UUID

from fastapi import Request, Response

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb, ToolsDep, trace_of
from app.api.common.downloads import file_response
from app.api.common.letters import LetterOut, LettersOut, give_out
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.identity.errors import TokenRejected
from app.letters.errors import LetterNotFound
from app.letters.queries import get_letter, list_letters
from app.limits.errors import TooManyRequests
from app.limits.policies import PRINTS

router = Router(prefix="/v1", tags=["applicant"])


@router.get(
    "/applications/{application_id}/letters",
    operation_id="list_my_letters",
    summary="List the letters of an application",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_mine(application_id: UUID, actor: Applicant, db: ReadDb) -> LettersOut:
    """Acceptance, one-time notice, decision, suspension and its end, stop: each once. A letter is there a moment after
    what it tells of."""
    application = await get_application(db, actor, application_id)
    return LettersOut.of(db, await list_letters(db, actor, application.id))


@router.get(
    "/letters/{letter_id}",
    operation_id="get_my_letter",
    summary="Read a letter",
    responses=problems(TokenRejected, LetterNotFound),
)
async def get_one(letter_id: UUID, actor: Applicant, db: ReadDb) -> LetterOut:
    """What it says, by which law, and what may be done against it within what time; it never changes."""
    return LetterOut.of(db, await get_letter(db, actor, letter_id))


@router.get(
    "/letters/{letter_id}/content",
    operation_id="get_my_letter_content",
    summary="Load a letter as PDF",
    response_class=Response,
    responses={**problems(TokenRejected, LetterNotFound, TooManyRequests), **file_response(("application/pdf",))},
)
async def content(letter_id: UUID, request: Request, actor: Applicant, tools: ToolsDep, limits: LimitsDep) -> Response:
    """To keep, to print, to show: at its foot stand number and code, by which anyone can check it."""
    limits.use_turn(PRINTS, str(actor.id))
    async with tools.database_for(actor).reading(trace_of(request)) as db:
        letter = await get_letter(db, actor, letter_id)
    return await give_out(tools, letter)
