"""Withdrawals, jobs that run twice, workers that die: each question is in one file, and each file read once."""

from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.commands import withdraw_authorisation
from app.core.ids import new_id
from app.facts import Answer, Item
from app.identity.actors import Role
from app.partners.base import LateAnswer, PartnerUnavailable
from app.partners.batch import BadLine, BadLineReason, ResultFile
from app.verification import batch_jobs
from app.verification.batch_jobs import gather_batches, keep_file, pursue_batches
from app.verification.batch_lifecycle import LIFECYCLE, LINES, LineStatus
from app.verification.batch_lifecycle import Status as BatchStatus
from app.verification.batch_models import CheckBatchFile, CheckBatchLine
from app.verification.commands.reading_files import note_file
from app.verification.errors import CheckBatchNotFound
from app.verification.jobs import pursue_checks
from app.verification.lifecycle import Status
from tests.builders.verification import (
    PATIENCE,
    find_check,
)
from tests.verification.batches.cases import (
    HOUR,
    batches_of,
    checks_of_item,
    lines_of,
    sent_case,
    with_securities,
    work_one,
    work_round,
)


async def test_who_withdraws_before_the_file_goes_out_is_not_asked_about(database, clock, agencies):
    case = await with_securities(database)
    clock.advance(HOUR)
    await gather_batches(database, patience=PATIENCE)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    await work_round(database, agencies)

    (order,) = agencies.securities.taken.values()
    assert case.number("spouse") not in {query.id_number for query in order.queries}
    assert (await find_check(database, case, Item.SECURITIES, "spouse")).status == Status.CANCELLED


async def test_who_withdraws_between_two_tries_is_out_of_it_and_the_first_try_counts_as_taken(
    database, clock, agencies, monkeypatch
):
    lost = agencies.securities.send_batch

    async def lose_the_answer(order):
        await lost(order)
        monkeypatch.undo()
        raise PartnerUnavailable("securities", "timeout")

    monkeypatch.setattr(agencies.securities, "send_batch", lose_the_answer)
    case = await sent_case(database, clock, agencies)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    for _ in range(2):
        clock.advance(HOUR)
        await work_round(database, agencies)

    assert len(agencies.securities.taken) == 1
    outcomes = {
        relation: await find_check(database, case, Item.SECURITIES, relation) for relation in ("self", "spouse")
    }
    assert {relation: check.status for relation, check in outcomes.items()} == {
        "self": Status.ANSWERED,
        "spouse": Status.CANCELLED,
    }
    assert outcomes["spouse"].facts_sealed is None


async def test_a_job_that_runs_twice_sends_and_reads_once(database, clock, agencies):
    await with_securities(database)
    clock.advance(HOUR)
    await gather_batches(database, patience=PATIENCE)
    await gather_batches(database, patience=PATIENCE)
    (batch,) = await batches_of(database)
    for _ in range(2):
        await work_one(database, agencies, batch)
    (sent,) = await batches_of(database)

    for _ in range(2):
        await work_one(database, agencies, sent)

    (done,) = await batches_of(database)
    assert (sent.attempts, done.attempts, done.status) == (1, 2, BatchStatus.DONE)
    assert len(agencies.securities.asked) == 3


async def test_a_worker_that_dies_anywhere_in_a_file_loses_and_doubles_nothing(database, clock, agencies, monkeypatch):
    case = await sent_case(database, clock, agencies)
    keep, calls = batch_jobs.keep_line, 0

    async def die_over_the_second(*args):
        nonlocal calls
        calls += 1
        if calls in (2, 4):
            raise SystemExit
        return await keep(*args)

    monkeypatch.setattr(batch_jobs, "keep_line", die_over_the_second)
    for _ in range(2):
        clock.advance(HOUR)
        with pytest.raises(SystemExit):
            await work_round(database, agencies)
    versions = {check.id: check.version for check in await checks_of_item(database, case) if check.status == "answered"}

    clock.advance(HOUR)
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    assert (len(versions), batch.status, batch.files) == (1, BatchStatus.DONE, 1)
    after = {check.id: check.version for check in await checks_of_item(database, case)}
    assert {check_id: after[check_id] for check_id in versions} == versions
    async with database.reading() as db:
        (file,) = (await db.execute(select(CheckBatchFile))).scalars()
    assert (file.number, file.answers, file.bad, file.read_at is None) == (1, 3, [], False)


