"""Reads of disputes; every read for a person starts at `visible_to`."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from app.applications.clocks import StepKind
from app.applications.conflict_queries import is_kept_from, refuse_relative
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application, ApplicationStep, Authorisation, Escalation
from app.core.db import ReadSession
from app.core.sql import written_out
from app.facts import FactKey, Item
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.verification.dispute_lifecycle import PENDING, Status
from app.verification.dispute_models import ReportDispute
from app.verification.errors import DisputeNotFound
from app.verification.lifecycle import OPEN
from app.verification.models import Check
from app.verification.queries import READERS


def visible_to(actor: Actor) -> Select[ReportDispute]:
    """Select the disputes this actor may see: citizens their own, who decides or supervises those below."""
    query = select(ReportDispute)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        return query.where(ReportDispute.citizen_id == actor.id)
    if actor.role in READERS and actor.division is not None:
        return query.where(ReportDispute.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_dispute(db: ReadSession, actor: Actor, dispute_id: UUID, *, lock: bool = False) -> ReportDispute:
    """Return one dispute, locked when it is to be changed.

    Raises:
        DisputeNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about the case of a close relative of the member of staff who asks.
    """
    query = visible_to(actor).where(ReportDispute.id == dispute_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise DisputeNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def list_own_disputes(db: ReadSession, actor: Actor, application_id: UUID) -> Sequence[ReportDispute]:
    """Return what a citizen disputes, or has disputed, in one household's reports, oldest first."""
    query = visible_to(actor).where(ReportDispute.application_id == application_id).order_by(ReportDispute.id)
    return (await db.execute(query)).scalars().all()


async def list_disputes(
    db: ReadSession, actor: Actor, *, status: Status | None, late_on: date | None, after: UUID | None, limit: int
) -> Sequence[ReportDispute]:
    """Return a page of tickets, oldest first, without those in cases of close relatives of who asks. `late_on`: those
    alone whose agency owes an answer since before that day."""
    query = visible_to(actor).where(~is_kept_from(actor.id, ReportDispute.application_id))
    if status is not None:
        query = query.where(ReportDispute.status == status)
    if late_on is not None:
        query = query.where(ReportDispute.status.in_(PENDING), ReportDispute.due_on < late_on)
    if after is not None:
        query = query.where(ReportDispute.id > after)
    return (await db.execute(query.order_by(ReportDispute.id).limit(limit))).scalars().all()


def _of_field(application_id: UUID, member_id: UUID, item: Item, key: FactKey) -> ColumnElement[bool]:
    return and_(
        ReportDispute.application_id == application_id,
        ReportDispute.member_id == member_id,
        ReportDispute.item == item,
        ReportDispute.key == key,
    )


async def list_of_field(
    db: ReadSession, application_id: UUID, member_id: UUID, item: Item, key: FactKey
) -> Sequence[ReportDispute]:
    """Return all disputes there ever were of one field, newest first; the application's row is locked by who asks."""
    query = select(ReportDispute).where(_of_field(application_id, member_id, item, key))
    return (await db.execute(query.order_by(ReportDispute.id.desc()))).scalars().all()


async def list_pending(db: ReadSession, application_id: UUID) -> Sequence[ReportDispute]:
    """Return what is disputed in a case and not answered, as it is now; its row is locked by who asks."""
    query = select(ReportDispute).where(
        ReportDispute.application_id == application_id, ReportDispute.status.in_(PENDING)
    )
    return (
        (await db.execute(query.order_by(ReportDispute.id).execution_options(populate_existing=True))).scalars().all()
    )


async def has_pending(db: ReadSession, application_id: UUID) -> bool:
    """Say whether an agency still owes an answer to something that is disputed in a case."""
    pending = exists().where(ReportDispute.application_id == application_id, ReportDispute.status.in_(PENDING))
    return bool(await db.scalar(select(pending)))


async def has_unsent(db: ReadSession, application_id: UUID) -> bool:
    """Say whether an agency has yet to be sent the letter about something that is disputed in a case."""
    unsent = exists().where(
        ReportDispute.application_id == application_id,
        ReportDispute.status.in_(PENDING),
        ReportDispute.sent_on.is_(None),
    )
    return bool(await db.scalar(select(unsent)))


async def count_pending(db: ReadSession, application_id: UUID) -> int:
    """Return how many fields of a case are disputed without an answer."""
    return len(await list_pending(db, application_id))


async def has_disputes(db: ReadSession, application_id: UUID) -> bool:
    """Say whether anything was ever disputed in a case."""
    return bool(await db.scalar(select(exists().where(ReportDispute.application_id == application_id))))


