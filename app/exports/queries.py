"""Reads of this stage: exports as people may see them, and the rows of each kind, in one streaming statement.

The rows start at the `visible_to` of the stage they are of, narrowed to the export's division, and leave out the cases
of close relatives of who takes the file.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from app.applications import queries as applications
from app.applications.conflict_queries import is_kept_from
from app.applications.models import Application, PayoutAccount
from app.audit import queries as audit
from app.audit.models import AuditRecord
from app.awards import queries as awards
from app.awards.models import Award
from app.core.clock import SHANGHAI, today
from app.core.db import ReadSession
from app.core.months import first_of_month, next_month
from app.disbursement import queries as disbursement
from app.disbursement.models import PayLine, Payroll
from app.exports.errors import ExportNotFound
from app.exports.kinds import ExportKind
from app.exports.lifecycle import APPROVERS, Status
from app.exports.models import Export
from app.identity.actors import Actor
from app.identity.models import Citizen
from app.reference.divisions import scope_of

_AT_ONCE = 500  # rows


def visible_to(actor: Actor) -> Select[Export]:
    """Select the exports this actor may see: one's own, and for who approves and oversees those of the division."""
    query = select(Export)
    if not actor.is_staff or actor.division is None:
        return query.where(false())
    own = Export.requested_by == actor.id
    if actor.role not in APPROVERS:
        return query.where(own)
    return query.where(or_(own, Export.division.between(*scope_of(actor.division))))


async def get_export(db: ReadSession, actor: Actor, export_id: UUID, *, lock: bool = False) -> Export:
    """Return one export, locked when it is to be changed.

    Raises:
        ExportNotFound: there is none, or it is not theirs to see.
    """
    query = visible_to(actor).where(Export.id == export_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise ExportNotFound
    return found


async def list_exports(
    db: ReadSession, actor: Actor, *, status: Status | None, after: UUID | None, limit: int
) -> Sequence[Export]:
    """Return a page of exports, newest first."""
    query = visible_to(actor).order_by(Export.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Export.status == status)
    if after is not None:
        query = query.where(Export.id < after)
    return (await db.execute(query)).scalars().all()


class ApplicationRow(NamedTuple):
    """An application with its applicant; what is sealed still is."""

    application: Application
    citizen: Citizen


class AwardRow(NamedTuple):
    """An award with its application's number, the recipient and the account it goes to."""

    award: Award
    monthly_fen: int  # in the month that was asked for, or in this one
    number: str
    citizen: Citizen
    account: PayoutAccount | None


class LineRow(NamedTuple):
    """A pay line with its payroll's number and whose case it is."""

    line: PayLine
    payroll: str
    application_id: UUID


Row = ApplicationRow | AwardRow | LineRow


async def stream_rows(db: ReadSession, actor: Actor, export: Export) -> AsyncIterator[Row]:
    """Go through the rows of an export that the actor may see, in a fixed order, some hundred at a time."""
    query, shape = _QUERIES[export.kind](actor, export, first_of_month(today(db.clock)))
    result = await db.stream(query.execution_options(yield_per=_AT_ONCE))
    async for row in result:
        yield shape(*row)


async def count_rows(db: ReadSession, actor: Actor, export: Export, *, most: int) -> int:
    """Return how many rows an export has, but count no further than `most`."""
    query, _ = _QUERIES[export.kind](actor, export, first_of_month(today(db.clock)))
    some = query.with_only_columns(Application.id, maintain_column_froms=True).order_by(None).limit(most).subquery()
    return int((await db.execute(select(func.count()).select_from(some))).scalar_one())


def _applications(actor: Actor, export: Export, _month: date) -> tuple[Select[*tuple[Any, ...]], type[Row]]:
    query = (
        applications.visible_to(actor)
        .join(Citizen, Citizen.id == Application.applicant_id)
        .add_columns(Citizen)
        .where(_open_to(actor), Application.division.between(*scope_of(export.division)))
        .order_by(Application.id)
    )
    if export.filter_status is not None:
        query = query.where(Application.status == export.filter_status)
    if export.month is not None:
        first, after = (datetime.combine(day, time(), SHANGHAI) for day in (export.month, next_month(export.month)))
        query = query.where(Application.submitted_at >= first, Application.submitted_at < after)
    return query, ApplicationRow


def _awards(actor: Actor, export: Export, this_month: date) -> tuple[Select[*tuple[Any, ...]], type[Row]]:
    query = (
        awards.visible_to(actor)
        .join(Application, Application.id == Award.application_id)
        .join(Citizen, Citizen.id == Award.beneficiary_id)
        .outerjoin(PayoutAccount, PayoutAccount.citizen_id == Award.beneficiary_id)
        .add_columns(awards.amount_in(export.month or this_month), Application.number, Citizen, PayoutAccount)
        .where(_open_to(actor), Award.division.between(*scope_of(export.division)))
        .order_by(Award.id)
    )
    if export.filter_status is not None:
        query = query.where(Award.status == export.filter_status)
    if export.month is not None:
        ends = or_(Award.to_month.is_(None), Award.to_month >= export.month)
        query = query.where(Award.from_month <= export.month, ends)
    return query, AwardRow


def _payroll_lines(actor: Actor, export: Export, _month: date) -> tuple[Select[*tuple[Any, ...]], type[Row]]:
    seen = disbursement.visible_to(actor).with_only_columns(Payroll.id)
    query = (
        select(PayLine, Payroll.number, Award.application_id)
        .join(Payroll, Payroll.id == PayLine.payroll_id)
        .join(Award, Award.id == PayLine.award_id)
        .join(Application, Application.id == Award.application_id)
        .where(_open_to(actor), PayLine.payroll_id.in_(seen))
        .where(PayLine.division.between(*scope_of(export.division)))
        .order_by(PayLine.id)
    )
    if export.filter_status is not None:
        query = query.where(PayLine.status == export.filter_status)
    if export.month is not None:
        query = query.where(PayLine.month == export.month)
    return query, LineRow


def _open_to(actor: Actor) -> ColumnElement[bool]:
    return ~is_kept_from(actor.id, Application.id)


_QUERIES = {
    ExportKind.APPLICATIONS: _applications,
    ExportKind.AWARDS: _awards,
    ExportKind.PAYROLL_LINES: _payroll_lines,
}


class Source(NamedTuple):
    """A file that somebody took: its name in the marks, what it was made of, by whom and when."""

    file: str
    object_type: str
    object_id: UUID
    taken_by: UUID
    taken_at: datetime


async def list_sources(db: ReadSession, actor: Actor) -> Sequence[Source]:
    """Return the files taken that a supervisor may trace: those on record in the division, newest first."""
    taken = AuditRecord.detail["file"].astext
    query = (
        audit.visible_to(actor)
        .where(AuditRecord.action.in_(("export.take", "payroll.take_roster")), taken.is_not(None))
        .order_by(AuditRecord.id.desc())
        .with_only_columns(taken, AuditRecord.object_type, AuditRecord.object_id, AuditRecord.actor_id, AuditRecord.at)
    )
    return [Source(*row) for row in (await db.execute(query)).all()]
