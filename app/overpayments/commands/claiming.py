"""A claim for what was paid too much: proposed by month, heard about, ordered by another person or dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.queries import get_application
from app.applications.steps import open_step_until
from app.awards.hearing_queries import find_only_member
from app.awards.lifecycle import Status as AwardStatus
from app.awards.lifecycle import StopGround
from app.awards.models import Award
from app.awards.queries import get_award
from app.core.clock import legal_date, today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault, RoleNotAllowed, SamePersonNotAllowed
from app.core.ids import new_id, new_number
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.ledger.accounts import fund_account
from app.ledger.commands import Entry, post
from app.overpayments.accounts import recovery_account
from app.overpayments.commands.records import record, tell_end, whose
from app.overpayments.errors import RecoveryInvalid, RecoveryNotHeard, RecoveryOpen, RecoveryOutdated
from app.overpayments.events import RecoveryOrdered, RecoveryProposed
from app.overpayments.laws import laws_of
from app.overpayments.lifecycle import CLAIMS, LIFECYCLE, Action, Ground, Status
from app.overpayments.models import Recovery, RecoveryMonth
from app.overpayments.queries import (
    get_recovery,
    give_up_months,
    has_proposed,
    list_claimed,
    list_months,
    sum_paid,
    was_found_fraudulent,
)
from app.reference.calendar import DueDate

PREFIX = "ZH"  # 追回
_MOST_INSTALMENTS = 60
_LONGEST_BASIS = 64  # characters that a step holds


@dataclass(frozen=True)
class Claimed:
    """What of one month is claimed."""

    month: date
    amount_fen: int


@dataclass(frozen=True)
class Instalment:
    """A part that is to come back by a day."""

    due_on: date
    amount_fen: int


async def propose_recovery(
    db: WriteSession, actor: Actor, award_id: UUID, ground: Ground, months: Sequence[Claimed], reason: str
) -> Recovery:
    """Claim what was paid too much; the household is told in writing and has to be heard before anybody decides.

    `months`: of each how much; with the ground `after_stop` none means all that was paid after the last month.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        RoleNotAllowed: not for this role.
        RecoveryOpen: one is proposed already.
        RecoveryInvalid: the ground was never found, nothing was paid for a month, it was claimed before, or it is more.
    """
    award = await get_award(db, actor, award_id, lock=True)
    if actor.role not in CLAIMS:
        raise RoleNotAllowed
    if await has_proposed(db, award.id):
        raise RecoveryOpen
    paid = await _claimable(db, award, ground)
    claimed = list(months)
    if not claimed and ground is Ground.AFTER_STOP:
        taken = await list_claimed(db, award.id)
        claimed = [Claimed(month, fen) for month, fen in paid.items() if month not in taken]
    faults = await _faults_of_months(db, award, paid, claimed)
    if faults:
        raise RecoveryInvalid(faults=tuple(faults))
    recovery = _recovery_of(db, actor, award, ground, sum(each.amount_fen for each in claimed), reason)
    db.add(recovery)
    await db.flush()
    db.add_all(
        RecoveryMonth(
            id=new_id(),
            county=award.county,
            division=award.division,
            recovery_id=recovery.id,
            award_id=award.id,
            month=each.month,
            paid_fen=paid[each.month],
            amount_fen=each.amount_fen,
            live=True,
        )
        for each in claimed
    )
    await record(db, actor, "recovery.propose", award, recovery)
    await record_event(db, RecoveryProposed(**whose(award, recovery)))
    return recovery


async def hear_about_recovery(
    db: WriteSession, actor: Actor, recovery_id: UUID, *, opinion: str, heard_on: date
) -> Recovery:
    """Keep what the household says about what is claimed; heard again, the later words count.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        RecoveryInvalid: before it was claimed, or in the future.
    """
    recovery, award = await get_recovery(db, actor, recovery_id, lock=True)
    LIFECYCLE.step(recovery.status, Action.HEAR, actor.role)
    if not legal_date(recovery.proposed_at) <= heard_on <= today(db.clock):
        raise RecoveryInvalid(faults=(Fault("/heard_on", "heard_out_of_range"),))
    recovery.heard_on, recovery.heard_by = heard_on, actor.id
    recovery.opinion_sealed = db.vault.seal("recoveries.opinion", recovery.id, opinion, division=recovery.county)
    await record(db, actor, "recovery.hear", award, recovery)
    return recovery


async def order_recovery(
    db: WriteSession, actor: Actor, recovery_id: UUID, instalments: Sequence[Instalment]
) -> Recovery:
    """Decide that what is claimed comes back, by these days; the books have it as owed from now on.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor proposed it.
        RecoveryNotHeard: the household was not heard.
        RecoveryOutdated: a payment was taken back at the bank meanwhile.
        RecoveryInvalid: the instalments are not the whole, or not on days to come, one after the other.
    """
    award = (await get_recovery(db, actor, recovery_id))[1]
    # Everybody who needs both rows locks the application first.
    application = await get_application(db, SYSTEM, award.application_id, lock=True)
    recovery, award = await get_recovery(db, actor, recovery_id, lock=True)
    step = LIFECYCLE.step(recovery.status, Action.ORDER, actor.role)
    if actor.id == recovery.proposed_by:
        raise SamePersonNotAllowed
    if recovery.heard_on is None and not await _nobody_is_left(db, award):
        raise RecoveryNotHeard
    await _refuse_outdated(db, award, recovery)
    faults = _faults_of_instalments(db, recovery, instalments)
    if faults:
        raise RecoveryInvalid(faults=tuple(faults))
    recovery.status, recovery.decided_by, recovery.decided_at = step.target, actor.id, db.clock.now()
    recovery.instalments = [{"due_on": each.due_on.isoformat(), "amount_fen": each.amount_fen} for each in instalments]
    owed, fund = recovery_account(recovery.id), fund_account(recovery.county)
    await post(db, [Entry(recovery.county, owed, fund, recovery.total_fen, "recovery", recovery.id)])
    due = DueDate(instalments[-1].due_on, provisional=False)
    basis = laws_of(recovery.ground, today(db.clock))[0][:_LONGEST_BASIS]
    await open_step_until(db, application, StepKind.REPAYMENT, Responsible.APPLICANT, due, basis)
    await record(db, actor, "recovery.order", award, recovery)
    await record_event(db, RecoveryOrdered(**whose(award, recovery)))
    return recovery


async def drop_recovery(db: WriteSession, actor: Actor, recovery_id: UUID, *, reason: str) -> Recovery:
    """Decide that nothing comes back; its months may be claimed again.

    Raises:
        RecoveryNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor proposed it.
    """
    recovery, award = await get_recovery(db, actor, recovery_id, lock=True)
    step = LIFECYCLE.step(recovery.status, Action.DROP, actor.role)
    if actor.id == recovery.proposed_by:
        raise SamePersonNotAllowed
    recovery.status, recovery.decided_by, recovery.decided_at = step.target, actor.id, db.clock.now()
    recovery.drop_reason_sealed = db.vault.seal("recoveries.drop_reason", recovery.id, reason, division=recovery.county)
    await give_up_months(db, recovery.id)
    await record(db, actor, "recovery.drop", award, recovery)
    await tell_end(db, award, recovery)
    return recovery


async def _claimable(db: ReadSession, award: Award, ground: Ground) -> Mapping[date, int]:
    """Return what was paid, by month, of the months that a ground bears on.

    Raises:
        RecoveryInvalid: nobody has decided what the ground says.
    """
    paid = await sum_paid(db, award.id)
    if ground is Ground.AFTER_STOP:
        if award.status != AwardStatus.STOPPED or award.to_month is None:
            raise RecoveryInvalid(faults=(Fault("/ground", "not_stopped"),))
        last = award.to_month
        return {month: fen for month, fen in paid.items() if month > last}
    async with db.wider():  # the household deceived the county that paid, whichever one finds it out
        found = await was_found_fraudulent(db, award.id)
    if not found:
        raise RecoveryInvalid(faults=(Fault("/ground", "no_fraud_found"),))
    return paid


async def _faults_of_months(
    db: ReadSession, award: Award, paid: Mapping[date, int], claimed: Sequence[Claimed]
) -> list[Fault]:
    if not claimed:
        return [Fault("/months", "nothing_paid")]
    faults, seen = [], await list_claimed(db, award.id)
    for place, each in enumerate(claimed):
        if each.month not in paid:
            faults.append(Fault(f"/months/{place}/month", "nothing_paid"))
        elif each.month in seen:
            faults.append(Fault(f"/months/{place}/month", "claimed_before"))
        elif not 0 < each.amount_fen <= paid[each.month]:
            faults.append(Fault(f"/months/{place}/amount_fen", "above_paid"))
        seen.add(each.month)
    return faults


def _faults_of_instalments(db: ReadSession, recovery: Recovery, parts: Sequence[Instalment]) -> list[Fault]:
    if not 1 <= len(parts) <= _MOST_INSTALMENTS or sum(each.amount_fen for each in parts) != recovery.total_fen:
        return [Fault("/instalments", "not_the_whole")]
    faults, last = [], today(db.clock)
    for place, each in enumerate(parts):
        if each.due_on <= last:
            faults.append(Fault(f"/instalments/{place}/due_on", "not_later"))
        if each.amount_fen <= 0:
            faults.append(Fault(f"/instalments/{place}/amount_fen", "not_the_whole"))
        last = max(last, each.due_on)
    return faults


async def _refuse_outdated(db: ReadSession, award: Award, recovery: Recovery) -> None:
    paid = await sum_paid(db, award.id)
    months = (await list_months(db, [recovery.id]))[recovery.id]
    if any(paid.get(each.month, 0) < each.amount_fen for each in months):
        raise RecoveryOutdated


async def _nobody_is_left(db: ReadSession, award: Award) -> bool:
    """Say whether who died lived alone. Who lives in the household and was not counted for the amount is left as well,
    and has a right to be heard."""
    return award.stop_ground == StopGround.DEATH and await find_only_member(db, award) is not None


def _recovery_of(db: WriteSession, actor: Actor, award: Award, ground: Ground, fen: int, reason: str) -> Recovery:
    row = new_id()
    return Recovery(
        id=row,
        county=award.county,
        division=award.division,
        award_id=award.id,
        number=new_number(PREFIX, award.county, today(db.clock)),
        status=Status.PROPOSED,
        ground=ground,
        total_fen=fen,
        reason_sealed=db.vault.seal("recoveries.reason", row, reason, division=award.county),
        proposed_by=actor.id,
        proposed_at=db.clock.now(),
        instalments=[],
        repaid_fen=0,
        written_off_fen=0,
    )
