"""The citizen reads what agencies found about the household, or, listed in somebody else's, about herself."""

from uuid import UUID

from fastapi import Request

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.explanations import language_of
from app.api.common.problems import problems, wants_english
from app.api.common.reports import ReportOut
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound
from app.identity.errors import TokenRejected
from app.verification.errors import ReportNotIssued
from app.verification.own_report import read_own_report

router = Router(prefix="/v1/applications", tags=["applicant"])


@router.get(
    "/{application_id}/report",
    operation_id="get_my_report",
    summary="Read the household report",
    responses=problems(TokenRejected, ApplicationNotFound, ReportNotIssued),
)
async def get_report(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> ReportOut:
    """What was declared beside what agencies found, per member, item and field, with source and time, in plain words.

    What was found about another adult is his own: the applicant reads whether it differs, and he, signed in as himself,
    what it is; of the rest of the household he reads nothing. No conclusion is drawn by a machine: a difference is a
    question that a caseworker will ask."""
    own = await read_own_report(db, actor, application_id)
    language = language_of(english=wants_english(request))
    return ReportOut.of(
        own.report,
        own.content,
        language,
        rechecking=own.rechecking,
        conclusion=own.conclusion,
        withheld=own.withheld,
    )
