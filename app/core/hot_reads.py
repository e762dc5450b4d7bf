"""Reads asked so often that the mapper is left out: one statement, one round trip, over asyncpg itself.

A mapped read opens a transaction, makes objects and ends the transaction: three round trips and ten times the work of
the statement.
"""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.core.outages import connect
from app.core.prepared import Prepared

_PATIENCE = 5.0  # seconds for a connection; then the edge answers 503, as for any other read


class HotRead(Prepared):
    """A prepared statement that reads no more than the role of hot reads may."""


class HotPool:
    """Connections for hot reads: outside any transaction, and unable to write.

    asyncpg's own pool undoes settings, listeners and locks after every use, by a round trip; a hot read leaves none.
    """

    def __init__(self, url: str, size: int, settings: dict[str, str]) -> None:
        self._url = url
        self._settings = {**settings, "default_transaction_read_only": "on"}
        self._idle: list[asyncpg.Connection] = []
        self._places = asyncio.Semaphore(size)

    async def fetch(self, read: HotRead, given: dict[str, Any]) -> Sequence[asyncpg.Record]:
        """Run a read.

        Raises:
            sqlalchemy.exc.TimeoutError: no connection was free in time.
            DatabaseAway: none could be made.
        """
        await self._wait_for_place()
        try:
            connection = await self._connection()
            try:
                rows: Sequence[asyncpg.Record] = await connection.fetch(read.text, *read.values(given))
            except BaseException:
                connection.terminate()  # cancelled, or broken: whatever still comes over it is nobody's answer
                raise
            self._idle.append(connection)
            return rows
        finally:
            self._places.release()

    async def close(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.pop().close()

    async def _wait_for_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._places.acquire()
        except TimeoutError:
            raise PoolTimeout("no connection for a hot read was free in time") from None

    async def _connection(self) -> asyncpg.Connection:
        """Return the connection used last, which is the most likely to be warm, or a new one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        connection = await connect(self._url, server_settings=self._settings)
        # As the mapper's connections read it.
        await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=json.dumps, decoder=json.loads)
        return connection
