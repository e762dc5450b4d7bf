"""Reads and writes of keys and runs, and the statements that look into every table with sealed columns."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from app.core.crypto import GENERAL
from app.core.db import ReadSession, WriteSession
from app.keys.models import DataKeyRecord, Resealing
from app.keys.targets import Target
from app.reference.models import Division


async def list_keys(db: ReadSession, division: str | None = None) -> Sequence[DataKeyRecord]:
    """Return all keys, or those of one division, oldest first."""
    query = select(DataKeyRecord).order_by(DataKeyRecord.division, DataKeyRecord.created_at, DataKeyRecord.id)
    if division is not None:
        query = query.where(DataKeyRecord.division == division)
    return (await db.execute(query)).scalars().all()


async def lock_keys(db: WriteSession, division: str) -> Sequence[DataKeyRecord]:
    """Return the keys of one division, oldest first, held against others."""
    query = (
        select(DataKeyRecord)
        .where(DataKeyRecord.division == division)
        .order_by(DataKeyRecord.created_at, DataKeyRecord.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await db.execute(query)).scalars().all()


async def divisions_without_key(db: ReadSession) -> Sequence[str]:
    """Return the counties, and GENERAL, that have no active key."""
    county = func.substr(Division.code, 1, 6)
    known = select(DataKeyRecord.division).where(DataKeyRecord.replaced_at.is_(None))
    # Townships, too: some prefectures have no counties, and their townships' first six digits stand for one.
    query = select(county).distinct().where(Division.level.in_(("county", "township")), county.not_in(known))
    missing = list((await db.execute(query)).scalars())
    if not (await db.execute(select(known.where(DataKeyRecord.division == GENERAL).exists()))).scalar_one():
        missing.append(GENERAL)
    return sorted(missing)


async def add_first_keys(db: WriteSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert first keys; where another process was faster, its key stays."""
    statement = insert(DataKeyRecord).on_conflict_do_nothing(
        index_elements=[DataKeyRecord.division], index_where=DataKeyRecord.replaced_at.is_(None)
    )
    await db.execute(statement, list(rows))


async def open_run(db: WriteSession, run: Mapping[str, Any]) -> None:
    """Insert a run, unless the division has one that is not finished."""
    statement = (
        insert(Resealing)
        .values(**run)
        .on_conflict_do_nothing(index_elements=[Resealing.division], index_where=Resealing.finished_at.is_(None))
    )
    await db.execute(statement)


async def list_runs(db: ReadSession) -> Sequence[Resealing]:
    """Return the runs that are not finished, in the order in which they began."""
    query = select(Resealing).where(Resealing.finished_at.is_(None)).order_by(Resealing.started_at, Resealing.id)
    return (await db.execute(query)).scalars().all()


async def take_run(db: WriteSession, run_id: UUID) -> Resealing | None:
    """Return an open run for this transaction alone; None while another worker has it."""
    query = (
        select(Resealing)
        .where(Resealing.id == run_id, Resealing.finished_at.is_(None))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await db.execute(query)).scalar_one_or_none()


def _stale(target: Target, key_id: UUID) -> ColumnElement[bool]:
    """Say which rows have a value that lies under another key, or is still in clear."""
    stale: list[ColumnElement[bool]] = []
    for column, declared in target.columns:
        stale.append(func.substring(column, 2, 16) != key_id.bytes)
        if declared.clear is not None:
            stale.append(target.table.c[declared.clear].is_not(None))
    return or_(*stale)


def _within(target: Target, division: str) -> ColumnElement[bool]:
    return literal(True) if target.division is None else target.table.c[target.division] == division


async def take_stale_rows(
    db: WriteSession, target: Target, division: str, key_id: UUID, *, after: Any, limit: int
) -> Sequence[Any]:
    """Return the next rows by primary key that are not wholly under the key, locked.

    Rows that somebody else holds are passed over, and met in the next round: a run never waits for a request, and so
    never makes a deadlock with one.
    """
    query = (
        select(*target.needed)
        .where(_within(target, division), _stale(target, key_id))
        .order_by(target.key)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    if after is not None:
        query = query.where(target.key > after)
    return (await db.execute(query)).all()


async def replace_values(
    db: WriteSession, target: Target, key: Any, old: Mapping[str, Any], new: Mapping[str, Any]
) -> bool:
    """Write `new` into one row if its columns still hold `old`; says whether they did."""
    same = [target.table.c[name].is_not_distinct_from(value) for name, value in old.items()]
    statement = update(target.table).where(target.key == key, *same).values(**new)
    return bool((await db.execute(statement)).rowcount)  # type: ignore[attr-defined]


async def anything_stale(db: ReadSession, target: Target, division: str, key_id: UUID) -> bool:
    """Say whether any value is not under the key."""
    query = select(exists().where(_within(target, division), _stale(target, key_id)))
    return bool((await db.execute(query)).scalar_one())


async def anything_under(db: ReadSession, target: Target, key_id: UUID) -> bool:
    """Say whether any value, of whatever division, is under the key."""
    under = or_(*(func.substring(column, 2, 16) == key_id.bytes for column, _ in target.columns))
    return bool((await db.execute(select(exists().where(under)))).scalar_one())


async def divisions_in_clear(db: ReadSession, target: Target) -> Sequence[str]:
    """Return the divisions of rows that hold something in clear that is to be sealed."""
    clear = [declared.clear for _, declared in target.columns if declared.clear is not None]
    if not clear:
        return ()
    division = target.table.c[target.division] if target.division is not None else literal(GENERAL)
    query = select(division).distinct().where(or_(*(target.table.c[name].is_not(None) for name in clear)))
    return (await db.execute(query)).scalars().all()


async def keys_in_use(db: ReadSession, target: Target) -> Sequence[tuple[str, UUID]]:
    """Return under which keys a table's values lie, with the division each of them belongs to."""
    division = target.table.c[target.division] if target.division is not None else literal(GENERAL)
    found: set[tuple[str, UUID]] = set()
    for column, _ in target.columns:
        key = func.substring(column, 2, 16)
        query = select(division, key).where(column.is_not(None)).distinct()
        found.update((where, UUID(bytes=bytes(each))) for where, each in (await db.execute(query)).all())
    return sorted(found)


async def this_transaction(db: WriteSession) -> int:
    """Return the number of the present transaction."""
    return int((await db.execute(text("SELECT pg_current_xact_id()::text::bigint"))).scalar_one())


async def oldest_running(db: ReadSession) -> int:
    """Return the number of the oldest transaction that still runs; all below have ended."""
    query = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int((await db.execute(query)).scalar_one())


async def retire_replaced(db: WriteSession, division: str, now: datetime) -> None:
    """Retire the keys of a division that a later one replaced."""
    statement = (
        update(DataKeyRecord)
        .where(
            DataKeyRecord.division == division,
            DataKeyRecord.replaced_at.is_not(None),
            DataKeyRecord.retired_at.is_(None),
        )
        .values(retired_at=now)
    )
    await db.execute(statement)
