"""What becomes of the lines of a batch: answered, set aside, lapsed; and of the batch with the last of them.

Whoever changes a line holds its case: the same order of locks as everywhere, and two files, or a file and a person of
the county, cannot both believe that the other has not come.
"""

from uuid import UUID

from app.applications.models import Application
from app.audit.commands import record_act
from app.core.db import WriteSession
from app.facts import Answer
from app.identity.actors import SYSTEM
from app.verification.batch_lifecycle import LIFECYCLE, LINES, Action, LineAction, LineStatus, Status
from app.verification.batch_models import CheckBatch, CheckBatchLine
from app.verification.batch_queries import list_open_lines, lock_line
from app.verification.commands.answering import record_answer
from app.verification.commands.asking import give_up
from app.verification.commands.cancelling import cancel_check, is_void
from app.verification.commands.opening import load_ways
from app.verification.commands.reporting import settle
from app.verification.commands.watching import goes_to_county, hand_to_county
from app.verification.lifecycle import ASKED
from app.verification.models import Check
from app.verification.patience import LATE_LOOK
from app.verification.queries import lock_check


def is_awaited(check: Check, serial: str) -> bool:
    """Say whether a check still waits for the batch of this serial."""
    return check.status in ASKED and check.ticket == serial


def settle_line(
    db: WriteSession, line: CheckBatchLine, action: LineAction, *, file: int | None = None, reason: str | None = None
) -> None:
    """Let a line be settled. `file`: the number of the file that did so."""
    line.status = LINES.step(LineStatus(line.status), action, SYSTEM.role).target
    line.file, line.reason, line.settled_at = file, reason, db.clock.now()


async def keep_line(db: WriteSession, batch_id: UUID, number: int, check_id: UUID, answer: Answer) -> bool:
    """Keep the answer of one line; returns whether it changed anything. A line is answered once, whatever file, and
    however often it is read.

    Raises:
        CheckNotFound: the case was erased.
    """
    await lock_check(db, check_id)
    line = await lock_line(db, batch_id, check_id)
    if line is None or line.status == LineStatus.ANSWERED:
        return False
    changed = await record_answer(db, SYSTEM, check_id, answer)
    if changed:
        settle_line(db, line, LineAction.ANSWER, file=number)
    elif line.status == LineStatus.OPEN:
        settle_line(db, line, LineAction.END, file=number)
    await db.flush()
    return changed


async def set_line_aside(db: WriteSession, batch: CheckBatch, number: int, check_id: UUID, reason: str) -> bool:
    """Set one line aside: the county finds out what it should have said; returns whether it changed anything.

    Raises:
        CheckNotFound: the case was erased.
    """
    application, check = await lock_check(db, check_id)
    line = await lock_line(db, batch.id, check_id)
    if line is None or line.status not in (LineStatus.OPEN, LineStatus.LAPSED):
        return False
    await _set_aside(db, batch, application, check, line, number, reason)
    return True


async def set_all_aside(db: WriteSession, batch: CheckBatch, reason: str) -> None:
    """Set all open lines of a locked batch aside: the agency will not take it."""
    for line in await list_open_lines(db, batch.id):
        application, check = await lock_check(db, line.check_id)
        await _set_aside(db, batch, application, check, line, None, reason)


async def _set_aside(
    db: WriteSession,
    batch: CheckBatch,
    application: Application,
    check: Check,
    line: CheckBatchLine,
    number: int | None,
    reason: str,
) -> None:
    settle_line(db, line, LineAction.SET_ASIDE, file=number, reason=reason)
    await db.flush()
    if not is_awaited(check, batch.serial):
        return
    check.last_failure = reason
    if await is_void(db, application, check):
        await cancel_check(db, application, check)
        await settle(db, application, check)
    elif await goes_to_county(db, application, check):
        await hand_to_county(db, application, check, await load_ways(db, application))
    else:
        await give_up(db, application, check)


async def lapse(db: WriteSession, batch: CheckBatch) -> None:
    """Let a locked batch lapse: what it did not answer is "no answer", which nobody may read as "no record"."""
    for line in await list_open_lines(db, batch.id):
        application, check = await lock_check(db, line.check_id)
        if is_awaited(check, batch.serial):
            settle_line(db, line, LineAction.LAPSE)
            await db.flush()
            await give_up(db, application, check)
        else:
            settle_line(db, line, LineAction.END)
    await end(db, batch, Action.LAPSE)
    if batch.sent_at is not None:
        batch.next_at = db.clock.now() + LATE_LOOK


async def end(db: WriteSession, batch: CheckBatch, action: Action) -> None:
    """Let a locked batch end one way or another; nobody takes it up again by himself."""
    batch.status = LIFECYCLE.step(Status(batch.status), action, SYSTEM.role).target
    batch.ended_at, batch.next_at = db.clock.now(), None
    await record_act(
        db,
        SYSTEM,
        f"check_batch.{action}",
        "check_batch",
        batch.id,
        row=batch,
        county=batch.county,
        partner=batch.partner,
        item=batch.item,
    )
