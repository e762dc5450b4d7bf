"""Claims as rows: whose they are, and taking many at once."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import ARRAY, LargeBinary, String, Uuid, func, select
from sqlalchemy.dialects.postgresql import insert

from app.applications.models import Application, Claim
from app.core.db import ReadSession, WriteSession
from app.core.prepared import Prepared, asked


async def list_claims(db: ReadSession, application_id: UUID) -> Sequence[Claim]:
    """Return what an application claims."""
    return (await db.execute(select(Claim).where(Claim.application_id == application_id))).scalars().all()


_keys = func.unnest(asked("keys", ARRAY(LargeBinary))).column_valued("key")
_CLAIM = Prepared(
    insert(Claim)
    .from_select(
        ["kind", "key", "application_id", "county"],
        select(asked("kind", String), _keys, asked("application_id", Uuid), asked("county", String)),
    )
    .on_conflict_do_nothing()
    .returning(Claim.key)
)


async def take_claims(db: WriteSession, application: Application, kind: str, keys: Iterable[bytes]) -> bool:
    """Claim all `keys` for an application, in one statement, and say whether all are its own now.

    Where another transaction has just claimed one, this waits until that has ended. Sorted, so that two households that
    share people wait for each other in one order and cannot deadlock.
    """
    wanted = sorted(keys)
    taken = await db.fetch(_CLAIM, kind=kind, keys=wanted, application_id=application.id, county=application.county)
    rest = set(wanted) - {key for (key,) in taken}
    if not rest:
        return True
    owners = select(Claim.application_id).where(Claim.kind == kind, Claim.key.in_(rest))
    return set((await db.scalars(owners)).all()) == {application.id}
