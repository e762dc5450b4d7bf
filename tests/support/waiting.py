"""Races that are told step by step: one transaction goes on once another stands behind its lock."""

import asyncio
from typing import Any

from sqlalchemy import text

from app.core.db import Database

# Of this database alone: beside it others are tested in the same server.
_WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted "
    "AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)
_PATIENCE = 60.0  # seconds; then the race did not come about


async def until_it_waits(database: Database, rival: "asyncio.Task[Any]") -> None:
    """Let another transaction go on until it waits for a lock, or is done without."""
    async with asyncio.timeout(_PATIENCE):
        while not rival.done():
            async with database.reading() as db:
                if await db.scalar(_WAITING):
                    return
            await asyncio.sleep(0)