async def corrected_after_refusal(db: ReadSession, disputes: Sequence[ReportDispute]) -> frozenset[UUID]:
    """Return which of these disputes were corrected after the application was refused, past the agency's day; nothing
    is asked of the database where none was corrected."""
    corrected = [each.id for each in disputes if each.status == Status.CORRECTED]
    if not corrected:
        return frozenset()
    query = (
        select(ReportDispute.id)
        .join(Application, Application.id == ReportDispute.application_id)
        .where(
            ReportDispute.id.in_(corrected),
            Application.status == ApplicationStatus.REFUSED,
            ReportDispute.answered_at >= Application.ended_at,
        )
    )
    async with db.wider():  # another adult of the household may dispute, and does not see the application itself
        return frozenset((await db.scalars(query)).all())


async def list_asked_anew(db: ReadSession, application_id: UUID) -> Sequence[ReportDispute]:
    """Return the disputes of a case whose question was put anew, whatever became of them."""
    query = select(ReportDispute).where(
        ReportDispute.application_id == application_id, ReportDispute.recheck_id.is_not(None)
    )
    return (await db.execute(query.order_by(ReportDispute.id))).scalars().all()


async def is_recheck(db: ReadSession, check_id: UUID) -> bool:
    """Say whether a question is put because an answer to it is disputed."""
    return bool(await db.scalar(select(exists().where(ReportDispute.recheck_id == check_id))))


async def entered_what_is_disputed(db: ReadSession, check: Check, person: UUID) -> bool:
    """Say whether somebody entered by hand what is disputed of the item that a question is about, or was corrected or
    upheld since the question was put because of it."""
    disputed = aliased(Check)
    answered = and_(ReportDispute.recheck_id == check.id, ReportDispute.status.in_((Status.CORRECTED, Status.UPHELD)))
    query = exists().where(
        ReportDispute.application_id == check.application_id,
        ReportDispute.member_id == check.member_id,
        ReportDispute.item == check.item,
        or_(ReportDispute.status.in_(PENDING), answered),
        disputed.id == ReportDispute.check_id,
        disputed.entered_by == person,
    )
    return bool(await db.scalar(select(query)))


async def find_open_check(db: ReadSession, application_id: UUID, member_id: UUID, item: Item) -> Check | None:
    """Return the question about an item of a member that is being put already."""
    query = select(Check).where(
        Check.application_id == application_id, Check.member_id == member_id, Check.item == item, Check.status.in_(OPEN)
    )
    return (await db.execute(query.limit(1))).scalar_one_or_none()


_TOLD = (
    exists()
    .where(
        ApplicationStep.application_id == ReportDispute.application_id,
        ApplicationStep.kind == StepKind.REPORT_DISPUTE,
        ApplicationStep.closed_at.is_(None),
        Escalation.step_id == ApplicationStep.id,
    )
    .correlate(ReportDispute)
)


async def was_escalated(db: ReadSession, dispute_id: UUID) -> bool:
    """Say whether supervisors were told that what is disputed has no answer."""
    return bool(await db.scalar(select(exists().where(ReportDispute.id == dispute_id, _TOLD))))


async def list_to_move_on(db: ReadSession, on: date, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return tickets, by id, whose day was before `on`, or whose supervisors were told meanwhile."""
    is_open, is_overdue = (ReportDispute.status == written_out(each) for each in (Status.OPEN, Status.OVERDUE))
    moves_on = or_(and_(is_open, ReportDispute.due_on < on), and_(is_overdue, _TOLD))
    # Said once more by itself, as the index has it.
    query = select(ReportDispute.id).where(or_(is_open, is_overdue), moves_on)
    if after is not None:
        query = query.where(ReportDispute.id > after)
    return (await db.execute(query.order_by(ReportDispute.id).limit(limit))).scalars().all()


def waits_for_agency() -> ColumnElement[bool]:
    """Say of a dispute that its agency has not answered yet, in the words of the index of those."""
    return or_(*(ReportDispute.status == written_out(status) for status in sorted(PENDING)))


async def list_unauthorised(db: ReadSession, *, after: UUID | None, limit: int) -> Sequence[ReportDispute]:
    """Return what waits for its agency about members who have withdrawn the authorisation, by id."""
    in_force = exists().where(Authorisation.member_id == ReportDispute.member_id, Authorisation.withdrawn_at.is_(None))
    query = select(ReportDispute).where(waits_for_agency(), ~in_force)
    if after is not None:
        query = query.where(ReportDispute.id > after)
    return (await db.execute(query.order_by(ReportDispute.id).limit(limit))).scalars().all()


async def has_answered(db: ReadSession, application_id: UUID, person: UUID) -> bool:
    """Say whether somebody entered an agency's answer to something that was disputed in a case."""
    answered = exists().where(ReportDispute.application_id == application_id, ReportDispute.answered_by == person)
    return bool(await db.scalar(select(answered)))
