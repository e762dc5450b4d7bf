"""Ends without a decision: the applicant withdraws, the place was the wrong one, or the authority ends the
procedure."""

from uuid import UUID

from app.applications.claims import release_claims
from app.applications.errors import PlaceNotElsewhere
from app.applications.events import ApplicationRedirected, ApplicationTerminated, ApplicationWithdrawn
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import Application
from app.applications.queries import get_application
from app.applications.steps import close_all_steps
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import record_event
from app.identity.actors import Actor
from app.reference.divisions import Level, covers, level_of
from app.reference.queries import require_place


async def withdraw_application(db: WriteSession, actor: Actor, application_id: UUID) -> Application:
    """Take an application back before the decision.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs.
        StepNotAllowed: it is a draft (discard it) or decided.
    """
    application = await get_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, Action.WITHDRAW, actor.role)
    application.status = step.target
    await _end(db, actor, application, "application.withdraw")
    await record_event(
        db,
        ApplicationWithdrawn(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return application


async def terminate_application(db: WriteSession, actor: Actor, application_id: UUID, *, reason: str) -> Application:
    """End the procedure because the household refuses to cooperate without good reason (D57 art. 29).

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    application = await get_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, Action.TERMINATE, actor.role)
    application.status = step.target
    application.ended_reason_sealed = db.vault.seal(
        "applications.ended_reason", application.id, reason, division=application.county
    )
    await _end(db, actor, application, "application.terminate")
    await record_event(
        db,
        ApplicationTerminated(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            level=level_of(actor.division or application.division).value,
        ),
    )
    return application


async def redirect_application(
    db: WriteSession, actor: Actor, application_id: UUID, *, to: str, reason: str
) -> Application:
    """Tell a household that another place takes its application, and which (D57 art. 4, 5); it may apply there at once.

    `to`: the code of the other township, or of a village in it.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        DivisionMalformed, DivisionUnknown: there is no such place.
        PlaceNotElsewhere: it is in the own township, or above all townships.
    """
    application = await get_application(db, actor, application_id, lock=True)
    step = LIFECYCLE.step(application.status, Action.REDIRECT, actor.role)
    if level_of(to) not in (Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE) or covers(to, application.division):
        raise PlaceNotElsewhere
    if to[:9] == application.division[:9]:
        raise PlaceNotElsewhere
    await require_place(db, to, today(db.clock))
    application.status, application.redirected_to = step.target, to
    application.ended_reason_sealed = db.vault.seal(
        "applications.ended_reason", application.id, reason, division=application.county
    )
    await _end(db, actor, application, "application.redirect")
    await record_event(
        db,
        ApplicationRedirected(subject=application.id, county=application.county, applicant_id=application.applicant_id),
    )
    return application


async def _end(db: WriteSession, actor: Actor, application: Application, act: str) -> None:
    application.ended_at = db.clock.now()
    await close_all_steps(db, application, application.status)
    await release_claims(db, application)
    await record_act(db, actor, act, "application", application.id, row=application, case=application.case)
