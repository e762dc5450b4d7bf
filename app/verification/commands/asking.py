"""How a check goes on from an attempt: taken, silent, held back, given up, and asked again later.

What is to be put now is claimed in `claiming`, the call is made in `putting.py`, outside any transaction, and what came
of it is kept here.
"""

from datetime import timedelta

from app.applications.models import Application
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import enqueue_once
from app.identity.actors import SYSTEM
from app.partners.base import HeldBack
from app.verification.commands.entry import GIVEN_UP, settle_entry
from app.verification.commands.opening import ASK_CHECKS, asking_by_case
from app.verification.commands.reporting import settle
from app.verification.group_queries import put_off
from app.verification.lifecycle import ASKED, LIFECYCLE, Action, Status
from app.verification.models import Check
from app.verification.patience import BUSY, CALLBACK_DAYS, HELD_BACK, QUEUED, Patience
from app.verification.queries import list_due_checks


async def hand_over_due_checks(db: WriteSession, limit: int) -> int:
    """Enqueue the next attempt of open checks whose time has come, one job for each case; returns how many.

    Where one waits or is under way nothing is added: while agencies are slow, jobs that each look round would add to
    the jobs that keep them from being seen to.
    """
    due = await list_due_checks(db, db.clock.now(), limit)
    if not due:
        return 0
    by_case = asking_by_case((check.application_id, check.id, check.attempts) for check in due)
    added = await enqueue_once(db, ASK_CHECKS, {payload["application"]: payload for payload in by_case})
    handed_over = {check.id for check in due if str(check.application_id) in added}
    await put_off(db, handed_over, db.clock.now() + QUEUED)
    await put_off(db, {check.id for check in due} - handed_over, db.clock.now() + BUSY)
    return len(due)


def keep_ticket(db: WriteSession, check: Check, ticket: str, patience: Patience) -> None:
    """Keep that the agency took the question and will call back; its ten days run from the first time. The check is
    locked."""
    if check.status not in ASKED:
        return  # answered, cancelled or given to the county, while the acknowledgement was on its way
    if check.status == Status.REQUESTED:
        check.due_on = today(db.clock) + timedelta(days=CALLBACK_DAYS)
    check.status = LIFECYCLE.step(check.status, Action.DISPATCH, SYSTEM.role).target
    check.ticket, check.last_failure = ticket, None
    check.next_attempt_at = db.clock.now() + _pause(db, check, patience)


async def keep_silence(
    db: WriteSession, application: Application, check: Check, reason: str, patience: Patience
) -> None:
    """Keep that an attempt brought no usable answer: the next one comes later, or the check is given up. Both are
    locked."""
    if check.status not in ASKED:
        return
    check.last_failure = reason
    if is_exhausted(db, check, patience):
        await give_up(db, application, check)
    else:
        check.next_attempt_at = db.clock.now() + _pause(db, check, patience)


async def keep_hold(
    db: WriteSession, application: Application, check: Check, attempt: int, held: HeldBack, patience: Patience
) -> None:
    """Keep that attempt number `attempt` was not made after all, because the agency is not asked at present: it is made
    later, and counts only where the check is past its day. Both are locked."""
    if is_overdue(db, check):
        await keep_silence(db, application, check, held.reason, patience)
    elif check.status in ASKED and check.attempts == attempt + 1:
        check.attempts = attempt
        hold(db, check, held.seconds, patience)


def hold(db: WriteSession, check: Check, seconds: float, patience: Patience) -> None:
    """Let a check wait until its agency is asked again, in some seconds."""
    now = db.clock.now()
    check.last_failure = HELD_BACK
    check.next_attempt_at = now + patience.pause_held_back(seconds, now - check.opened_at)


def _tries(check: Check) -> int:
    return check.attempts - check.attempts_before


def is_overdue(db: WriteSession, check: Check) -> bool:
    """Say whether a check is past its day."""
    return today(db.clock) > check.due_on


def is_exhausted(db: WriteSession, check: Check, patience: Patience) -> bool:
    """Say whether a check was asked often enough."""
    dispatched = check.status == Status.DISPATCHED
    return patience.is_exhausted(_tries(check), dispatched=dispatched, overdue=is_overdue(db, check))


def _pause(db: WriteSession, check: Check, patience: Patience) -> timedelta:
    dispatched = check.status == Status.DISPATCHED
    return patience.pause(_tries(check), dispatched=dispatched, overdue=is_overdue(db, check))


async def give_up(db: WriteSession, application: Application, check: Check) -> None:
    """Let a check end without an answer: "no answer", which nobody may read as "no record"."""
    check.status = LIFECYCLE.step(check.status, Action.GIVE_UP, SYSTEM.role).target
    check.next_attempt_at = None
    await record_act(
        db,
        SYSTEM,
        "check.give_up",
        "check",
        check.id,
        row=check,
        case=application.case,
        item=check.item,
        partner=check.partner,
        attempts=check.attempts,
    )
    await settle_entry(db, application, GIVEN_UP)
    await settle(db, application, check)
