"""Reads of the evidence, for those who oversee, for citizens about themselves, and for sealing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    exists,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.audit.errors import CheckpointNotFound
from app.audit.models import AuditCheckpoint, AuditKey, AuditLeaf, AuditRecord, AuditTile
from app.audit.purposes import ASKED, SHOWS_THE_HOUSEHOLD
from app.core.db import ReadSession, WriteSession
from app.core.prepared import Prepared
from app.core.reach import EVERYTHING
from app.identity.actors import Actor, Role
from app.reference.divisions import NATION, Level, level_of, scope_of

_READERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_COUNTY_AND_ABOVE = frozenset({Level.PROVINCE, Level.PREFECTURE, Level.COUNTY})
_OLDEST_RUNNING = text("(pg_snapshot_xmin(pg_current_snapshot())::text)::bigint")
_NOT_YET_BEGUN = text("(pg_snapshot_xmax(pg_current_snapshot())::text)::bigint")


_REMEMBERED = "audit records"  # in a session's info
_NO_HAND_IN_IT = ("task.", "conflict.")
_SEALABLE = [column for column in AuditRecord.__table__.columns if column.name != "reason_sealed"]


_UNSAID = {column.name: None for column in AuditRecord.__table__.columns if column.name != "txid"}
_INSERT = Prepared(insert(AuditRecord), _UNSAID)


async def insert_record(db: WriteSession, **values: Any) -> None:
    """Insert a record; what is not said of it is null."""
    _remember(db, values)
    await db.fetch(_INSERT, **{**_UNSAID, **values})


async def insert_records(db: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert several records in one statement; one alone by the prepared one."""
    if len(rows) == 1:
        await insert_record(db, **rows[0])
        return
    _remember(db, *rows)
    await db.execute(insert(AuditRecord).execution_options(render_nulls=True), [{**_UNSAID, **row} for row in rows])


def remember_records(db: ReadSession) -> list[Mapping[str, Any]]:
    """Return a list that fills with what this session puts on record from now on."""
    remembered: list[Mapping[str, Any]] = db.info.setdefault(_REMEMBERED, [])
    return remembered


def _remember(db: ReadSession, *rows: Mapping[str, Any]) -> None:
    remembered = db.info.get(_REMEMBERED)
    if remembered is not None:
        remembered.extend(rows)


async def was_done_since(db: ReadSession, action: str, object_id: UUID, since: datetime) -> bool:
    """Say whether something was done to an object since an instant."""
    done = exists().where(AuditRecord.object_id == object_id, AuditRecord.at >= since, AuditRecord.action == action)
    return bool(await db.scalar(select(done)))


def has_acted(
    person: UUID, application: InstrumentedAttribute[UUID | None], before: InstrumentedAttribute[datetime]
) -> ColumnElement[bool]:
    """Say of rows with an application whether a person did something in that case before the row's instant, whatever
    the stage; looks are no acts, neither is sorting the queue or registering a relative."""
    return exists().where(
        AuditRecord.applications.contains(array([application])),
        AuditRecord.applications != text("'{}'"),
        AuditRecord.actor_id == person,
        ~AuditRecord.look,
        AuditRecord.at < before,
        *(~AuditRecord.action.startswith(room) for room in _NO_HAND_IN_IT),
    )


