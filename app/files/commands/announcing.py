"""What a citizen says about a file: that it is coming, that an application needs it, that nobody does."""

from uuid import UUID

from app.core.db import WriteSession
from app.core.ids import new_id
from app.files.blobs import give_key
from app.files.errors import TooManyUploads, UploadAttached, UploadUnfinished
from app.files.limits import MOST_OPEN, MOST_OPEN_BYTES
from app.files.models import Upload
from app.files.queries import count_open, lock_owner, lock_upload
from app.identity.actors import Actor


async def begin_upload(db: WriteSession, actor: Actor, *, kind: str, size: int, sha256: str) -> Upload:
    """Announce a file by size (bytes) and SHA-256 (64 hex digits).

    Raises:
        TooManyUploads: too many, or too large together, are unfinished or unattached.
    """
    await lock_owner(db, actor.id)
    count, size_of_all = await count_open(db, actor.id)
    if count >= MOST_OPEN or size_of_all + size > MOST_OPEN_BYTES:
        raise TooManyUploads("uploads_at_once", files=MOST_OPEN, megabytes=MOST_OPEN_BYTES // 1024**2)
    upload = Upload(id=new_id(), owner_id=actor.id, kind=kind, size=size, sha256=sha256, created_at=db.clock.now())
    give_key(db.vault, upload)
    db.add(upload)
    await db.flush()
    return upload


async def attach_upload(db: WriteSession, actor: Actor, upload_id: UUID) -> Upload:
    """Return a finished upload that an application is about to take; from now on it is kept.

    Raises:
        UploadNotFound: there is none, or it is another person's.
        UploadUnfinished: it is not complete.
    """
    upload = await lock_upload(db, actor, upload_id)
    if upload.completed_at is None:
        raise UploadUnfinished
    if upload.attached_at is None:
        upload.attached_at = db.clock.now()
        await db.flush()
    return upload


async def discard_upload(db: WriteSession, actor: Actor, upload_id: UUID) -> None:
    """Give an upload up; what was kept of it is cleared away soon.

    Raises:
        UploadNotFound: there is none, or it is another person's.
        UploadAttached: an application has it.
    """
    upload = await lock_upload(db, actor, upload_id)
    if upload.attached_at is not None:
        raise UploadAttached
    upload.discarded_at = db.clock.now()
    await db.flush()
