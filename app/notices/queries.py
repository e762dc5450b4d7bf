"""Reads of this stage. The public reads what `shown_on` lets through and nothing else; staff start at `visible_to`."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, false, or_, select

from app.applications.conflict_queries import is_kept_from, refuse_relative
from app.applications.models import Application
from app.core.crypto import Vault
from app.core.db import Database, ReadSession
from app.core.hot_reads import HotRead
from app.core.prepared import asked
from app.core.sql import written_out
from app.identity.actors import Actor, Role
from app.notices.errors import NoticeNotFound, ObjectionNotFound
from app.notices.lifecycle import UP, Kind, Status
from app.notices.models import Notice, Objection
from app.reference.divisions import parse_division, scope_of
from app.reference.errors import DivisionUnknown
from app.reference.models import Division
from app.reference.queries import division_on
from app.verification.queries import READERS


def name_on(vault: Vault, notice: "Notice | Posted") -> str:
    """Return the name as it is shown; nothing once its time was over."""
    if notice.applicant_name_sealed is None:
        return notice.applicant_name_clear or ""
    return _opened(vault, notice.id, notice.applicant_name_sealed)


@lru_cache(maxsize=20_000)
def _opened(vault: Vault, notice_id: UUID, sealed: bytes) -> str:
    # A village's board is read again and again; in memory is nothing that does not hang there, or hung there lately.
    return vault.open("notices.applicant_name", notice_id, sealed)


def shown_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Say which notices the public may see on a day: those that are up, and whose last day has not passed.

    The date decides, not the sweep that marks a notice as ended: when its time is over it is gone.
    """
    return and_(Notice.status.in_(UP), or_(Notice.ends_on.is_(None), Notice.ends_on >= day))


def visible_to(actor: Actor) -> Select[Notice]:
    """Select the notices this actor may see: staff those below their division, the system all, others none."""
    query = select(Notice)
    if actor.role is Role.SYSTEM:
        return query
    if actor.is_staff and actor.division is not None:
        low, high = scope_of(actor.division)
        return query.where(Notice.division.between(low, high))
    return query.where(false())


class Posted(NamedTuple):
    """A notice as it hangs in the village, its name still sealed: see `name_on`."""

    id: UUID
    kind: Kind
    program: str
    applicant_name_sealed: bytes | None
    applicant_name_clear: str | None
    members_count: int
    monthly_amount_fen: int
    amount_from: date | None
    earlier: Sequence[dict[str, Any]]
    posted_on: date
    ends_on: date | None


class Board(NamedTuple):
    """A village's notice board."""

    village: str
    level: str
    notices: Sequence[Posted]


_place = division_on(asked("code"), asked("day")).with_only_columns(Division.name, Division.level).subquery()
# The place and what hangs there in one statement; a place without notices is one row.
_BOARD = HotRead(
    select(_place.c.name, _place.c.level, *(getattr(Notice, name) for name in Posted._fields))
    .select_from(_place)
    .outerjoin(
        Notice,
        and_(Notice.division == asked("code"), shown_on(asked("day")), Notice.id < asked("before")),
    )
    .order_by(Notice.id.desc())
    .limit(asked("rows", Integer))
)
_FROM_THE_START = UUID(int=2**128 - 1)


async def get_board(database: Database, division: str, on: date, *, after: UUID | None, limit: int) -> Board:
    """Return a page of what hangs in a village on a day, newest first.

    Raises:
        DivisionMalformed: not a division code.
        DivisionUnknown: no division has it on that date.
    """
    rows = await database.look_up(
        _BOARD, code=parse_division(division), day=on, before=after or _FROM_THE_START, rows=limit
    )
    if not rows:
        raise DivisionUnknown("no_division", code=division, on=on.isoformat())
    place, level, *_ = rows[0]
    return Board(place, level, tuple(Posted(*row[2:]) for row in rows if row["id"] is not None))


async def get_public_notice(db: ReadSession, notice_id: UUID, on: date) -> Notice:
    """Return one notice that hangs on a day.

    Raises:
        NoticeNotFound: there is none, or its time is over.
    """
    found = (await db.execute(select(Notice).where(Notice.id == notice_id, shown_on(on)))).scalar_one_or_none()
    if found is None:
        raise NoticeNotFound
    return found


