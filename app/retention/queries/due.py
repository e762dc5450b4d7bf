"""What is due to be erased, locked, a batch at a time; what a hold covers, or another worker has, is passed over.

County by county: places have periods of their own.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, union
from sqlalchemy.orm import aliased

from app.applications.lifecycle import Status
from app.applications.models import Application
from app.awards.lifecycle import Status as AwardStatus
from app.awards.models import Award
from app.complaints.lifecycle import Status as ComplaintStatus
from app.complaints.models import Complaint
from app.core.db import ReadSession, WriteSession
from app.core.months import first_of_month
from app.disbursement.lifecycle import LineStatus
from app.disbursement.models import PayLine
from app.identity.models import Session
from app.notices.models import Notice
from app.overpayments.lifecycle import OPEN
from app.overpayments.models import Recovery
from app.retention.models import LegalHold
from app.retention.queries.reading import CaseState, case_states, names_somebody, used_at

_UNSUCCESSFUL = (Status.REFUSED, Status.WITHDRAWN, Status.TERMINATED, Status.REDIRECTED)
_OPEN_COMPLAINTS = (ComplaintStatus.RECEIVED, ComplaintStatus.ASSIGNED)
_NOT_SETTLED = (LineStatus.PENDING, LineStatus.SENT, LineStatus.UNKNOWN)


class Cutoff(NamedTuple):
    """The first day whose period is still running, and the instant at which it began."""

    day: date
    instant: datetime


def held(application_id: ColumnElement[UUID] | ColumnElement[UUID | None]) -> ColumnElement[bool]:
    """Say whether nothing of a case may be erased: somebody has put a hold on it, or a complaint about it is open."""
    hold = exists().where(LegalHold.application_id == application_id, LegalHold.lifted_at.is_(None))
    complaint = exists().where(Complaint.application_id == application_id, Complaint.status.in_(_OPEN_COMPLAINTS))
    return or_(hold, complaint)


async def list_counties(db: ReadSession) -> Sequence[str]:
    """Return the counties that have cases or complaints."""
    both = union(select(Application.county), select(Complaint.county))
    return sorted((await db.execute(both)).scalars().all())


async def take_drafts(db: WriteSession, county: str, cutoff: Cutoff, today: Cutoff, limit: int) -> Sequence[CaseState]:
    """Lock drafts that were begun, whose owner was last there, before the cutoff; discarded ones of any past day."""
    there = exists().where(Session.subject_id == Application.applicant_id, used_at(Session) >= cutoff.instant)
    abandoned = and_(Application.status == Status.DRAFT, Application.created_at < cutoff.instant, ~there)
    ended = func.coalesce(Application.ended_at, Application.created_at)
    discarded = and_(Application.status == Status.DISCARDED, ended < today.instant)
    return await _take(db, county, or_(abandoned, discarded), limit)


async def take_unsuccessful(db: WriteSession, county: str, cutoff: Cutoff, limit: int) -> Sequence[CaseState]:
    """Lock cases that led to nothing and ended before the cutoff."""
    due = and_(Application.status.in_(_UNSUCCESSFUL), Application.ended_at < cutoff.instant)
    return await _take(db, county, due, limit)


async def take_approval_files(db: WriteSession, county: str, cutoff: Cutoff, limit: int) -> Sequence[CaseState]:
    """Lock cases whose household stopped before the cutoff, and to whom no payment is under way any more."""
    due = and_(Application.status == Status.APPROVED, *_stopped_before(cutoff), ~_being_paid())
    return await _take(db, county, due, limit)


async def take_awards(db: WriteSession, county: str, cutoff: Cutoff, limit: int) -> Sequence[Award]:
    """Lock awards whose management's period is over, after the case's file, and of which nothing is to come back."""
    query = (
        select(Award)
        .join(Application, Application.id == Award.application_id)
        .where(Award.county == county, names_somebody(Award), Application.erased_at.is_not(None))
        .where(*_stopped_before(cutoff), ~_being_paid(), ~_owed_back(), ~held(Award.application_id.expression))
        .order_by(Award.id)
        .limit(limit)
        .with_for_update(of=Award, skip_locked=True)
    )
    return (await db.execute(query)).scalars().all()


async def take_lines(db: WriteSession, county: str, before_month: date, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Lock the settled lines of months before one that name somebody; returns line and award."""
    query = (
        select(PayLine.id, PayLine.award_id)
        .join(Award, Award.id == PayLine.award_id)
        .where(PayLine.county == county, PayLine.month < before_month, names_somebody(PayLine))
        .where(PayLine.status.not_in(_NOT_SETTLED), PayLine.dispute.is_(None))
        .where(~held(Award.application_id.expression))
        .order_by(PayLine.id)
        .limit(limit)
        .with_for_update(of=PayLine, skip_locked=True)
    )
    return [(row.id, row.award_id) for row in (await db.execute(query)).all()]