async def test_another_file_under_a_number_that_was_begun_is_not_read(database, clock, agencies, monkeypatch):
    case = await sent_case(database, clock, agencies)
    (batch,) = await batches_of(database)
    checks = await checks_of_item(database, case)

    async def die(*_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(batch_jobs, "keep_line", die)
        answers = tuple(LateAnswer(check.id, Answer.none()) for check in checks)
        with pytest.raises(SystemExit):
            await keep_file(database, batch.id, ResultFile(1, answers, ()), "a" * 64, PATIENCE)

    await keep_file(database, batch.id, ResultFile(1, answers, ()), "b" * 64, PATIENCE)

    assert {check.status for check in await checks_of_item(database, case)} == {Status.DISPATCHED}
    assert (await batches_of(database))[0].last_failure == "garbage"


async def test_a_line_that_cannot_be_kept_harms_no_other_and_ends_with_its_batch(
    database, clock, agencies, monkeypatch
):
    case = await sent_case(database, clock, agencies)
    first = min(check.id for check in await checks_of_item(database, case))
    keep = batch_jobs.keep_line

    async def break_at_the_first(db, batch_id, number, check_id, answer):
        if check_id == first:
            raise RuntimeError("it cannot be kept")
        return await keep(db, batch_id, number, check_id, answer)

    monkeypatch.setattr(batch_jobs, "keep_line", break_at_the_first)
    clock.advance(HOUR)
    with pytest.raises(RuntimeError):
        await work_round(database, agencies)
    after_one = {check.status for check in await checks_of_item(database, case) if check.id != first}
    for _ in range(8):
        clock.advance(timedelta(days=2))
        with suppress(RuntimeError):
            await work_round(database, agencies)

    assert after_one == {Status.ANSWERED}
    assert [check.status for check in await checks_of_item(database, case) if check.id == first] == [Status.UNAVAILABLE]
    assert (await batches_of(database))[0].status == BatchStatus.LAPSED


async def test_lines_that_are_nobodys_are_kept_with_the_file(database, clock, agencies):
    await sent_case(database, clock, agencies)
    (batch,) = await batches_of(database)
    stray = BadLine(7, BadLineReason.UNKNOWN, None)

    await keep_file(database, batch.id, ResultFile(1, (), (stray,)), "a" * 64, PATIENCE)

    async with database.reading() as db:
        (file,) = (await db.execute(select(CheckBatchFile))).scalars()
    assert file.bad == [{"line": 7, "reason": "unknown"}]
    assert {line.status for line in await lines_of(database)} == {LineStatus.OPEN}


async def test_questions_by_file_are_never_put_one_by_one(database, clock, agencies):
    case = await with_securities(database)
    clock.advance(timedelta(days=30))
    await pursue_checks(database)

    checks = await checks_of_item(database, case)
    assert {(check.status, check.attempts) for check in checks} == {(Status.REQUESTED, 0)}


async def test_due_batches_are_handed_to_the_queue_once(database, clock, agencies):
    await with_securities(database)
    clock.advance(HOUR)

    await pursue_batches(database, patience=PATIENCE)

    (batch,) = await batches_of(database)
    assert batch.next_at > clock.now()
    clock.advance(timedelta(minutes=10))
    await work_one(database, agencies, batch)
    assert len(agencies.securities.taken) == 1


async def test_an_announcement_of_what_we_never_sent_is_refused(database, clock, agencies):
    await sent_case(database, clock, agencies)
    (batch,) = await batches_of(database)

    for partner, serial in (("securities", "B000"), ("wallets", batch.serial)):
        async with database.unit_of_work() as db:
            with pytest.raises(CheckBatchNotFound):
                await note_file(db, partner, serial)


async def test_a_check_is_in_one_open_line(database, clock, agencies):
    await sent_case(database, clock, agencies)
    (batch,), (line, *_) = await batches_of(database), await lines_of(database)
    values = {name: getattr(line, name) for name in ("county", "division", "application_id", "check_id", "status")}

    with pytest.raises(Exception, match=r"check_batch_lines_one_open_key|batch_id_check_id"):
        async with database.unit_of_work() as db:
            db.add(CheckBatchLine(id=new_id(), batch_id=batch.id, **values))


@pytest.mark.parametrize("table", [LIFECYCLE, LINES])
def test_only_the_system_moves_files(table):
    assert all(step.roles == {Role.SYSTEM} for step in table.steps)
