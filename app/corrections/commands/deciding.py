"""A handler says whether the citizen is right."""

from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import SamePersonNotAllowed
from app.corrections.events import CorrectionDecided
from app.corrections.lifecycle import LIFECYCLE, Action, ObjectType
from app.corrections.models import CorrectionRequest
from app.corrections.queries import get_correction, has_open, was_entered_by
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.review.basis import remedies_of


async def accept_correction(db: WriteSession, actor: Actor, correction_id: UUID) -> CorrectionRequest:
    """Find that the citizen is right. What is kept elsewhere is put right there; the request stays as the trail of it.

    Raises:
        CorrectionNotFound: there is none, or it lies outside the actor's division.
        ConflictOfInterest: it is about the case of a close relative.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        SamePersonNotAllowed: the actor entered by hand what is said to be wrong.
    """
    return await _decide(db, actor, correction_id, Action.ACCEPT, None)


async def refuse_correction(db: WriteSession, actor: Actor, correction_id: UUID, *, reason: str) -> CorrectionRequest:
    """Find that it is right as it stands; the citizen reads the reason, and what can be done against it.

    Raises: as `accept_correction`.
    """
    return await _decide(db, actor, correction_id, Action.REFUSE, reason)


async def _decide(
    db: WriteSession, actor: Actor, correction_id: UUID, action: Action, reason: str | None
) -> CorrectionRequest:
    request = await get_correction(db, actor, correction_id)
    # Everybody who needs both rows locks the application first.
    application = await get_application(db, SYSTEM, request.application_id, lock=True)
    request = await get_correction(db, actor, correction_id, lock=True)
    step = LIFECYCLE.step(request.status, action, actor.role)
    # Nobody says of what he wrote himself that it was right, or puts it right unseen.
    if request.object_type == ObjectType.CHECK and await was_entered_by(db, request.object_id, actor.id):
        raise SamePersonNotAllowed
    request.status, request.decided_by, request.decided_at = step.target, actor.id, db.clock.now()
    if reason is not None:
        request.reason_sealed = db.vault.seal("correction_requests.reason", request.id, reason, division=request.county)
        request.remedies = remedies_of(today(db.clock))
    await db.flush()
    if not await has_open(db, application.id):
        await close_step(db, application, StepKind.CORRECTION, step.target, by=actor)
    await record_act(db, actor, f"correction.{action}", "correction", request.id, row=request, case=request.case)
    told = CorrectionDecided(
        subject=request.id,
        county=request.county,
        applicant_id=request.citizen_id,
        application_id=request.application_id,
        outcome=step.target,
    )
    await record_event(db, told)
    return request
