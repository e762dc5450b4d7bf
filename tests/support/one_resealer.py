"""A worker that does nothing but seal anew, one row at a time, and says so after each: for tests that kill it.

Run as `python -m tests.support.one_resealer URL INSTANT`.
"""

import asyncio
import sys
from datetime import datetime

from app.core.clock import FixedClock
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.keys import KEYS_ROLE
from app.keys.jobs import reseal_batch
from app.keys.loading import load_keys
from app.keys.queries import list_runs
from tests.support.cleaning import load_models
from tests.support.vaults import reading_vault


async def run(url: str, now: datetime) -> None:
    """Take the open run as far as it goes."""
    clock = FixedClock(now)
    database = Database(make_engine(url, 1, role=KEYS_ROLE), clock, reading_vault(clock), reach=EVERYTHING)
    await load_keys(database)
    async with database.reading() as db:
        [open_run] = await list_runs(db)
    while await reseal_batch(database, open_run.id, limit=1):
        print("batch", flush=True)


if __name__ == "__main__":
    load_models()
    asyncio.run(run(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
