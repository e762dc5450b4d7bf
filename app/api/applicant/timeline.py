"""Where does my application stand. Asked by every phone every day: one statement, however long the way."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.api.common.callers import UncheckedApplicant
from app.api.common.conditional import not_modified, seen_version, tag
from app.api.common.deps import ToolsDep
from app.api.common.problems import problems, wants_english
from app.api.common.progress import TimelineOut
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_progress
from app.core.clock import today
from app.identity.errors import TokenRejected

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
    """What was done, what runs, who is to act, until when and by which rule, and why the clock rests if it does."""
    english = wants_english(request)
    language = "en" if english else ""
    seen = seen_version(request, language)
    progress = await get_progress(tools.database, caller, application_id, seen=seen)
    if progress.version == seen:
        return not_modified(seen, language)
    tag(progress.version, language)
    return TimelineOut.of(progress, progress.steps, on=today(tools.database.clock), english=english)
