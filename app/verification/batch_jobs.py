"""Files of questions: the sweeps that gather and take them up, and the job that sends one or reads its answers.

No transaction is open while an agency is waited for. A worker may be killed anywhere: a file is sent again under its
serial, which the agency takes once, and read again under its number, of which each line is kept once.
"""

import hashlib
import time
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import structlog

from app.core.db import Database
from app.core.outages import is_outage
from app.partners.base import HeldBack, PartnerUnavailable
from app.partners.batch import BatchPartner, BatchRefused, ResultFile
from app.verification.batch_queries import list_gatherings, lock_batch
from app.verification.commands.batch_lines import keep_line, set_line_aside
from app.verification.commands.gathering import (
    FileToSend,
    claim_sending,
    gather_batch,
    hand_over_due_batches,
    record_refusal,
    record_sent,
    record_unsent,
    record_unsent_yet,
)
from app.verification.commands.reading_files import (
    FileToFind,
    begin_file,
    claim_look,
    finish_file,
    record_nothing,
    record_unread,
)
from app.verification.errors import CheckNotFound
from app.verification.patience import Patience

_AT_ONCE = 100


async def gather_batches(database: Database, *, patience: Patience) -> None:
    """Put what has waited long enough, or fills a file, into files; each in a transaction of its own."""
    async with database.reading() as db:
        gatherings = await list_gatherings(db, database.clock.now(), patience.gather)
    for gathering in gatherings:
        async with database.unit_of_work() as db:
            await gather_batch(db, gathering)


async def pursue_batches(database: Database, *, patience: Patience) -> None:
    """Gather what is to go out by file, and enqueue what is to be done about every batch whose time has come."""
    await gather_batches(database, patience=patience)
    handed_over = _AT_ONCE
    while handed_over == _AT_ONCE:
        async with database.unit_of_work() as db:
            handed_over = await hand_over_due_batches(db, _AT_ONCE)


async def work_batch(
    database: Database, payload: Mapping[str, str], *, partners: Mapping[str, BatchPartner], patience: Patience
) -> None:
    """Send one file, or look for its answers and keep them."""
    batch_id, attempt = UUID(payload["batch"]), int(payload["attempt"])
    async with database.unit_of_work() as db:
        to_send = await claim_sending(db, batch_id, attempt)
        to_find = None if to_send is not None else await claim_look(db, batch_id, attempt)
    if to_send is not None:
        await _send(database, batch_id, to_send, partners[to_send.partner], patience)
    elif to_find is not None:
        await _look(database, batch_id, to_find, partners[to_find.partner], patience)


async def _send(
    database: Database, batch_id: UUID, to_send: FileToSend, partner: BatchPartner, patience: Patience
) -> None:
    began = time.perf_counter()
    try:
        await partner.send_batch(to_send.order)
    except HeldBack as held:
        async with database.unit_of_work() as db:
            await record_unsent_yet(db, batch_id, to_send, held.seconds, patience)
        return
    except PartnerUnavailable as error:
        _log(error, batch_id)
        async with database.unit_of_work() as db:
            await record_unsent(db, batch_id, to_send, time.perf_counter() - began, error.reason, patience)
        return
    except BatchRefused as refused:
        if refused.reason != "other_content":  # which says that it was taken, in an earlier try, with more lines
            async with database.unit_of_work() as db:
                await record_refusal(db, batch_id, refused.reason)
            return
    async with database.unit_of_work() as db:
        await record_sent(db, batch_id, to_send, time.perf_counter() - began, patience)


async def _look(
    database: Database, batch_id: UUID, to_find: FileToFind, partner: BatchPartner, patience: Patience
) -> None:
    began = time.perf_counter()
    try:
        body = await partner.fetch_result(to_find.serial, to_find.number)
        file = body and partner.read_result(to_find.serial, to_find.number, body, to_find.asked)
    except HeldBack as held:
        async with database.unit_of_work() as db:
            await record_unread(db, batch_id, 0.0, held.reason, patience)
        return
    except PartnerUnavailable as error:
        _log(error, batch_id)
        async with database.unit_of_work() as db:
            await record_unread(db, batch_id, time.perf_counter() - began, error.reason, patience)
        return
    if not body or not isinstance(file, ResultFile):
        async with database.unit_of_work() as db:
            await record_nothing(db, batch_id, patience)
        return
    await keep_file(database, batch_id, file, hashlib.sha256(body).hexdigest(), patience)


async def keep_file(database: Database, batch_id: UUID, file: ResultFile, digest: str, patience: Patience) -> None:
    """Keep what a file says, line by line, each in a transaction of its own: what fails in one household is not lost in
    the others, and read again no line counts twice. A file with such a line is looked at again as one that cannot be
    read, and not for ever: past its day the batch lapses, and the line is "no answer".

    Raises:
        CheckBatchNotFound: there is no such batch.
        Exception: what the first line broke with that could not be kept; the others are.
    """
    async with database.unit_of_work() as db:
        same = await begin_file(db, batch_id, file, digest)
    if not same:
        async with database.unit_of_work() as db:
            await record_unread(db, batch_id, 0.0, "garbage", patience)
        return
    broken = await _keep_lines(database, batch_id, file)
    async with database.unit_of_work() as db:
        if not broken:
            await finish_file(db, batch_id, file, patience)
        else:
            await record_unread(db, batch_id, 0.0, "garbage", patience)
    if broken:
        raise broken[0]


async def _keep_lines(database: Database, batch_id: UUID, file: ResultFile) -> list[Exception]:
    """Keep each line of a file by itself; returns what failed."""
    broken: list[Exception] = []
    for late in file.answers:
        try:
            with suppress(CheckNotFound):  # erased meanwhile
                async with database.unit_of_work() as db:
                    await keep_line(db, batch_id, file.number, late.reference, late.answer)
        except Exception as error:
            if is_outage(error):
                raise
            broken.append(error)
    for line in file.bad:
        if line.reference is not None:
            with suppress(CheckNotFound):
                async with database.unit_of_work() as db:
                    batch = await lock_batch(db, batch_id)
                    await set_line_aside(db, batch, file.number, line.reference, line.reason.value)
    return broken


def _log(error: PartnerUnavailable, batch_id: UUID) -> None:
    structlog.get_logger().info("agency silent", partner=error.partner, reason=error.reason, batch_id=str(batch_id))
