"""The decision, as far as it concerns the application; the review calls these when the county has decided."""

from app.applications.claims import release_applicant, release_claims
from app.applications.clocks import StepKind
from app.applications.lifecycle import LIFECYCLE, Action
from app.applications.models import Application
from app.applications.steps import close_all_steps
from app.core.db import WriteSession
from app.identity.actors import Actor

# What agencies still owe an answer to is over with no decision.
_AT_AGENCIES = frozenset({StepKind.REPORT_DISPUTE, StepKind.CORRECTION_LETTER})


async def approve_application(db: WriteSession, actor: Actor, application: Application) -> None:
    """Close the application with a grant. Its members stay claimed: they are in force now. Whether promises are true is
    still seen to, and agencies still owe an answer to what is disputed.

    Raises:
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    step = LIFECYCLE.step(application.status, Action.APPROVE, actor.role)
    application.status, application.ended_at = step.target, db.clock.now()
    await close_all_steps(db, application, "approved", but=_AT_AGENCIES | {StepKind.PROMISE_CHECK}, by=actor)
    await release_applicant(db, application)


async def refuse_application(db: WriteSession, actor: Actor, application: Application) -> None:
    """Close the application with a refusal; everybody in it may apply again. Agencies still owe an answer to
    what is disputed: the decision says so, and their delay stays with the supervisors.

    Raises:
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    step = LIFECYCLE.step(application.status, Action.REFUSE, actor.role)
    application.status, application.ended_at = step.target, db.clock.now()
    await close_all_steps(db, application, "refused", but=_AT_AGENCIES, by=actor)
    await release_claims(db, application)
