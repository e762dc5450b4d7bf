"""How the agencies are, counted by the database: for those who decide or supervise, within their division."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app.core.db import ReadSession, WriteSession
from app.core.errors import RoleNotAllowed
from app.core.sql import written_out
from app.facts import Item
from app.identity.actors import Actor, Role
from app.partners.registry import AGENCIES
from app.reference.divisions import scope_of
from app.reference.procedure import Mode, Setting
from app.reference.term_queries import load_procedure
from app.verification.agency_models import (
    ANSWERS,
    TAKEN,
    UNSIGNED,
    USABLE,
    WHOLE,
    AgencyOutage,
    CheckAttempt,
    ReportTally,
)
from app.verification.lifecycle import ASKED, Status
from app.verification.models import Check, HouseholdReport
from app.verification.patience import CALLBACK_DAYS, HELD_BACK, REMINDER
from app.verification.prefill import PREFILLING
from app.verification.queries import READERS

# Who has to know how agencies are: those who wait for them, and those who see to it that nobody waits for ever.
WATCHERS = READERS | {Role.ADMINISTRATOR}
FAILURES = ("timeout", "refused", "error", "garbage", UNSIGNED)
_LATELY = timedelta(days=7)
_MOST = 1_000  # failures since the last answer are counted up to here


def outages_visible_to(actor: Actor) -> Select[AgencyOutage]:
    """Select the outages this actor may see: those of counties that lie wholly in his division."""
    query = select(AgencyOutage)
    return query if actor.role is Role.SYSTEM else query.where(_within(actor, AgencyOutage))


def _within(actor: Actor, table: type[AgencyOutage | CheckAttempt | ReportTally | Check]) -> ColumnElement[bool]:
    if actor.role not in WATCHERS or actor.division is None:
        return false()
    return table.division.between(*scope_of(actor.division))


@dataclass(frozen=True)
class Health:
    """How one agency is, or one item of it. `answered`: answers that came, at once, by call-back or by file.

    `taken`: attempts that brought the word that an answer will come, and no more. `failures`: attempts that brought
    nothing, by reason. Times are milliseconds, from the question to its answer.
    `held_back`: of the open questions those that are not put at present. `compared`, `differing`: fields in the reports
    that stand. `silent_since`: it counts as silent. `silent_items`: those about which it is silent while it answers
    others.
    """

    asked: int = 0
    answered: int = 0
    taken: int = 0
    failures: Mapping[str, int] | None = None
    p50_ms: int | None = None
    p95_ms: int | None = None
    last_answered_at: datetime | None = None
    open: int = 0
    held_back: int = 0
    oldest_open_since: datetime | None = None
    compared: int = 0
    differing: int = 0
    silent_since: datetime | None = None
    silent_items: Sequence[str] = ()


async def read_health(db: ReadSession, actor: Actor, since: datetime) -> Mapping[str, Health]:
    """Return how each agency that was heard of is: attempts and reports since an instant, questions as they are open.

    Raises:
        RoleNotAllowed: not for this role.
    """
    if actor.role not in WATCHERS:
        raise RoleNotAllowed
    parts: dict[str, dict[str, Any]] = {}
    for query in (
        _attempts(actor, since, CheckAttempt.partner),
        _open_checks(actor, Check.partner),
        _tallies(actor, since),
        _silent(actor),
        _silent_items(actor),
    ):
        for row in (await db.execute(query)).all():
            parts.setdefault(row.key, {}).update(_values(row))
    return {partner: Health(**values) for partner, values in parts.items()}


async def read_items_health(db: ReadSession, actor: Actor, partner: str, since: datetime) -> Mapping[Item, Health]:
    """Return the same for each item of one agency, without what is known of the agency as a whole only.

    Raises:
        RoleNotAllowed: not for this role.
    """
    if actor.role not in WATCHERS:
        raise RoleNotAllowed
    parts: dict[Item, dict[str, Any]] = {}
    for query in (
        _attempts(actor, since, CheckAttempt.item).where(CheckAttempt.partner == partner),
        _open_checks(actor, Check.item).where(Check.partner == partner),
        _silent_about(actor, partner),
    ):
        for row in (await db.execute(query)).all():
            parts.setdefault(Item(row.key), {}).update(_values(row))
    return {item: Health(**values) for item, values in parts.items()}


def _values(row: Row[Any]) -> dict[str, Any]:
    values = {name: value for name, value in row._mapping.items() if name != "key"}
    reasons = {reason: values.pop(reason) for reason in FAILURES if reason in values}
    return {**values, "failures": {reason: count for reason, count in reasons.items() if count}} if reasons else values


def _attempts(actor: Actor, since: datetime, key: Any) -> Select[Any]:
    answered = CheckAttempt.outcome.in_(ANSWERS)

    def share(part: float) -> ColumnElement[Any]:
        return func.round(func.percentile_cont(part).within_group(CheckAttempt.took_ms).filter(answered))

    return (
        select(
            key.label("key"),
            func.count().filter(~CheckAttempt.called_back).label("asked"),
            func.count().filter(answered).label("answered"),
            func.count().filter(CheckAttempt.outcome == TAKEN).label("taken"),
            *(func.count().filter(CheckAttempt.outcome == reason).label(reason) for reason in FAILURES),
            share(0.5).label("p50_ms"),
            share(0.95).label("p95_ms"),
            func.max(CheckAttempt.asked_at).filter(answered).label("last_answered_at"),
        )
        .where(_within(actor, CheckAttempt), CheckAttempt.asked_at >= since)
        .group_by(key)
    )


def _open_checks(actor: Actor, key: Any) -> Select[Any]:
    return (
        select(
            key.label("key"),
            func.count().label("open"),
            func.count().filter(Check.last_failure == HELD_BACK).label("held_back"),
            func.min(Check.opened_at).label("oldest_open_since"),
        )
        .where(_within(actor, Check), Check.status.in_(ASKED))
        .group_by(key)
    )


def _tallies(actor: Actor, since: datetime) -> Select[str, int, int]:
    return (
        select(
            ReportTally.partner.label("key"),
            func.sum(ReportTally.compared).label("compared"),
            func.sum(ReportTally.differing).label("differing"),
        )
        .join(HouseholdReport, HouseholdReport.id == ReportTally.report_id)
        .where(_within(actor, ReportTally), ReportTally.issued_at >= since, HouseholdReport.superseded_at.is_(None))
        .group_by(ReportTally.partner)
    )


def _silent(actor: Actor) -> Select[str, datetime]:
    query = select(AgencyOutage.partner.label("key"), func.min(AgencyOutage.silent_since).label("silent_since"))
    return query.where(_lasts(actor), AgencyOutage.item == WHOLE).group_by(AgencyOutage.partner)


def _silent_items(actor: Actor) -> Select[str, Sequence[str]]:
    items = func.array_agg(AgencyOutage.item.distinct()).label("silent_items")
    query = select(AgencyOutage.partner.label("key"), items)
    return query.where(_lasts(actor), AgencyOutage.item != WHOLE).group_by(AgencyOutage.partner)


def _silent_about(actor: Actor, partner: str) -> Select[str, datetime]:
    query = select(AgencyOutage.item.label("key"), func.min(AgencyOutage.silent_since).label("silent_since"))
    return query.where(_lasts(actor), AgencyOutage.partner == partner, AgencyOutage.item != WHOLE).group_by(
        AgencyOutage.item
    )


def _lasts(actor: Actor) -> ColumnElement[bool]:
    return and_(_within(actor, AgencyOutage), AgencyOutage.ended_at.is_(None))


async def list_outages(db: ReadSession, actor: Actor, partner: str, limit: int) -> Sequence[AgencyOutage]:
    """Return when an agency was silent, as counties were told, the latest first."""
    query = outages_visible_to(actor).where(AgencyOutage.partner == partner)
    return (await db.execute(query.order_by(AgencyOutage.id.desc()).limit(limit))).scalars().all()


class Waiting(NamedTuple):
    """Questions of a county that an agency was asked, or should have been, in vain so far: about one item, or all."""

    county: str
    partner: str
    item: str
    questions: int


def _failed(now: datetime) -> ColumnElement[bool]:
    """Of which open checks their agency owes an answer that it should have given: it failed, or took the question and
    has not answered it since."""
    owed = or_(Check.last_failure.is_not(None), and_(Check.status == Status.DISPATCHED, _is_late(Check.asked_at, now)))
    return and_(Check.status.in_(ASKED), Check.next_attempt_at.is_not(None), owed)


def _is_late(
    taken_at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None], now: datetime
) -> ColumnElement[bool]:
    """Say whether the answer to a question that was taken then should have come: before its reminder, where it is put
    singly; within its days, where it went out by file."""
    days = timedelta(days=CALLBACK_DAYS)
    return taken_at <= case((Check.mode == Mode.BATCH, now - days), else_=now - REMINDER)


async def list_waiting(db: ReadSession, now: datetime) -> Sequence[Waiting]:
    """Return where questions wait for an agency that failed them, or were given up lately: whom they are about, and who
    decides, are left without an answer all the same."""
    failed = (
        select(CheckAttempt.check_id)
        .where(
            # By the index of what failed, agency by agency.
            CheckAttempt.partner.in_([agency.code for agency in AGENCIES]),
            CheckAttempt.asked_at > now - _LATELY,
            CheckAttempt.outcome.not_in([written_out(outcome) for outcome in USABLE]),
        )
        .distinct()
    )
    one = select(Check.county, Check.partner, Check.item)
    given_up = one.where(Check.status == Status.UNAVAILABLE, Check.id.in_(failed))
    waiting = union_all(one.where(_failed(now)), given_up).subquery()
    where = (waiting.c.county, waiting.c.partner, waiting.c.item)
    query = select(*where, func.count()).group_by(*where).order_by(*where)
    return [Waiting._make(row) for row in (await db.execute(query)).all()]


class Silence(NamedTuple):
    """How long an agency has given nobody an answer: since its first failure, how often it failed since, and about how
    many items. What it took and did not answer in time is a failure, too."""

    since: datetime
    failures: int
    items: int


async def find_silence(db: ReadSession, partner: str, now: datetime, item: str = WHOLE) -> Silence | None:
    """Return the silence of an agency, or about one of its items, whoever asked; None where nothing failed since its
    last answer."""
    of_partner = CheckAttempt.partner == partner
    if item != WHOLE:
        of_partner = and_(of_partner, CheckAttempt.item == item)
    # Written out, so that the partial indexes serve under any plan.
    answered = CheckAttempt.outcome.in_([written_out(outcome) for outcome in ANSWERS])
    usable = CheckAttempt.outcome.in_([written_out(outcome) for outcome in USABLE])
    last = select(func.max(CheckAttempt.asked_at)).where(of_partner, answered).scalar_subquery()
    since = select(CheckAttempt.asked_at, CheckAttempt.item).where(
        of_partner, or_(last.is_(None), CheckAttempt.asked_at > last)
    )
    since = since.order_by(CheckAttempt.asked_at).limit(_MOST)
    taken = CheckAttempt.outcome == written_out(TAKEN)
    late = since.join(Check, Check.id == CheckAttempt.check_id).where(taken, _is_late(CheckAttempt.asked_at, now))
    failed = union_all(select(since.where(~usable).subquery()), select(late.subquery())).subquery()
    counted = select(func.min(failed.c.asked_at), func.count(), func.count(failed.c.item.distinct()))
    row = (await db.execute(counted)).one()
    return None if row[0] is None else Silence._make(row)


async def was_unsigned_lately(db: ReadSession, check: Check, since: datetime) -> bool:
    """Say whether an answer to this check came without its agency's signature since an instant."""
    came = exists().where(
        CheckAttempt.partner == check.partner,
        CheckAttempt.asked_at >= since,
        # As the index of what failed has it.
        CheckAttempt.outcome.not_in([written_out(outcome) for outcome in USABLE]),
        CheckAttempt.outcome == UNSIGNED,
        CheckAttempt.check_id == check.id,
    )
    return bool(await db.scalar(select(came)))


