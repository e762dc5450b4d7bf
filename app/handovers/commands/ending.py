"""A hand-over that comes to nothing: declined there, withdrawn here, or ended with its award. The county that pays goes
on as ever."""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.core.db import WriteSession
from app.events.commands import record_event
from app.handovers.commands.records import record, step_of, whose
from app.handovers.events import HandoverDeclined, HandoverWithdrawn
from app.handovers.lifecycle import Action, DeclineReason, Status
from app.handovers.models import Handover
from app.handovers.queries import find_open, get_handover
from app.identity.actors import SYSTEM, Actor


async def decline_handover(
    db: WriteSession, actor: Actor, handover_id: UUID, *, reason: DeclineReason, words: str
) -> Handover:
    """Say that the county does not go on, and why.

    Raises:
        HandoverNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        OtherCountysStep, StepNotAllowed, RoleNotAllowed: not theirs, not now, or not for this role.
    """
    found = await get_handover(db, actor, handover_id)
    step_of(actor, found, Action.DECLINE)
    async with db.wider():  # the step on the timeline is the other county's
        application = await get_application(db, SYSTEM, found.application_id, lock=True)
        handover = await get_handover(db, actor, handover_id, lock=True)
        handover.status = step_of(actor, handover, Action.DECLINE)
        handover.decline_reason = reason
        handover.decline_words_sealed = db.vault.seal(
            "handovers.decline_words", handover.id, words, division=handover.to_county
        )
        handover.ended_by, handover.ended_at = actor.id, db.clock.now()
        await close_step(db, application, StepKind.HAND_OVER, Status.DECLINED.value, by=actor)
        await record(db, actor, "handover.decline", handover, reason=reason.value)
        await record_event(db, HandoverDeclined(**whose(handover), reason=reason.value))
    return handover


async def withdraw_handover(db: WriteSession, actor: Actor, handover_id: UUID) -> Handover:
    """Take back what was proposed or released; the other county has nothing to say any more.

    Raises:
        HandoverNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        OtherCountysStep, StepNotAllowed, RoleNotAllowed: not theirs, not now, or not for this role.
    """
    found = await get_handover(db, actor, handover_id)
    step_of(actor, found, Action.WITHDRAW)
    application = await get_application(db, actor, found.application_id, lock=True)
    handover = await get_handover(db, actor, handover_id, lock=True)
    was_told = handover.released_at is not None
    handover.status = step_of(actor, handover, Action.WITHDRAW)
    handover.ended_by, handover.ended_at = actor.id, db.clock.now()
    await close_step(db, application, StepKind.HAND_OVER, Status.WITHDRAWN.value)
    await record(db, actor, "handover.withdraw", handover)
    if was_told:
        await record_event(db, HandoverWithdrawn(**whose(handover)))
    return handover


async def withdraw_with_award(db: WriteSession, award_id: UUID, application_id: UUID) -> None:
    """End the hand-over of an award that was stopped; none open changes nothing."""
    await get_application(db, SYSTEM, application_id, lock=True)
    handover = await find_open(db, award_id)
    if handover is not None:
        await withdraw_handover(db, SYSTEM, handover.id)
