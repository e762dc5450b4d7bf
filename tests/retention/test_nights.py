"""Nights: one run each, killed and gone on with, beside one another, and provable ever after."""

import asyncio
import signal
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from app.applications.lifecycle import Status
from app.applications.models import Application
from app.audit.export import export_records
from app.audit.models import AuditCheckpoint, AuditRecord
from app.retention.jobs import erase_what_is_due
from app.retention.models import Erasure, RetentionRun
from scripts.local.processes import python
from tests.builders.applications import build_submitted
from tests.builders.records import seal_all
from tests.builders.retention import end_application, is_erased, night_of, noon
from tests.support.verifier import verifier

DAY = date(2026, 11, 23)
DUE = date(2027, 11, 24)
CASES = 6


async def _ended_cases(database) -> list[Application]:
    async with database.unit_of_work() as db:
        cases = [await build_submitted(db) for _ in range(CASES)]
    for case in cases:
        await end_application(database, case.id, Status.WITHDRAWN, DAY)
    return cases


async def _graves(database) -> int:
    async with database.reading() as db:
        return int(await db.scalar(select(func.count()).select_from(Erasure)) or 0)


async def test_a_night_ended_by_a_kill_is_gone_on_with_and_nothing_is_done_twice(database, eraser, database_url, clock):
    await _ended_cases(database)
    process = await asyncio.create_subprocess_exec(
        *python("-m", "tests.support.one_eraser", database_url, noon(DUE).isoformat()), stdout=asyncio.subprocess.PIPE
    )
    for _ in range(3):  # the run's beginning, and two cases
        assert await process.stdout.readline() == b"committed\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()
    left = CASES - await _graves(database)
    assert 0 < left < CASES

    await night_of(eraser, clock, DUE, batch=2)

    assert await _graves(database) == CASES
    async with database.reading() as db:
        records = select(func.count()).where(AuditRecord.action == "retention.erase_file")
        assert await db.scalar(records) == CASES
        (run,) = (await db.execute(select(RetentionRun))).scalars()
    assert run.finished_at is not None


async def test_two_workers_do_a_night_together(database, eraser, clock):
    await _ended_cases(database)
    clock.set(noon(DUE))

    await asyncio.gather(erase_what_is_due(eraser, batch=1), erase_what_is_due(eraser, batch=1))

    assert await _graves(database) == CASES


async def test_a_night_is_done_once_and_not_before_one_o_clock(database, eraser, clock):
    (case, *_) = await _ended_cases(database)
    clock.set(datetime(2027, 11, 23, 16, 30, tzinfo=UTC))  # half past midnight in China
    await erase_what_is_due(eraser)
    assert not await is_erased(database, case.id)

    clock.advance(timedelta(minutes=30))
    await erase_what_is_due(eraser)
    assert await is_erased(database, case.id)

    async with database.unit_of_work() as db:
        late = await build_submitted(db)
    await end_application(database, late.id, Status.WITHDRAWN, DAY)
    await erase_what_is_due(eraser)
    assert not await is_erased(database, late.id), "it is due the next night"


async def test_the_evidence_is_proved_as_ever_after_an_erasure(database, eraser, clock, signer):
    cases = await _ended_cases(database)
    await seal_all(database, signer)
    async with database.reading() as db:
        kept = [verifier.read_note(note) for note in (await db.execute(select(AuditCheckpoint.note))).scalars()]

    await night_of(eraser, clock, DUE)
    await seal_all(database, signer)

    assert await is_erased(database, cases[0].id)
    async with database.reading() as db:
        lines = [line async for line in export_records(db)]
        shown = [verifier.read_note(note) for note in (await db.execute(select(AuditCheckpoint.note))).scalars()]
    key = verifier.Key.read(signer.verifier_key)
    report = verifier.verify(lines, kept, shown, [key], now=clock.now() + timedelta(minutes=1))
    assert report.findings == []
    assert report.sealed == report.covered > 0
