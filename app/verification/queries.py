"""Reads of this stage. Reads for staff start at `visible_to`; economic data are for those who decide or supervise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, exists, false, func, select

from app.applications.conflict_queries import refuse_relative
from app.applications.models import Application, Authorisation
from app.applications.queries import get_application, get_whole_application
from app.core.clock import legal_date, today
from app.core.db import ReadSession
from app.core.sql import written_out
from app.facts import NOT_JUDGED, Fact, FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.reference.divisions import scope_of
from app.reference.procedure import Mode, Setting
from app.reference.term_queries import load_procedure
from app.verification.errors import CheckNotFound, ReportNotIssued
from app.verification.expected import items_to_check, members_to_check
from app.verification.known import Known, is_asked_in_vain, what_is_known
from app.verification.lifecycle import OPEN, Status
from app.verification.models import Check, HouseholdReport
from app.verification.prefill import PREFILLING
from app.verification.report import Content
from app.verification.values import read_facts

# Whose duty needs what a family owns; helpers, finance and administrators do without (个人信息保护法 art. 6).
READERS = frozenset(
    {
        Role.TOWNSHIP_HANDLER,
        Role.TOWNSHIP_REVIEWER,
        Role.TOWNSHIP_CONFIRMER,
        Role.COUNTY_HANDLER,
        Role.COUNTY_CONFIRMER,
        Role.SUPERVISOR,
    }
)


def visible_to(actor: Actor) -> Select[Check]:
    """Select the checks this actor may see: the one place that decides. Citizens see reports, not checks; what agencies
    were asked about a supporter is seen to by nobody by hand, and read in the report."""
    query = select(Check)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role in READERS and actor.division is not None:
        return query.where(Check.division.between(*scope_of(actor.division)), ~Check.of_supporter)
    return query.where(false())


def reports_visible_to(actor: Actor) -> Select[HouseholdReport]:
    """Select the reports this actor may see: staff those below their division, citizens those of their own case."""
    query = select(HouseholdReport)
    if actor.role is Role.SYSTEM:
        return query
    if actor.role is Role.APPLICANT:
        own = select(Application.id).where(Application.applicant_id == actor.id)
        return query.where(HouseholdReport.application_id.in_(own))
    if actor.role in READERS and actor.division is not None:
        return query.where(HouseholdReport.division.between(*scope_of(actor.division)))
    return query.where(false())


async def get_check(db: ReadSession, actor: Actor, check_id: UUID) -> Check:
    """Return one check.

    Raises:
        CheckNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it is about a close relative of the member of staff who asks.
    """
    found = (await db.execute(visible_to(actor).where(Check.id == check_id))).scalar_one_or_none()
    if found is None:
        raise CheckNotFound
    await refuse_relative(db, actor, found.application_id)
    return found


async def find_partner_check(db: ReadSession, partner: str, reference: UUID) -> Check | None:
    """Return the check that a partner knows by `reference`."""
    query = select(Check).where(Check.id == reference, Check.partner == partner)
    return (await db.execute(query)).scalar_one_or_none()


async def lock_check(db: ReadSession, check_id: UUID) -> tuple[Application, Check]:
    """Return a check and its application as they are now, locked: first the application, as everywhere.

    Whoever changes a check holds its application, so that the last two answers of a household cannot both believe
    that the other one is still missing.

    Raises:
        CheckNotFound: there is none.
    """
    application_id = (await db.execute(select(Check.application_id).where(Check.id == check_id))).scalar_one_or_none()
    if application_id is None:
        raise CheckNotFound
    application = await get_application(db, SYSTEM, application_id, lock=True)
    query = select(Check).where(Check.id == check_id).with_for_update().execution_options(populate_existing=True)
    return application, (await db.execute(query)).scalar_one()


async def list_checks(db: ReadSession, application_id: UUID) -> Sequence[Check]:
    """Return all checks about the household of an application as they are now."""
    query = select(Check).where(Check.application_id == application_id, ~Check.of_supporter).order_by(Check.id)
    return (await db.execute(query.execution_options(populate_existing=True))).scalars().all()


async def list_checks_about(
    db: ReadSession, applications: Collection[UUID], members: Collection[UUID]
) -> Sequence[UUID]:
    """Return which questions were put about these people of these cases, the latest first."""
    query = select(Check.id).where(
        Check.application_id.in_(applications), Check.member_id.in_(members), Check.asked_at.is_not(None)
    )
    return (await db.execute(query.order_by(Check.id.desc()).limit(1000))).scalars().all()


async def list_supporters_checks(db: ReadSession, application_id: UUID) -> Sequence[Check]:
    """Return what agencies were asked about supporters outside the household, in the order in which it was asked."""
    query = select(Check).where(Check.application_id == application_id, Check.of_supporter).order_by(Check.id)
    return (await db.execute(query.execution_options(populate_existing=True))).scalars().all()


async def list_prefilling(db: ReadSession, application_id: UUID) -> Sequence[Check]:
    """Return what was asked while the draft was written; who may read the draft is the caller's to see to."""
    query = select(Check).where(Check.application_id == application_id, Check.round == PREFILLING)
    return (await db.execute(query.order_by(Check.member_id, Check.id))).scalars().all()


