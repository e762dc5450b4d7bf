"""Sealing anew: all values of a division are brought under its active key, in small transactions, while work goes on.

A batch and the place it ended at are one transaction: a killed worker, or another one, goes on where the last batch
stopped. Rows are locked only where nobody holds them, and overwritten only where they still hold what was read.

A run goes round after round. At the end of a round it waits until every transaction has ended that ran at that time
(one of them may have sealed under the old key, or be copying an old value), then looks whether anything is left. Only
when nothing is left are the keys before retired.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import LargeBinary
from sqlalchemy.exc import SQLAlchemyError

from app.audit.commands import record_act
from app.core.crypto import DataKey, DataKeys, KeyUnknown, ValueErased, Vault
from app.core.db import Base, Database, WriteSession
from app.identity.actors import SYSTEM
from app.keys.commands import begin_resealing
from app.keys.loading import load_keys
from app.keys.models import Resealing
from app.keys.queries import (
    anything_stale,
    divisions_in_clear,
    list_runs,
    oldest_running,
    replace_values,
    retire_replaced,
    take_run,
    take_stale_rows,
    this_transaction,
)
from app.keys.targets import Target, targets, targets_of

BATCH = 200


async def seal_what_is_clear(database: Database) -> None:
    """Begin a run for every division with rows from before a column was sealed."""
    async with database.unit_of_work() as db:
        for target in targets(Base.metadata):
            for division in await divisions_in_clear(db, target):
                await begin_resealing(db, division)


async def reseal(database: Database) -> None:
    """Take every open run as far as it goes now."""
    async with database.reading() as db:
        runs = [(run.id, run.division) for run in await list_runs(db)]
    if runs:
        await load_keys(database)
    for run_id, division in runs:
        try:
            while await reseal_batch(database, run_id):
                pass
        except (SQLAlchemyError, KeyUnknown) as error:  # the next sweep goes on with it; others must not wait for it
            log = structlog.get_logger()
            log.warning("resealing interrupted", subject=division, error_type=type(error).__name__)


async def reseal_batch(database: Database, run_id: UUID, limit: int = BATCH) -> bool:
    """Do the next piece of a run; says whether there is more to do now."""
    async with database.unit_of_work() as db:
        run = await take_run(db, run_id)
        if run is None:
            return False
        key = db.vault.key_for(run.division)
        if not _is_newest(db.vault.keys, key):  # announced, and not in use yet
            return False
        if run.barrier is not None:
            return await _end_round(db, run, key)
        target = _next_target(run)
        if target is None:
            run.barrier = await this_transaction(db)
            return True
        await _reseal_rows(db, run, target, key, limit)
        return True


def _is_newest(keys: DataKeys, key: DataKey) -> bool:
    return all(
        other.usable_from <= key.usable_from
        for other in keys.held().values()
        if other.division == key.division and not other.retired
    )


def _next_target(run: Resealing) -> Target | None:
    """Return the table the run stands at: the one it is in the middle of, or the next by name."""
    for target in targets_of(Base.metadata, run.division):
        name = target.table.name
        if name > run.table_name or (name == run.table_name and run.after is not None):
            return target
    return None


async def _reseal_rows(db: WriteSession, run: Resealing, target: Target, key: DataKey, limit: int) -> None:
    after = _read_mark(target, run.after) if run.table_name == target.table.name else None
    rows = await take_stale_rows(db, target, run.division, key.id, after=after, limit=limit)
    for row in rows:
        try:
            old, new = _values_of(db.vault, target, row, key.id)
        except (InvalidTag, KeyUnknown, ValueErased):  # damaged, or of a key nobody has: a person has to look
            run.unreadable += 1
            continue
        if await replace_values(db, target, getattr(row, target.key.name), old, new):
            run.resealed += 1
            run.total += 1
    run.table_name = target.table.name
    run.after = _write_mark(getattr(rows[-1], target.key.name)) if len(rows) == limit else None


def _values_of(vault: Vault, target: Target, row: Any, key_id: UUID) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return what the stale columns of a row hold, and what they shall hold."""
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for column, declared in target.columns:
        sealed, clear = getattr(row, column.name), declared.clear and getattr(row, declared.clear)
        bound, row_id = declared.bound_as(column), getattr(row, declared.row)
        if clear is not None and declared.clear is not None:
            text = declared.text_of(clear) if sealed is None else vault.open(bound, row_id, sealed)
            old[declared.clear], new[declared.clear] = clear, None
            if declared.index is not None:
                owner = getattr(row, declared.index.owner)
                new[declared.index.column] = vault.owners_index(declared.index.name, owner, text)
        elif sealed is None or sealed[1:17] == key_id.bytes:
            continue
        else:
            text = vault.open(bound, row_id, sealed)
        old[column.name] = sealed
        new[column.name] = vault.seal(bound, row_id, text, division=declared.division_of(row))
    return old, new


async def _end_round(db: WriteSession, run: Resealing, key: DataKey) -> bool:
    assert run.barrier is not None
    if await oldest_running(db) <= run.barrier:
        return False
    places = targets_of(Base.metadata, run.division)
    left = [target for target in places if await anything_stale(db, target, run.division, key.id)]
    now = db.clock.now()
    if not left:
        await retire_replaced(db, run.division, now)
        await record_act(
            db, SYSTEM, "keys.retire", "data_key", key.id, county=run.division, resealed=run.total, rounds=run.round
        )
    if not left or (run.unreadable and not run.resealed):
        run.finished_at = now
        if left:  # the keys before are not retired: nothing is lost by waiting
            structlog.get_logger().error("values cannot be opened", subject=run.division, count=run.unreadable)
        return False
    moved = run.resealed > 0
    run.round, run.table_name, run.after, run.barrier = run.round + 1, "", None, None
    run.resealed = run.unreadable = 0
    return moved  # rows that others hold are left for the next sweep


def _write_mark(key: Any) -> str:
    return key.hex() if isinstance(key, bytes) else str(key)


def _read_mark(target: Target, mark: str | None) -> Any:
    if mark is None:
        return None
    return bytes.fromhex(mark) if isinstance(target.key.type, LargeBinary) else UUID(mark)
