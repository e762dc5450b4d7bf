"""A superuser edits the log at random: the verifier, holding the checkpoints that were published, sees each edit. An
honest log, however often its sealing was killed, is never flagged.

TRIAL_EVIDENCE says how many edits, TRIAL_HONEST how many honest logs (scripts/trial-evidence sets both).
"""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import event, select, text

from app.audit.export import export_records
from app.audit.models import AuditCheckpoint
from app.audit.signing import load_signer, write_new_key_file
from app.core.clock import SystemClock
from app.core.db import Database, WriteSession, make_engine
from app.core.reach import EVERYTHING
from scripts.local import children
from scripts.local.evidence import CHECKPOINTS, KEYS, RECORDS, write_evidence
from scripts.local.processes import base_environment, python
from tests.builders.records import build_log, build_records, seal_all, seal_one
from tests.support.cleaning import empty_tables
from tests.support.tampering import EDITS, Forger
from tests.support.verifier import PLACE, verifier

_EDITS = int(os.environ.get("TRIAL_EVIDENCE", "64"))
_HONEST = int(os.environ.get("TRIAL_HONEST", "3"))
_SEED = int(os.environ.get("TRIAL_SEED", "20261125"))
_BATCHES = [40, 7, 1, 120, 64, 33, 15, 9]  # over one whole tile


@pytest_asyncio.fixture
async def superuser(database_url):
    """An engine that may do everything."""
    engine = make_engine(database_url, 1, role=None)
    yield engine
    await engine.dispose()


@asynccontextmanager
async def _undone(engine, database):
    """A session of the superuser whose work is undone."""
    info = {"clock": database.clock, "vault": database.vault, "trace": ""}
    async with WriteSession(engine, expire_on_commit=False, info=info) as db:
        yield db
        await db.rollback()


async def _look(db, kept, keys, now):
    """Let the verifier look at the log as it is now."""
    lines = [line async for line in export_records(db)]
    query = select(AuditCheckpoint.note).order_by(AuditCheckpoint.size)
    notes = list((await db.execute(query)).scalars())
    try:
        shown = [verifier.read_note(note) for note in notes]
    except verifier.NotReadable as error:
        return verifier.Report([verifier.Finding("unreadable", "published", str(error))])
    return verifier.verify(lines, kept, shown, keys, now=now)


async def test_every_random_edit_of_a_superuser_is_seen(database, signer, clock, superuser, tmp_path):
    await build_log(database, signer, clock, _BATCHES)
    keys, numbers, seen, missed = [verifier.Key.read(signer.verifier_key)], random.Random(_SEED), Counter(), []
    now = clock.now() + timedelta(hours=1)
    async with _undone(superuser, database) as db:
        notes = (await db.execute(select(AuditCheckpoint.note).order_by(AuditCheckpoint.size))).scalars()
        kept = [verifier.read_note(note) for note in notes]
        assert (await _look(db, kept, keys, now)).findings == []
    for number in range(_EDITS):
        edit = EDITS[number % len(EDITS)]
        async with _undone(superuser, database) as db:
            await db.execute(text("ALTER TABLE audit_records DROP CONSTRAINT audit_records_look_has_purpose_check"))
            await edit(Forger(db, numbers, sum(_BATCHES), signer, tmp_path))
            report = await _look(db, kept, keys, now)
        if not report.findings:
            missed.append((number, edit.__name__))
        seen.update({(edit.__name__, finding.code) for finding in report.findings})

    print(json.dumps({"edits": _EDITS, "missed": len(missed), "seen_as": _by_edit(seen)}, indent=1))
    assert missed == []


async def test_a_record_put_in_under_an_old_date_is_seen_even_when_it_was_sealed(database, signer, clock, superuser):
    await build_log(database, signer, clock, [5])
    clock.advance(timedelta(hours=3))
    await build_log(database, signer, clock, [5])
    clock.set(clock.now() - timedelta(hours=2))
    await build_records(database, 1)
    clock.set(clock.now() + timedelta(hours=2))
    await seal_all(database, signer)

    async with _undone(superuser, database) as db:
        report = await _look(db, [], [verifier.Key.read(signer.verifier_key)], clock.now())

    assert [finding.code for finding in report.findings] == ["backdated"]


async def test_a_record_written_while_a_batch_was_read_is_no_older_than_its_checkpoint(
    database, signer, clock, superuser
):
    await build_records(database, 3)
    await _seal_one_while_time_passes(database, signer, clock, timedelta(days=24))
    clock.set(clock.now() - timedelta(days=24))
    await build_records(database, 2)
    clock.set(clock.now() + timedelta(days=24))
    await seal_all(database, signer)

    async with _undone(superuser, database) as db:
        report = await _look(db, [], [verifier.Key.read(signer.verifier_key)], clock.now())

    assert (report.findings, report.sealed) == ([], 5)


