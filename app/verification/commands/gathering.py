"""Gathering questions of one county, agency and item into a file, and sending it: what happens before and after.

The call itself is made in `batch_jobs.py`, outside any transaction. A file whose fate is unknown is sent again under
the same serial; where somebody withdrew in between it has a line less, and an agency that refuses it for that has taken
the first one.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from app.applications.models import Application
from app.applications.queries import find_member
from app.audit.commands import record_act
from app.core.clock import SHANGHAI, today
from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.commands import enqueue
from app.identity.actors import SYSTEM
from app.partners.batch import BatchOrder
from app.reference.procedure import Mode
from app.verification.batch_lifecycle import LIFECYCLE, Action, LineAction, LineStatus, Status
from app.verification.batch_models import CheckBatch, CheckBatchLine
from app.verification.batch_queries import (
    Gathering,
    list_due_batches,
    list_gathered,
    list_open_lines,
    lock_batch,
)
from app.verification.commands.attempts import keep_attempt
from app.verification.commands.batch_lines import end, is_awaited, lapse, set_all_aside, settle_line
from app.verification.commands.claiming import Claimed, count_attempt, is_to_be_put, member_to_ask_about
from app.verification.commands.opening import due_for_answer
from app.verification.group_queries import list_in_force
from app.verification.lifecycle import LIFECYCLE as CHECKS
from app.verification.lifecycle import Action as CheckAction
from app.verification.lifecycle import Status as CheckStatus
from app.verification.models import Check
from app.verification.patience import CALLBACK_DAYS, FILE_UNDER_WAY, GIVEN_UP_AFTER_DAYS, HELD_BACK, QUEUED, Patience
from app.verification.queries import lock_check

WORK_BATCH = "work_batch"  # the job that sends one file, or looks for its answers


@dataclass(frozen=True)
class FileToSend:
    """A file to be sent now, and each question in it."""

    partner: str
    order: BatchOrder
    claimed: tuple[Claimed, ...]


async def gather_batch(db: WriteSession, gathering: Gathering) -> CheckBatch | None:
    """Put what waits into a file, to be sent at once; None where nothing waits any more.

    What may not be asked any more is cancelled, what another case has a fresh answer to is answered, and what another
    case is asking waits.
    """
    now, ready = db.clock.now(), list[tuple[Application, Check]]()
    for check_id in await list_gathered(db, gathering, now):
        application, check = await lock_check(db, check_id)
        if check.status != CheckStatus.REQUESTED or check.mode != Mode.BATCH or check.ticket is not None:
            continue  # another worker has gathered it, or somebody has changed it
        if await member_to_ask_about(db, application, check) is not None:
            ready.append((application, check))
    if not ready:
        return None
    batch_id = new_id()
    batch = CheckBatch(
        id=batch_id,
        county=gathering.county,
        division=gathering.county + "000000",
        partner=gathering.partner,
        item=gathering.item,
        serial=f"B{gathering.county}{today(db.clock):%y%m%d}{batch_id.hex[-12:].upper()}",
        status=Status.READY,
        lines=len(ready),
        opened_at=now,
        due_on=await due_for_answer(db, ready[0][0]),
        next_at=now,
        attempts=0,
        failures=0,
        files=0,
    )
    db.add(batch)
    await db.flush()
    for application, check in ready:
        db.add(
            CheckBatchLine(
                id=new_id(),
                county=check.county,
                division=check.division,
                application_id=application.id,
                batch_id=batch.id,
                check_id=check.id,
                status=LineStatus.OPEN,
            )
        )
        check.ticket = batch.serial
        _expect(check, batch)
    await db.flush()
    return batch


def _expect(check: Check, batch: CheckBatch) -> None:
    """Let a check be due with its batch. What ends it is the batch; long after its day only what has gone wrong is
    still open."""
    check.due_on = batch.due_on
    check.next_attempt_at = datetime.combine(batch.due_on + timedelta(days=GIVEN_UP_AFTER_DAYS), time(), SHANGHAI)


async def hand_over_due_batches(db: WriteSession, limit: int) -> int:
    """Enqueue what is to be done about batches whose time has come; returns how many."""
    due = await list_due_batches(db, db.clock.now(), limit)
    for batch in due:
        batch.next_at = db.clock.now() + QUEUED
        await db.flush()
        await enqueue(db, WORK_BATCH, {"batch": str(batch.id), "attempt": str(batch.attempts)})
    return len(due)


async def claim_sending(db: WriteSession, batch_id: UUID, attempt: int) -> FileToSend | None:
    """Count call number `attempt` and return the file to send; None when there is nothing to send, or this call was
    made already.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if batch.status != Status.READY or batch.attempts != attempt:
        return None
    claimed = []
    for line in await list_open_lines(db, batch.id):
        application, check = await lock_check(db, line.check_id)
        awaited = is_awaited(check, batch.serial)
        in_force = await list_in_force(db, application.id) if awaited else frozenset()
        if awaited and await is_to_be_put(db, application, check, in_force, exhausted=False):
            member = await find_member(db, check.member_id)
            if member is None:
                raise ValueError("a check belongs to a member")
            claimed.append(await count_attempt(db, application, check, member))
        else:
            settle_line(db, line, LineAction.END)
            await db.flush()
    if not claimed:
        await end(db, batch, Action.FINISH)
        return None
    batch.attempts += 1
    batch.next_at = db.clock.now() + FILE_UNDER_WAY
    await db.flush()
    queries = tuple(sorted((each.query for each in claimed), key=lambda query: query.reference))
    return FileToSend(batch.partner, BatchOrder(batch.serial, claimed[0].query.item, queries), tuple(claimed))


