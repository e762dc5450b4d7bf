"""A refusal that was made past an agency's day, and whose agency has corrected what it had said since: the county looks
at it again, and the household is told what came of it."""

from enum import StrEnum
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application
from app.applications.queues import TAKERS
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.events.commands import record_event
from app.identity.actors import Actor
from app.review.events import DecisionRevisited


class Revisited(StrEnum):
    """What comes of a refusal once something that it rested on was corrected; codes, for no words are kept with it."""

    OTHER_GROUNDS = "other_grounds"  # what was corrected did not bear it: it stands
    APPLY_AGAIN = "apply_again"  # it would not be made so any more: the household is asked to apply anew


async def revisit(db: WriteSession, actor: Actor, application_id: UUID, outcome: Revisited) -> None:
    """Say what comes of a refusal now that an agency has corrected what it had said. The decision itself stays on
    record as it was made, and so do the remedies against it.

    Raises:
        ApplicationNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: it is the case of a close relative of the actor's.
        StepNotAllowed: nothing was corrected since a refusal, or that was seen to.
        RoleNotAllowed: this is the county's confirmer's.
    """
    application = await get_application(db, actor, application_id, lock=True)
    if await find_open_step(db, application.id, StepKind.DECISION_REVISIT) is None:
        raise StepNotAllowed
    if actor.role not in TAKERS[StepKind.DECISION_REVISIT]:
        raise RoleNotAllowed
    await close_step(db, application, StepKind.DECISION_REVISIT, outcome.value, by=actor)
    await record_act(
        db, actor, "decision.revisit", "application", application.id, case=application.case, outcome=outcome.value
    )
    told = DecisionRevisited(
        subject=application.id,
        county=application.county,
        applicant_id=application.applicant_id,
        outcome=outcome.value,
    )
    await record_event(db, told)