@dataclass(frozen=True)
class Wanted:
    """What a reader of the audit looks for; None: whatever it is."""

    object_id: UUID | None = None
    actor_id: UUID | None = None
    action: str | None = None
    citizen_id: UUID | None = None
    application_id: UUID | None = None
    purpose: str | None = None
    look: bool | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what a record has to meet."""
        equal = ("object_id", "actor_id", "action", "purpose", "look")
        asked = {name: getattr(self, name) for name in equal if getattr(self, name) is not None}
        found = [getattr(AuditRecord, name) == value for name, value in asked.items()]
        if self.citizen_id is not None:
            found.append(_about_citizen(self.citizen_id))
        if self.application_id is not None:
            found.append(_about_application(self.application_id))
        if self.since is not None:
            found.append(AuditRecord.at >= self.since)
        if self.until is not None:
            found.append(AuditRecord.at < self.until)
        return found


def visible_to(actor: Actor) -> Select[AuditRecord]:
    """Select the records this actor may see: supervisors and administrators, those of their counties.

    Records are kept by county. Below the county nobody reads them: there a part cannot be told from the whole. Those
    without a county (sign-ins, settings) are seen by who oversees everything. A citizen sees the looks at the own data
    here, and what agencies were asked; what was done on the own case is asked by the case, once it is known to be the
    own one.
    """
    query = select(AuditRecord)
    if actor.role is Role.APPLICANT:
        return query.where(_about_citizen(actor.id), or_(AuditRecord.look, AuditRecord.action == ASKED))
    if actor.role not in _READERS or actor.division is None:
        return query.where(false())
    if actor.division == NATION:
        return query
    if level_of(actor.division) not in _COUNTY_AND_ABOVE:
        return query.where(false())
    low, high = scope_of(actor.division)
    return query.where(AuditRecord.county.between(low[:6], high[:6]))


async def list_records(
    db: ReadSession, actor: Actor, wanted: Wanted = Wanted(), *, after: UUID | None = None, limit: int
) -> Sequence[tuple[AuditRecord, int | None]]:
    """Return a page of records, newest first, each with its place in the tree, if it has one yet."""
    query = _placed(visible_to(actor).where(*wanted.conditions()))
    narrowed = replace(db.reach, owner=wanted.citizen_id or db.reach.owner, application=wanted.application_id)
    async with db.reaching(narrowed):
        return await _page(db, query, after, limit)


async def list_on_case(
    db: ReadSession, application_id: UUID, *, after: UUID | None, limit: int
) -> Sequence[tuple[AuditRecord, int | None]]:
    """Return a page of what was done or seen on a case, newest first; whose case it is, is asked before."""
    named = select(AuditRecord).where(_about_application(application_id))
    async with db.reaching(replace(EVERYTHING, application=application_id)):
        return await _page(db, _placed(_found_first(named)), after, limit)


@dataclass(frozen=True)
class AlsoAbout:
    """Where records speak of a citizen without naming her account, which may be younger, as found by the number that
    she proved: the questions that were put about her, and the cases in whose household she is listed."""

    checks: Collection[UUID] = ()
    cases: Collection[UUID] = ()


async def list_looks_at(
    db: ReadSession, actor: Actor, also: AlsoAbout = AlsoAbout(), *, after: UUID | None, limit: int
) -> Sequence[tuple[AuditRecord, int | None]]:
    """Return a page of the looks of staff at a citizen's data, newest first. Of another's case it has the questions
    about her, and the looks at what shows its whole household; what else is looked at in it is not about her."""
    found = list(await _page(db, _placed(_found_first(visible_to(actor))), after, limit))
    if also.checks:
        async with db.wider():
            found += await _page(db, _placed(_asked_under_others(actor, also.checks)), after, limit)
    if also.cases:
        seen = select(AuditRecord).where(
            AuditRecord.applications.overlap([*also.cases]), AuditRecord.applications != text("'{}'"),
            AuditRecord.look, AuditRecord.action.in_(SHOWS_THE_HOUSEHOLD),
        )  # fmt: skip
        async with db.wider():
            found += await _page(db, _placed(_found_first(seen)), after, limit)
    once = {record.id: (record, position) for record, position in found}
    return [once[key] for key in sorted(once, reverse=True)[:limit]]


def _asked_under_others(actor: Actor, checks: Collection[UUID]) -> Select[AuditRecord]:
    """Select that agencies were asked, where no record of it names the citizen's own account."""
    own = aliased(AuditRecord)
    told = exists().where(
        own.object_id == AuditRecord.object_id, own.action == ASKED, own.citizens.contains([actor.id])
    )
    return select(AuditRecord).where(AuditRecord.object_id.in_(checks), AuditRecord.action == ASKED, ~told)


