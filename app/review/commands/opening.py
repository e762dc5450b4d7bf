"""Beginning a review, taking hold of it, and moving it along: what every other command here starts from."""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import open_step
from app.core.db import WriteSession
from app.core.errors import StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor
from app.review.assessing import verification_is_complete
from app.review.check_result_queries import find_open_check_result
from app.review.lifecycle import LIFECYCLE, Action, Status
from app.review.models import Review
from app.review.queries import find_review, has_home_visit

RELATIVE = "relative_of_staff"


async def lock_review(db: WriteSession, actor: Actor, application_id: UUID) -> tuple[Application, Review]:
    """Take hold of an accepted application and its review, which is begun if there is none yet.

    Whoever changes anything between acceptance and decision locks the application's row first: one case, one line.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed: it was not accepted yet, or it is decided, withdrawn or ended.
    """
    application = await get_application(db, actor, application_id, lock=True)
    if application.status != ApplicationStatus.ACCEPTED:
        raise StepNotAllowed("application_is", status=ApplicationStatus(application.status))
    return application, await find_review(db, application.id) or await _begin(db, application)


async def begin_review(db: WriteSession, application_id: UUID) -> None:
    """Begin the review of an accepted application; one that has moved on meanwhile is left alone."""
    application = await get_application(db, SYSTEM, application_id, lock=True)
    if application.status == ApplicationStatus.ACCEPTED and await find_review(db, application.id) is None:
        await _begin(db, application)


async def end_review(db: WriteSession, application_id: UUID) -> None:
    """End a review because its application was withdrawn or terminated; a second time changes nothing."""
    await get_application(db, SYSTEM, application_id, lock=True)
    review = await find_review(db, application_id)
    if review is None or LIFECYCLE.is_final(review.status):
        return
    review.status = LIFECYCLE.step(review.status, Action.END, SYSTEM.role).target
    review.ended_at = db.clock.now()
    await db.flush()


async def open_opinion_step(db: WriteSession, application: Application, review: Review) -> None:
    """Start the opinion's clock once the household was visited and the agencies have answered."""
    if review.status != Status.SURVEYING or not await has_home_visit(db, application.id, "township"):
        return
    if await find_open_check_result(db, application.id) is not None:
        return  # first the household is heard about what was found
    if await verification_is_complete(db, application.id):
        await open_step(db, application, StepKind.OPINION)


async def _begin(db: WriteSession, application: Application) -> Review:
    now = db.clock.now()
    review = Review(
        id=new_id(),
        county=application.county,
        division=application.division,
        application_id=application.id,
        status=Status.SURVEYING,
        round=0,
        # A case registered separately obliges the county from the start (D57 art. 11 and 20).
        county_visit_required_at=now if application.relative_of_staff else None,
        county_visit_reason=RELATIVE if application.relative_of_staff else None,
        created_at=now,
    )
    db.add(review)
    await db.flush()
    return review
