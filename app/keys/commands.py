"""Keys made, replaced, wrapped anew, destroyed."""

from datetime import timedelta
from uuid import UUID

from app.audit.commands import record_act
from app.core.crypto import Suite
from app.core.crypto.suites import fresh_key
from app.core.db import Base, WriteSession
from app.core.ids import new_id
from app.identity.actors import SYSTEM
from app.keys.errors import KeyStillInUse, NoSuchDivision, NothingToDestroy, RotationUnderWay
from app.keys.models import DataKeyRecord
from app.keys.queries import (
    add_first_keys,
    anything_under,
    divisions_without_key,
    list_keys,
    list_runs,
    lock_keys,
    open_run,
)
from app.keys.targets import targets


def context_of(key_id: UUID, division: str, suite: Suite) -> bytes:
    """Return what a wrapped key is bound to: put into another row, it does not unwrap."""
    return key_id.bytes + division.encode() + bytes([suite])


async def make_first_keys(db: WriteSession) -> int:
    """Make a key for each county that has none, and the general one, usable at once: nobody can have used another."""
    now, suite = db.clock.now(), db.vault.suite
    rows = []
    for division in await divisions_without_key(db):
        key_id = new_id()
        wrapped = await db.vault.provider.wrap(suite, fresh_key(suite), context_of(key_id, division, suite))
        rows.append(
            {"id": key_id, "division": division, "suite": suite.value, "wrapped": wrapped}
            | {"created_at": now, "usable_from": now}
        )
    if rows:
        await add_first_keys(db, rows)
    return len(rows)


async def rotate_key(db: WriteSession, division: str, announce: timedelta) -> DataKeyRecord:
    """Announce a new key for a division, to be used after `announce`, and begin to seal its values anew under it.

    Raises:
        NoSuchDivision: it has no keys.
        RotationUnderWay: the last one is not finished.
    """
    keys = await lock_keys(db, division)
    if not keys:
        raise NoSuchDivision
    if any(run.division == division for run in await list_runs(db)):
        raise RotationUnderWay
    now, suite, key_id = db.clock.now(), db.vault.suite, new_id()
    for key in keys:
        key.replaced_at = key.replaced_at or now
    await db.flush()  # before the new one: only one may be active
    wrapped = await db.vault.provider.wrap(suite, fresh_key(suite), context_of(key_id, division, suite))
    row = DataKeyRecord(
        id=key_id, division=division, suite=suite.value, wrapped=wrapped, created_at=now, usable_from=now + announce
    )
    db.add(row)
    await db.flush()
    await begin_resealing(db, division)
    await record_act(db, SYSTEM, "keys.rotate", "data_key", key_id, county=division)
    return row


async def begin_resealing(db: WriteSession, division: str) -> None:
    """Have all values of a division brought under its active key; one run a division, which a second call joins."""
    await open_run(
        db,
        {"id": new_id(), "division": division, "started_at": db.clock.now(), "round": 1, "table_name": ""}
        | {"resealed": 0, "unreadable": 0, "total": 0},
    )


async def destroy_keys(db: WriteSession, division: str) -> int:
    """Destroy the retired keys of a division: whatever still lies under them, in dead rows or copies, is erased.

    Copies of the database made before hold the wrapped key, too: they are erased when the key-encryption key of that
    time is destroyed as well (`wrap_anew`, then take the old one away from the key provider).

    Raises:
        NothingToDestroy: no key of the division is retired.
        KeyStillInUse: a live row lies under one.
    """
    retired = [k for k in await lock_keys(db, division) if k.retired_at is not None and k.destroyed_at is None]
    if not retired:
        raise NothingToDestroy
    for key in retired:
        for target in targets(Base.metadata):
            if await anything_under(db, target, key.id):
                raise KeyStillInUse
        key.wrapped, key.destroyed_at = b"", db.clock.now()
        await record_act(db, SYSTEM, "keys.destroy", "data_key", key.id, county=division)
    await db.flush()
    return len(retired)


async def wrap_anew(db: WriteSession) -> int:
    """Wrap every data key under the provider's present key-encryption key; the values stay as they are."""
    count = 0
    for row in await list_keys(db):
        if row.destroyed_at is None:
            suite, provider = Suite(row.suite), db.vault.provider
            context = context_of(row.id, row.division, suite)
            row.wrapped = await provider.wrap(suite, await provider.unwrap(row.wrapped, context), context)
            count += 1
    await db.flush()
    return count
