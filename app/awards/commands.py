"""Opening an award, holding it back, hearing the recipient, stopping it."""

from datetime import date
from uuid import UUID

from app.applications.claims import release_claims
from app.applications.clocks import Responsible, StepKind
from app.applications.household import applicant_name_of
from app.applications.models import Application, Member
from app.applications.queries import get_application
from app.applications.steps import close_step, note_step, open_step_until
from app.audit.commands import record_act
from app.awards.adjusting import settle_stopped
from app.awards.covering import standard_ends_from
from app.awards.disputed import refuse_disputed
from app.awards.errors import (
    AwardWithoutDecision,
    DeathNotOnRecord,
    HearingDateOutOfRange,
    HearingGroundInvalid,
    HearingRequired,
    LastMonthOutOfRange,
    NoStandardBehind,
    StopUnreasoned,
)
from app.awards.events import AwardOpened, AwardResumed, AwardStopped, AwardSuspended, RecipientHeard
from app.awards.hearing_queries import find_last_ended, find_only_member, list_heard_about_stop
from app.awards.lifecycle import HEARING_SINCE, LIFECYCLE, Action, Status, StopGround, SuspendReason
from app.awards.models import Award, Hearing
from app.awards.naming import whose
from app.awards.payees import put_payee
from app.awards.queries import find_award_of, get_award
from app.awards.recomputing_queries import find_open
from app.core.clock import legal_date, today
from app.core.db import WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.core.ids import new_id
from app.core.months import first_of_month, next_month, previous_month, write_month
from app.events.commands import record_event
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor
from app.reference.calendar import DueDate
from app.review.models import Decision
from app.review.queries import find_decision
from app.review.reasons import SUBSTANCE, has_substance
from app.verification.queries import facts_found, find_last_answered
from app.verification.values import to_plain

# The money is there by this day of the month: 最低生活保障审核审批办法（试行） of 2012, repealed, still the practice.
PAY_DAY = 10
FIRST_PAYMENT_BASIS = "最低生活保障审核确认办法 第二十一条、第二十五条"


async def open_award_of(db: WriteSession, application_id: UUID, decision_id: UUID) -> Award:
    """Open the award that a decision grants, with the step for its first payment; the same again changes nothing.

    Raises:
        AwardWithoutDecision: there is no such decision on this application, or it is no approval (D57 art. 28).
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    existing = await find_award_of(db, application_id)
    if existing is not None:
        return existing
    decision = await find_decision(db, application_id)
    if decision is None or decision.id != decision_id or decision.outcome != "approved" or not decision.first_month:
        raise AwardWithoutDecision
    award = _award_of(db, application, decision, decision.first_month)
    db.add(award)
    await db.flush()
    due = DueDate(award.from_month.replace(day=PAY_DAY), provisional=False)
    await open_step_until(db, application, StepKind.FIRST_PAYMENT, Responsible.COUNTY, due, FIRST_PAYMENT_BASIS)
    await record_act(db, SYSTEM, "award.open", "award", award.id, row=award, case=award.case, decision=str(decision.id))
    await record_event(db, AwardOpened(**whose(award)))
    return award


async def suspend_award(db: WriteSession, actor: Actor, award_id: UUID, *, reason: SuspendReason) -> Award:
    """Hold payments back while a doubt is looked into (停发待核).

    Raises:
        AwardNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    award = await get_award(db, actor, award_id, lock=True)
    step = LIFECYCLE.step(award.status, Action.SUSPEND, actor.role)
    award.status, award.suspended_reason = step.target, reason
    await record_act(db, actor, "award.suspend", "award", award.id, row=award, case=award.case, reason=reason.value)
    await record_event(db, AwardSuspended(**whose(award), reason=reason.value))
    return award


async def resume_award(db: WriteSession, actor: Actor, award_id: UUID) -> Award:
    """Pay again. The doubt was unfounded, so the next payroll also pays the months that were held back.

    Raises:
        AwardNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
    """
    award = await get_award(db, actor, award_id, lock=True)
    step = LIFECYCLE.step(award.status, Action.RESUME, actor.role)
    award.status, award.suspended_reason, award.resumed_at = step.target, None, db.clock.now()
    await record_act(db, actor, "award.resume", "award", award.id, row=award, case=award.case)
    await record_event(db, AwardResumed(**whose(award)))
    return award


