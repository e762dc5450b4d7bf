"""Bringing the data keys into memory, at start and ever again, so that no process meets a key it does not know.

A new key is announced `PROPAGATION` before it is used, and every process reads the table every `EVERY`: each has seen
it twice over before the first value lies under it. A key that is met all the same (a process that could not reach the
database meanwhile) is refused with "try again in a second", and the table is read at once.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from app.core.crypto import DataKey, Suite
from app.core.crypto.suites import aead
from app.core.db import Database
from app.keys.commands import context_of, make_first_keys
from app.keys.models import DataKeyRecord
from app.keys.queries import list_keys

PROPAGATION = timedelta(seconds=60)
EVERY = 20.0
_AT_MOST_EVERY = 0.5  # seconds: a value under a key that nobody has must not turn every request into a reading


async def open_vault(database: Database) -> None:
    """Make a first key for every county that has none, and read all keys. Called once where a process is built.

    Raises:
        KekUnknown: the installation was not given the key-encryption key of a data key.
    """
    async with database.unit_of_work() as db:
        await make_first_keys(db)
    await load_keys(database)


async def load_keys(database: Database) -> None:
    """Read the table of keys; only those not held yet are unwrapped.

    Raises:
        KekUnknown: the installation was not given the key-encryption key of a data key.
    """
    vault = database.vault
    async with database.reading() as db:
        rows = await list_keys(db)
    held = vault.keys.held()
    vault.keys.replace([await _read(database, row, held.get(row.id)) for row in rows])


async def _read(database: Database, row: DataKeyRecord, held: DataKey | None) -> DataKey:
    suite = Suite(row.suite)
    cipher = held.cipher if held is not None else None
    if row.destroyed_at is not None:
        cipher = None
    elif cipher is None:
        context = context_of(row.id, row.division, suite)
        cipher = aead(suite, await database.vault.provider.unwrap(row.wrapped, context))
    return DataKey(row.id, row.division, suite, row.usable_from, row.retired_at is not None, cipher)


async def keep_loaded(database: Database, stop: asyncio.Event, every: float = EVERY) -> None:
    """Read the keys again and again until told to stop, and at once when one was wanted that is not held."""
    wanted = database.vault.keys.wanted
    while not stop.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(_first_of(stop, wanted), every)
        if stop.is_set():
            return
        wanted.clear()
        try:
            await load_keys(database)
        except Exception as error:  # whatever it is: the keys that are held go on being used, and it is tried again
            structlog.get_logger().warning("keys not read", error_type=type(error).__name__)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _AT_MOST_EVERY)


async def _first_of(*events: asyncio.Event) -> None:
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()


@contextlib.asynccontextmanager
async def vault_opened(database: Database) -> AsyncIterator[None]:
    """Hold the keys, up to date, for as long as the block runs."""
    await open_vault(database)
    stop = asyncio.Event()
    keeping = asyncio.create_task(keep_loaded(database, stop))
    try:
        yield
    finally:
        stop.set()
        await keeping