async def record_sent(db: WriteSession, batch_id: UUID, sent: FileToSend, took: float, patience: Patience) -> None:
    """Keep that the agency took a file: its days run from now.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if batch.status != Status.READY:
        return
    now = db.clock.now()
    batch.status = LIFECYCLE.step(Status(batch.status), Action.SEND, SYSTEM.role).target
    batch.sent_at, batch.due_on = now, today(db.clock) + timedelta(days=CALLBACK_DAYS)
    batch.next_at, batch.failures, batch.last_failure = now + patience.look, 0, None
    for claimed in _in_order(sent):
        _, check = await lock_check(db, claimed.query.reference)
        if check.status == CheckStatus.REQUESTED and is_awaited(check, batch.serial):
            check.status = CHECKS.step(check.status, CheckAction.DISPATCH, SYSTEM.role).target
            check.last_failure = None
            _expect(check, batch)
        keep_attempt(db, claimed, took, "taken")
    await record_act(
        db,
        SYSTEM,
        "check_batch.send",
        "check_batch",
        batch.id,
        row=batch,
        county=batch.county,
        partner=batch.partner,
        item=batch.item,
        lines=len(sent.claimed),
    )


async def record_unsent(
    db: WriteSession, batch_id: UUID, sent: FileToSend, took: float, reason: str, patience: Patience
) -> None:
    """Keep that it is unknown whether a file was taken: it is sent again, until its day has passed.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if batch.status != Status.READY:
        return
    overdue = today(db.clock) > batch.due_on
    batch.failures, batch.last_failure = batch.failures + 1, reason
    batch.next_at = db.clock.now() + patience.pause(batch.failures, dispatched=False, overdue=overdue)
    for claimed in _in_order(sent):
        _, check = await lock_check(db, claimed.query.reference)
        check.last_failure = reason
        if reason != HELD_BACK:
            keep_attempt(db, claimed, took, reason)
    await db.flush()
    if overdue and batch.failures >= patience.overdue_attempts:
        await lapse(db, batch)


async def record_unsent_yet(
    db: WriteSession, batch_id: UUID, sent: FileToSend, seconds: float, patience: Patience
) -> None:
    """Keep that a file was not sent after all, because the agency is not called at present: that counts only where it
    is past its day.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if today(db.clock) > batch.due_on:
        await record_unsent(db, batch_id, sent, 0.0, HELD_BACK, patience)
        return
    batch.next_at = db.clock.now() + patience.pause_held_back(seconds, db.clock.now() - batch.opened_at)
    for claimed in _in_order(sent):
        _, check = await lock_check(db, claimed.query.reference)
        check.attempts, check.last_failure = check.attempts - 1, HELD_BACK
    await db.flush()


async def record_refusal(db: WriteSession, batch_id: UUID, reason: str) -> None:
    """Keep that the agency will not take a file: the county finds out what it asked.

    Raises:
        CheckBatchNotFound: there is none.
    """
    batch = await lock_batch(db, batch_id)
    if batch.status != Status.READY:
        return
    batch.last_failure = reason
    await set_all_aside(db, batch, reason)
    await end(db, batch, Action.REFUSE)


def _in_order(sent: FileToSend) -> list[Claimed]:
    """Return the questions in the order in which cases are locked."""
    return sorted(sent.claimed, key=lambda claimed: (claimed.application_id, claimed.query.reference))
