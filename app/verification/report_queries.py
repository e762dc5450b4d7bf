"""Reads of reports beyond the present one of a case: lists for desks, and who may know what was found about whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, func, select, tuple_

from app.applications.authorisation_queries import list_guardians
from app.applications.conflict_queries import is_kept_from
from app.applications.errors import ApplicationNotFound
from app.applications.household import APPLICANT, is_minor
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.models import Application
from app.applications.queries import list_members
from app.core.clock import today
from app.core.db import ReadSession
from app.identity.actors import Actor
from app.identity.queries import get_citizen
from app.verification.conclusion_models import ReportConclusion, Verdict
from app.verification.dispute_queries import has_answered
from app.verification.errors import ReportNotIssued
from app.verification.lifecycle import OPEN
from app.verification.models import Check, HouseholdReport
from app.verification.queries import list_enterers, reports_visible_to


class Place(NamedTuple):
    """Where a list goes on: after a report of so many points."""

    points: int
    id: UUID


class Listed(NamedTuple):
    """A report, what was concluded from it so far, and whose case it is about."""

    report: HouseholdReport
    verdict: Verdict | None
    application: Application


@dataclass(frozen=True)
class Filter:
    """Which reports a list shows; None leaves a question open. `concluded`: whether a checker has; `verdict`: what he
    concluded; `complete`: whether all agencies answered; `points_from`: so many points of contradiction at least."""

    concluded: bool | None = None
    verdict: Verdict | None = None
    complete: bool | None = None
    points_from: int | None = None


_LIVE = and_(ReportConclusion.report_id == HouseholdReport.id, ReportConclusion.superseded_at.is_(None))


async def list_reports(
    db: ReadSession, actor: Actor, wanted: Filter, *, after: Place | None, limit: int
) -> Sequence[Listed]:
    """Return a page of the present reports of cases between acceptance and decision, those with most points first;
    those of close relatives of who asks are left out."""
    points = func.coalesce(HouseholdReport.points, 0)
    query = (
        reports_visible_to(actor)
        .add_columns(ReportConclusion.verdict, Application)
        .join(Application, Application.id == HouseholdReport.application_id)
        .outerjoin(ReportConclusion, _LIVE)
        .where(
            HouseholdReport.superseded_at.is_(None),
            Application.status == ApplicationStatus.ACCEPTED,
            ~is_kept_from(actor.id, HouseholdReport.application_id),
        )
        .order_by(points.desc(), HouseholdReport.id.desc())
        .limit(limit)
    )
    if wanted.concluded is not None:
        query = query.where(ReportConclusion.id.is_not(None) == wanted.concluded)
    if wanted.verdict is not None:
        query = query.where(ReportConclusion.verdict == wanted.verdict)
    if wanted.complete is not None:
        query = query.where(HouseholdReport.complete == wanted.complete)
    if wanted.points_from is not None:
        query = query.where(points >= wanted.points_from)
    if after is not None:
        query = query.where(tuple_(points, HouseholdReport.id) < tuple_(after.points, after.id))
    return [
        Listed(report, Verdict(verdict) if verdict else None, application)
        for report, verdict, application in (await db.execute(query)).all()
    ]


async def list_expired(db: ReadSession, on: date, *, after: UUID | None, limit: int) -> Sequence[UUID]:
    """Return applications between acceptance and decision whose report had expired before a day, by id, unless
    agencies are being asked."""
    asked = exists().where(Check.application_id == HouseholdReport.application_id, Check.status.in_(OPEN))
    query = (
        select(HouseholdReport.application_id)
        .join(Application, Application.id == HouseholdReport.application_id)
        .where(
            HouseholdReport.superseded_at.is_(None),
            HouseholdReport.valid_until < on,
            Application.status == ApplicationStatus.ACCEPTED,
            ~asked,
        )
        .order_by(HouseholdReport.application_id)
        .limit(limit)
    )
    if after is not None:
        query = query.where(HouseholdReport.application_id > after)
    return (await db.execute(query)).scalars().all()


async def get_report(db: ReadSession, actor: Actor, report_id: UUID) -> HouseholdReport:
    """Return one report, freshly read.

    Raises:
        ReportNotIssued: there is none, or it is not theirs to see.
    """
    query = reports_visible_to(actor).where(HouseholdReport.id == report_id)
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise ReportNotIssued
    return found


async def find_report_at(db: ReadSession, application_id: UUID, instant: datetime) -> HouseholdReport | None:
    """Return the report of a case that was the present one at an instant; None where there was none yet."""
    query = select(HouseholdReport).where(
        HouseholdReport.application_id == application_id, HouseholdReport.issued_at <= instant
    )
    return (await db.execute(query.order_by(HouseholdReport.number.desc()).limit(1))).scalar_one_or_none()


async def find_report_before(db: ReadSession, report: HouseholdReport) -> HouseholdReport | None:
    """Return the report that a later one of the same case superseded; None where it is the first one."""
    query = select(HouseholdReport).where(
        HouseholdReport.application_id == report.application_id, HouseholdReport.number < report.number
    )
    return (await db.execute(query.order_by(HouseholdReport.number.desc()).limit(1))).scalar_one_or_none()


async def find_conclusion(db: ReadSession, report_id: UUID) -> ReportConclusion | None:
    """Return what holds of a report; who asks has read the report."""
    query = select(ReportConclusion).where(
        ReportConclusion.report_id == report_id, ReportConclusion.superseded_at.is_(None)
    )
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def took_part_in_checking(db: ReadSession, application_id: UUID, person: UUID) -> bool:
    """Say whether somebody entered an agency's answer by hand, be it to a question or to a dispute, or concluded from a
    report of the case."""
    if person in await list_enterers(db, application_id):
        return True
    if await has_answered(db, application_id, person):
        return True
    concluded = exists().where(
        ReportConclusion.application_id == application_id, ReportConclusion.concluded_by == person
    )
    return bool(await db.scalar(select(concluded)))


@dataclass(frozen=True)
class Sight:
    """Whose findings a citizen may know: the own ones, those about whom she signed for as a guardian, and as the
    applicant those about minors of the household.

    `applicant`: it is her application; `members`: all of the household.
    """

    applicant: bool
    own: frozenset[UUID]
    members: frozenset[UUID]

    @property
    def withheld(self) -> frozenset[UUID]:
        """Whose findings are somebody else's."""
        return self.members - self.own


