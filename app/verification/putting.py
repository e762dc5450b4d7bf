"""Putting questions: the calls themselves, between the transaction that counts them and those that keep what came.

All questions about a household that are due are out at the same time, each by itself, and what has come is kept
together, every few moments: a slow agency keeps no quick one's answer from the record. No transaction is open while an
agency is waited for. A worker may be killed anywhere: an attempt is counted before the call, the sweep takes up again
what nothing came of, and the agency sees the same reference a second time at most.

Nothing new is asked about whoever withdraws, from that moment on: a question that waited for its turn after it was
claimed looks again whether it may be put, and so does every further try.
"""

import asyncio
import time
from asyncio import Task
from collections.abc import Mapping, Sequence
from uuid import UUID

import structlog

from app.core.db import Database
from app.core.outages import is_outage
from app.partners.base import GroundsGone, HeldBack, Partner, PartnerUnavailable
from app.partners.calling.guarded import ask_on, held_back_for, is_unconnected
from app.verification.commands import Claimed, Result, claim_checks, record_results
from app.verification.errors import CheckNotFound
from app.verification.group_queries import has_grounds
from app.verification.patience import Patience

Turn = asyncio.Semaphore
"""What bounds how many households a process asks about at once: more would only wait for the same agencies."""

_HOUSEHOLDS = 4
_LINGER = 0.03  # seconds: what comes within them is kept in one transaction
_QUICK = 1.0  # seconds after which questions that are still out no longer keep the next household waiting


def new_turn() -> Turn:
    """Return what all jobs of a process wait at."""
    return Turn(_HOUSEHOLDS)


async def ask_about(
    database: Database,
    application_id: UUID,
    attempts: Mapping[UUID, int],
    partners: Mapping[str, Partner],
    patience: Patience,
    turn: Turn,
) -> None:
    """Put the questions of these checks of one case, each named with the number of its attempt, and keep what comes.

    Raises:
        CheckNotFound: there is no such application.
        Exception: what an adapter broke with; the others' answers are kept.
    """
    keeping: Task[None] | None = None
    try:
        async with turn:
            async with database.unit_of_work() as db:
                claimed = await claim_checks(
                    db,
                    application_id,
                    attempts,
                    patience,
                    held_back_for=lambda code: held_back_for(partners[code]),
                    is_unconnected=lambda code: is_unconnected(partners[code]),
                )
            if not claimed:
                return
            keeping = asyncio.create_task(_put_and_keep(database, application_id, claimed, partners, patience))
            await asyncio.wait({keeping}, timeout=_QUICK)
        await keeping
    finally:
        if keeping is not None:
            keeping.cancel()


async def _put_and_keep(
    database: Database,
    application_id: UUID,
    claimed: Sequence[Claimed],
    partners: Mapping[str, Partner],
    patience: Patience,
) -> None:
    out = [asyncio.create_task(_put(database, partners[each.partner], each)) for each in claimed]
    try:
        await _keep(database, application_id, out, patience)
    finally:
        for task in out:
            task.cancel()


async def _put(database: Database, partner: Partner, claimed: Claimed) -> Result:
    async def grounds() -> bool:
        async with database.reading() as db:
            return await has_grounds(db, claimed.query.reference)

    began = time.perf_counter()
    try:
        came = await ask_on(partner, claimed.query, grounds)
    except GroundsGone as gone:
        return Result(claimed, gone, time.perf_counter() - began)
    except PartnerUnavailable as error:
        if not isinstance(error, HeldBack):
            _tell(error, claimed)
        return Result(claimed, error, time.perf_counter() - began)
    return Result(claimed, came, time.perf_counter() - began)


def _tell(error: PartnerUnavailable, claimed: Claimed) -> None:
    structlog.get_logger().info(
        "agency silent",
        partner=error.partner,
        reason=error.reason,
        item=claimed.query.item,
        check_id=str(claimed.query.reference),
    )


async def _keep(database: Database, application_id: UUID, put: Sequence[Task[Result]], patience: Patience) -> None:
    """Keep what comes of questions, as it comes, until nothing is out any more; what comes together, in the order in
    which it was put."""
    out = list(put)
    broken: list[BaseException] = []
    while out:
        await asyncio.wait(out, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait(out, timeout=_LINGER)
        done = [task for task in out if task.done()]
        out = [task for task in out if task not in done]
        broken += [error for task in done if (error := task.exception()) is not None]
        results = [task.result() for task in done if task.exception() is None]
        if results:
            broken += await _record(database, application_id, results, patience)
    if broken:
        raise broken[0]


async def _record(
    database: Database, application_id: UUID, results: Sequence[Result], patience: Patience
) -> list[BaseException]:
    """Keep results together, or, where that fails, each by itself: one that cannot be kept harms no other. Returns what
    failed."""
    try:
        async with database.unit_of_work() as db:
            await record_results(db, application_id, results, patience)
    except CheckNotFound:
        raise
    except Exception as error:
        if len(results) == 1 or is_outage(error):
            return [error]
        return [failed for each in results for failed in await _record(database, application_id, [each], patience)]
    return []