async def hear_recipient(
    db: WriteSession,
    actor: Actor,
    award_id: UUID,
    *,
    about: str,
    opinion: str,
    heard_on: date,
    ground: StopGround | None = None,
) -> Award:
    """Record what the recipient said about a reduction or stop that is being considered (社会救助法 art. 48).

    `ground`: what a stop would rest on, which the recipient has to know; None of a reduction, whose ground is proposed.
    About a stop that the household wishes itself, `opinion` is her declaration; about one after the death of somebody
    who lived alone, what relatives or the village say of it.

    Raises:
        AwardNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        HearingDateOutOfRange: in the future, or before the award was opened.
        HearingGroundInvalid: about a stop without a ground, or about a reduction with one.
    """
    if (about == "stop") != (ground is not None):
        raise HearingGroundInvalid
    award = await get_award(db, actor, award_id, lock=True)
    step = LIFECYCLE.step(award.status, Action.HEAR, actor.role)
    if not legal_date(award.opened_at) <= heard_on <= today(db.clock):
        raise HearingDateOutOfRange
    award.status = step.target
    hearing_id = new_id()
    db.add(
        Hearing(
            id=hearing_id,
            county=award.county,
            award_id=award.id,
            about=about,
            ground=ground,
            heard_on=heard_on,
            heard_by=actor.id,
            opinion_sealed=db.vault.seal("award_hearings.opinion", hearing_id, opinion, division=award.county),
            recorded_at=db.clock.now(),
        )
    )
    await db.flush()
    await record_act(db, actor, "award.hear", "award", award.id, row=award, case=award.case, hearing=str(hearing_id))
    await record_event(db, RecipientHeard(**whose(award)))
    return award


async def stop_award(
    db: WriteSession, actor: Actor, award_id: UUID, *, ground: StopGround, reason: str, last_month: date
) -> Award:
    """Decide that nothing is paid after `last_month`. Of an award that was taken over nothing at all is paid where that
    is a month of the county before, also ahead of its first.

    The household keeps its place in this award until its last paid month is over (`free_household`): otherwise a new
    award could be paid a month that this one is still paid.
    `reason` goes into the written notice. Months up to `last_month` that were not paid yet still will be.

    Raises:
        AwardNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        StopUnreasoned: the reason says nothing.
        HearingRequired: the recipient was not heard about a stop on this ground since it is considered.
        SamePersonNotAllowed: nobody but the actor has heard the recipient about it.
        NoStandardBehind: it is to rest on a changed standard, and none waits that may end the award.
        DeathNotOnRecord: of somebody who lived alone no register and no paper tells that he died, and nobody else has
            put on record what relatives or the village say of it.
        FindingDisputed: what the ground rests on is disputed, and its agency has time to answer.
        LastMonthOutOfRange: before the month before the award began, where it was not taken over; or after next month;
            or earlier than a standard that it rests on ends it.
    """
    award = await get_award(db, actor, award_id)
    # Everybody who needs both rows locks the application first.
    application = await get_application(db, SYSTEM, award.application_id, lock=True)
    award = await get_award(db, actor, award_id, lock=True)
    step = LIFECYCLE.step(award.status, Action.STOP, actor.role)
    if not has_substance(reason):
        raise StopUnreasoned(faults=(Fault("/reason", "too_short", "notice", least=SUBSTANCE),))
    ends_from = await _ends_from(db, award, ground)
    await _refuse_unheard(db, actor, award, ground)
    await refuse_disputed(db, application, ground)
    award.status, award.to_month = step.target, _last_month(db, award, last_month, ends_from)
    award.stop_ground, award.stopped_at = ground, db.clock.now()
    award.stop_reason_sealed = db.vault.seal("awards.stop_reason", award.id, reason, division=award.county)
    if award.to_month < award.from_month:
        await close_step(db, application, StepKind.FIRST_PAYMENT, "stopped")
    await settle_stopped(db, actor, award, application)
    await note_step(db, application, StepKind.AWARD_DECISION, "stopped")
    await record_act(
        db,
        actor,
        "award.stop",
        "award",
        award.id,
        row=award,
        case=award.case,
        ground=ground.value,
        last=str(award.to_month),
    )
    await record_event(db, AwardStopped(**whose(award), ground=ground.value, last_month=write_month(award.to_month)))
    return award


