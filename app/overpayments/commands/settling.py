"""Money that comes back, each receipt once, or by the bank; and the rest that does not, written off by two persons."""

from datetime import date
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.awards.models import Award
from app.core.clock import legal_date, today
from app.core.db import WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.core.ids import new_id
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.ledger.accounts import fund_account
from app.ledger.commands import Entry, post
from app.overpayments.accounts import lost_account, recovery_account, returned_account
from app.overpayments.commands.records import record, tell_end, whose
from app.overpayments.errors import RecoveryInvalid, RepaymentDiffers, RepaymentTooMuch, WriteOffNotOpen
from app.overpayments.events import RecoveryCorrected
from app.overpayments.lifecycle import LIFECYCLE, Action, Status
from app.overpayments.models import Recovery, Repayment
from app.overpayments.queries import (
    find_claim,
    find_repayment,
    get_recovery,
    list_months,
    list_recoveries,
    sum_paid,
)


async def receive_repayment(
    db: WriteSession, actor: Actor, recovery_id: UUID, *, amount_fen: int, received_on: date, reference: str
) -> Recovery:
    """Take in what came back; the same receipt again changes nothing.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        RepaymentDiffers: this receipt was entered with another amount or day.
        RepaymentTooMuch: more than is still owed.
        RecoveryInvalid: before it was ordered, or in the future.
    """
    recovery, award = await _lock(db, actor, recovery_id)
    known = await find_repayment(db, recovery.id, reference)
    if known is not None:
        if (known.amount_fen, known.received_on) != (amount_fen, received_on):
            raise RepaymentDiffers
        return recovery
    LIFECYCLE.step(recovery.status, Action.RECEIVE, actor.role)
    if amount_fen > recovery.outstanding_fen:
        raise RepaymentTooMuch
    if recovery.decided_at is None or not legal_date(recovery.decided_at) <= received_on <= today(db.clock):
        raise RecoveryInvalid(faults=(Fault("/received_on", "received_out_of_range"),))
    repayment = Repayment(
        id=new_id(),
        county=recovery.county,
        division=recovery.division,
        recovery_id=recovery.id,
        amount_fen=amount_fen,
        received_on=received_on,
        reference=reference,
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )
    db.add(repayment)
    recovery.repaid_fen += amount_fen
    if recovery.outstanding_fen == 0:
        recovery.status = LIFECYCLE.step(recovery.status, Action.COMPLETE, actor.role).target
    await db.flush()
    returned, owed = returned_account(recovery.county), recovery_account(recovery.id)
    await post(db, [Entry(recovery.county, returned, owed, amount_fen, "repayment", repayment.id)])
    await record(db, actor, "recovery.receive", award, recovery)
    if recovery.status == Status.REPAID:
        await _end(db, award, recovery)
    return recovery


async def take_off_reversed(db: WriteSession, award_id: UUID, month: date, line_id: UUID) -> Recovery | None:
    """Take off an ordered recovery what the bank itself took back of its month with a line; None where nothing is.

    What the household has repaid already stays repaid: the line is owed to it again, as every line that failed. A month
    of which nothing is claimed any more may be claimed again, should the line be paid once more.
    """
    claim = await find_claim(db, award_id, month)
    if claim is None:
        return None
    recovery, award = await _lock(db, SYSTEM, claim)
    if recovery.status != Status.ORDERED:
        return None
    (claimed,) = [each for each in (await list_months(db, [recovery.id]))[recovery.id] if each.month == month]
    paid = (await sum_paid(db, award.id)).get(month, 0)
    fen = min(claimed.amount_fen - claimed.taken_back_fen - paid, recovery.outstanding_fen)
    if fen <= 0:
        return None
    recovery.status = LIFECYCLE.step(recovery.status, Action.RECEIVE, SYSTEM.role).target
    recovery.taken_back_fen += fen
    claimed.taken_back_fen += fen
    claimed.live = claimed.taken_back_fen < claimed.amount_fen
    if recovery.outstanding_fen == 0:
        recovery.status = LIFECYCLE.step(recovery.status, Action.COMPLETE, SYSTEM.role).target
    await db.flush()
    owed, fund = recovery_account(recovery.id), fund_account(recovery.county)
    await post(db, [Entry(recovery.county, fund, owed, fen, "taken_back", line_id)])
    await record(db, SYSTEM, "recovery.correct", award, recovery)
    await record_event(db, RecoveryCorrected(**whose(award, recovery), line_id=line_id))
    if recovery.status == Status.REPAID:
        await _end(db, award, recovery)
    return recovery


