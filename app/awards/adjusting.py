"""A lower amount: proposed by the county's handler, the recipient heard, decided by another (社会救助法 art. 48).

It holds from the month after the decision at the earliest, so no month that is over is ever asked back. What is decided
on here may also be a higher amount (`raising`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.commands import settle_broken
from app.applications.models import Application
from app.applications.promise_lifecycle import Settlement as Broken
from app.applications.queries import get_application
from app.applications.steps import close_step, note_step, open_step
from app.audit.commands import record_act
from app.awards import recomputing_queries
from app.awards.adjusting_queries import find_proposed, last_fixed_month, next_number, withdraw_proposed
from app.awards.behind import find_change_behind
from app.awards.covering import keep_later, leave_other_months, leave_to_a_person, list_later, waits_after_stop
from app.awards.disputed import refuse_disputed
from app.awards.errors import (
    AdjustmentInvalid,
    AdjustmentOpen,
    HearingRequired,
    NoAdjustmentOpen,
    NothingToKeep,
)
from app.awards.events import AwardIncreased, AwardReduced, ReductionProposed
from app.awards.finding_queries import list_answered, list_open_findings
from app.awards.findings import answer, close_review, let_go_of_findings, settle_findings, take_answered, take_kept
from app.awards.growing import latest_month
from app.awards.hearing_queries import is_hearing_open, list_heard_about_less
from app.awards.judging import Given
from app.awards.lifecycle import (
    HEARING_SINCE,
    LIFECYCLE,
    Action,
    AdjustGround,
    AdjustmentStatus,
    AmountCause,
    Kept,
    Settlement,
    Status,
)
from app.awards.models import Award, AwardAdjustment, AwardAmount, RecomputedAward
from app.awards.naming import whose
from app.awards.proposals import refuse_outdated, soonest_month
from app.awards.queries import get_amount_in, get_award
from app.awards.raising import require_waiting
from app.awards.reworking import find_basis, find_by_age, find_faults, work_out_later
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.core.ids import new_id
from app.core.months import first_of_month, next_month, write_month
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor, Role
from app.notices.amounts import Amount
from app.notices.restating_queries import restate_awards
from app.review.reasons import SUBSTANCE, has_substance


@dataclass(frozen=True)
class Lower:
    """What is proposed, and why, in words for the written notice; `findings`: what it answers of that which was found
    and waits."""

    ground: AdjustGround
    amount_fen: int
    from_month: date
    reason: str
    findings: Sequence[UUID] = ()


async def propose_adjustment(db: WriteSession, actor: Actor, award_id: UUID, lower: Lower) -> AwardAdjustment:
    """Propose a lower amount from a month on; the recipient is told that it is considered.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AdjustmentOpen: one is proposed already.
        AdjustmentInvalid: the amount is not lower, or not what the rules give; the month is out of range; the reason
            says nothing; or a finding that it names does not wait, or on this ground.
    """
    award = await get_award(db, actor, award_id, lock=True)
    LIFECYCLE.step(award.status, Action.ADJUST, actor.role)
    require_waiting(award, Action.ADJUST, None)  # no month that is over is lowered
    if await find_proposed(db, award.id) is not None:
        raise AdjustmentOpen
    waiting = await recomputing_queries.find_open(db, award.id)
    found = waiting if lower.ground is AdjustGround.STANDARD else None
    before = await get_amount_in(db, award.id, lower.from_month)
    answered, unknown = await take_answered(db, award, lower.ground, lower.findings)
    faults = [*await _faults(db, award, lower, before, waiting), *unknown]
    if faults:
        raise AdjustmentInvalid(faults=tuple(faults))
    row_id = new_id()
    adjustment = AwardAdjustment(
        id=row_id,
        county=award.county,
        division=award.division,
        award_id=award.id,
        status=AdjustmentStatus.PROPOSED,
        ground=lower.ground,
        from_month=lower.from_month,
        before_fen=before,
        amount_fen=lower.amount_fen,
        recomputed_id=found.id if found is not None else None,
        reason_sealed=db.vault.seal("award_adjustments.reason", row_id, lower.reason, division=award.county),
        proposed_by=actor.id,
        proposed_at=db.clock.now(),
    )
    db.add(adjustment)
    await db.flush()
    await answer(db, answered, adjustment)
    await _record(db, actor, "award.propose_adjustment", award, adjustment)
    await record_event(db, ReductionProposed(**whose(award), ground=lower.ground.value))
    return adjustment


async def approve_adjustment(db: WriteSession, actor: Actor, award_id: UUID) -> AwardAdjustment:
    """Decide that the award amounts to what was proposed, from its month on or from the next, whichever is later. It
    settles the findings that the proposal answers; whatever else was found goes on waiting.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        NoAdjustmentOpen: nothing is proposed.
        SamePersonNotAllowed: the actor proposed it; or it is lower, and nobody but the actor has heard the recipient.
        HearingRequired: it is lower, and the recipient was not heard about it since it is proposed.
        FindingDisputed: it is lower, what it rests on is disputed, and its agency has time to answer.
        AdjustmentOutdated: what holds by now is another amount than when it was proposed.
    """
    award, application, adjustment = await _take(db, actor, award_id)
    if actor.id == adjustment.proposed_by:
        raise SamePersonNotAllowed
    raised = adjustment.amount_fen > adjustment.before_fen
    if not raised:
        await _refuse_unheard(db, actor, adjustment)
        await refuse_disputed(db, application, AdjustGround(adjustment.ground))
    found = await recomputing_queries.find_open(db, award.id, lock=True)
    by_standard = raised and adjustment.ground == AdjustGround.STANDARD
    if not by_standard:
        adjustment.from_month = max(adjustment.from_month, await soonest_month(db, award, adjustment))
    given = await find_basis(db, award, adjustment, found)
    await refuse_outdated(db, award, adjustment, found, given)
    adjustment.status, adjustment.decided_by, adjustment.decided_at = (
        AdjustmentStatus.APPROVED,
        actor.id,
        db.clock.now(),
    )
    later = await list_later(db, award, adjustment.from_month)
    decided = await _amount_of(db, actor, award, adjustment, found, given)
    rows = [decided, *keep_later(db, actor, decided, adjustment, later)]
    db.add_all(rows)
    await db.flush()
    left = False
    if found is not None and given is not None:
        by_rules, left = await work_out_later(db, actor, award, decided, found, later)
        rows += by_rules
    elif found is not None:
        left = await leave_other_months(db, award, found, adjustment, later)
    await restate_awards(db, {award.application_id: [Amount(row.amount_fen, row.from_month) for row in rows]})
    if adjustment.ground == AdjustGround.FRAUD:
        await settle_broken(db, actor, application, Broken.REDUCED, until=adjustment.proposed_at)
    if found is not None and not left:
        _settle(db, actor, found, Settlement.ADJUSTED)
    await settle_findings(db, actor, award, Settlement.ADJUSTED, await list_answered(db, adjustment.id))
    await db.flush()
    await close_review(db, application, award.id, Settlement.ADJUSTED.value, by=actor)
    if not raised:
        await note_step(db, application, StepKind.AWARD_DECISION, "reduced")
    if later and adjustment.ground != AdjustGround.STANDARD and given is None and not left:
        await leave_to_a_person(db, award, later)
        await open_step(db, application, StepKind.AWARD_REVIEW)
    await _record(db, actor, "award.raise" if raised else "award.reduce", award, adjustment)
    kind = AwardIncreased if raised else AwardReduced
    event = kind(
        **whose(award),
        adjustment_id=adjustment.id,
        ground=adjustment.ground,
        from_month=write_month(adjustment.from_month),
    )
    await record_event(db, event)
    return adjustment


async def reject_adjustment(db: WriteSession, actor: Actor, award_id: UUID, *, reason: str) -> AwardAdjustment:
    """Decide that the amount stays for now; what a changed standard left open stays open, and so does what was found.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        NoAdjustmentOpen: nothing is proposed.
    """
    award, _, adjustment = await _take(db, actor, award_id)
    adjustment.status, adjustment.decided_by, adjustment.decided_at = (
        AdjustmentStatus.REJECTED,
        actor.id,
        db.clock.now(),
    )
    adjustment.rejected_reason_sealed = db.vault.seal(
        "award_adjustments.rejected_reason", adjustment.id, reason, division=award.county
    )
    await let_go_of_findings(db, award.id)
    await _record(db, actor, "award.reject_adjustment", award, adjustment)
    return adjustment


async def keep_award(
    db: WriteSession,
    actor: Actor,
    award_id: UUID,
    *,
    reason: str,
    what: Kept | None = None,
    findings: Sequence[UUID] | None = None,
) -> Award:
    """Decide that an award stays as it is, though a changed number would lower or end it, or the rules could not say,
    or a promise was broken, or agencies say something new, or the recipient was heard about a stop: no stop rests on
    that hearing any more.

    `what`: which of them the reason is about; None: what was found, promised or heard, and only where nothing was, what
    a changed number means. One reason settles no months that it does not speak of.
    `findings`: the ones the reason is about, of those found; whatever else was found goes on waiting, be it that it
    came after the look. None of them is not said by leaving it out while some wait, but by naming none.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        AdjustmentOpen: a lower amount is proposed: that is to be decided on first.
        FindingsInvalid: something that was found waits, and it is not said what of it this is about; or what is named
            does not wait, or the reason is about a standard alone.
        NothingToKeep: none of it waits for anybody.
    """
    award, application = await _lock(db, actor, award_id)
    LIFECYCLE.step(award.status, Action.KEEP, actor.role)
    found = await recomputing_queries.find_open(db, award.id, lock=True)
    require_waiting(award, Action.KEEP, found)
    if await find_proposed(db, award.id) is not None:
        raise AdjustmentOpen
    seen = await take_kept(db, award, what, findings)
    others = False
    if what is not Kept.STANDARD:
        heard = await is_hearing_open(db, award)
        broken = await settle_broken(db, actor, application, Broken.KEPT, reason=reason)
        others = await settle_findings(db, actor, award, Settlement.KEPT, seen, reason=reason) or heard or broken
    if what is Kept.FINDINGS or (what is None and others):
        found = None
    award.kept_at = db.clock.now()
    if found is None:
        if not others:
            raise NothingToKeep
        await close_review(db, application, award.id, Settlement.KEPT.value, by=actor)
        await record_act(db, actor, "award.keep", "award", award.id, row=award, case=award.case)
        return award
    _settle(db, actor, found, Settlement.KEPT)
    found.settled_reason_sealed = db.vault.seal(
        "recomputed_awards.settled_reason", found.id, reason, division=award.county
    )
    await db.flush()
    await close_review(db, application, award.id, Settlement.KEPT.value, by=actor)
    await record_act(db, actor, "award.keep", "award", award.id, row=award, case=award.case, found=str(found.id))
    return award


async def actions_offered(db: ReadSession, award: Award, role: Role) -> list[Action]:
    """List what a role may do now: a proposed amount is decided on before anything else, and without one there is
    nothing to decide. Of an award that is stopped nothing is, but what waits for a person."""
    possible = LIFECYCLE.actions(award.status, role)
    if not {Action.ADJUST, Action.DECIDE, Action.KEEP} & set(possible):
        return list(possible)
    if award.status == Status.STOPPED and await recomputing_queries.find_open(db, award.id) is None:
        return []
    proposed = await find_proposed(db, award.id) is not None
    refused = {Action.ADJUST, Action.KEEP} if proposed else {Action.DECIDE}
    return [action for action in possible if action not in refused]


async def settle_stopped(db: WriteSession, actor: Actor, award: Award, application: Application) -> None:
    """End whatever waited for a decision on an award that is stopped now, but what may still be owed for its months."""
    await withdraw_proposed(db, award.id, actor.id)
    await settle_broken(db, actor, application, Broken.STOPPED)
    await close_step(db, application, StepKind.PROMISE_CHECK, Settlement.STOPPED.value)
    found = await recomputing_queries.find_open(db, award.id, lock=True)
    if found is not None and not waits_after_stop(award, found):
        _settle(db, actor, found, Settlement.STOPPED)
    await let_go_of_findings(db, award.id)
    await settle_findings(db, actor, award, Settlement.STOPPED, await list_open_findings(db, award.id, lock=True))
    await close_review(db, application, award.id, Settlement.STOPPED.value, by=actor)


async def _refuse_unheard(db: WriteSession, actor: Actor, adjustment: AwardAdjustment) -> None:
    if today(db.clock) < HEARING_SINCE:
        return
    heard = await list_heard_about_less(db, adjustment)
    if not heard:
        raise HearingRequired
    if all(each.heard_by == actor.id for each in heard):  # at an earlier post
        raise SamePersonNotAllowed


async def _faults(
    db: WriteSession, award: Award, lower: Lower, before: int, waiting: RecomputedAward | None
) -> list[Fault]:
    faults = []
    soonest = next_month(first_of_month(today(db.clock)))
    latest = latest_month(today(db.clock))
    # A fall that waits before a month that a person decided on is decided up to there: `work_out_later`.
    by_standard = lower.ground is AdjustGround.STANDARD and waiting is not None
    by_rules = by_standard or await find_by_age(db, award, waiting, lower.ground, lower.from_month, lower.amount_fen)
    fixed = None if by_rules else await last_fixed_month(db, award.id)
    if not max(soonest, fixed or soonest) <= lower.from_month <= latest:
        faults.append(Fault("/from_month", "month_out_of_range"))
    if not has_substance(lower.reason):
        faults.append(Fault("/reason", "too_short", "notice", least=SUBSTANCE))
    if not 0 < lower.amount_fen < before:
        faults.append(Fault("/monthly_amount_fen", "not_lower"))
    elif lower.ground is AdjustGround.STANDARD:
        faults += await find_faults(db, award, waiting, lower.from_month, lower.amount_fen, before)
    return faults


async def _amount_of(
    db: WriteSession,
    actor: Actor,
    award: Award,
    adjustment: AwardAdjustment,
    found: RecomputedAward | None,
    given: Given | None,
) -> AwardAmount:
    number, _ = await next_number(db, award.id)
    by_rules = found is not None and adjustment.recomputed_id == found.id
    raised = adjustment.amount_fen > adjustment.before_fen
    change = found.change_id if by_rules and given is None and found is not None else None
    if change is not None:  # the one that left it open may begin later
        month, lower = adjustment.from_month, not raised
        change = await find_change_behind(db, award, month, lower=lower, waiting=True) or change
    return AwardAmount(
        id=new_id(),
        county=award.county,
        division=award.division,
        award_id=award.id,
        seq=number,
        from_month=adjustment.from_month,
        amount_fen=adjustment.amount_fen,
        before_fen=adjustment.before_fen,
        cause=AmountCause.ADJUSTMENT,
        change_id=change,
        adjustment_id=adjustment.id,
        numbers=given.numbers if given is not None else None,
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )


def _settle(db: WriteSession, actor: Actor, found: RecomputedAward, settlement: Settlement) -> None:
    found.settlement, found.settled_by, found.settled_at = settlement, actor.id, db.clock.now()
    found.step_due = False


async def _lock(db: WriteSession, actor: Actor, award_id: UUID) -> tuple[Award, Application]:
    award = await get_award(db, actor, award_id)
    # Everybody who needs both rows locks the application first.
    application = await get_application(db, SYSTEM, award.application_id, lock=True)
    return await get_award(db, actor, award_id, lock=True), application


async def _take(db: WriteSession, actor: Actor, award_id: UUID) -> tuple[Award, Application, AwardAdjustment]:
    award, application = await _lock(db, actor, award_id)
    LIFECYCLE.step(award.status, Action.DECIDE, actor.role)
    adjustment = await find_proposed(db, award.id, lock=True)
    if adjustment is None:
        raise NoAdjustmentOpen
    return award, application, adjustment


async def _record(db: WriteSession, actor: Actor, act: str, award: Award, adjustment: AwardAdjustment) -> None:
    await record_act(
        db,
        actor,
        act,
        "award_adjustment",
        adjustment.id,
        row=adjustment,
        case=award.case,
        award=str(award.id),
        ground=adjustment.ground,
        first=adjustment.from_month.isoformat(),
    )
