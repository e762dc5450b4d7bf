"""Letters as caseworkers see them; every look is recorded."""

from uuid import UUID

from fastapi import Request, Response

from app.api.common.callers import Caseworker
from app.api.common.deps import Db, ToolsDep, trace_of
from app.api.common.downloads import file_response
from app.api.common.letters import LetterOut, LettersOut, give_out
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.queries import get_case_file, list_cases
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed
from app.identity.errors import TokenRejected
from app.letters.contents import names_told, refuse_taken_back
from app.letters.errors import LetterNotFound, LetterTakenBack
from app.letters.queries import get_letter, list_letters
from app.limits.errors import TooManyRequests
from app.limits.policies import PRINTS

router = Router(prefix="/v1/console", tags=["console: letters"])


@router.get(
    "/applications/{application_id}/letters",
    operation_id="list_letters",
    summary="List the letters of a case",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def list_all(application_id: UUID, actor: Caseworker, db: Db) -> LettersOut:
    """What the household was told in writing, and what somebody outside was asked, oldest first."""
    application = await get_case_file(db, actor, application_id)
    letters = await list_letters(db, actor, application.id)
    await record_look(db, actor, "letter.list", "application", application.id, cases=[application.case])
    return LettersOut.of(db, letters)


@router.get(
    "/letters/{letter_id}",
    operation_id="get_letter",
    summary="Read a letter of a case",
    responses=problems(TokenRejected, LetterNotFound, ConflictOfInterest),
)
async def get_one(letter_id: UUID, actor: Caseworker, db: Db) -> LetterOut:
    """What it says; the addressee is masked, and the check code is his. Of a letter to somebody outside
    the names of the household are masked, too, and what an agency found as in the report."""
    letter = await get_letter(db, actor, letter_id)
    cases = await list_cases(db, [letter.application_id])
    await record_look(db, actor, "letter.read", "letter", letter.id, cases=cases)
    return await LetterOut.masked(db, letter, await names_told(db, letter))


@router.get(
    "/letters/{letter_id}/content",
    operation_id="get_letter_content",
    summary="Print a letter of a case",
    response_class=Response,
    responses={
        **problems(TokenRejected, LetterNotFound, LetterTakenBack, ConflictOfInterest, TooManyRequests),
        **file_response(("application/pdf",)),
    },
)
async def content(letter_id: UUID, request: Request, actor: Caseworker, tools: ToolsDep, limits: LimitsDep) -> Response:
    """The letter whole, to be handed over: with the name and the code. That the caller printed it is on record before a
    byte leaves. A letter for evidence that was cancelled or discarded is printed no more."""
    limits.use_turn(PRINTS, str(actor.id))
    async with tools.database_for(actor).unit_of_work(trace_of(request)) as db:
        letter = await get_letter(db, actor, letter_id)
        await refuse_taken_back(db, letter)
        cases = await list_cases(db, [letter.application_id])
        await record_look(db, actor, "letter.print", "letter", letter.id, cases=cases)
    return await give_out(tools, letter)
