"""Taking a key, finding what was answered, forgetting what is old."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.expression import UpdateBase

from app.core.db import ReadSession, WriteSession
from app.core.outages import SUSPECTS, sqlstate_of
from app.core.prepared import Prepared, asked
from app.idempotency.errors import FirstStillRunning
from app.idempotency.models import KeptAnswer

_LOCK_NOT_AVAILABLE = "55P03"
_WAIT = "2s"  # how long a second request waits for the first to end


def _taking() -> UpdateBase:
    # One round trip: how long to wait is set by what the row is selected from, and set back by what it returns.
    waiting = select(func.set_config("lock_timeout", _WAIT, True)).cte("waiting").prefix_with("MATERIALIZED")
    names = ("scope", "id", "request", "kept_at")
    values = [asked(name, KeptAnswer.__table__.c[name].type) for name in names]
    return (
        insert(KeptAnswer)
        .from_select(list(names), select(*values).select_from(waiting))
        .on_conflict_do_nothing(index_elements=[KeptAnswer.scope])
        .returning(KeptAnswer.id, func.set_config("lock_timeout", "0", True))
    )


_TAKE = Prepared(_taking())
_KEEP = Prepared(update(KeptAnswer).where(KeptAnswer.scope == asked("key")), ("status", "answer_sealed"))


async def take_key(db: WriteSession, scope: bytes, row: UUID, request: bytes) -> bool:
    """Insert the key and say whether it was free; waits for a first request that still runs.

    Raises:
        FirstStillRunning: it did not end in time.
    """
    try:
        return bool(await db.fetch(_TAKE, scope=scope, id=row, request=request, kept_at=db.clock.now()))
    except SUSPECTS as error:
        if sqlstate_of(error) == _LOCK_NOT_AVAILABLE:
            raise FirstStillRunning(retry_after=1) from None
        raise


async def keep_answer(db: WriteSession, scope: bytes, status: int, answer_sealed: bytes) -> None:
    """Keep what the first request of a key was answered."""
    await db.fetch(_KEEP, key=scope, status=status, answer_sealed=answer_sealed)


async def get_answer(db: ReadSession, scope: bytes) -> KeptAnswer:
    """Return what a key that is taken was answered."""
    return (await db.execute(select(KeptAnswer).where(KeptAnswer.scope == scope))).scalar_one()


async def delete_older_than(db: WriteSession, instant: datetime) -> None:
    """Forget answers kept before an instant."""
    await db.execute(delete(KeptAnswer).where(KeptAnswer.kept_at < instant))
