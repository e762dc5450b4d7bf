"""Looking for the answers of a batch, and keeping a file of them: what happens before and after each call.

A file is put down under its number and digest before its first line is kept, and marked as read after the last: a
worker that dies in between leaves the rest to be read again, and what was kept stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.facts import Item
from app.partners.batch import ResultFile
from app.verification.agency_models import CheckAttempt
from app.verification.batch_lifecycle import Action, Status
from app.verification.batch_models import CheckBatch
from app.verification.batch_queries import (
    add_file,
    end_unawaited,
    find_batch,
    find_first_check,
    get_file,
    has_open_lines,
    list_open_lines,
    lock_batch,
    numbers_asked,
)
from app.verification.commands.answering import keep_unsigned
from app.verification.commands.batch_lines import end, lapse
from app.verification.errors import CheckBatchNotFound
from app.verification.patience import FILE_UNDER_WAY, LATE_DAYS, LATE_LOOK, Patience

_LOOKED_FOR = frozenset({Status.SENT, Status.LAPSED, Status.DONE})


@dataclass(frozen=True)
class FileToFind:
    """The next file of a batch, and whom each of its lines is about."""

    partner: str
    serial: str
    number: int
    asked: Mapping[UUID, str]


async def note_file(db: WriteSession, partner: str, serial: str) -> None:
    """Keep that an agency says that there is a file: it is looked for at once.

    Raises:
        CheckBatchNotFound: the partner was never sent such a batch.
    """
    batch_id = await find_batch(db, partner, serial)
    if batch_id is None:
        raise CheckBatchNotFound
    batch = await lock_batch(db, batch_id)
    if batch.status != Status.REFUSED:
        batch.next_at = db.clock.now()
        await db.flush()


async def note_unsigned_file(db: WriteSession, partner: str, serial: str) -> None:
    """Keep for an agency's health that a file was announced in its name without its signature; none is looked for. It
    stands with the first question of the batch: one announcement is one failure, however many questions wait."""
    batch_id = await find_batch(db, partner, serial)
    check = await find_first_check(db, batch_id) if batch_id is not None else None
    if check is not None:
        await keep_unsigned(db, check)


async def claim_look(db: WriteSession, batch_id: UUID, attempt: int) -> FileToFind | None:
    """Count call number `attempt` and return what to look for; None when nothing is, or this call was made already.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if batch.status not in _LOOKED_FOR or batch.attempts != attempt:
        return None
    await end_unawaited(db, batch)
    batch.attempts += 1
    batch.next_at = db.clock.now() + FILE_UNDER_WAY
    await db.flush()
    return FileToFind(batch.partner, batch.serial, batch.files + 1, await numbers_asked(db, batch.id))


async def begin_file(db: WriteSession, batch_id: UUID, file: ResultFile, digest: str) -> bool:
    """Put a file down before its lines are kept; False where another one was found under its number before.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    found = await add_file(
        db,
        {
            "id": new_id(),
            "county": batch.county,
            "division": batch.division,
            "batch_id": batch.id,
            "number": file.number,
            "digest": digest,
            "answers": len(file.answers),
            "bad": [{"line": line.number, "reason": line.reason.value} for line in file.bad],
            "found_at": db.clock.now(),
        },
    )
    return found.digest == digest


async def finish_file(db: WriteSession, batch_id: UUID, file: ResultFile, patience: Patience) -> None:
    """Mark a file as read; with the last line the batch is done.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    row = await get_file(db, batch.id, file.number)
    row.read_at = row.read_at or db.clock.now()
    batch.files = max(batch.files, file.number)
    batch.failures, batch.last_failure = 0, None
    await db.flush()
    await _go_on(db, batch, patience)


async def record_nothing(db: WriteSession, batch_id: UUID, patience: Patience) -> None:
    """Keep that there is no file (yet): past its day the batch lapses.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    batch.failures, batch.last_failure = 0, None
    await _go_on(db, batch, patience)


async def record_unread(db: WriteSession, batch_id: UUID, took: float, reason: str, patience: Patience) -> None:
    """Keep that a look for a file brought nothing usable. One call is one attempt, whatever the lines that wait.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    batch.failures, batch.last_failure = batch.failures + 1, reason
    overdue = today(db.clock) > batch.due_on
    waiting = await list_open_lines(db, batch.id)
    if waiting and took > 0:
        db.add(
            CheckAttempt(
                id=new_id(),
                county=batch.county,
                division=waiting[0].division,
                application_id=waiting[0].application_id,
                check_id=waiting[0].check_id,
                partner=batch.partner,
                item=Item(batch.item),
                asked_at=db.clock.now(),
                took_ms=round(took * 1000),
                outcome=reason,
            )
        )
    if batch.status == Status.SENT and (not overdue or batch.failures < patience.overdue_attempts):
        batch.next_at = db.clock.now() + patience.pause(batch.failures, dispatched=False, overdue=overdue)
        await db.flush()
        return
    await _go_on(db, batch, patience)


async def _go_on(db: WriteSession, batch: CheckBatch, patience: Patience) -> None:
    """Say when a locked batch is taken up again, if at all."""
    now, on = db.clock.now(), today(db.clock)
    if batch.status == Status.SENT:
        if not await has_open_lines(db, batch.id):
            await end(db, batch, Action.FINISH)
        elif on > batch.due_on:
            await lapse(db, batch)
        else:
            batch.next_at = now + patience.look
    elif batch.status == Status.LAPSED and on <= batch.due_on + timedelta(days=LATE_DAYS):
        batch.next_at = now + LATE_LOOK
    else:
        batch.next_at = None
    await db.flush()
