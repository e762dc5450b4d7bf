"""A citizen refuses what was only computed, and a person answers (个人信息保护法 art. 24).

Every decision here is a person's; this makes sure that somebody has looked at what the citizen says before it is made.
"""

from uuid import UUID

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.review.commands.opening import lock_review
from app.review.errors import HumanReviewAnswered, HumanReviewOpen
from app.review.models import HumanReview
from app.review.queries import get_human_review, get_last_assessment, has_open_human_review

ANSWERERS = frozenset({Role.TOWNSHIP_REVIEWER, Role.TOWNSHIP_CONFIRMER, Role.COUNTY_HANDLER, Role.COUNTY_CONFIRMER})


async def ask_human_review(db: WriteSession, actor: Actor, application_id: UUID, *, why: str) -> HumanReview:
    """Refuse the latest assessment by the rules: the case is not decided before a person has answered.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it is not being decided; against a decision there are its remedies.
        AssessmentNotFound: nothing was computed yet.
        HumanReviewOpen: an earlier request waits for its answer.
    """
    application = await get_application(db, actor, application_id, lock=True)
    if application.status != ApplicationStatus.ACCEPTED:
        raise StepNotAllowed("application_is", status=ApplicationStatus(application.status))
    assessment = await get_last_assessment(db, application.id)
    if await has_open_human_review(db, application.id):
        raise HumanReviewOpen
    row = new_id()
    review = HumanReview(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        assessment_id=assessment.id,
        why_sealed=db.vault.seal("human_reviews.why", row, why, division=application.county),
        asked_at=db.clock.now(),
    )
    db.add(review)
    await db.flush()
    await record_act(db, actor, "human_review.ask", "human_review", row, row=review, case=application.case)
    return review


async def answer_human_review(
    db: WriteSession, actor: Actor, application_id: UUID, review_id: UUID, *, answer: str
) -> HumanReview:
    """Answer as a person, in words of one's own, after looking at the case.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        HumanReviewNotFound: the case has no such request.
        HumanReviewAnswered: somebody has answered it.
    """
    application, _ = await lock_review(db, actor, application_id)
    if actor.role not in ANSWERERS:
        raise RoleNotAllowed
    review = await get_human_review(db, application.id, review_id)
    if review.answered_at is not None:
        raise HumanReviewAnswered
    review.answered_by, review.answered_by_role, review.answered_at = actor.id, actor.role.value, db.clock.now()
    review.answer_sealed = db.vault.seal("human_reviews.answer", review.id, answer, division=review.county)
    await db.flush()
    await record_act(db, actor, "human_review.answer", "human_review", review.id, row=review, case=application.case)
    return review


def why_of(db: ReadSession, review: HumanReview) -> str:
    """Return why the citizen does not accept what was computed."""
    return db.vault.open("human_reviews.why", review.id, review.why_sealed)


def answer_of(db: ReadSession, review: HumanReview) -> str | None:
    """Return what a person answered."""
    sealed = review.answer_sealed
    return db.vault.open("human_reviews.answer", review.id, sealed) if sealed else None