async def take_notices(db: WriteSession, county: str, cutoff: Cutoff, limit: int) -> Sequence[UUID]:
    """Lock notices that were taken down before the cutoff and still name somebody."""
    return await _take_ids(
        db,
        select(Notice.id)
        .where(
            Notice.county == county,
            Notice.closed_at < cutoff.instant,
            or_(Notice.applicant_name_sealed.is_not(None), Notice.applicant_name_clear.is_not(None)),
        )
        .where(~held(Notice.application_id.expression)),
        Notice,
        limit,
    )


async def take_complaints(db: WriteSession, county: str, cutoff: Cutoff, limit: int) -> Sequence[UUID]:
    """Lock complaints that were answered before the cutoff."""
    return await _take_ids(
        db,
        select(Complaint.id)
        .where(Complaint.county == county, Complaint.answered_at < cutoff.instant)
        .where(Complaint.status.not_in(_OPEN_COMPLAINTS))
        .where(or_(Complaint.application_id.is_(None), ~held(Complaint.application_id.expression))),
        Complaint,
        limit,
    )


def _stopped_before(cutoff: Cutoff) -> tuple[ColumnElement[bool], ...]:
    """Say which awards ended before a day, by their last month and by the decision to stop. One that another county
    goes on with has not ended while that one has not, nor whichever goes on with that one."""
    return (*_ended(Award, cutoff), ~_goes_on(cutoff))


def _ended(award: Any, cutoff: Cutoff) -> tuple[ColumnElement[bool], ...]:
    last_month = award.to_month < first_of_month(cutoff.day)
    return (award.status == AwardStatus.STOPPED, last_month, award.stopped_at < cutoff.instant)


def _goes_on(cutoff: Cutoff) -> ColumnElement[bool]:
    following, next_one = aliased(Award), aliased(Award)
    later = select(following.id).where(following.taken_over_from == Award.id).correlate(Award)
    chain = later.cte("chain", recursive=True, nesting=True)
    chain = chain.union_all(select(next_one.id).where(next_one.taken_over_from == chain.c.id))
    last = aliased(Award)
    return exists(select(last.id).join(chain, chain.c.id == last.id).where(not_(and_(*_ended(last, cutoff)))))


def _being_paid() -> ColumnElement[bool]:
    return exists().where(PayLine.award_id == Award.id, PayLine.status.in_(_NOT_SETTLED))


def _owed_back() -> ColumnElement[bool]:
    return exists().where(Recovery.award_id == Award.id, Recovery.status.in_(OPEN))


async def _take(db: WriteSession, county: str, due: ColumnElement[bool], limit: int) -> Sequence[CaseState]:
    query = (
        case_states()
        .where(Application.county == county, Application.erased_at.is_(None), due, ~held(Application.id.expression))
        .order_by(Application.id)
        .limit(limit)
        .with_for_update(of=Application, skip_locked=True)
    )
    return [CaseState._make(row) for row in (await db.execute(query)).all()]


async def _take_ids(db: WriteSession, query: Select[UUID], of: Any, limit: int) -> Sequence[UUID]:
    query = query.order_by(of.id).limit(limit).with_for_update(of=of, skip_locked=True)
    return (await db.execute(query)).scalars().all()
