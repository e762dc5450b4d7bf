"""The citizen reads what agencies found about the household."""

from uuid import UUID

from app.api.common.callers import Applicant
from app.api.common.deps import ReadDb
from app.api.common.problems import problems
from app.api.common.reports import ReportOut
from app.api.common.routing import Router
from app.applications.errors import ApplicationNotFound
from app.identity.errors import TokenRejected
from app.verification.errors import ReportNotIssued
from app.verification.queries import get_current_report, has_open_checks, open_report

router = Router(prefix="/v1/applications", tags=["applicant"])


@router.get(
    "/{application_id}/report",
    operation_id="get_my_report",
    summary="Read the household report",
    responses=problems(TokenRejected, ApplicationNotFound, ReportNotIssued),
)
async def get_report(application_id: UUID, actor: Applicant, db: ReadDb) -> ReportOut:
    """What was declared beside what agencies found, per member, item and field, with source and time, in plain words.

    No conclusion is drawn by a machine: a difference is a question that a caseworker will ask."""
    report = await get_current_report(db, actor, application_id)
    rechecking = await has_open_checks(db, application_id)
    return ReportOut.of(report, open_report(db, report), rechecking=rechecking)
