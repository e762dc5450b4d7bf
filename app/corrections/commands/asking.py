"""A citizen says that something in the own case is wrong."""

import dataclasses
from dataclasses import dataclass
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.applications.steps import open_step_until
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.corrections.clocks import limit_of
from app.corrections.errors import CorrectionAlreadyRequested, CorrectionObjectNotFound, StillEditable
from app.corrections.events import CorrectionRequested
from app.corrections.lifecycle import ObjectType, Status
from app.corrections.models import CorrectionRequest
from app.corrections.queries import has_object, has_open, is_about
from app.events.commands import record_event
from app.identity.actors import SYSTEM, Actor
from app.reference.term_queries import load_calendar
from app.verification.report_queries import get_sight

_EDITABLE = (ApplicationStatus.DRAFT, ApplicationStatus.SUPPLEMENT_REQUESTED)


@dataclass(frozen=True)
class WrongField:
    """What is wrong, and what would be right, in the citizen's words."""

    object_type: ObjectType
    object_id: UUID
    field: str
    wrong: str = dataclasses.field(repr=False)
    right: str = dataclasses.field(repr=False)


async def request_correction(
    db: WriteSession, actor: Actor, application_id: UUID, said: WrongField
) -> CorrectionRequest:
    """Take a request in; it is due by the working-day calendar of the place.

    Who is listed in another's household asks for a correction of what agencies found about himself, and of nothing
    else of it: no dispute does that for him once he has withdrawn his authorisation.

    Raises:
        ApplicationNotFound: there is none, or they are not in it.
        StillEditable: the applicant changes it himself.
        CorrectionObjectNotFound: the case has no such member or check.
        CorrectionAlreadyRequested: the same field is being looked into.
    """
    sight = await get_sight(db, actor, application_id)
    if not sight.applicant:
        if said.object_type is not ObjectType.CHECK or not await is_about(
            db, application_id, said.object_id, sight.own
        ):
            raise CorrectionObjectNotFound
        async with db.wider():
            return await _request(db, actor, application_id, said)
    return await _request(db, actor, application_id, said)


async def _request(db: WriteSession, actor: Actor, application_id: UUID, said: WrongField) -> CorrectionRequest:
    application = await get_application(db, SYSTEM, application_id, lock=True)
    if application.status in _EDITABLE:
        raise StillEditable
    if not await has_object(db, application.id, said.object_type, said.object_id):
        raise CorrectionObjectNotFound
    if await has_open(db, application.id, (said.object_id, said.field)):
        raise CorrectionAlreadyRequested
    limit, row = limit_of(said.object_type), new_id()
    calendar = await load_calendar(db, application.division)
    due = calendar.add_working_days(today(db.clock), limit.days)
    request = CorrectionRequest(
        id=row,
        county=application.county,
        division=application.division,
        application_id=application.id,
        citizen_id=actor.id,
        object_type=said.object_type,
        object_id=said.object_id,
        field=said.field,
        wrong_sealed=db.vault.seal("correction_requests.wrong", row, said.wrong, division=application.county),
        right_sealed=db.vault.seal("correction_requests.right", row, said.right, division=application.county),
        status=Status.REQUESTED,
        requested_at=db.clock.now(),
        due_on=due.on,
        due_provisional=due.provisional,
        due_basis=limit.basis,
    )
    db.add(request)
    await db.flush()
    await open_step_until(db, application, StepKind.CORRECTION, Responsible.TOWNSHIP, due, limit.basis)
    await record_act(db, actor, "correction.request", "correction", row, row=request, case=request.case)
    told = CorrectionRequested(subject=row, county=request.county, applicant_id=actor.id, application_id=application.id)
    await record_event(db, told)
    return request
