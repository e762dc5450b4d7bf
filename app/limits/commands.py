"""Using a limit that is kept in the database, and giving a use back.

Each is a transaction of its own, committed before the request goes on: a request that is refused or undone has counted.
Its connection is one set aside, so that a request that holds one already cannot wait for itself.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from app.core.db import Database
from app.limits.policies import Policy
from app.limits.queries import count_use, delete_ended, uncount_use


@dataclass(frozen=True)
class Standing:
    """How a limit stands after a use: `remaining` uses in the next `seconds`; `refused` when this one was too many."""

    policy: Policy
    quota: int
    remaining: int
    seconds: int
    refused: bool


async def use_limit(database: Database, policy: Policy, partition: str, quota: int) -> Standing:
    """Count one use and say how the limit stands. What was refused counts too, but does not lengthen the window."""
    async with database.aside() as db:
        now = db.clock.now()
        used, ends_at = await count_use(db, _key(database, policy, partition), now, now + policy.length)
    return Standing(policy, quota, max(0, quota - used), _seconds(now, ends_at), refused=used > quota)


async def give_back(database: Database, policy: Policy, partition: str) -> None:
    """Undo a use that costs nothing after all."""
    async with database.aside() as db:
        await uncount_use(db, _key(database, policy, partition))


async def forget_ended_windows(database: Database) -> None:
    """Delete the counters of windows that are over."""
    async with database.unit_of_work() as db:
        await delete_ended(db, db.clock.now())


def _key(database: Database, policy: Policy, partition: str) -> bytes:
    return database.vault.index("limit_counts." + policy.name, partition)


def _seconds(now: datetime, ends_at: datetime) -> int:
    return max(1, math.ceil((ends_at - now).total_seconds()))
