"""The papers on their way between notice, township and county, and what obliges the county to visit."""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.applications.steps import close_step, open_step
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.review.authority import confirmation_step, require_sender_back
from app.review.commands.opening import RELATIVE, lock_review, open_opinion_step
from app.review.events import ReviewSentBack
from app.review.lifecycle import LIFECYCLE, Action, Status
from app.review.models import Review, SendBack
from app.review.queries import has_home_visit


async def send_to_county(db: WriteSession, application_id: UUID) -> Review:
    """Hand the papers to who decides because the notice ended without objection; 10 working days begin (art. 20).

    Raises:
        ApplicationNotFound: there is none.
        StepNotAllowed: the opinion is not on notice.
    """
    application, review = await lock_review(db, SYSTEM, application_id)
    review.status = LIFECYCLE.step(review.status, Action.NOTICE_ENDED, SYSTEM.role).target
    await open_step(db, application, confirmation_step(application))
    await record_act(
        db, SYSTEM, "review.send_to_county", "application", application.id, row=review, case=application.case
    )
    return review


async def object_to_opinion(db: WriteSession, application_id: UUID) -> Review:
    """Let an objection to the notice take effect: the household is surveyed again or appraised (D57 art. 19).

    A further objection while that goes on, or after the papers were given back, adds nothing: the household is looked
    at again anyhow. One that comes when the papers are with the county already obliges the county to visit, like any
    complaint at that stage.

    Raises:
        ApplicationNotFound: there is none.
        StepNotAllowed: there is no opinion to object to.
    """
    application, review = await lock_review(db, SYSTEM, application_id)
    if review.status in (Status.RE_SURVEYING, Status.SURVEYING):
        return review
    if review.status == Status.WITH_COUNTY:
        await require_visit(db, review, "objection")
        return review
    review.status = LIFECYCLE.step(review.status, Action.OBJECT, SYSTEM.role).target
    review.re_survey_since = db.clock.now()
    await open_step(db, application, StepKind.RE_SURVEY)
    await record_act(db, SYSTEM, "review.object", "application", application.id, row=review, case=application.case)
    return review


async def require_county_visit(db: WriteSession, application_id: UUID, reason: str) -> bool:
    """Oblige the county to visit the household before it decides (D57 art. 20); `reason` is a code, e.g. "complaint".

    Returns whether it does: False once the matter is decided or ended, or before it was accepted. While a visit is
    still owed nothing changes; a visit made before today's reason does not count for it.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    if application.status != ApplicationStatus.ACCEPTED:
        return False
    _, review = await lock_review(db, SYSTEM, application_id)
    await require_visit(db, review, reason)
    return True


async def send_back(db: WriteSession, actor: Actor, application_id: UUID, *, reason: str) -> Review:
    """Give the papers back to the township for more survey and a new opinion, which is posted again.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    application, review = await lock_review(db, actor, application_id)
    review.status = LIFECYCLE.step(review.status, Action.SEND_BACK, actor.role).target
    require_sender_back(actor, application)
    review.re_survey_since = None
    await close_step(db, application, confirmation_step(application), "sent_back", by=actor)
    await open_opinion_step(db, application, review)
    await _keep_send_back(db, actor, review, reason)
    await record_act(db, actor, "review.send_back", "application", application.id, row=review, case=application.case)
    await record_event(
        db,
        ReviewSentBack(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            round=review.round,
        ),
    )
    return review


async def owes_county_visit(db: WriteSession, review: Review) -> bool:
    """Say whether the county must still visit the household."""
    since = review.county_visit_required_at
    return since is not None and not await has_home_visit(db, review.application_id, "county", since=since)


async def require_visit(db: WriteSession, review: Review, reason: str) -> None:
    """Note that a visit is owed, and why; the application's row is locked by whoever asks.

    While one is owed already nothing changes, but that a registered relative gives way to any other reason: the
    registration may be withdrawn, and the visit is owed all the same.
    """
    if await owes_county_visit(db, review):
        if review.county_visit_reason == RELATIVE:
            review.county_visit_reason = reason
            await db.flush()
        return
    review.county_visit_required_at, review.county_visit_reason = db.clock.now(), reason
    await db.flush()


async def _keep_send_back(db: WriteSession, actor: Actor, review: Review, reason: str) -> None:
    row_id = new_id()
    db.add(
        SendBack(
            id=row_id,
            county=review.county,
            division=review.division,
            application_id=review.application_id,
            review_id=review.id,
            reason_sealed=db.vault.seal("send_backs.reason", row_id, reason, division=review.county),
            sent_by=actor.id,
            sent_at=db.clock.now(),
        )
    )
    await db.flush()
