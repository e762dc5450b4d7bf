"""The desk's side of results that households were told: what they say to it, and checking again."""

from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.check_results import CheckResultOut, CheckResultsOut
from app.api.common.deps import Db
from app.api.common.explanations import language_of
from app.api.common.problems import problems, wants_english
from app.api.common.routing import Router
from app.api.common.schemas import Id, In
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.queries import get_case_file
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.errors import TokenRejected
from app.review.check_result_queries import list_check_results
from app.review.commands import recheck
from app.review.errors import CheckResultNotFound
from app.verification.errors import AuthorisationNotInForce, CheckNotFound

router = Router(prefix="/v1/console/applications/{application_id}/check-results", tags=["console: review"])


class RecheckIn(In):
    """The checks whose agencies are asked anew, by their ids in the report."""

    checks: Annotated[list[Id], Field(min_length=1, max_length=50)]


@router.get(
    "",
    operation_id="list_check_results",
    summary="See what the household was told, and says to it",
    responses=problems(TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed),
)
async def list_all(application_id: UUID, actor: Caseworker, db: Db, request: Request) -> CheckResultsOut:
    """With its objection; the papers it gave are among the application's documents. Every look is recorded."""
    application = await get_case_file(db, actor, application_id)
    await record_look(db, actor, "report.results", "application", application_id, cases=[application.case])
    language = language_of(english=wants_english(request))
    rows = await list_check_results(db, application.id)
    return CheckResultsOut(items=[CheckResultOut.of(db, application.program, row, language) for row in rows])


@router.post(
    "/{result_id}/recheck",
    operation_id="recheck_after_objection",
    summary="Ask agencies anew after an objection",
    responses=problems(
        TokenRejected,
        ApplicationNotFound,
        ConflictOfInterest,
        CheckResultNotFound,
        StepNotAllowed,
        RoleNotAllowed,
        CheckNotFound,
        AuthorisationNotInForce,
    ),
)
async def ask_anew(
    application_id: UUID, result_id: UUID, body: RecheckIn, actor: Caseworker, db: Db, request: Request
) -> CheckResultOut:
    """Their new answers make a new report; that, and not the first one, is what the opinion rests on."""
    row = await recheck(db, actor, application_id, result_id, body.checks)
    application = await get_case_file(db, actor, application_id)
    return CheckResultOut.of(db, application.program, row, language_of(english=wants_english(request)))
