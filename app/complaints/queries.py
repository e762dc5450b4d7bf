"""Reads of this stage; every read for a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, false, or_, select

from app.applications.conflict_queries import refuse_relative
from app.audit.queries import has_acted
from app.complaints.errors import ComplaintNotFound, ReporterNotFound
from app.complaints.lifecycle import HANDLERS, OPEN, Status
from app.complaints.models import Complaint, ComplaintReporter
from app.core.crypto import Vault
from app.core.db import ReadSession
from app.core.errors import SamePersonNotAllowed
from app.core.sql import written_out
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.review.models import Visit, VisitSignature

_ALL_BELOW = frozenset({Role.COUNTY_HANDLER, Role.SUPERVISOR})


def visible_to(vault: Vault, actor: Actor) -> Select[Complaint]:
    """Select the complaints this actor may see.

    County handlers and supervisors see those below their division; a township handler only what was given to him, as a
    complaint must never reach the person it is about; a citizen those he made signed in.
    """
    query = select(Complaint)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        return query.where(Complaint.id.in_(complaints_by(citizen_index(vault, actor.id))))
    if actor.division is None or actor.role not in _ALL_BELOW | {Role.TOWNSHIP_HANDLER}:
        return query.where(false())
    query = query.where(Complaint.division.between(*scope_of(actor.division)))
    return query if actor.role in _ALL_BELOW else query.where(Complaint.assigned_to == actor.id)


def citizen_index(vault: Vault, citizen_id: UUID) -> bytes:
    """Return the blind index under which an account finds its own complaints."""
    return vault.index("complaint_reporters.citizen", str(citizen_id))


def complaints_by(index: bytes) -> Select[UUID]:
    """Select the complaints that an account made signed in."""
    return select(ComplaintReporter.complaint_id).where(ComplaintReporter.citizen_index == index)


async def get_complaint(db: ReadSession, actor: Actor, complaint_id: UUID, *, lock: bool = False) -> Complaint:
    """Return one complaint, locked when it is to be changed.

    Raises:
        ComplaintNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about the case of a close relative of the member of staff who asks.
        SamePersonNotAllowed: it is about a case in which the handler who asks acted before it came.
    """
    query = visible_to(db.vault, actor).where(Complaint.id == complaint_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise ComplaintNotFound
    if found.application_id is not None:
        await refuse_relative(db, actor, found.application_id)
        if actor.role in HANDLERS:
            await refuse_who_acted(db, actor.id, found)
    return found


def _acted_in(person: UUID) -> ColumnElement[bool]:
    """Say of complaints whether a person did something in the case, or signed a visit, before they came."""
    signed = exists().where(
        VisitSignature.application_id == Complaint.application_id,
        VisitSignature.signer_id == person,
        Visit.id == VisitSignature.visit_id,
        Visit.recorded_at < Complaint.received_at,
    )
    return or_(has_acted(person, Complaint.application_id, Complaint.received_at), signed)


async def refuse_who_acted(db: ReadSession, person: UUID, complaint: Complaint) -> None:
    """Keep a complaint from who is complained about.

    Raises:
        SamePersonNotAllowed: the person acted in the case it is about before it came.
    """
    async with db.wider():  # a township reads no records
        acted = await db.scalar(select(Complaint.id).where(Complaint.id == complaint.id, _acted_in(person)))
    if acted is not None:
        raise SamePersonNotAllowed


async def list_complaints(
    db: ReadSession,
    actor: Actor,
    *,
    status: Status | None,
    due_before: date | None = None,
    after: UUID | None,
    limit: int,
) -> Sequence[Complaint]:
    """Return a page of complaints, newest first; with `due_before` those that should have been answered by then. Who
    acted in the case is not told that somebody complained."""
    query = visible_to(db.vault, actor).order_by(Complaint.id.desc()).limit(limit)
    if actor.role is Role.COUNTY_HANDLER:  # a township's handler sees what was given to him, and is given no such
        query = query.where(or_(Complaint.application_id.is_(None), ~_acted_in(actor.id)))
    if status is not None:
        query = query.where(Complaint.status == status)
    if due_before is not None:
        query = query.where(Complaint.status.in_(written_out(each) for each in OPEN), Complaint.due_on < due_before)
    if after is not None:
        query = query.where(Complaint.id < after)
    return (await db.execute(query)).scalars().all()


async def find_by_number(db: ReadSession, number: str) -> Complaint | None:
    """Return the complaint of a number, for the public look-up."""
    return (await db.execute(select(Complaint).where(Complaint.number == number))).scalar_one_or_none()


async def find_reporter(db: ReadSession, complaint_id: UUID) -> ComplaintReporter | None:
    """Return who complained, for the system's own messages."""
    query = select(ComplaintReporter).where(ComplaintReporter.complaint_id == complaint_id)
    return (await db.execute(query)).scalar_one_or_none()


async def get_reporter(db: ReadSession, complaint_id: UUID) -> ComplaintReporter:
    """Return who complained; whoever asks may see the complaint, and puts the look on record.

    Raises:
        ReporterNotFound: the complaint is anonymous.
    """
    async with db.wider():  # a township's handler sees no reporters, but for the complaint that was given to him
        found = await find_reporter(db, complaint_id)
    if found is None:
        raise ReporterNotFound
    return found