def _found_first(query: Select[AuditRecord]) -> Select[AuditRecord]:
    """Have the few records of one person or case found by their index before anything is ordered: a planner that walks
    down all records by id until it has a page of them would read millions."""
    named = query.with_only_columns(AuditRecord.id).cte("named").prefix_with("MATERIALIZED", dialect="postgresql")
    return select(AuditRecord).join(named, named.c.id == AuditRecord.id)


def _about_citizen(citizen_id: UUID) -> ColumnElement[bool]:
    return AuditRecord.citizens.contains([citizen_id]) & (AuditRecord.citizens != text("'{}'"))


def _about_application(application_id: UUID) -> ColumnElement[bool]:
    return AuditRecord.applications.contains([application_id]) & (AuditRecord.applications != text("'{}'"))


def _placed(query: Select[AuditRecord]) -> Select[Any]:
    return query.outerjoin(AuditLeaf, AuditLeaf.record_id == AuditRecord.id).add_columns(AuditLeaf.position)


async def _page(
    db: ReadSession, query: Select[Any], after: UUID | None, limit: int
) -> Sequence[tuple[AuditRecord, int | None]]:
    query = query.order_by(AuditRecord.id.desc()).limit(limit)
    if after is not None:
        query = query.where(AuditRecord.id < after)
    return [(record, position) for record, position in (await db.execute(query)).all()]


async def find_last_checkpoint(db: ReadSession) -> AuditCheckpoint | None:
    """Return the newest checkpoint."""
    query = select(AuditCheckpoint).order_by(AuditCheckpoint.size.desc()).limit(1)
    return (await db.execute(query)).scalar_one_or_none()


async def get_checkpoint(db: ReadSession, size: int) -> AuditCheckpoint:
    """Return the checkpoint of a tree of `size` leaves.

    Raises:
        CheckpointNotFound: none was signed at that size.
    """
    found = await db.get(AuditCheckpoint, size)
    if found is None:
        raise CheckpointNotFound
    return found


async def list_checkpoints(db: ReadSession, *, after: int, limit: int) -> Sequence[AuditCheckpoint]:
    """Return a page of checkpoints larger than `after`, the smallest first."""
    query = select(AuditCheckpoint).where(AuditCheckpoint.size > after).order_by(AuditCheckpoint.size).limit(limit)
    return (await db.execute(query)).scalars().all()


async def list_keys(db: ReadSession) -> Sequence[AuditKey]:
    """Return the keys that have signed, the latest first."""
    return (await db.execute(select(AuditKey).order_by(AuditKey.since.desc(), AuditKey.id))).scalars().all()


async def list_unsealed(db: ReadSession, last: AuditCheckpoint | None, limit: int) -> Sequence[Row[Any]]:
    """Return committed records that are not in the tree, in the order of their transactions.

    Ids do not follow commit order: a slow transaction would slip in behind a mark. Taken is only what lies below the
    oldest transaction still running. In a server that a dump was restored into, transactions count anew: then the mark
    means nothing until something new is sealed, and what has a number that this server has not reached yet comes from
    the old one, is complete, and goes first.
    """
    query = select(*_SEALABLE).where(~exists().where(AuditLeaf.record_id == AuditRecord.id)).limit(limit)
    if last is not None and await _counts_anew(db, last.last_txid):
        from_before = AuditRecord.txid >= _NOT_YET_BEGUN
        query = query.where(or_(AuditRecord.txid < _OLDEST_RUNNING, from_before)).order_by(from_before.desc())
    else:
        query = query.where(AuditRecord.txid < _OLDEST_RUNNING)
        if last is not None:
            query = query.where(tuple_(AuditRecord.txid, AuditRecord.id) > (last.last_txid, last.last_record_id))
    return (await db.execute(query.order_by(AuditRecord.txid, AuditRecord.id))).all()


