"""Cancelling what may no longer be asked."""

from uuid import UUID

from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import get_application
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.identity.actors import SYSTEM
from app.verification.commands.entry import GIVEN_UP, may_be_a_task, settle_entry
from app.verification.commands.reporting import SERVED, conclude, settle
from app.verification.dispute_queries import list_asked_anew
from app.verification.lifecycle import ASKED, LIFECYCLE, OPEN, Action, Status
from app.verification.models import Check
from app.verification.prefill import PREFILLING
from app.verification.queries import is_in_force, list_checks, list_supporters_checks

DRAFTED = frozenset({ApplicationStatus.DRAFT})  # where an answer that fills in still serves


async def cancel_void_checks(db: WriteSession, application_id: UUID) -> int:
    """Cancel the unanswered checks of an ended matter, or of people who withdrew; returns how many.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    cancelled, own = 0, 0
    for check in (*await list_checks(db, application_id), *await list_supporters_checks(db, application_id)):
        if check.status not in (Status.ANSWERED, Status.CANCELLED) and await is_void(db, application, check):
            await cancel_check(db, application, check)
            cancelled += 1
            if check.campaign_id is None:
                own += not check.of_supporter
            else:
                await settle(db, application, check)
    # Without a change there is nothing to conclude: the checks may not even have been opened yet.
    if own:
        await conclude(db, application)
    return cancelled


async def cancel_campaigns_checks(db: WriteSession, application_id: UUID) -> int:
    """Ask nothing more about a household by way of a campaign: its award has ended; returns how many were cancelled.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    open_ones = [each for each in await list_checks(db, application_id) if each.campaign_id and each.status in OPEN]
    for check in open_ones:
        await cancel_check(db, application, check)
        await settle(db, application, check)
    return len(open_ones)


async def cancel_rechecks(db: WriteSession, application_id: UUID) -> int:
    """Ask nothing more because of what was disputed: the award has ended; returns how many were cancelled. The report
    there is stays: nobody waits for another.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    asked = {dispute.recheck_id for dispute in await list_asked_anew(db, application_id)}
    owed = [
        check
        for check in await list_checks(db, application_id)
        if check.id in asked and check.campaign_id is None and check.status in OPEN | {Status.UNAVAILABLE}
    ]
    for check in owed:
        await cancel_check(db, application, check)
    return len(owed)


async def is_void(db: WriteSession, application: Application, check: Check) -> bool:
    """Say whether nothing authorises this check any more: the matter has ended, or the person withdrew. What fills in a
    draft is asked for its sake alone."""
    return application.status not in served_in(check) or not await is_in_force(db, check.authorisation_id)


def served_in(check: Check) -> frozenset[ApplicationStatus]:
    """Return in which states of its application an answer to this check serves it."""
    return DRAFTED if check.round == PREFILLING else SERVED


async def keep_unput(
    db: WriteSession, application: Application, check: Check, attempt: int, in_force: frozenset[UUID]
) -> None:
    """Keep that attempt number `attempt` was not made after all, because nothing authorised it any more, and cancel the
    check where that was not done yet. Both are locked."""
    if check.attempts == attempt + 1:
        check.attempts = attempt
    if check.status in ASKED and check.authorisation_id not in in_force:
        await cancel_check(db, application, check)
        await settle(db, application, check)


async def cancel_check(db: WriteSession, application: Application, check: Check) -> None:
    """Cancel one check; its application is locked."""
    check.status = LIFECYCLE.step(check.status, Action.CANCEL, SYSTEM.role).target
    was_a_task, check.next_attempt_at = may_be_a_task(check), None
    await record_act(db, SYSTEM, "check.cancel", "check", check.id, row=check, case=application.case, item=check.item)
    if was_a_task:
        await settle_entry(db, application, GIVEN_UP)