async def free_household(db: WriteSession, award_id: UUID) -> None:
    """Let everybody of a stopped award apply again, once its last month is over; before, or a second time, nothing.

    Whether a later month was ordered from the bank before the stop is for the caller to look at.

    Raises:
        AwardNotFound: there is none.
    """
    award = await get_award(db, SYSTEM, award_id)
    application = await get_application(db, SYSTEM, award.application_id, lock=True)
    award = await get_award(db, SYSTEM, award_id, lock=True)
    if award.to_month is None or award.freed_at is not None or award.to_month >= first_of_month(today(db.clock)):
        return
    await release_claims(db, application)
    award.freed_at = db.clock.now()
    await record_act(db, SYSTEM, "award.free_household", "award", award.id, row=award, case=award.case)


async def _ends_from(db: WriteSession, award: Award, ground: StopGround) -> date:
    """Return the first month that a stop on a ground may take: on a changed standard the one in which that ends it."""
    if ground is not StopGround.STANDARD:
        return award.from_month
    ends_from = standard_ends_from(await find_open(db, award.id, lock=True))
    if ends_from is None:
        raise NoStandardBehind
    return max(award.from_month, ends_from)


def _last_month(db: WriteSession, award: Award, wanted: date, ends_from: date) -> date:
    latest = next_month(first_of_month(today(db.clock)))
    month = first_of_month(wanted)
    if award.taken_over_from is not None:  # earlier months are the other county's, and whatever was paid for them
        month = max(month, previous_month(award.from_month))
    if not previous_month(ends_from) <= month <= max(latest, award.from_month):
        raise LastMonthOutOfRange
    return month


async def _refuse_unheard(db: WriteSession, actor: Actor, award: Award, ground: StopGround) -> None:
    if today(db.clock) < HEARING_SINCE:
        return
    heard = await list_heard_about_stop(db, award, ground)
    if any(each.heard_by != actor.id for each in heard):
        return
    alone = await find_only_member(db, award) if ground is StopGround.DEATH else None
    # Nobody is left who could be heard; what somebody else found out stands in the place of that.
    if alone is not None and await _is_dead(db, actor, award, alone):
        return
    if heard:  # by the actor alone, at an earlier post
        raise SamePersonNotAllowed
    raise HearingRequired if alone is None else DeathNotOnRecord


async def _is_dead(db: WriteSession, actor: Actor, award: Award, member: Member) -> bool:
    """Say whether the register of deaths tells of this person, or a paper that somebody else has entered; not by an
    answer in spite of which the award was kept or resumed since."""
    check = await find_last_answered(db, award.application_id, member.id, Item.DEATHS)
    if check is None or check.answered_at is None or check.answered_by == actor.id:
        return False
    ended = await find_last_ended(db, award)
    if ended is not None and check.answered_at <= ended:
        return False
    died = facts_found(db, check).get(FactKey.DECEASED_ON)
    return died is not None and date.fromisoformat(str(to_plain(died.value))) <= today(db.clock)


def _award_of(db: WriteSession, application: Application, decision: Decision, first_month: date) -> Award:
    award = Award(
        id=new_id(),
        county=application.county,
        division=application.division,
        application_id=application.id,
        decision_id=decision.id,
        beneficiary_id=application.applicant_id,
        program=application.program,
        monthly_amount_fen=decision.monthly_amount_fen,
        members_count=decision.members_counted,
        from_month=first_of_month(first_month),
        status=Status.ACTIVE,
        opened_at=db.clock.now(),
    )
    put_payee(db, award, applicant_name_of(db, application))
    return award
