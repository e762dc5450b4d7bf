"""Where does my application stand. Asked by every phone every day: one statement, however long the way.

Only while something is missing there is a second one, for what: it is sealed, and hot reads read nothing sealed.
"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.common.callers import UncheckedApplicant
from app.api.common.conditional import not_modified, seen_version, tag
from app.api.common.deps import Tools, ToolsDep
from app.api.common.problems import problems, wants_english
from app.api.common.progress import TimelineOut
from app.applications.errors import ApplicationNotFound
from app.applications.household import missing_of
from app.applications.lifecycle import Status
from app.applications.queries import get_application, get_progress
from app.core.clock import today
from app.identity.actors import Actor, Role
from app.identity.errors import TokenRejected
from app.identity.tokens import AccessClaims

router = APIRouter(prefix="/v1/applications", tags=["applicant"])


@router.get(
    "/{application_id}/timeline",
    operation_id="get_timeline",
    summary="See where an application stands",
    response_model=TimelineOut,
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def get_timeline(
    application_id: UUID, caller: UncheckedApplicant, tools: ToolsDep, request: Request
) -> TimelineOut | Response:
    """What was done, what runs, who is to act, until when and by which rule; what follows if all goes well; why the
    clock rests if it does, and what is missing then; whether there is more time to decide; and what can be done."""
    english = wants_english(request)
    language = "en" if english else ""
    seen = seen_version(request, language)
    progress = await get_progress(tools.database, caller, application_id, seen=seen)
    if progress.version == seen:
        return not_modified(seen, language)
    tag(progress.version, language)
    missing = await _missing(tools, caller, application_id) if progress.status == Status.SUPPLEMENT_REQUESTED else []
    on = today(tools.database.clock)
    return TimelineOut.of(progress, progress.steps, on=on, english=english, missing=missing)


async def _missing(tools: Tools, caller: AccessClaims, application_id: UUID) -> list[str]:
    """Return what the one-time notice asked for. Whether the session stands, and is for this, has been looked at."""
    owner = Actor(caller.subject, Role.APPLICANT)
    async with tools.database_for(owner).reading() as db:
        return missing_of(db, await get_application(db, owner, application_id))
