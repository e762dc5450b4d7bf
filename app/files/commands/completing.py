"""Putting a file together: read, check, clean and keep it, between two short transactions.

Nothing is claimed meanwhile. A claim would have to time out after a kill and keep the phone waiting; instead, the
finished file lies under its digest, so that doing the work twice does no harm, and the row's lock decides whose counts.
"""

import hashlib
from collections.abc import Mapping
from uuid import UUID

from anyio import CapacityLimiter, fail_after

from app.core.db import Database
from app.core.errors import Fault
from app.core.storage import Storage
from app.files.blobs import get_blob, key_of, put_blob
from app.files.cleaning import CleanFile, clean_file
from app.files.errors import ContentNotAllowed, DigestMismatch, FilesBusy, UploadNotFound, UploadUnfinished
from app.files.limits import count_parts
from app.files.models import Upload
from app.files.places import file_folder, file_key, part_key, parts_folder
from app.files.queries import delete_parts, get_upload, list_parts, lock_upload
from app.files.unfit import Unfit
from app.identity.actors import Actor

_AT_ONCE = CapacityLimiter(2)  # a process; each holds a file of up to 8 MB and a core
_PATIENCE = 45.0  # seconds, waiting included; a phone gives up after 60


async def complete_upload(database: Database, storage: Storage, actor: Actor, upload_id: UUID) -> Upload:
    """Put the parts together, check the whole and keep it cleaned; completing again returns the finished upload.

    Raises:
        UploadNotFound: there is none, or it is another person's.
        UploadUnfinished: parts are missing.
        DigestMismatch: together they are not the announced file.
        ContentNotAllowed: not a file we take.
        FilesBusy: too many are being completed.
    """
    try:
        with fail_after(_PATIENCE):
            upload, _ = await _ready(database, actor, upload_id)
            if upload.completed_at is not None:
                return upload
            async with _AT_ONCE:
                return await _complete(database, storage, actor, upload_id)
    except TimeoutError:
        raise FilesBusy(retry_after=5) from None


async def _complete(database: Database, storage: Storage, actor: Actor, upload_id: UUID) -> Upload:
    # Asked again: whoever waited for its turn may find the work done.
    upload, parts = await _ready(database, actor, upload_id)
    if upload.completed_at is not None:
        return upload
    content = await _read(database, storage, upload, parts)
    if content is None:
        return await _done_by_another(database, actor, upload_id)
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise DigestMismatch
    try:
        clean = await clean_file(content)
    except Unfit as unfit:
        raise ContentNotAllowed(str(unfit)) from None
    sha256 = hashlib.sha256(clean.content).hexdigest()
    await put_blob(storage, key_of(database.vault, upload), file_key(upload_id, sha256), clean.content)
    try:
        finished = await _finish(database, actor, upload_id, clean, sha256)
    except UploadNotFound:  # discarded meanwhile, and perhaps cleared away before we wrote
        await storage.delete_under(file_folder(upload_id))
        raise
    await storage.delete_under(parts_folder(upload_id))
    return finished


async def _ready(database: Database, actor: Actor, upload_id: UUID) -> tuple[Upload, dict[int, str]]:
    async with database.reading() as db:
        upload = await get_upload(db, actor, upload_id)
        parts = await list_parts(db, upload_id)
    if upload.completed_at is None:
        _refuse_missing(upload, parts)
    return upload, parts


def _refuse_missing(upload: Upload, parts: Mapping[int, str]) -> None:
    missing = [number for number in range(1, count_parts(upload.size) + 1) if number not in parts]
    if missing:
        faults = (Fault(f"/parts/{number}", "missing", "part") for number in missing)
        raise UploadUnfinished(faults=tuple(faults))


async def _read(database: Database, storage: Storage, upload: Upload, parts: Mapping[int, str]) -> bytes | None:
    """Return the whole; None when parts are gone, which then count as missing."""
    key = key_of(database.vault, upload)
    content: list[bytes] = []
    lost: dict[int, str] = {}
    for number, sha256 in sorted(parts.items()):
        try:
            content.append(await get_blob(storage, key, part_key(upload.id, number, sha256)))
        except FileNotFoundError:
            lost[number] = sha256
    if not lost:
        return b"".join(content)
    # A disk that forgot costs the phone these parts again, not the whole upload.
    async with database.unit_of_work() as db:
        await delete_parts(db, upload.id, lost)
    return None


async def _done_by_another(database: Database, actor: Actor, upload_id: UUID) -> Upload:
    """Return the upload when the parts are gone because another request has just completed it.

    Raises:
        UploadUnfinished: it has not; the parts are lost.
        FilesBusy: they are lost and arrived again meanwhile.
    """
    upload, _ = await _ready(database, actor, upload_id)
    if upload.completed_at is None:
        raise FilesBusy(retry_after=1)
    return upload


async def _finish(database: Database, actor: Actor, upload_id: UUID, clean: CleanFile, sha256: str) -> Upload:
    async with database.unit_of_work() as db:
        upload = await lock_upload(db, actor, upload_id)
        if upload.completed_at is None:
            upload.media_type = clean.media_type
            upload.stored_size = len(clean.content)
            upload.stored_sha256 = sha256
            upload.completed_at = db.clock.now()
            await delete_parts(db, upload_id)
        return upload