async def _counts_anew(db: ReadSession, last_txid: int) -> bool:
    return bool(await db.scalar(select(literal(last_txid, BigInteger) >= _OLDEST_RUNNING)))


async def add_leaves(db: WriteSession, start: int, records: Sequence[UUID], hashes: Sequence[bytes]) -> None:
    """Give records their places, from `start` on."""
    rows = [
        {"position": place, "record_id": record, "hash": each}
        for place, (record, each) in enumerate(zip(records, hashes, strict=True), start=start)
    ]
    await db.execute(insert(AuditLeaf), rows)


async def add_tile(db: WriteSession, level: int, position: int, root: bytes, hashes: bytes) -> None:
    """Keep one whole tile."""
    await db.execute(insert(AuditTile).values(level=level, position=position, root=root, hashes=hashes))


async def add_key(db: WriteSession, key_id: str, verifier_key: str, since: datetime) -> None:
    """Make a signing key's public half known; it may be known already."""
    statement = upsert(AuditKey).values(id=key_id, verifier_key=verifier_key, since=since)
    await db.execute(statement.on_conflict_do_nothing())


async def list_tiles(db: ReadSession, level: int, positions: Collection[int]) -> Sequence[tuple[int, bytes]]:
    """Return the whole tiles among these, with their hashes."""
    query = select(AuditTile.position, AuditTile.hashes)
    query = query.where(AuditTile.level == level, AuditTile.position.in_(positions))
    return [(position, hashes) for position, hashes in (await db.execute(query)).all()]


async def list_edge(db: ReadSession, level: int, start: int, end: int) -> Sequence[bytes]:
    """Return the hashes of one level of tiles, one by one: leaves, or the roots of the tiles below."""
    if level == 0:
        query = select(AuditLeaf.hash).where(AuditLeaf.position >= start, AuditLeaf.position < end)
        query = query.order_by(AuditLeaf.position)
    else:
        query = select(AuditTile.root).where(AuditTile.level == level - 1)
        query = query.where(AuditTile.position >= start, AuditTile.position < end).order_by(AuditTile.position)
    return (await db.execute(query)).scalars().all()


async def list_sealed(db: ReadSession, start: int, limit: int) -> Sequence[Row[Any]]:
    """Return records by their places in the tree, from `start` on, each with `position` and `leaf`; where a record is
    gone, its fields are null."""
    query = (
        select(AuditLeaf.position, AuditLeaf.hash.label("leaf"), *_SEALABLE)
        .outerjoin(AuditRecord, AuditRecord.id == AuditLeaf.record_id)
        .where(AuditLeaf.position >= start)
        .order_by(AuditLeaf.position)
        .limit(limit)
    )
    return (await db.execute(query)).all()


async def list_tail(db: ReadSession) -> Sequence[Row[Any]]:
    """Return all records that have no place in the tree, in the order of their transactions."""
    query = select(*_SEALABLE).where(~exists().where(AuditLeaf.record_id == AuditRecord.id))
    return (await db.execute(query.order_by(AuditRecord.txid, AuditRecord.id))).all()


class LookCount(NamedTuple):
    """How often staff of one role and level looked at a citizen's data in one way, and when for the last time."""

    action: str
    purpose: str | None
    actor_role: str
    actor_level: str | None
    looks: int
    first_at: datetime
    last_at: datetime


async def count_looks_at(db: ReadSession, actor: Actor) -> Sequence[LookCount]:
    """Sum up the looks of staff at a citizen's data, the most frequent first; each stands in `list_looks_at`."""
    looks = _found_first(visible_to(actor)).subquery()
    what = (looks.c.action, looks.c.purpose, looks.c.actor_role, looks.c.actor_level)
    query = select(*what, func.count(), func.min(looks.c.at), func.max(looks.c.at)).group_by(*what)
    rows = await db.execute(query.order_by(func.count().desc(), *what).limit(200))
    return [LookCount._make(row) for row in rows.all()]
