"""What the county finds out on paper: the step that waits for it ends with the last of its checks."""

from collections.abc import Sequence

from app.applications.clocks import StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.steps import close_step, open_step
from app.core.db import WriteSession
from app.identity.actors import Actor
from app.reference.procedure import Mode
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import has_checks


async def give_to_county(db: WriteSession, application: Application, checks: Sequence[Check]) -> None:
    """Let what agencies were given up about be the county's task, once a report is there that says nothing of it; end
    the task where a later report does. The application is locked, and nothing of it is open.

    The report goes on its way with the gap: the household's clock does not wait for a dead agency, and nobody looks
    away from it either. What the county itself was to find out, and did not, is not given to it again.
    """
    latest = {(check.member_id, check.item): check for check in sorted(checks, key=lambda check: check.round)}
    silent = [each for each in latest.values() if each.status == Status.UNAVAILABLE and each.mode != Mode.MANUAL]
    if not silent:
        await close_step(db, application, StepKind.MANUAL_ENTRY, "entered")
    elif application.status == ApplicationStatus.ACCEPTED:
        await open_step(db, application, StepKind.MANUAL_ENTRY)


async def settle_entry(db: WriteSession, application: Application, check: Check, *, by: Actor | None = None) -> None:
    """End the county's step if this check, which has just ended, was the last that waited for it."""
    if check.mode == Mode.MANUAL and not await has_checks(db, application.id, Status.AWAITING_ENTRY):
        outcome = "given_up" if check.outcome is None else "entered"
        await close_step(db, application, StepKind.MANUAL_ENTRY, outcome, by=by)
