"""Applicants who do not accept what was computed, and the answers of persons."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.api.common.callers import Caseworker
from app.api.common.deps import Db
from app.api.common.human_reviews import HumanReviewOut
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import In, Out, Paragraph
from app.applications.errors import ApplicationNotFound, ConflictOfInterest
from app.applications.queries import get_case_file
from app.audit.commands import record_look
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.identity.errors import TokenRejected
from app.review.commands import answer_human_review
from app.review.errors import HumanReviewAnswered, HumanReviewNotFound
from app.review.queries import list_human_reviews

router = Router(prefix="/v1/console/applications", tags=["console: review"])

_ALWAYS = (TokenRejected, ApplicationNotFound, ConflictOfInterest, RoleNotAllowed)


class HumanAnswerIn(In):
    """A person's own assessment of what the applicant says."""

    answer: Annotated[Paragraph, Field(examples=["已逐项核对医疗票据，自付部分可以扣除，重新出具意见。"])]


class HumanReviewsOut(Out):
    """All requests of one case, oldest first."""

    items: list[HumanReviewOut]


@router.get(
    "/{application_id}/human-reviews",
    operation_id="list_human_reviews",
    summary="List requests for a person's assessment",
    responses=problems(*_ALWAYS),
)
async def list_all(application_id: UUID, actor: Caseworker, db: Db) -> HumanReviewsOut:
    """While one is open, the case cannot be confirmed or refused."""
    application = await get_case_file(db, actor, application_id)
    rows = await list_human_reviews(db, application.id)
    await record_look(db, actor, "human_review.list", "application", application.id, cases=[application.case])
    return HumanReviewsOut(items=[HumanReviewOut.of(db, row) for row in rows])


@router.post(
    "/{application_id}/human-reviews/{review_id}/answer",
    operation_id="answer_human_review",
    summary="Answer an applicant as a person",
    responses=problems(*_ALWAYS, StepNotAllowed, HumanReviewNotFound, HumanReviewAnswered),
)
async def answer(
    application_id: UUID, review_id: UUID, body: HumanAnswerIn, actor: Caseworker, db: Db
) -> HumanReviewOut:
    """By who gives the opinion or works on the case at the county; the applicant reads it."""
    row = await answer_human_review(db, actor, application_id, review_id, answer=body.answer)
    return HumanReviewOut.of(db, row)