async def get_notice(db: ReadSession, notice_id: UUID) -> Notice:
    """Return a notice whatever has become of it: freshly read, whatever the session remembers.

    Raises:
        NoticeNotFound: there is none.
    """
    query = select(Notice).where(Notice.id == notice_id).execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise NoticeNotFound
    return found


async def list_notices(
    db: ReadSession, actor: Actor, *, status: Status | None, after: UUID | None, limit: int
) -> Sequence[Notice]:
    """Return a page of notices for staff, newest first."""
    query = visible_to(actor).order_by(Notice.id.desc()).limit(limit)
    if status is not None:
        query = query.where(Notice.status == status)
    if after is not None:
        query = query.where(Notice.id < after)
    return (await db.execute(query)).scalars().all()


async def find_notice(db: ReadSession, application_id: UUID, kind: Kind, round_: int) -> Notice | None:
    """Return the notice of one opinion or award."""
    query = select(Notice).where(Notice.application_id == application_id, Notice.kind == kind, Notice.round == round_)
    return (await db.execute(query)).scalar_one_or_none()


async def list_up(db: ReadSession, application_id: UUID, kinds: Sequence[Kind]) -> Sequence[Notice]:
    """Return the notices of an application that were neither ended nor withdrawn."""
    query = select(Notice).where(Notice.application_id == application_id, Notice.kind.in_(kinds), Notice.status.in_(UP))
    return (await db.execute(query)).scalars().all()


async def list_due(db: ReadSession, on: date, *, limit: int) -> Sequence[UUID]:
    """Return the notices whose last day has passed and that nobody objected to, longest over first: of opinions, and of
    awards that were stopped."""
    query = (
        select(Notice.id)
        .where(Notice.status == written_out(Status.POSTED), Notice.ends_on.is_not(None))
        .where(Notice.ends_on < on)
        .order_by(Notice.ends_on, Notice.id)
        .limit(limit)
    )
    return (await db.execute(query)).scalars().all()


async def claim_due(db: ReadSession, notice_id: UUID, on: date) -> Notice | None:
    """Return a notice that is still due, with its application locked; None when it is not, or another is at it.

    The application is locked first, as everywhere, and the notice read by a statement of its own: one statement for
    both would show the notice as it was before whoever held the lock last had finished.
    """
    lock = (
        select(Application.id)
        .join(Notice, Notice.application_id == Application.id)
        .where(Notice.id == notice_id)
        .with_for_update(of=Application, skip_locked=True)
    )
    if (await db.execute(lock)).scalar_one_or_none() is None:
        return None
    query = select(Notice).where(Notice.id == notice_id, Notice.status == Status.POSTED, Notice.ends_on < on)
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def list_objections(db: ReadSession, actor: Actor, notice_ids: Sequence[UUID]) -> Sequence[Objection]:
    """Return the objections to some notices, oldest first; none for roles that neither decide nor supervise.

    A village helper is a neighbour: who objected, and in what words, is not for him; nor for a close relative of the
    household.
    """
    if actor.role not in READERS or not notice_ids:
        return ()
    query = select(Objection).join(Notice, Notice.id == Objection.notice_id).order_by(Objection.id)
    query = query.where(Notice.id.in_(notice_ids), ~is_kept_from(actor.id, Notice.application_id))
    return (await db.execute(query)).scalars().all()


async def get_objection(db: ReadSession, actor: Actor, objection_id: UUID) -> Objection:
    """Return one objection to a notice of the actor's.

    Raises:
        ObjectionNotFound: there is none, or it is not theirs to see.
        ConflictOfInterest: it was made to a notice of a close relative of who asks.
    """
    seen = visible_to(actor).with_only_columns(Notice.id)
    query = select(Objection, Notice.application_id).join(Notice, Notice.id == Objection.notice_id)
    row = (await db.execute(query.where(Objection.id == objection_id, Notice.id.in_(seen)))).one_or_none()
    if row is None:
        raise ObjectionNotFound
    objection, application_id = row
    await refuse_relative(db, actor, application_id)
    return objection


async def find_objection(db: ReadSession, number: str) -> Objection | None:
    """Return the objection that has a number."""
    return (await db.execute(select(Objection).where(Objection.number == number))).scalar_one_or_none()


def notices_about(application_ids: Collection[UUID]) -> Select[UUID]:
    """Select the notices of some applications, for what hangs on them."""
    return select(Notice.id).where(Notice.application_id.in_(application_ids))
