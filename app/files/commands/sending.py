"""Parts, in any order and as often as the link makes it necessary.

Two short transactions around the write: a slow disk holds up no connection, and a part counts as arrived only once it
is on disk.
"""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from app.core.db import Database
from app.core.storage import Storage
from app.files.blobs import key_of, put_blob
from app.files.errors import PartDiffers, PartRejected, UploadFinished, UploadNotFound
from app.files.limits import part_length
from app.files.models import Upload
from app.files.places import part_key
from app.files.queries import add_part, find_part, get_upload, lock_upload
from app.identity.actors import Actor


async def put_part(
    database: Database,
    storage: Storage,
    actor: Actor,
    upload_id: UUID,
    number: int,
    content: bytes,
    digests: Mapping[str, bytes],
) -> None:
    """Keep part `number`; the same part again changes nothing.

    `digests`: what the sender computed, by hashlib's name of the algorithm; all are checked.

    Raises:
        UploadNotFound: there is none, or it is another person's.
        UploadFinished: it is complete.
        PartRejected: no such part, wrong length, or not the digest.
        PartDiffers: it arrived before with other bytes.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    if any(hashlib.new(name, content).digest() != digest for name, digest in digests.items()):
        raise PartRejected("digest_differs")
    upload = await _expecting(database, actor, upload_id, number, sha256, len(content))
    if upload is None:
        return
    place = part_key(upload_id, number, sha256)
    await put_blob(storage, key_of(database.vault, upload), place, content)
    try:
        await _record(database, actor, upload_id, number, sha256)
    except (UploadNotFound, UploadFinished, PartDiffers):
        await storage.delete(place)
        raise


async def _expecting(
    database: Database, actor: Actor, upload_id: UUID, number: int, sha256: str, length: int
) -> Upload | None:
    """Return the upload that waits for this part; None when it has arrived."""
    async with database.reading() as db:
        upload = await get_upload(db, actor, upload_id)
        if upload.completed_at is not None:
            raise UploadFinished
        expected = part_length(upload.size, number)
        if length != expected or expected == 0:
            raise (
                PartRejected("part_length", number=number, bytes=expected) if expected else PartRejected("part_unknown")
            )
        present = await find_part(db, upload_id, number)
    if present not in (None, sha256):
        raise PartDiffers
    return upload if present is None else None


async def _record(database: Database, actor: Actor, upload_id: UUID, number: int, sha256: str) -> None:
    async with database.unit_of_work() as db:
        # Shared: ten parts at a time do not wait for one another, but completing and discarding wait for them.
        upload = await lock_upload(db, actor, upload_id, shared=True)
        if upload.completed_at is not None:
            raise UploadFinished
        if not await add_part(db, upload_id, number, sha256) and await find_part(db, upload_id, number) != sha256:
            raise PartDiffers
