"""Counting up, counting down, forgetting: one statement each."""

from datetime import datetime

from sqlalchemy import case, delete, update
from sqlalchemy.dialects.postgresql import insert

from app.core.db import WriteSession
from app.limits.models import LimitCount


async def count_use(db: WriteSession, key: bytes, now: datetime, ends_at: datetime) -> tuple[int, datetime]:
    """Count one more use, in a new window where the last one is over; returns the count and the window's end."""
    anew = LimitCount.ends_at <= now
    statement = insert(LimitCount).values(key=key, used=1, ends_at=ends_at)
    statement = statement.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "used": case((anew, 1), else_=LimitCount.used + 1),
            "ends_at": case((anew, ends_at), else_=LimitCount.ends_at),
        },
    )
    row = (await db.execute(statement.returning(LimitCount.used, LimitCount.ends_at))).one()
    return row[0], row[1]


async def uncount_use(db: WriteSession, key: bytes) -> None:
    """Take one use off a count."""
    await db.execute(
        update(LimitCount).where(LimitCount.key == key, LimitCount.used > 0).values(used=LimitCount.used - 1)
    )


async def delete_ended(db: WriteSession, now: datetime) -> None:
    """Forget windows that are over."""
    await db.execute(delete(LimitCount).where(LimitCount.ends_at <= now))
