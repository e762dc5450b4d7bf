"""A worker that does nothing but a night's erasures, one row at a time, and says so after each: for tests that kill it.

Run as `python -m tests.support.one_eraser URL INSTANT`.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from app.core.clock import FixedClock
from app.core.db import Database, WriteSession, make_engine
from app.retention import ERASER_ROLE
from app.retention.jobs import erase_what_is_due
from tests.support.cleaning import load_models
from tests.support.vaults import self_made_vault


class Telling(Database):
    """Says each commit."""

    @asynccontextmanager
    async def unit_of_work(self, trace: str = "") -> AsyncIterator[WriteSession]:
        async with super().unit_of_work(trace) as db:
            yield db
        print("committed", flush=True)


async def run(url: str, now: datetime) -> None:
    """Do one night."""
    database = Telling(make_engine(url, 1, role=ERASER_ROLE), FixedClock(now), self_made_vault())
    await erase_what_is_due(database, batch=1)


if __name__ == "__main__":
    load_models()
    asyncio.run(run(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
