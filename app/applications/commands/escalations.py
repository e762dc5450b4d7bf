"""What an office did not do in time is told to its supervisors; nothing of the applicant's clock stops silently."""

from datetime import date

from app.applications.edits import touch
from app.applications.escalation_queries import Late, add_escalation, find_late_step
from app.applications.events import TaskEscalated
from app.applications.queries import get_application
from app.applications.queues import EscalationLevel
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.events.commands import record_event
from app.identity.actors import SYSTEM


async def escalate_task(db: WriteSession, late: Late, level: EscalationLevel, until: date) -> bool:
    """Tell a level's supervisors that a step was not done; False where it is by now, or where they were told before."""
    application = await get_application(db, SYSTEM, late.application_id, lock=True)
    still = await find_late_step(db, late.step_id, until)
    if still is None or not await add_escalation(db, application, still, level):
        return False
    await touch(db, application)  # so that a phone that knows the timeline is shown it anew
    await record_act(
        db, SYSTEM, "task.escalate", "task", still.step_id, case=application.case, kind=still.kind, level=level.value
    )
    await record_event(
        db,
        TaskEscalated(subject=application.id, county=application.county, step=still.kind, level=level.value),
    )
    return True