async def _seal_one_while_time_passes(database, signer, clock, time: timedelta) -> None:
    """Seal one batch; while its records are read a worker stands still for so long, or its clock is moved."""
    begun = clock.now()

    def pass_time(_connection, _cursor, statement: str, *_rest) -> None:
        if "audit_records" in statement and statement.startswith("SELECT"):
            clock.set(begun + time)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", pass_time)
    async with asyncio.timeout(60):
        while not await seal_one(database, signer, 100):  # other databases of the server may hold it up
            clock.set(begun)
    event.remove(engine, "before_cursor_execute", pass_time)


@pytest.mark.parametrize("minutes", [0, 6])
async def test_what_stays_unsealed_for_long_is_told(database, signer, clock, superuser, minutes):
    await build_log(database, signer, clock, [5])
    await build_records(database, 2)

    async with _undone(superuser, database) as db:
        now = clock.now() + timedelta(minutes=minutes)
        report = await _look(db, [], [verifier.Key.read(signer.verifier_key)], now)

    assert report.tail == 2
    assert [finding.code for finding in report.findings] == ["overdue"] * (2 if minutes else 0)


async def test_honest_logs_are_never_flagged_however_sealing_is_killed(database_url, vault, tmp_path):
    numbers, flagged, kills = random.Random(_SEED), [], 0
    key_file = tmp_path / "evidence.json"
    write_new_key_file(key_file)
    signer = load_signer(key_file)
    database = Database(make_engine(database_url, 8), SystemClock(), vault, reach=EVERYTHING)
    try:
        for number in range(_HONEST):
            killed, kept = await _live(database, database_url, key_file, numbers)
            kills += killed
            await seal_all(database, signer)
            report = await _verify_as_a_stranger(database_url, tmp_path / f"log-{number}", kept)
            flagged += [(number, line) for line in report if line.startswith("WRONG")]
            assert report[-1] == "Nothing is wrong.", report
            await empty_tables(database_url)
    finally:
        await database.dispose()
        await empty_tables(database_url)

    print(json.dumps({"honest_logs": _HONEST, "workers_killed": kills, "flagged": len(flagged)}))
    assert flagged == []


async def _live(database: Database, url: str, key_file: Path, numbers: random.Random) -> tuple[int, list[str]]:
    """Write from several sides while two workers seal and are killed in the middle; returns kills, and the checkpoints
    that somebody outside has fetched meanwhile."""
    kept, writing = list[str](), True

    async def write() -> None:
        for _ in range(numbers.randint(2, 6)):
            await build_records(database, numbers.randint(1, 25), at_once=numbers.randint(1, 6))

    async def watch() -> None:
        while writing:
            async with database.reading() as db:
                newest = select(AuditCheckpoint.note).order_by(AuditCheckpoint.size.desc()).limit(1)
                note = await db.scalar(newest)
            if note is not None and note not in kept:
                kept.append(note)
            await asyncio.sleep(0.01)

    watching = asyncio.create_task(watch())
    workers = [await _start_worker(url, key_file) for _ in range(2)]
    writers = asyncio.gather(*(write() for _ in range(3)))
    for worker in workers:
        await asyncio.sleep(numbers.uniform(0.0, 0.15))
        worker.send_signal(signal.SIGKILL)
        await worker.wait()
    await writers
    writing = False
    await watching
    return len(workers), kept


async def _start_worker(url: str, key_file: Path) -> asyncio.subprocess.Process:
    worker = await asyncio.create_subprocess_exec(
        *python("-m", "tests.support.sealing_worker", url, str(key_file)),
        env={**base_environment(), "PYTHONPATH": str(children.ROOT)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert worker.stdout is not None
    assert await worker.stdout.readline() == b"sealing\n"
    return worker


async def _verify_as_a_stranger(url: str, folder: Path, kept: list[str]) -> list[str]:
    """Export, and run the program as somebody outside would; returns its lines."""
    await asyncio.to_thread(folder.mkdir)
    await write_evidence(url, folder)
    published = (folder / CHECKPOINTS).read_text().splitlines()
    (folder / "kept").write_text("".join(kept) or json.loads(published[-1])["note"])
    command = [
        *python(str(PLACE), "--key", (folder / KEYS).read_text().strip(), "--checkpoints", str(folder / "kept")),
        "--published", str(folder / CHECKPOINTS), str(folder / RECORDS),
    ]  # fmt: skip
    program = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env=base_environment(), cwd=folder
    )
    output, _ = await program.communicate()
    lines = output.decode().splitlines()
    assert program.returncode == (1 if any(line.startswith("WRONG") for line in lines) else 0)
    return lines


def _by_edit(seen: Counter) -> dict[str, list[str]]:
    return {edit.__name__: sorted(code for name, code in seen if name == edit.__name__) for edit in EDITS}
