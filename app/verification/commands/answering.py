"""Keeping what an agency answered, at once or by call-back, early or late, once or several times."""

from datetime import datetime, timedelta
from uuid import UUID

from app.applications.models import Application
from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.core.ids import new_id
from app.facts import Answer, Outcome
from app.identity.actors import SYSTEM, Actor
from app.partners.base import LateAnswer
from app.verification.agency_models import UNSIGNED, CheckAttempt
from app.verification.agency_queries import was_unsigned_lately
from app.verification.commands.cancelling import cancel_check, is_void
from app.verification.commands.entry import may_be_a_task, settle_entry
from app.verification.commands.filling import fill_from
from app.verification.commands.reporting import settle
from app.verification.errors import CheckNotFound
from app.verification.lifecycle import LIFECYCLE, Action, Status
from app.verification.models import Check
from app.verification.prefill import PREFILLING
from app.verification.queries import facts_entered, find_partner_check, lock_check
from app.verification.report import says_otherwise
from app.verification.values import write_facts

_UNSIGNED_EVERY = timedelta(hours=1)
_LONGEST_MS = 2**31 - 1  # the column's


async def record_answer(db: WriteSession, actor: Actor, check_id: UUID, answer: Answer) -> bool:
    """Keep an answer and issue the report if it was the last one; returns whether it changed anything.

    The agency's first answer stands: a repeated one, or one to a check that was cancelled, changes nothing. It counts
    instead of what was entered by hand before, which stays on the check, and the new report shows both. One that comes
    after nothing authorises the question any more is not kept.

    Raises:
        CheckNotFound: there is none.
    """
    application, check = await lock_check(db, check_id)
    changed = await take_answer(db, actor, application, check, answer)
    if changed:
        _keep_call_back(db, check, answer.outcome.value)
    return changed


def _keep_call_back(db: WriteSession, check: Check, outcome: str) -> None:
    """Keep, for the picture of the agencies, what one brought to a question it was put earlier."""
    now = db.clock.now()
    waited = now - (check.asked_at or check.opened_at)
    db.add(
        CheckAttempt(
            id=new_id(),
            county=check.county,
            division=check.division,
            application_id=check.application_id,
            check_id=check.id,
            partner=check.partner,
            item=check.item,
            asked_at=now,
            took_ms=max(0, min(round(waited / timedelta(milliseconds=1)), _LONGEST_MS)),
            outcome=outcome,
            called_back=True,
        )
    )


async def take_answer(db: WriteSession, actor: Actor, application: Application, check: Check, answer: Answer) -> bool:
    """Keep an answer as `record_answer` does, on a check that is locked, with its application."""
    entered = check.status == Status.ANSWERED and check.answered_by is not None
    if check.status == Status.CANCELLED or (check.status == Status.ANSWERED and not entered):
        return False
    if await is_void(db, application, check):
        if entered:
            return False
        await cancel_check(db, application, check)
        await settle(db, application, check)
        return False
    check.status = LIFECYCLE.step(check.status, Action.ANSWER, actor.role).target
    if entered:
        await _stand_aside(db, application, check, answer)
    await keep_answer(db, application, check, answer)
    return True


async def _stand_aside(db: WriteSession, application: Application, check: Check, answer: Answer) -> None:
    """Let what was entered by hand stand back behind the agency's own answer, and put on record whether they differ."""
    differs = says_otherwise(check.entered_outcome, facts_entered(db, check), answer.outcome, answer.facts)
    check.answered_by = None
    await record_act(
        db,
        SYSTEM,
        "check.supersede_entry",
        "check",
        check.id,
        row=check,
        case=application.case,
        item=check.item,
        partner=check.partner,
        entered_by=str(check.entered_by),
        differs=differs,
    )


async def take_late_answer(db: WriteSession, actor: Actor, partner: str, late: LateAnswer) -> bool:
    """Keep an answer that a partner calls back with; returns whether it changed anything.

    Raises:
        CheckNotFound: the partner was never asked under this reference.
    """
    check = await find_partner_check(db, partner, late.reference)
    if check is None:
        raise CheckNotFound
    changed = await record_answer(db, actor, late.reference, late.answer)
    if changed:
        application = await get_application(db, SYSTEM, check.application_id)
        await record_act(
            db, actor, "check.answer", "check", check.id, row=check, case=application.case, partner=partner
        )
    return changed


async def note_unsigned_answer(db: WriteSession, partner: str, reference: UUID) -> None:
    """Keep for an agency's health that an answer came which it has not signed; the check stays as it is.

    Once an hour and check at most: who sends again and again, each time with the wrong key, fills no table.
    """
    check = await find_partner_check(db, partner, reference)
    if check is not None:
        await keep_unsigned(db, check)


async def keep_unsigned(db: WriteSession, check: Check) -> None:
    """Keep that what came about a check, or about a file it is in, was not signed; once an hour at most."""
    if not await was_unsigned_lately(db, check, db.clock.now() - _UNSIGNED_EVERY):
        _keep_call_back(db, check, UNSIGNED)


async def keep_answer(
    db: WriteSession,
    application: Application,
    check: Check,
    answer: Answer,
    *,
    at: datetime | None = None,
    by: Actor | None = None,
) -> None:
    """Write an answer on its check, whose status was set, and issue the report if nothing is open any more. `at`: when
    it was given, if not now. `by`: who of the county entered it."""
    hit, was_a_task = answer.outcome is Outcome.HIT, may_be_a_task(check)
    check.outcome = answer.outcome
    check.facts_sealed = (
        db.vault.seal("checks.facts", check.id, write_facts(answer.facts), division=check.county) if hit else None
    )
    check.answered_at = at or db.clock.now()
    check.next_attempt_at, check.last_failure = None, None
    await db.flush()
    if check.round == PREFILLING:
        await fill_from(db, application, check, answer)
    if was_a_task:
        await settle_entry(db, application, by=by)
    await settle(db, application, check)
