"""Reads of promises. Whoever asks has read the application, which says whether he may."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import exists, or_, select, update

from app.applications.errors import PromiseNotFound
from app.applications.promise_lifecycle import WAS_BROKEN, Status
from app.applications.promise_models import Promise
from app.core.db import ReadSession, WriteSession


async def list_promises(db: ReadSession, application_id: UUID) -> Sequence[Promise]:
    """Return all promises of a case, oldest first."""
    query = select(Promise).where(Promise.application_id == application_id).order_by(Promise.id)
    return (await db.execute(query)).scalars().all()


async def get_promise(db: ReadSession, application_id: UUID, promise_id: UUID) -> Promise:
    """Return one of a case that is locked already: freshly read.

    Raises:
        PromiseNotFound: there is none in this case.
    """
    query = select(Promise).where(Promise.id == promise_id, Promise.application_id == application_id)
    found = (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()
    if found is None:
        raise PromiseNotFound
    return found


async def find_live(db: ReadSession, application_id: UUID, member_id: UUID, kind: str) -> Promise | None:
    """Return the promise that stands for a paper about a member."""
    query = select(Promise).where(
        Promise.application_id == application_id,
        Promise.member_id == member_id,
        Promise.kind == kind,
        Promise.status == Status.PROMISED,
    )
    return (await db.execute(query)).scalar_one_or_none()


async def has_promise(db: ReadSession, application_id: UUID, status: Status, kinds: Collection[str] = ()) -> bool:
    """Say whether a case has a promise of a status; `kinds`: for one of these papers."""
    query = select(Promise.id).where(Promise.application_id == application_id, Promise.status == status)
    if kinds:
        query = query.where(Promise.kind.in_(kinds))
    return bool(await db.scalar(select(query.exists())))


async def broke_one(db: ReadSession, signers: Collection[bytes]) -> bool:
    """Say whether one of these people, by blind index, ever broke a promise, as far as the session sees."""
    query = exists().where(Promise.signer_index.in_(signers), Promise.status.in_(WAS_BROKEN))
    return bool(await db.scalar(select(query)))


async def withdraw_promises_of(db: WriteSession, member_id: UUID) -> None:
    """End the promises that a member signed, and those about him: a signature is a person's, not a row's."""
    of_him = or_(Promise.member_id == member_id, Promise.signed_by_member_id == member_id)
    await db.execute(
        update(Promise)
        .where(of_him, Promise.status == Status.PROMISED)
        .values(status=Status.WITHDRAWN, withdrawn_at=db.clock.now())
        .execution_options(synchronize_session=False)
    )


async def list_broken(db: ReadSession, application_id: UUID) -> Sequence[Promise]:
    """Return the promises of a case that were broken and are not settled, locked."""
    query = select(Promise).where(Promise.application_id == application_id, Promise.status == Status.BROKEN)
    query = query.order_by(Promise.id).with_for_update().execution_options(populate_existing=True)
    return (await db.execute(query)).scalars().all()
