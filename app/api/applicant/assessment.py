"""Why: what the rules said about my household, and what was decided."""

from uuid import UUID

from fastapi import APIRouter, Request

from app.api.common.callers import Applicant
from app.api.common.decisions import DecisionOut
from app.api.common.deps import ReadDb
from app.api.common.explanations import AssessmentOut, language_of
from app.api.common.problems import problems, wants_english
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.identity.errors import TokenRejected
from app.review.assessing import open_assessment
from app.review.errors import AssessmentNotFound, DecisionNotFound
from app.review.queries import get_decision, get_last_assessment

router = APIRouter(prefix="/v1/applications", tags=["applicant"])


@router.get(
    "/{application_id}/assessment",
    operation_id="get_assessment",
    summary="See how my household was assessed",
    responses=problems(TokenRejected, ApplicationNotFound, AssessmentNotFound),
)
async def get_my_assessment(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> AssessmentOut:
    """Each rule of the latest assessment: whether it was met, by which law, from which inputs and numbers, and what
    would change it. There is none before the township has given its opinion."""
    application = await get_application(db, actor, application_id)
    body = open_assessment(db, await get_last_assessment(db, application.id))
    return AssessmentOut.of(body["assessment"], language_of(english=wants_english(request)))


@router.get(
    "/{application_id}/decision",
    operation_id="get_decision",
    summary="Read the decision on my application",
    responses=problems(TokenRejected, ApplicationNotFound, DecisionNotFound),
)
async def get_my_decision(application_id: UUID, actor: Applicant, db: ReadDb, request: Request) -> DecisionOut:
    """Outcome, amount, first month, findings, reasons, law, and the remedies with their periods."""
    application = await get_application(db, actor, application_id)
    decision = await get_decision(db, application.id)
    return DecisionOut.of(db, decision, language_of(english=wants_english(request)))
