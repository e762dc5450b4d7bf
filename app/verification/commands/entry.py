"""What the county finds out on paper: its task is open exactly while there is something to enter.

A report goes on its way with its gaps: the household's clock does not wait for a dead agency, and nobody looks away
from it either. Whoever changes what there is to enter (a check, a report, a conclusion) calls `settle_entry`.
"""

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.applications.steps import close_step, open_step
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.reference.procedure import Mode
from app.verification.entry_queries import has_to_be_entered
from app.verification.models import Check

ENTERED = "entered"
GIVEN_UP = "given_up"
ASKED_AGAIN = "asked"


async def settle_entry(
    db: WriteSession, application: Application, outcome: str = ENTERED, *, by: Actor | None = None
) -> None:
    """Open the county's task where there is something to enter, and end it where there is not; as it should be,
    nothing changes. The application is locked by whoever calls.

    `outcome`: how it ends, if it does; `by`: who of the county has done it.
    """
    await db.flush()
    if await has_to_be_entered(db, application):
        await open_step(db, application, StepKind.MANUAL_ENTRY)
    else:
        await close_step(db, application, StepKind.MANUAL_ENTRY, outcome, by=by)


def may_be_a_task(check: Check) -> bool:
    """Say whether a check may be what the county is to enter: it is found out on paper, or was given up. Only what is
    still asked or awaited has a next attempt."""
    return check.mode == Mode.MANUAL or check.next_attempt_at is None
