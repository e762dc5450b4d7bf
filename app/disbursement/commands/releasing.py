"""Release: lines become orders, the money becomes owed, and the bank is to be told. All of it or nothing."""

from datetime import timedelta
from uuid import UUID

from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.errors import SamePersonNotAllowed
from app.disbursement.commands.deciding import require_another, require_unchanged
from app.disbursement.errors import PayrollOutdated
from app.disbursement.events import PayrollReleased
from app.disbursement.lifecycle import LIFECYCLE, Action, Status
from app.disbursement.models import Payroll
from app.disbursement.queries import (
    accruals_of,
    count_outdated_lines,
    fail_all_lines,
    find_payroll,
    get_payroll,
    release_lines,
)
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.ledger.commands import post_selected
from app.partners.paying_bank.base import FailureKind

# How long receipts may take before the bank is asked.
PATIENCE = timedelta(minutes=2)
NOT_TAKEN = "not_taken"  # our own failure code: the bank refused the batch as a whole


async def release_payroll(db: WriteSession, actor: Actor, payroll_id: UUID) -> Payroll:
    """Order the bank to pay, once: the event's job sends the batch.

    Raises:
        PayrollNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor built it, handed it in or approved it (domain 4.3).
        PayrollChanged: the lines are not those that were handed in.
        PayrollOutdated: an award in it was suspended or stopped since, or what it reissues was disputed since.
    """
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    step = LIFECYCLE.step(payroll.status, Action.RELEASE, actor.role)
    require_another(payroll, actor)
    if actor.id == payroll.approved_by:
        raise SamePersonNotAllowed
    await require_unchanged(db, payroll)
    if payroll.of_payroll_id is not None:
        await find_payroll(db, payroll.of_payroll_id, lock=True)  # the bank's word on what failed waits until then
    outdated = await count_outdated_lines(db, payroll)
    if outdated:
        raise PayrollOutdated("lines_outdated", count=outdated)
    now = db.clock.now()
    payroll.status, payroll.released_by, payroll.released_at = step.target, actor.id, now
    payroll.ask_after, payroll.check_after = now + PATIENCE, now + PATIENCE
    await db.flush()
    await release_lines(db, payroll.id)
    await post_selected(db, accruals_of(payroll, now))
    await record_act(
        db,
        actor,
        "payroll.release",
        "payroll",
        payroll.id,
        county=payroll.county,
        row=payroll,
        total_fen=payroll.total_fen,
    )
    await record_event(db, PayrollReleased(subject=payroll.id, county=payroll.county))
    return payroll


async def note_accepted(db: WriteSession, payroll_id: UUID) -> None:
    """Keep that the bank has the batch; a second time changes nothing."""
    payroll = await find_payroll(db, payroll_id, lock=True)
    if payroll is not None and payroll.accepted_at is None:
        payroll.accepted_at = db.clock.now()


async def note_refused(db: WriteSession, payroll_id: UUID, reason: str, guilty: UUID | None) -> None:
    """Mark the lines of a batch as failed that the bank has refused and does not have; they may be reissued.

    With a line to blame only that one needs the office; the others were never at fault.
    """
    payroll = await find_payroll(db, payroll_id, lock=True)
    if payroll is None or payroll.status != Status.RELEASED or payroll.accepted_at is not None:
        return
    office = FailureKind.NEED_OFFICE_FIX.value
    others = office if guilty is None else FailureKind.RETRYABLE.value
    await fail_all_lines(db, payroll_id, failure=others, code=NOT_TAKEN, guilty=guilty, guilty_failure=office)
    payroll.ask_after = None
    await record_act(
        db,
        SYSTEM,
        "payroll.refused",
        "payroll",
        payroll_id,
        county=payroll.county,
        row=payroll,
        reason=reason,
        line=str(guilty),
    )
