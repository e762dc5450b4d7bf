"""Taking a key, finding what was answered, forgetting what is old."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from app.core.db import ReadSession, WriteSession
from app.idempotency.errors import FirstStillRunning
from app.idempotency.models import KeptAnswer

_LOCK_NOT_AVAILABLE = "55P03"
_WAIT = "2s"  # how long a second request waits for the first to end


async def take_key(db: WriteSession, scope: bytes, row: UUID, request: bytes) -> bool:
    """Insert the key and say whether it was free; waits for a first request that still runs.

    Raises:
        FirstStillRunning: it did not end in time.
    """
    statement = (
        insert(KeptAnswer)
        .values(scope=scope, id=row, request=request, kept_at=db.clock.now())
        .on_conflict_do_nothing(index_elements=[KeptAnswer.scope])
        .returning(KeptAnswer.id)
    )
    await db.execute(select(func.set_config("lock_timeout", _WAIT, True)))
    try:
        taken = (await db.execute(statement)).scalar_one_or_none() is not None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
            raise FirstStillRunning(retry_after=1) from None
        raise
    await db.execute(text("SET LOCAL lock_timeout = 0"))
    return taken


async def get_answer(db: ReadSession, scope: bytes) -> KeptAnswer:
    """Return what a key that is taken was answered."""
    return (await db.execute(select(KeptAnswer).where(KeptAnswer.scope == scope))).scalar_one()


async def delete_older_than(db: WriteSession, instant: datetime) -> None:
    """Forget answers kept before an instant."""
    await db.execute(delete(KeptAnswer).where(KeptAnswer.kept_at < instant))
