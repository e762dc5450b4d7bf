"""Reads and the set-based writes of this stage; every read for a person or a partner starts at one of two `visible`."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, case, false, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from app.applications.claims import member_kind_of
from app.applications.models import Claim, Member
from app.audit.subjects import Case
from app.awards.lifecycle import Status
from app.awards.models import Award
from app.core.db import ReadSession, WriteSession
from app.core.months import first_of_month
from app.identity.actors import Actor, Role
from app.identity.models import Citizen
from app.programs.registry import PROGRAMS
from app.reference.divisions import scope_of
from app.status_queries.errors import QueryPartnerNotFound, StatusQueryNotFound
from app.status_queries.lifecycle import PartnerStatus
from app.status_queries.models import QueryPartner, StatusQuery, StatusQueryLine

_OVERSEERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)


class Found(NamedTuple):
    """One person of the number asked for who is counted in the household of an award in force. No object of the mapper:
    what it costs to make one would tell that there is somebody."""

    number: bytes  # its blind index
    member_id: UUID
    name_sealed: bytes | None
    name_clear: str | None
    birth_date: date
    application_id: UUID
    beneficiary_id: UUID
    county: str
    program: str
    since: date

    @property
    def case(self) -> Case:
        """Whom a record about it is about."""
        return Case(self.application_id, self.beneficiary_id, self.county)


def partners_visible_to(actor: Actor) -> Select[QueryPartner]:
    """Select the partners this actor may see: administrators and supervisors, those of their division."""
    query = select(QueryPartner)
    if actor.role not in _OVERSEERS or actor.division is None:
        return query.where(false())
    return query.where(QueryPartner.division.between(*scope_of(actor.division)))


def visible_to(actor: Actor) -> Select[StatusQuery]:
    """Select the queries this actor may see: a partner's own; those of their division for who oversees them."""
    query = select(StatusQuery)
    if actor.role is Role.PARTNER:
        return query.where(StatusQuery.partner_id == actor.id)
    if actor.role not in _OVERSEERS or actor.division is None:
        return query.where(false())
    return query.where(StatusQuery.division.between(*scope_of(actor.division)))


async def find_partner_of_code(db: ReadSession, code: str) -> QueryPartner | None:
    """Return the partner of a code, whoever asks: for finding out who it is."""
    return (await db.execute(select(QueryPartner).where(QueryPartner.code == code))).scalar_one_or_none()