async def add_outage(db: WriteSession, values: Mapping[str, Any]) -> bool:
    """Keep that a county was told of an agency's silence; False where it was told already."""
    added = insert(AgencyOutage).values(**values).on_conflict_do_nothing().returning(AgencyOutage.id)
    return await db.scalar(added) is not None


async def list_open_outages(db: ReadSession) -> Sequence[AgencyOutage]:
    """Return all outages that have not ended."""
    return (await db.execute(select(AgencyOutage).where(AgencyOutage.ended_at.is_(None)))).scalars().all()


async def end_outage(db: WriteSession, outage_id: UUID, now: datetime) -> bool:
    """Keep that an agency answers again; False where that was known."""
    ended = update(AgencyOutage).where(AgencyOutage.id == outage_id, AgencyOutage.ended_at.is_(None))
    return await db.scalar(ended.values(ended_at=now).returning(AgencyOutage.id)) is not None


async def list_owed(db: ReadSession, outage: AgencyOutage, now: datetime, limit: int) -> Sequence[UUID]:
    """Return questions of a county of which a silent agency owes an answer, and which it failed, without what no county
    finds out on paper."""
    query = select(Check.id).where(
        Check.county == outage.county,
        Check.partner == outage.partner,
        Check.campaign_id.is_(None),
        ~Check.of_supporter,
        Check.round != PREFILLING,
        _failed(now),
    )
    if outage.item != WHOLE:
        query = query.where(Check.item == outage.item)
    return (await db.execute(query.order_by(Check.id).limit(limit))).scalars().all()


async def reroutes(db: ReadSession, county: str, on: date) -> bool:
    """Say whether a county has what silent agencies owe found out on paper."""
    return bool((await load_procedure(db, county + "000000", on))[Setting.AGENCY_SILENT_REROUTED].value)
