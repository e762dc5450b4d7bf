"""The county that goes on: one says where the household lives, another confirms, and the months are parted.

The last step is one transaction over both counties. Before it the first county pays as ever; after it the other one
does. Killed in between, nothing has happened.
"""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.commands.handing_over import copy_case
from app.applications.models import Application
from app.applications.queries import get_whole_application
from app.applications.steps import close_step
from app.awards.events import AwardTakenOver
from app.awards.handing_over import Seam, end_for_handover, go_on_with, read_standing
from app.awards.models import Award
from app.awards.naming import whose as whose_award
from app.awards.queries import get_award, list_schedule
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault, SamePersonNotAllowed
from app.core.months import write_month
from app.events.commands import record_event
from app.handovers.commands.blocking import refuse_blocked
from app.handovers.commands.records import record, record_new_award, step_of, whose
from app.handovers.commands.seam import first_month_of
from app.handovers.errors import HandoverBlocked, HandoverInvalid
from app.handovers.events import HandoverCompleted
from app.handovers.lifecycle import Action, Blocked, Status
from app.handovers.models import Handover
from app.handovers.months import confirmable_from
from app.handovers.queries import get_handover
from app.identity.actors import SYSTEM, Actor
from app.notices.commands import post_taken_over, take_down_award
from app.reference.divisions import Level, area_class_of, covers, level_of
from app.reference.errors import DivisionMalformed, DivisionUnknown
from app.reference.queries import get_division
from app.review.commands.handing_over import copy_decision
from app.review.decisions import open_decision
from app.review.models import Decision
from app.review.queries import get_decision


async def accept_handover(db: WriteSession, actor: Actor, handover_id: UUID, *, village: str) -> Handover:
    """Say that the county goes on with an award, and in which village the household lives; another person confirms.

    Raises:
        HandoverNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        OtherCountysStep, StepNotAllowed, RoleNotAllowed: not theirs, not now, or not for this role.
        HandoverInvalid: no village of the township it was handed to.
    """
    handover = await get_handover(db, actor, handover_id, lock=True)
    target = step_of(actor, handover, Action.ACCEPT)
    if not await _is_village_of(db, handover.to_division, village):
        raise HandoverInvalid(faults=(Fault("/village", "not_a_village_there"),))
    handover.status, handover.village = target, village
    handover.accepted_by, handover.accepted_at = actor.id, db.clock.now()
    await record(db, actor, "handover.accept", handover)
    return handover


async def confirm_handover(db: WriteSession, actor: Actor, handover_id: UUID) -> Handover:
    """Decide that the county goes on: from the first month that the other one has neither prepared nor begun.

    Raises:
        HandoverNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        OtherCountysStep, StepNotAllowed, RoleNotAllowed: not theirs, not now, or not for this role.
        SamePersonNotAllowed: the actor accepted it.
        HandoverBlocked: the other county has something to settle first, since it released it; or this one would not
            begin before the month after next is over.
    """
    found = await get_handover(db, actor, handover_id)
    step_of(actor, found, Action.CONFIRM)
    async with db.wider():  # both counties' rows; what is shown afterwards is this one's
        application = await get_whole_application(db, SYSTEM, found.application_id, lock=True)
        award = await get_award(db, SYSTEM, found.award_id, lock=True)
        handover = await get_handover(db, actor, handover_id, lock=True)
        target = step_of(actor, handover, Action.CONFIRM)
        if actor.id == handover.accepted_by:
            raise SamePersonNotAllowed
        await refuse_blocked(db, award, application)
        seam = await _seam_of(db, award, handover)
        new = await _go_over(db, actor, handover, (application, award), seam)
        handover.status, handover.confirmed_by, handover.new_award_id = target, actor.id, new.id
        handover.ended_by, handover.ended_at = actor.id, db.clock.now()
        handover.last_month, handover.first_month = seam.last_month, seam.first_month
        await close_step(db, application, StepKind.HAND_OVER, Status.COMPLETED.value, by=actor)
        await record(db, actor, "handover.confirm", handover, first=seam.first_month.isoformat())
        await record_new_award(db, actor, new, handover)
        await _tell(db, handover, new, seam)
    return handover


async def _seam_of(db: ReadSession, award: Award, handover: Handover) -> Seam:
    first = await first_month_of(db, award, handover)
    open_from = confirmable_from(first)
    if today(db.clock) < open_from:
        raise HandoverBlocked(
            "handover_too_early", reasons=Blocked.TOO_EARLY.value, first_month=write_month(first),
            confirm_from=open_from.isoformat(),
        )  # fmt: skip
    return Seam(handover.id, first)


async def _go_over(
    db: WriteSession, actor: Actor, handover: Handover, before: tuple[Application, Award], seam: Seam
) -> Award:
    """End the one award and begin the other; their people's places in a case go over in between."""
    application, award = before
    assert handover.village is not None, "who accepted has said where"
    decision = await get_decision(db, application.id)
    try:
        carried = await read_standing(db, award, decision, seam.last_month)
        case, refs = await copy_case(db, application, handover.village)
        confirmed = await copy_decision(db, actor, decision, case, refs, seam.first_month)
    except ValueErased:
        raise HandoverBlocked("handover_blocked_by", reasons=Blocked.FILE_INCOMPLETE.value) from None
    await end_for_handover(db, award, application, seam)
    await take_down_award(db, application.id)  # it hangs where the household lives
    new, _ = await go_on_with(db, actor, award, carried, case, confirmed, seam)
    if not _was_unposted(db, confirmed):
        await post_taken_over(db, case, members=new.members_count, amounts=await list_schedule(db, new.id))
    return new


def _was_unposted(db: ReadSession, decision: Decision) -> bool:
    """Say whether the grant was not posted either: whom a notice would have exposed there, it would here, too.

    By what was decided on, which goes over from county to county; the opinion stays where it was given.
    """
    return open_decision(db, decision).get("opinion", {}).get("notice_skipped") is not None


async def _tell(db: WriteSession, handover: Handover, new: Award, seam: Seam) -> None:
    completed = HandoverCompleted(
        **whose(handover),
        new_award_id=new.id,
        to_division=handover.to_division,
        last_month=write_month(seam.last_month),
    )
    await record_event(db, completed)
    taken = AwardTakenOver(
        **whose_award(new),
        from_award_id=handover.award_id,
        handover_id=handover.id,
        from_month=write_month(seam.first_month),
    )
    await record_event(db, taken)


async def _is_village_of(db: ReadSession, township: str, village: str) -> bool:
    try:
        division = await get_division(db, village, today(db.clock))
        area_class_of(division.code)
    except (DivisionMalformed, DivisionUnknown):
        return False
    return level_of(division.code) is Level.VILLAGE and covers(township, division.code)