async def get_partner(db: ReadSession, actor: Actor, partner_id: UUID, *, lock: bool = False) -> QueryPartner:
    """Return one partner, locked when it is to be changed.

    Raises:
        QueryPartnerNotFound: there is none, or it is not theirs to see.
    """
    query = partners_visible_to(actor).where(QueryPartner.id == partner_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise QueryPartnerNotFound
    return found


async def list_partners(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[QueryPartner]:
    """Return a page of partners, newest first."""
    query = partners_visible_to(actor).order_by(QueryPartner.id.desc()).limit(limit)
    if after is not None:
        query = query.where(QueryPartner.id < after)
    return (await db.execute(query)).scalars().all()


async def take_quota(db: WriteSession, partner_id: UUID, on: date, persons: int) -> bool:
    """Count persons against a day's quota and say whether there was room, and the partner still let in. One statement:
    of two queries at once the second waits, and then sees the first one's count."""
    before = case((QueryPartner.counted_on == on, QueryPartner.counted), else_=0)
    counted = (
        update(QueryPartner)
        .where(QueryPartner.id == partner_id, QueryPartner.status == PartnerStatus.ACTIVE)
        .where(before + persons <= QueryPartner.most_per_day)
        .values(counted_on=on, counted=before + persons)
        .returning(QueryPartner.id)
    )
    options = {"synchronize_session": False}
    return (await db.execute(counted, execution_options=options)).scalar_one_or_none() is not None


async def is_let_in(db: ReadSession, partner_id: UUID) -> bool:
    """Say whether a partner may ask at all, as it is in the database now."""
    status = await db.scalar(select(QueryPartner.status).where(QueryPartner.id == partner_id))
    return status == PartnerStatus.ACTIVE


_MEMBER_KINDS = tuple(member_kind_of(program) for program in PROGRAMS)
_OF_AWARD = (Award.application_id, Award.beneficiary_id, Award.county, Award.program, Award.from_month)


async def list_granted(db: ReadSession, indexes: Collection[bytes], on: date) -> Sequence[tuple[bytes, UUID]]:
    """Return by which awards, of whatever county, these numbers (blind indexes of `members.id_number`) were granted
    something whose last month is not over.

    By the claims, whose key leads from a person to the case; they are given back when an award ends. An award that was
    taken over has them before it begins: until then it is the one before, as long as that is paid.
    """
    month = first_of_month(on)
    claimed = (
        select(Claim.key, Award.id, Award.from_month, Award.taken_over_from)
        .join(Award, Award.application_id == Claim.application_id)
        .where(Claim.kind.in_(_MEMBER_KINDS), Claim.key.in_(indexes))
        .cte("chain", recursive=True)
    )
    before = aliased(Award)
    chain = claimed.union_all(
        select(claimed.c.key, before.id, before.from_month, before.taken_over_from)
        .join(before, before.id == claimed.c.taken_over_from)
        .where(claimed.c.from_month > month)
    )
    ends_later = and_(Award.to_month >= month, Award.to_month >= Award.from_month)
    query = (
        select(chain.c.key, Award.id)
        .ext(distinct_on(chain.c.key, Award.program))
        .join(Award, Award.id == chain.c.id)
        .where(or_(Award.status.in_((Status.ACTIVE, Status.SUSPENDED)), ends_later))
        .order_by(chain.c.key, Award.program, Award.from_month)
    )
    return [(row[0], row[1]) for row in (await db.execute(query)).all()]


async def list_recipients(db: ReadSession, granted: Collection[tuple[bytes, UUID]], division: str) -> Sequence[Found]:
    """Return who of those that were granted something is counted in the household of an award below a division."""
    query = (
        select(Member.id_number_index, Member.id, Member.name_sealed, Member.name_clear, Member.birth_date, *_OF_AWARD)
        .join(Award, Award.application_id == Member.application_id)
        .where(tuple_(Member.id_number_index, Award.id).in_(granted), Member.claimed)
        .where(Award.division.between(*scope_of(division)))
        .order_by(Member.id_number_index, Award.program)
    )
    return [Found._make(row) for row in (await db.execute(query)).all()]


async def find_accounts(db: ReadSession, indexes: Collection[bytes]) -> Mapping[bytes, UUID]:
    """Return the accounts of these numbers (blind indexes of `citizens.id_number`)."""
    query = select(Citizen.id_number_index, Citizen.id).where(Citizen.id_number_index.in_(indexes))
    return {index: citizen for index, citizen in (await db.execute(query)).all() if index is not None}


async def add_query(db: WriteSession, query: StatusQuery, lines: Sequence[Mapping[str, Any]]) -> None:
    """Keep a query with its lines, in one statement: with nulls left out it would be one for each change from a person
    who is found to one who is not, and tell by the time which they are."""
    db.add(query)
    await db.flush()
    await db.execute(insert(StatusQueryLine).execution_options(render_nulls=True), list(lines))


async def get_query(db: ReadSession, actor: Actor, query_id: UUID) -> StatusQuery:
    """Return one query.

    Raises:
        StatusQueryNotFound: there is none, or it is not theirs to see.
    """
    found = (await db.execute(visible_to(actor).where(StatusQuery.id == query_id))).scalar_one_or_none()
    if found is None:
        raise StatusQueryNotFound
    return found


async def list_queries(
    db: ReadSession, actor: Actor, *, partner_id: UUID | None = None, after: UUID | None, limit: int
) -> Sequence[StatusQuery]:
    """Return a page of queries, newest first."""
    query = visible_to(actor).order_by(StatusQuery.id.desc()).limit(limit)
    if partner_id is not None:
        query = query.where(StatusQuery.partner_id == partner_id)
    if after is not None:
        query = query.where(StatusQuery.id < after)
    return (await db.execute(query)).scalars().all()


async def list_lines(db: ReadSession, query_id: UUID) -> Sequence[StatusQueryLine]:
    """Return the persons of a query, in the order they were asked about."""
    query = select(StatusQueryLine).where(StatusQueryLine.query_id == query_id).order_by(StatusQueryLine.position)
    return (await db.execute(query)).scalars().all()
