"""What I was told in writing."""

from uuid import UUID

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.letters import LetterOut, LettersOut
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.identity.errors import TokenRejected
from app.letters.errors import LetterNotFound
from app.letters.queries import get_letter, list_letters

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