async def list_visible_checks(db: ReadSession, actor: Actor, application_id: UUID) -> Sequence[Check]:
    """Return the checks of an application that this actor may see.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
    """
    await get_application(db, actor, application_id)
    query = visible_to(actor).where(Check.application_id == application_id).order_by(Check.id)
    return (await db.execute(query)).scalars().all()


async def list_due_checks(db: ReadSession, now: datetime, limit: int) -> Sequence[Check]:
    """Return open checks to be looked at again, locked; those another worker holds are left to it, those that go out by
    file to their batches."""
    query = (
        select(Check)
        .where(Check.status.in_(OPEN), Check.next_attempt_at <= now, Check.mode != Mode.BATCH)
        .order_by(Check.next_attempt_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await db.execute(query)).scalars().all()


async def find_last_answered(db: ReadSession, application_id: UUID, member_id: UUID, item: Item) -> Check | None:
    """Return the question about an item of a person that was answered last, of whatever round."""
    query = select(Check).where(Check.application_id == application_id, Check.member_id == member_id)
    query = query.where(Check.item == item, Check.status == Status.ANSWERED)
    return (await db.execute(query.order_by(Check.round.desc()).limit(1))).scalar_one_or_none()


async def has_open_checks(db: ReadSession, application_id: UUID) -> bool:
    """Say whether an agency is still to be asked or to answer about the household."""
    open_ones = exists().where(Check.application_id == application_id, Check.status.in_(OPEN), ~Check.of_supporter)
    query = select(open_ones)
    return bool((await db.execute(query)).scalar_one())


async def list_asked_of(db: ReadSession, partners: Collection[str], mode: Mode, limit: int) -> Sequence[UUID]:
    """Return questions that wait to be put to one of these agencies in a way, whatever for."""
    requested = Check.status == written_out(Status.REQUESTED)
    query = select(Check.id).where(requested, Check.partner.in_(partners), Check.mode == mode).order_by(Check.id)
    return (await db.execute(query.limit(limit))).scalars().all()


async def is_in_force(db: ReadSession, authorisation_id: UUID) -> bool:
    """Say whether an authorisation has not been withdrawn, as things are now."""
    query = select(Authorisation.withdrawn_at).where(Authorisation.id == authorisation_id)
    return (await db.execute(query)).scalar_one() is None


async def find_current_report(db: ReadSession, application_id: UUID) -> HouseholdReport | None:
    """Return the report that no later one has superseded."""
    return (await db.execute(_current(select(HouseholdReport), application_id))).scalar_one_or_none()


async def get_current_report(db: ReadSession, actor: Actor, application_id: UUID) -> HouseholdReport:
    """Return the report of an application that this actor may see.

    Raises:
        ApplicationNotFound: there is none, or it is not theirs to see.
        ReportNotIssued: there is no report yet, or none for this role.
    """
    await get_application(db, actor, application_id)
    found = (await db.execute(_current(reports_visible_to(actor), application_id))).scalar_one_or_none()
    if found is None:
        raise ReportNotIssued
    return found


def _current(query: Select[HouseholdReport], application_id: UUID) -> Select[HouseholdReport]:
    return query.where(HouseholdReport.application_id == application_id, HouseholdReport.superseded_at.is_(None))


async def next_report_number(db: ReadSession, application_id: UUID) -> int:
    """Return the number of the next report; the application's row is locked by whoever asks."""
    query = select(func.coalesce(func.max(HouseholdReport.number), 0) + 1).where(
        HouseholdReport.application_id == application_id
    )
    return (await db.execute(query)).scalar_one()


def open_report(db: ReadSession, report: HouseholdReport) -> Content:
    """Unseal what a report says."""
    return Content.model_validate_json(db.vault.open("household_reports.fields", report.id, report.fields_sealed))


def facts_found(db: ReadSession, check: Check) -> dict[FactKey, Fact]:
    """Unseal what a check found; nothing where there is no record or no answer."""
    if check.facts_sealed is None:
        return {}
    return read_facts(db.vault.open("checks.facts", check.id, check.facts_sealed))


def facts_entered(db: ReadSession, check: Check) -> dict[FactKey, Fact]:
    """Unseal what was entered by hand, whether or not the agency has answered since."""
    if check.entered_facts_sealed is None:
        return {}
    return read_facts(db.vault.open("checks.entered_facts", check.id, check.entered_facts_sealed))


async def list_enterers(db: ReadSession, application_id: UUID) -> Sequence[UUID]:
    """Return who entered an agency's answer by hand; also where the agency has answered since."""
    query = select(Check.entered_by).where(Check.application_id == application_id, Check.entered_by.is_not(None))
    return [person for person in (await db.execute(query.distinct())).scalars() if person is not None]


@dataclass(frozen=True)
class Collected:
    """What agencies were asked about a household, and what came of it, by member (`str(member.id)`)."""

    facts: Mapping[tuple[str, FactKey], Fact]
    unavailable: frozenset[tuple[str, Item]]
    asked: frozenset[tuple[str, Item]]


async def collect_facts(db: ReadSession, application_id: UUID) -> Collected:
    """Return what agencies found, which items nobody answered, and everything that was to be answered.

    An item that was needed and has no answer, for whatever reason (still open, given up, cancelled, never authorised),
    is unavailable: silence never passes for "no record". Nor does it take away what was answered before, while that
    held when the present report was issued (`known`): the facts are those of the report.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_whole_application(db, SYSTEM, application_id)
    facts: dict[tuple[str, FactKey], Fact] = {}
    answered: set[tuple[str, Item]] = set()
    asked: set[tuple[str, Item]] = set()
    for (member_id, item), known in (await _what_is_known(db, application)).items():
        ref, check = str(member_id), known.check
        if item in NOT_JUDGED:
            continue  # for people to see; a rule that knows nothing of it must not meet it in its facts
        asked.add((ref, item))
        if check.status == Status.ANSWERED:
            answered.add((ref, item))
            facts.update({(ref, key): fact for key, fact in facts_found(db, check).items()})
    items = items_to_check(application)
    needed = {(str(member.id), item) for member in members_to_check(db, application) for item in items}
    return Collected(facts, frozenset((needed | asked) - answered), frozenset(needed | asked))


async def _what_is_known(db: ReadSession, application: Application) -> Mapping[tuple[UUID, Item], Known]:
    checks = await list_checks(db, application.id)
    if not is_asked_in_vain(checks):
        return what_is_known(checks, date.max, 0)  # the day makes no difference
    report = await find_current_report(db, application.id)
    on = legal_date(report.issued_at) if report is not None else today(db.clock)
    procedure = await load_procedure(db, application.division, on)
    return what_is_known(checks, on, procedure[Setting.REPORT_VALID_DAYS].value)
