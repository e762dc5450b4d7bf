"""What the county finds out on paper: the step that waits for it ends with the last of its checks."""

from app.applications.clocks import StepKind
from app.applications.models import Application
from app.applications.steps import close_step
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.reference.procedure import Mode
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import has_checks


async def settle_entry(db: WriteSession, application: Application, check: Check, *, by: Actor | None = None) -> None:
    """End the county's step if this check, which has just ended, was the last that waited for it."""
    if check.mode == Mode.MANUAL and not await has_checks(db, application.id, Status.AWAITING_ENTRY):
        outcome = "given_up" if check.outcome is None else "entered"
        await close_step(db, application, StepKind.MANUAL_ENTRY, outcome, by=by)
