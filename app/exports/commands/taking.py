"""Taking the file of an approved export. It is made of live rows, whole, before the record of it is written: the record
names those who are in the file, is committed before a byte leaves, and no connection waits for a slow line.
"""

from dataclasses import dataclass
from uuid import UUID

from app.audit.commands import record_look
from app.audit.purposes import Purpose
from app.audit.subjects import Case
from app.core.clock import SHANGHAI
from app.core.db import WriteSession
from app.core.marked_files import MarkedFile
from app.exports.commands.asking import MOST_ROWS, refuse_fields
from app.exports.errors import DownloadsSpent, ExportExpired, ExportNotFound, ExportNotYours, ExportTooLarge
from app.exports.kinds import SHAPES
from app.exports.lifecycle import DOWNLOADS, LIFECYCLE, Action
from app.exports.models import Export
from app.exports.queries import get_export, stream_rows
from app.exports.rows import case_of, cells_of
from app.identity.actors import Actor
from app.identity.queries import get_staff
from app.reference.divisions import covers


@dataclass(frozen=True)
class Taken:
    """The file's name and bytes."""

    name: str
    content: bytes


async def take_export(db: WriteSession, actor: Actor, export_id: UUID) -> Taken:
    """Return the file, and put on record who is in it and who took it.

    Raises:
        ExportNotFound: there is none, it is not theirs to see, or they do not work there any more.
        ExportNotYours: another person asked for it.
        StepNotAllowed, RoleNotAllowed: it is not approved, or the post does not open these fields any more.
        ExportExpired: the approval is older than a day.
        DownloadsSpent: it was taken three times.
        ExportTooLarge: it has grown beyond what one file holds.
    """
    export = await get_export(db, actor, export_id, lock=True)
    if export.requested_by != actor.id:
        raise ExportNotYours
    step = LIFECYCLE.step(export.status, Action.DOWNLOAD, actor.role)
    if not covers(actor.division or "", export.division):
        raise ExportNotFound
    refuse_fields(actor, export.kind, tuple(export.unmasked))
    if export.expires_at is None or db.clock.now() >= export.expires_at:
        raise ExportExpired
    if export.downloads >= DOWNLOADS:
        raise DownloadsSpent
    export.status, export.downloads = step.target, export.downloads + 1
    file, cases = await _write(db, actor, export)
    await db.flush()
    await record_look(
        db,
        actor,
        "export.take",
        "export",
        export.id,
        cases=cases,
        county=export.county,
        purpose=Purpose(export.purpose),
        file=file_name(export),
        rows=file.rows,
        unmasked=export.unmasked,
    )
    return Taken(f"{export.kind}-{export.id}.csv", file.content())


def file_name(export: Export) -> str:
    """Return what names the file in its marks: each download is a file of its own."""
    return f"export:{export.id}:{export.downloads}"


async def _write(db: WriteSession, actor: Actor, export: Export) -> tuple[MarkedFile, list[Case]]:
    header = [SHAPES[export.kind].columns[name] for name in export.columns]
    file = MarkedFile(db.vault, file_name(export), await _words(db, export), header)
    cases: list[Case] = []
    async for row in stream_rows(db, actor, export):
        if file.rows >= MOST_ROWS:
            raise ExportTooLarge
        file.add(cells_of(db, export, row))
        cases.append(case_of(row))
    return file, cases


async def _words(db: WriteSession, export: Export) -> str:
    assert export.approved_by is not None
    asked = (await get_staff(db, export.requested_by)).username
    approved = (await get_staff(db, export.approved_by)).username
    at = db.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
    return (
        f"导出 {export.id} 第 {export.downloads} 次；申请人 {asked}；批准人 {approved}；"
        f"时间 {at}；用途 {export.purpose}；仅限本用途，不得转交"
    )
