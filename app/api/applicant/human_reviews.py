"""Refusing what was only computed."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Applicant
from app.api.common.deps import Db, ReadDb
from app.api.common.human_reviews import HumanReviewOut
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import In, Out, Paragraph
from app.applications.errors import ApplicationNotFound
from app.applications.queries import get_application
from app.core.errors import StepNotAllowed
from app.identity.errors import TokenRejected
from app.review.commands import ask_human_review
from app.review.errors import AssessmentNotFound, HumanReviewOpen
from app.review.queries import list_human_reviews

router = Router(prefix="/v1/applications", tags=["applicant"])


class HumanReviewIn(In):
    """Why what was computed is not right."""

    why: Annotated[Paragraph, Field(examples=["测算的收入没有扣除看病的支出。"])]


class HumanReviewsOut(Out):
    """All requests of one case, oldest first."""

    items: list[HumanReviewOut]


@router.post(
    "/{application_id}/human-reviews",
    status_code=201,
    operation_id="ask_human_review",
    summary="Have a person assess my case",
    responses=problems(TokenRejected, ApplicationNotFound, StepNotAllowed, AssessmentNotFound, HumanReviewOpen),
)
async def ask(application_id: UUID, body: HumanReviewIn, actor: Applicant, db: Db) -> HumanReviewOut:
    """Refuse the assessment by the rules (个人信息保护法 art. 24): nothing is decided before a person has
    answered. Against a decision that was made, use its remedies."""
    return HumanReviewOut.of(db, await ask_human_review(db, actor, application_id, why=body.why))


@router.get(
    "/{application_id}/human-reviews",
    operation_id="list_my_human_reviews",
    summary="See what a person answered",
    responses=problems(TokenRejected, ApplicationNotFound),
)
async def list_mine(application_id: UUID, actor: Applicant, db: ReadDb) -> HumanReviewsOut:
    """The requests made in this case, with the answers."""
    application = await get_application(db, actor, application_id)
    rows = await list_human_reviews(db, application.id)
    return HumanReviewsOut(items=[HumanReviewOut.of(db, row) for row in rows])