async def propose_write_off(db: WriteSession, actor: Actor, recovery_id: UUID, *, reason: str) -> Recovery:
    """Propose to give up what is still owed, and say why it cannot be got.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        WriteOffNotOpen: it is proposed already.
    """
    recovery, award = await _lock(db, actor, recovery_id)
    LIFECYCLE.step(recovery.status, Action.PROPOSE_WRITE_OFF, actor.role)
    if recovery.write_off_proposed_by is not None:
        raise WriteOffNotOpen
    recovery.write_off_proposed_by, recovery.write_off_proposed_at = actor.id, db.clock.now()
    recovery.write_off_reason_sealed = db.vault.seal(
        "recoveries.write_off_reason", recovery.id, reason, division=recovery.county
    )
    await record(db, actor, "recovery.propose_write_off", award, recovery)
    return recovery


async def write_off(db: WriteSession, actor: Actor, recovery_id: UUID) -> Recovery:
    """Decide that what is still owed is given up; the books have it as lost.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        WriteOffNotOpen: nobody has proposed it.
        SamePersonNotAllowed: the actor proposed it.
    """
    recovery, award = await _lock(db, actor, recovery_id)
    step = LIFECYCLE.step(recovery.status, Action.WRITE_OFF, actor.role)
    if recovery.write_off_proposed_by is None:
        raise WriteOffNotOpen
    if recovery.write_off_proposed_by == actor.id:
        raise SamePersonNotAllowed
    rest = recovery.outstanding_fen
    recovery.status, recovery.written_off_fen = step.target, rest
    recovery.written_off_by, recovery.written_off_at = actor.id, db.clock.now()
    await db.flush()
    lost, owed = lost_account(recovery.county), recovery_account(recovery.id)
    await post(db, [Entry(recovery.county, lost, owed, rest, "write_off", recovery.id)])
    await record(db, actor, "recovery.write_off", award, recovery)
    await _end(db, award, recovery)
    return recovery


async def keep_claim(db: WriteSession, actor: Actor, recovery_id: UUID) -> Recovery:
    """Decide that what is still owed stays owed, though it was proposed to be written off.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        WriteOffNotOpen: nobody has proposed it.
    """
    recovery, award = await _lock(db, actor, recovery_id)
    LIFECYCLE.step(recovery.status, Action.KEEP, actor.role)
    if recovery.write_off_proposed_by is None:
        raise WriteOffNotOpen
    recovery.write_off_proposed_by = recovery.write_off_proposed_at = recovery.write_off_reason_sealed = None
    await record(db, actor, "recovery.keep", award, recovery)
    return recovery


async def _lock(db: WriteSession, actor: Actor, recovery_id: UUID) -> tuple[Recovery, Award]:
    award = (await get_recovery(db, actor, recovery_id))[1]
    # Everybody who needs both rows locks the application first.
    await get_application(db, SYSTEM, award.application_id, lock=True)
    return await get_recovery(db, actor, recovery_id, lock=True)


async def _end(db: WriteSession, award: Award, recovery: Recovery) -> None:
    """Close the household's step, unless another recovery of the award is still to be repaid."""
    application = await get_application(db, SYSTEM, award.application_id)
    others = await list_recoveries(db, award.id)
    if not any(each.status == Status.ORDERED for each in others):
        await close_step(db, application, StepKind.REPAYMENT, recovery.status.value)
    await tell_end(db, award, recovery)
