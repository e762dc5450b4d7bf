"""Forgetting old answers."""

from datetime import timedelta

from app.core.db import Database
from app.idempotency.queries import delete_older_than

KEPT_FOR = timedelta(days=30)


async def forget_old_answers(database: Database) -> None:
    """Delete answers kept longer than 30 days; their keys may be used anew."""
    async with database.unit_of_work() as db:
        await delete_older_than(db, db.clock.now() - KEPT_FOR)