async def get_sight(db: ReadSession, actor: Actor, application_id: UUID) -> Sight:
    """Return what a citizen may know of a household, as its applicant or as somebody who is listed in it.

    Raises:
        ApplicationNotFound: there is none, or she is neither.
    """
    citizen = await get_citizen(db, actor.id)
    index = None
    if citizen.id_number_sealed is not None:
        number = db.vault.open("citizens.id_number", citizen.id, citizen.id_number_sealed)
        index = db.vault.index("members.id_number", number)
    async with db.wider():  # she may be a member of another's household
        case = select(Application.applicant_id, Application.entrustment_id).where(Application.id == application_id)
        owner, entrustment = (await db.execute(case)).one_or_none() or (None, None)
        members = await list_members(db, application_id)
        signed = await list_guardians(db, application_id)
    if actor.entrustment is not None and (owner, entrustment) != (actor.id, actor.entrustment):
        raise ApplicationNotFound  # who acts for her does so in what was made under the entrustment alone
    own = {member.id for member in members if index is not None and member.id_number_index == index}
    if owner == actor.id:
        on = today(db.clock)
        own |= {member.id for member in members if member.relation == APPLICANT or is_minor(member, on)}
    elif not own:
        raise ApplicationNotFound
    own |= {ward for ward, guardian in signed.items() if guardian in own}
    return Sight(owner == actor.id, frozenset(own), frozenset(member.id for member in members))
