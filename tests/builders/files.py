"""Uploads in any state, made by their own commands."""

import hashlib
from uuid import UUID

from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.core.storage import Storage
from app.files.blobs import get_blob, key_of
from app.files.commands import begin_upload, complete_upload, put_part
from app.files.limits import PART_SIZE
from app.files.models import Upload
from app.files.places import file_key
from app.identity.actors import Actor
from tests.support.files import make_pdf, sha256_of


def parts_of(content: bytes) -> list[bytes]:
    """Cut a file as the announcement says."""
    return [content[start : start + PART_SIZE] for start in range(0, len(content), PART_SIZE)]


async def announce(database: Database, owner: Actor, content: bytes, *, sha256: str | None = None) -> Upload:
    """Announce a file."""
    async with database.unit_of_work() as db:
        return await begin_upload(db, owner, kind="diagnosis", size=len(content), sha256=sha256 or sha256_of(content))


async def send_parts(database: Database, storage: Storage, owner: Actor, upload: Upload, content: bytes) -> None:
    """Send all parts, the last first."""
    for number, part in reversed(list(enumerate(parts_of(content), start=1))):
        await put_part(database, storage, owner, upload.id, number, part, {})


async def build_sent(database: Database, storage: Storage, owner: Actor, content: bytes) -> Upload:
    """Make an upload whose parts are all there."""
    upload = await announce(database, owner, content)
    await send_parts(database, storage, owner, upload, content)
    return upload


async def build_complete(database: Database, storage: Storage, owner: Actor, content: bytes | None = None) -> Upload:
    """Make a finished upload."""
    upload = await build_sent(database, storage, owner, content or make_pdf())
    return await complete_upload(database, storage, owner, upload.id)


async def read_kept(database: Database, storage: Storage, upload: Upload) -> bytes:
    """Return the finished file as whoever may read it gets it."""
    return await get_blob(storage, key_of(database.vault, upload), file_key(upload.id, upload.stored_sha256 or ""))


async def finish_upload(db: WriteSession, owner: UUID) -> UUID:
    """Make the row of an upload that is complete; nobody will ask for its content."""
    upload, digest, now = new_id(), hashlib.sha256(owner.bytes).hexdigest(), db.clock.now()
    db.add(
        Upload(
            id=upload,
            owner_id=owner,
            kind="diagnosis",
            size=1000,
            sha256=digest,
            media_type="application/pdf",
            stored_size=1000,
            stored_sha256=digest,
            created_at=now,
            completed_at=now,
        )
    )
    await db.flush()
    return upload
