"""Handing a complaint out, answering it, and looking at who made it."""

from dataclasses import dataclass, field
from uuid import UUID

from app.audit.commands import record_act, record_look
from app.complaints.concern import refuse_concerned
from app.complaints.errors import AssigneeNotSuitable, NotAssignedToYou, OutcomeDoesNotFit
from app.complaints.events import ComplaintAnswered
from app.complaints.lifecycle import HANDLERS, LIFECYCLE, OUTCOMES, Action, Category
from app.complaints.models import Complaint
from app.complaints.queries import get_complaint, get_reporter
from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.events.commands import record_event
from app.identity.actors import Actor
from app.identity.errors import StaffNotFound
from app.identity.queries import get_staff
from app.reference.divisions import covers


@dataclass(frozen=True)
class ReporterSeen:
    """Who complained, in clear."""

    name: str | None = field(repr=False)
    phone: str = field(repr=False)


async def assign_complaint(db: WriteSession, actor: Actor, complaint_id: UUID, *, staff_id: UUID) -> Complaint:
    """Give a complaint to a handler, or to another one.

    Raises:
        ComplaintNotFound: there is none, or it is not theirs to see.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        StaffNotFound: no such person below the actor's division.
        AssigneeNotSuitable: no handler, disabled, or of another place.
        SamePersonNotAllowed: the person worked on the application it is about, or who hands it out did.
    """
    complaint = await get_complaint(db, actor, complaint_id, lock=True)
    step = LIFECYCLE.step(complaint.status, Action.ASSIGN, actor.role)
    person = await get_staff(db, staff_id)
    if actor.division is None or not covers(actor.division, person.division):
        raise StaffNotFound
    suitable = person.role in HANDLERS and person.disabled_at is None and covers(person.division, complaint.division)
    if not suitable:
        raise AssigneeNotSuitable
    await refuse_concerned(db, complaint, staff_id)
    complaint.status = step.target
    complaint.assigned_to, complaint.assigned_at = staff_id, db.clock.now()
    await record_act(
        db,
        actor,
        "complaint.assign",
        "complaint",
        complaint.id,
        county=complaint.county,
        row=complaint,
        staff=str(staff_id),
    )
    return complaint


async def answer_complaint(db: WriteSession, actor: Actor, complaint_id: UUID, *, text: str) -> Complaint:
    """Answer an inquiry or a suggestion.

    Raises: as `uphold_complaint`.
    """
    return await _conclude(db, actor, complaint_id, Action.ANSWER, text)


async def uphold_complaint(db: WriteSession, actor: Actor, complaint_id: UUID, *, text: str) -> Complaint:
    """Find a complaint or report well founded; `text` is what the reporter reads.

    Raises:
        ComplaintNotFound: there is none, or it is not theirs to see.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role.
        NotAssignedToYou: another person handles it.
        OutcomeDoesNotFit: its category wants another kind of answer.
        SamePersonNotAllowed: the actor worked on the application it is about.
    """
    return await _conclude(db, actor, complaint_id, Action.UPHOLD, text)


async def dismiss_complaint(db: WriteSession, actor: Actor, complaint_id: UUID, *, text: str) -> Complaint:
    """Find a complaint or report not founded.

    Raises: as `uphold_complaint`.
    """
    return await _conclude(db, actor, complaint_id, Action.DISMISS, text)


async def view_reporter(db: WriteSession, actor: Actor, complaint_id: UUID, *, purpose: str) -> ReporterSeen:
    """Show who complained, and put the look on record with its purpose.

    Raises:
        ComplaintNotFound: there is none, or it is not theirs to see.
        RoleNotAllowed: only handlers contact reporters.
        SamePersonNotAllowed: the actor worked on the application it is about.
        ReporterNotFound: it is anonymous.
    """
    complaint, seen = await open_reporter(db, actor, complaint_id)
    await record_look(
        db, actor, "complaint.view_reporter", "complaint", complaint.id, county=complaint.county, reason=purpose
    )
    return seen


async def open_reporter(db: ReadSession, actor: Actor, complaint_id: UUID) -> tuple[Complaint, ReporterSeen]:
    """Return a complaint and who made it, in clear; whoever asks puts the look on record.

    Raises: as `view_reporter`.
    """
    complaint = await get_complaint(db, actor, complaint_id)
    if actor.role not in HANDLERS:
        raise RoleNotAllowed
    await refuse_concerned(db, complaint, actor.id)
    row = await get_reporter(db, complaint.id)
    name = row.name_sealed
    return complaint, ReporterSeen(
        name=db.vault.open("complaint_reporters.name", row.id, name) if name is not None else None,
        phone=db.vault.open("complaint_reporters.phone", row.id, row.phone_sealed),
    )


async def _conclude(db: WriteSession, actor: Actor, complaint_id: UUID, action: Action, text: str) -> Complaint:
    complaint = await get_complaint(db, actor, complaint_id, lock=True)
    step = LIFECYCLE.step(complaint.status, action, actor.role)
    if complaint.assigned_to != actor.id:
        raise NotAssignedToYou
    if action not in OUTCOMES[Category(complaint.category)]:
        raise OutcomeDoesNotFit
    await refuse_concerned(db, complaint, actor.id)
    complaint.status = step.target
    complaint.answer_sealed = db.vault.seal("complaints.answer", complaint.id, text, division=complaint.county)
    complaint.answered_by, complaint.answered_at = actor.id, db.clock.now()
    await record_act(
        db, actor, f"complaint.{action}", "complaint", complaint.id, county=complaint.county, row=complaint
    )
    await record_event(db, ComplaintAnswered(subject=complaint.id, county=complaint.county, outcome=step.target))
    return complaint
