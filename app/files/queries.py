"""Reads of uploads, and the SQL that commands and sweeps need."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from app.core.crypto import BlobKey
from app.core.db import ReadSession, WriteSession
from app.files.blobs import key_of
from app.files.errors import FileLost, UploadNotFound
from app.files.models import Upload, UploadPart
from app.identity.actors import Actor


async def get_upload(db: ReadSession, actor: Actor, upload_id: UUID) -> Upload:
    """Return one's own upload.

    Raises:
        UploadNotFound: there is none, it was discarded, or it is another person's.
    """
    query = select(Upload).where(Upload.id == upload_id, Upload.owner_id == actor.id, Upload.discarded_at.is_(None))
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise UploadNotFound
    return found


async def lock_upload(db: WriteSession, actor: Actor, upload_id: UUID, *, shared: bool = False) -> Upload:
    """Return one's own upload locked: for a change, or `shared` among those who only keep it from being changed.

    Raises:
        UploadNotFound: there is none, it was discarded, or it is another person's.
    """
    query = (
        select(Upload)
        .where(Upload.id == upload_id, Upload.owner_id == actor.id, Upload.discarded_at.is_(None))
        .with_for_update(read=shared)
        .execution_options(populate_existing=True)
    )
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise UploadNotFound
    return found


async def list_parts(db: ReadSession, upload_id: UUID) -> dict[int, str]:
    """Return the parts that arrived: number → SHA-256."""
    query = select(UploadPart.number, UploadPart.sha256).where(UploadPart.upload_id == upload_id)
    return {row.number: row.sha256 for row in (await db.execute(query)).all()}


async def find_part(db: ReadSession, upload_id: UUID, number: int) -> str | None:
    """Return the SHA-256 of a part that arrived."""
    query = select(UploadPart.sha256).where(UploadPart.upload_id == upload_id, UploadPart.number == number)
    return (await db.execute(query)).scalar_one_or_none()


async def add_part(db: WriteSession, upload_id: UUID, number: int, sha256: str) -> bool:
    """Keep that a part arrived; False when that number is taken."""
    statement = insert(UploadPart).values(upload_id=upload_id, number=number, sha256=sha256)
    result = await db.execute(statement.on_conflict_do_nothing().returning(UploadPart.number))
    return result.scalar_one_or_none() is not None


async def delete_parts(db: WriteSession, upload_id: UUID, only: Mapping[int, str] | None = None) -> None:
    """Forget the parts of an upload: all, or those with these numbers and digests."""
    statement = delete(UploadPart).where(UploadPart.upload_id == upload_id)
    if only is not None:
        same = [and_(UploadPart.number == number, UploadPart.sha256 == sha256) for number, sha256 in only.items()]
        statement = statement.where(or_(*same))
    await db.execute(statement)


async def lock_owner(db: WriteSession, owner_id: UUID) -> None:
    """Let one announcement of a citizen at a time count what is open."""
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"uploads:{owner_id}", 0))))


async def count_open(db: ReadSession, owner_id: UUID) -> tuple[int, int]:
    """Return how many uploads of a citizen are unfinished or unattached, and their bytes."""
    query = select(func.count(), func.coalesce(func.sum(Upload.size), 0)).where(
        Upload.owner_id == owner_id, Upload.attached_at.is_(None), Upload.discarded_at.is_(None)
    )
    count, size = (await db.execute(query)).one()
    return count, size


async def list_expired(
    db: WriteSession, *, unfinished_before: datetime, unattached_before: datetime, limit: int
) -> Sequence[Upload]:
    """Return uploads to clear away, locked: discarded, unfinished or unattached for too long."""
    query = (
        select(Upload)
        .where(
            Upload.attached_at.is_(None),
            or_(
                Upload.discarded_at.is_not(None),
                and_(Upload.completed_at.is_(None), Upload.created_at < unfinished_before),
                Upload.completed_at < unattached_before,
            ),
        )
        .order_by(Upload.created_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await db.execute(query)).scalars().all()


async def list_untidied(db: ReadSession, *, completed_before: datetime, limit: int) -> Sequence[Upload]:
    """Return finished uploads beside which parts may still lie."""
    query = (
        select(Upload)
        .where(Upload.tidied_at.is_(None), Upload.completed_at < completed_before, Upload.discarded_at.is_(None))
        .order_by(Upload.completed_at)
        .limit(limit)
    )
    return (await db.execute(query)).scalars().all()


async def find_upload(db: ReadSession, upload_id: UUID) -> Upload | None:
    """Return an upload by id, whosever it is; for sweeps."""
    return await db.get(Upload, upload_id)


async def get_file_key(db: ReadSession, upload_id: UUID) -> BlobKey | None:
    """Return the key a kept file lies under; None where it lies in clear. Who may read the file was asked before.

    Raises:
        FileLost: the upload is gone.
    """
    upload = await find_upload(db, upload_id)
    if upload is None:
        raise FileLost
    return key_of(db.vault, upload)
