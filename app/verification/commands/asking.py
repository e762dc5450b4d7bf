"""Asking an agency: what happens in the database before and after each call.

The call itself is made in `jobs.py`, outside any transaction. The attempt is counted before it, so that a worker that
dies over it cannot ask for ever; what the agency said is recorded after it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.applications.household import id_number_of, name_of
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, Member
from app.applications.queries import find_member
from app.audit.commands import record_act
from app.audit.purposes import ASKED as ASKED_ACT
from app.audit.subjects import Case
from app.core.clock import today
from app.core.db import WriteSession
from app.facts import Item
from app.identity.actors import SYSTEM
from app.partners.base import HeldBack, Query
from app.reference.procedure import Mode
from app.verification.commands.cancelling import cancel_check, is_void
from app.verification.commands.entry import settle_entry
from app.verification.commands.opening import enqueue_asking
from app.verification.commands.reporting import settle
from app.verification.commands.using import find_other_account, use_fresh_answer
from app.verification.lifecycle import ASKED, LIFECYCLE, OPEN, Action, Status
from app.verification.models import Check
from app.verification.need_queries import take_need
from app.verification.patience import ANOTHER_ASKS, CALLBACK_DAYS, GIVEN_UP_AFTER_DAYS, HELD_BACK, UNDER_WAY, Patience
from app.verification.prefill import PREFILLING
from app.verification.queries import list_due_checks, lock_check


@dataclass(frozen=True)
class Claimed:
    """A question to be put now, to whom, and for which case."""

    partner: str
    query: Query
    at: datetime
    application_id: UUID
    county: str
    division: str


async def hand_over_due_checks(db: WriteSession, limit: int) -> int:
    """Enqueue the next attempt of open checks whose time has come; returns how many."""
    due = await list_due_checks(db, db.clock.now(), limit)
    for check in due:
        await enqueue_asking(db, check)
    return len(due)


def _never(_partner: str) -> float:
    return 0.0


async def claim_check(
    db: WriteSession,
    check_id: UUID,
    attempt: int,
    patience: Patience,
    held_back_for: Callable[[str], float] = _never,
) -> Claimed | None:
    """Count attempt number `attempt` and return what to ask; None when there is nothing to ask.

    Nothing: the attempt was made already, the check is no longer open, it may no longer be asked (it is cancelled),
    patience is exhausted (it is given up), another case has a fresh answer about the same person (it is used) or is
    asking for one (it is waited for), or the agency is not asked for some seconds (`held_back_for` its code): these
    cost no attempt. Past its day a question is put, and counted, whatever comes of it: an agency that is down for
    weeks must not keep a household from its report.

    Raises:
        CheckNotFound: there is none.
    """
    application, check = await lock_check(db, check_id)
    if check.status not in OPEN or check.attempts != attempt or check.mode == Mode.BATCH:
        return None
    if check.status == Status.AWAITING_ENTRY:
        if today(db.clock) >= check.due_on + timedelta(days=GIVEN_UP_AFTER_DAYS):
            await give_up(db, application, check)
        return None
    member = await member_to_ask_about(db, application, check, exhausted=_is_exhausted(db, check, patience))
    if member is None:
        return None
    seconds = 0.0 if _is_overdue(db, check) else held_back_for(check.partner)
    if seconds > 0:
        _hold(db, check, seconds, patience)
        return None
    claimed = await count_attempt(db, application, check, member)
    check.next_attempt_at = db.clock.now() + UNDER_WAY
    await db.flush()
    return claimed


async def member_to_ask_about(
    db: WriteSession, application: Application, check: Check, *, exhausted: bool
) -> Member | None:
    """Return whom a question is about, if it is to be put now; else it is cancelled, given up, answered or left to wait
    as `claim_check` says."""
    if await is_void(db, application, check):
        await cancel_check(db, application, check)
        await settle(db, application, check)
        return None
    # After the decision nothing new is asked, unless by a campaign; but an answer on its way is still taken.
    if application.status != asked_while(check) or exhausted:
        await give_up(db, application, check)
        return None
    member = await find_member(db, check.member_id)
    if member is None:
        raise ValueError("a check belongs to a member")
    if await use_fresh_answer(db, application, check, member):
        return None
    if not await take_need(db, check, member.id_number_index):
        check.next_attempt_at = db.clock.now() + ANOTHER_ASKS
        await db.flush()
        return None
    return member


async def count_attempt(db: WriteSession, application: Application, check: Check, member: Member) -> Claimed:
    """Count one more attempt, before it is made, and return what is asked."""
    check.status = LIFECYCLE.step(check.status, Action.ASK, SYSTEM.role).target
    check.attempts += 1
    if check.asked_at is None:
        await _record_asking(db, application, check, member)
    check.asked_at = check.asked_at or db.clock.now()
    query = _query(db, application, check, member)
    await db.flush()
    return Claimed(check.partner, query, db.clock.now(), check.application_id, check.county, check.division)


def asked_while(check: Check) -> ApplicationStatus:
    """Return in which status of its application a question is put."""
    if check.campaign_id is not None:
        return ApplicationStatus.APPROVED
    return ApplicationStatus.DRAFT if check.round == PREFILLING else ApplicationStatus.ACCEPTED


async def _record_asking(db: WriteSession, application: Application, check: Check, member: Member) -> None:
    """Keep that shared data are used: what of whom is asked from which agency, on which authorisation. Once a check,
    and longer than the case itself (政务数据共享条例). Another adult of the household reads of it in a record of his
    own: he was typed in by the applicant, and may know nothing of it."""
    account = await find_other_account(db, application, member)
    campaign: dict[str, Any] = {"campaign": str(check.campaign_id)} if check.campaign_id else {}
    cases = [application.case, *([Case(None, account, application.county)] if account else [])]
    for case in cases:
        await record_act(
            db,
            SYSTEM,
            ASKED_ACT,
            "check",
            check.id,
            case=case,
            item=check.item,
            partner=check.partner,
            member=str(check.member_id),
            authorisation=str(check.authorisation_id),
            operator=check.operator,
            **campaign,
        )


async def record_ticket(db: WriteSession, check_id: UUID, ticket: str, patience: Patience) -> None:
    """Keep that the agency took the question and will call back; its ten days run from the first time.

    Raises:
        CheckNotFound: there is none.
    """
    _, check = await lock_check(db, check_id)
    if check.status not in ASKED:
        return  # answered, cancelled or given to the county, while the acknowledgement was on its way
    if check.status == Status.REQUESTED:
        check.due_on = today(db.clock) + timedelta(days=CALLBACK_DAYS)
    check.status = LIFECYCLE.step(check.status, Action.DISPATCH, SYSTEM.role).target
    check.ticket, check.last_failure = ticket, None
    check.next_attempt_at = db.clock.now() + _pause(db, check, patience)
    await db.flush()


async def record_silence(db: WriteSession, check_id: UUID, reason: str, patience: Patience) -> None:
    """Keep that an attempt brought no usable answer: the next one comes later, or the check is given up.

    Raises:
        CheckNotFound: there is none.
    """
    application, check = await lock_check(db, check_id)
    if check.status not in ASKED:
        return
    check.last_failure = reason
    if _is_exhausted(db, check, patience):
        await give_up(db, application, check)
        return
    check.next_attempt_at = db.clock.now() + _pause(db, check, patience)
    await db.flush()


async def record_hold(db: WriteSession, check_id: UUID, attempt: int, held: HeldBack, patience: Patience) -> None:
    """Keep that attempt number `attempt` was not made after all, because the agency is not asked at present: it is made
    later, and counts only where the check is past its day.

    Raises:
        CheckNotFound: there is none.
    """
    _, check = await lock_check(db, check_id)
    if _is_overdue(db, check):
        await record_silence(db, check_id, held.reason, patience)
    elif check.status in ASKED and check.attempts == attempt + 1:
        check.attempts = attempt
        _hold(db, check, held.seconds, patience)
        await db.flush()


def _hold(db: WriteSession, check: Check, seconds: float, patience: Patience) -> None:
    now = db.clock.now()
    check.last_failure = HELD_BACK
    check.next_attempt_at = now + patience.pause_held_back(seconds, now - check.opened_at)


def _tries(check: Check) -> int:
    return check.attempts - check.attempts_before


def _is_overdue(db: WriteSession, check: Check) -> bool:
    return today(db.clock) > check.due_on


def _is_exhausted(db: WriteSession, check: Check, patience: Patience) -> bool:
    dispatched = check.status == Status.DISPATCHED
    return patience.is_exhausted(_tries(check), dispatched=dispatched, overdue=_is_overdue(db, check))


def _pause(db: WriteSession, check: Check, patience: Patience) -> timedelta:
    dispatched = check.status == Status.DISPATCHED
    return patience.pause(_tries(check), dispatched=dispatched, overdue=_is_overdue(db, check))


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
    await settle_entry(db, application, check)
    await settle(db, application, check)


def _query(db: WriteSession, application: Application, check: Check, member: Member) -> Query:
    return Query(
        reference=check.id,
        item=Item(check.item),
        id_number=id_number_of(db, member),
        name=name_of(db, member),
        purpose=check.purpose,
        case=application.number or str(application.id),  # a draft has no number yet
        authorisation=str(check.authorisation_id),
        operator=check.operator,
    )
