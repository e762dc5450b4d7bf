"""Sweeps: uploads nobody came back for, and parts that outlived their upload.

Blobs are cleared away between two short transactions: the first takes the upload out of everybody's sight, the last
forgets it. Killed in between, the next sweep goes on from there.
"""

from uuid import UUID

from app.core.db import Database
from app.core.storage import Storage
from app.files.limits import UNATTACHED_FOR, UNFINISHED_FOR, UNTIDY_FOR
from app.files.places import file_folder, file_key, parts_folder
from app.files.queries import find_upload, list_expired, list_untidied

_BATCH = 50


async def remove_orphans(database: Database, storage: Storage) -> None:
    """Clear away uploads that were discarded, unfinished for 7 days, or finished and unattached for 30."""
    while expired := await _take_expired(database):
        for upload_id in expired:
            await storage.delete_under(parts_folder(upload_id))
            await storage.delete_under(file_folder(upload_id))
            async with database.unit_of_work() as db:
                upload = await find_upload(db, upload_id)
                if upload is not None:
                    await db.delete(upload)


async def tidy_up(database: Database, storage: Storage) -> None:
    """Clear away what lies beside finished files: parts of a completion that was killed, files written twice."""
    while True:
        async with database.reading() as db:
            before = db.clock.now() - UNTIDY_FOR
            untidied = await list_untidied(db, completed_before=before, limit=_BATCH)
        for upload in untidied:
            await storage.delete_under(parts_folder(upload.id))
            await storage.delete_under(file_folder(upload.id), keep=file_key(upload.id, upload.stored_sha256 or ""))
            async with database.unit_of_work() as db:
                row = await find_upload(db, upload.id)
                if row is not None:
                    row.tidied_at = db.clock.now()
        if len(untidied) < _BATCH:
            return


async def _take_expired(database: Database) -> list[UUID]:
    async with database.unit_of_work() as db:
        now = db.clock.now()
        expired = await list_expired(
            db, unfinished_before=now - UNFINISHED_FOR, unattached_before=now - UNATTACHED_FOR, limit=_BATCH
        )
        for upload in expired:
            upload.discarded_at = upload.discarded_at or now
        return [upload.id for upload in expired]
