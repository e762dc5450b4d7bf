"""Agencies asked by file: many questions in one file, answers in a file hours or days later, each line once."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.applications.clocks import StepKind
from app.applications.commands import withdraw_authorisation
from app.applications.queries import list_steps
from app.core.ids import new_id
from app.facts import Answer, FactKey, Item, Outcome
from app.identity.actors import Role
from app.partners.base import LateAnswer, PartnerUnavailable
from app.partners.batch import BadLine, BadLineReason, BatchRefused, ResultFile
from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import ParameterInvalid
from app.verification import batch_jobs
from app.verification.agency_models import CheckAttempt
from app.verification.batch_jobs import gather_batches, keep_file, pursue_batches, work_batch
from app.verification.batch_lifecycle import LIFECYCLE, LINES, LineStatus
from app.verification.batch_lifecycle import Status as BatchStatus
from app.verification.batch_models import CheckBatch, CheckBatchFile, CheckBatchLine
from app.verification.commands import GivenAnswer, answer_check_manually, retry_check
from app.verification.commands.reading_files import note_file
from app.verification.comparison import Difference
from app.verification.errors import CheckBatchNotFound
from app.verification.jobs import pursue_checks
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import collect_facts, find_current_report, open_report
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.standards import build_in_force, parameter_draft
from tests.builders.verification import (
    PATIENCE,
    Agencies,
    Case,
    answer_all,
    build_agencies,
    build_opened,
    checks_of,
    find_check,
)

AS_OF = date(2026, 11, 20)
HOUR = timedelta(hours=1)


async def _set(database, name: str, value: Any) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, LocalParameter("procedure", name, COUNTY, value, "测试规程第九条", date(2026, 1, 1)))


@pytest.fixture
def agencies() -> Agencies:
    return build_agencies()


async def _with_securities(database) -> Case:
    await _set(database, "also_asked", ["securities"])
    return await build_opened(database)


async def _round(database, agencies: Agencies) -> None:
    """What the worker does at one moment: gather, hand over, and run each job there is."""
    await gather_batches(database, patience=PATIENCE)
    for batch in await _batches(database):
        if batch.next_at is not None and batch.next_at <= database.clock.now():
            await _work(database, agencies, batch)


async def _work(database, agencies: Agencies, batch: CheckBatch) -> None:
    payload = {"batch": str(batch.id), "attempt": str(batch.attempts)}
    await work_batch(database, payload, partners=agencies.by_code, patience=PATIENCE)


async def _sent(database, clock, agencies: Agencies) -> Case:
    """A case whose securities have been asked by file, everything else answered."""
    case = await _with_securities(database)
    await answer_all(database, agencies, case)
    clock.advance(HOUR)
    await _round(database, agencies)
    return case


async def _batches(database) -> list[CheckBatch]:
    async with database.reading() as db:
        return list((await db.execute(select(CheckBatch).order_by(CheckBatch.id))).scalars())


async def _lines(database) -> list[CheckBatchLine]:
    async with database.reading() as db:
        return list((await db.execute(select(CheckBatchLine).order_by(CheckBatchLine.id))).scalars())


async def _of_item(database, case: Case, item: Item = Item.SECURITIES) -> list[Check]:
    return [check for (_, each), check in (await checks_of(database, case)).items() if each is item]


async def _report(database, case: Case):
    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        return report, open_report(db, report) if report else None


async def test_questions_wait_an_hour_for_each_other_and_go_out_in_one_file(database, clock, agencies):
    case = await _with_securities(database)
    await _round(database, agencies)
    assert await _batches(database) == []

    clock.advance(HOUR)
    await _round(database, agencies)

    (batch,) = await _batches(database)
    (order,) = agencies.securities.taken.values()
    checks = await _of_item(database, case)
    assert (batch.status, batch.county, batch.lines, batch.serial) == (BatchStatus.SENT, COUNTY[:6], 3, order.serial)
    assert {query.reference for query in order.queries} == {check.id for check in checks}
    assert {(query.purpose, query.operator, bool(query.authorisation)) for query in order.queries} == {
        ("living_allowance", "system", True)
    }
    assert {(check.status, check.mode, check.ticket, check.due_on.isoformat()) for check in checks} == {
        (Status.DISPATCHED, "batch", batch.serial, "2026-12-03")  # ten days
    }
    async with database.reading() as db:
        taken = select(CheckAttempt.outcome, func.count()).where(CheckAttempt.partner == "securities")
        assert [tuple(row) for row in (await db.execute(taken.group_by(CheckAttempt.outcome))).all()] == [("taken", 3)]


async def test_nothing_else_is_asked_where_no_place_has_said_so(database, agencies, clock):
    case = await build_opened(database)
    clock.advance(HOUR)
    await _round(database, agencies)

    assert await _of_item(database, case) == []
    assert await _batches(database) == []


async def test_a_file_of_answers_gives_the_report_which_sets_them_beside_the_declaration(database, clock, agencies):
    case = await _with_securities(database)
    agencies.securities.learn(Item.SECURITIES, case.number("self"), {FactKey.SECURITIES_VALUE: 700_000}, AS_OF)
    await answer_all(database, agencies, case)
    clock.advance(HOUR)
    await _round(database, agencies)
    assert (await _report(database, case))[0] is None

    clock.advance(HOUR)
    await _round(database, agencies)

    (batch,) = await _batches(database)
    report, content = await _report(database, case)
    entry = next(
        entry
        for person, entry in content.entries()
        if entry.item is Item.SECURITIES and person.member == case.member("self")
    )
    assert (batch.status, batch.files, batch.next_at) == (BatchStatus.DONE, 1, None)
    assert report.complete
    assert [(field.found, field.difference) for field in entry.fields] == [(700_000, Difference.NOT_DECLARED)]
    assert "securities_value" in {reason.key for reason in content.score.reasons}
    async with database.reading() as db:
        collected = await collect_facts(db, case.id)
    # No rule knows of it: a decision is neither made nor left open by it.
    assert FactKey.SECURITIES_VALUE not in {key for _, key in collected.facts}
    assert Item.SECURITIES not in {item for _, item in collected.asked | collected.unavailable}


async def test_deposits_go_by_file_where_the_place_says_so(database, clock, agencies):
    await _set(database, "check_mode.deposits", "batch")
    case = await build_opened(database)
    balance = {FactKey.DEPOSIT_BALANCE: 1, FactKey.DEPOSIT_ACCOUNTS: 1}
    agencies.banking.learn(Item.DEPOSITS, case.number("self"), balance, AS_OF)
    await answer_all(database, agencies, case)

    for _ in range(2):
        clock.advance(HOUR)
        await _round(database, agencies)

    assert (await find_check(database, case, Item.DEPOSITS)).outcome == Outcome.HIT
    assert (await _report(database, case))[0].complete


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("check_mode.vehicles", "batch"),
        ("check_mode.securities", "interface"),
        ("also_asked", ["vehicles"]),
        ("also_asked", ["securities", "securities"]),
        ("also_asked", "securities"),
    ],
)
async def test_a_way_that_the_agency_does_not_offer_is_refused(database, name: str, value: Any):
    async with database.unit_of_work() as db:
        with pytest.raises(ParameterInvalid):
            await build_in_force(db, parameter_draft(name, value, program="procedure", area=COUNTY))


async def test_ways_that_agencies_offer_are_the_places_to_choose(database):
    async with database.unit_of_work() as db:
        for name, value in (
            ("check_mode.deposits", "batch"),
            ("check_mode.securities", "manual"),
            ("also_asked", ["wallets", "securities"]),
        ):
            await build_in_force(db, parameter_draft(name, value, program="procedure", area=COUNTY))

    case = await build_opened(database)

    modes = {item: check.mode for (_, item), check in (await checks_of(database, case)).items()}
    assert [modes[item] for item in (Item.DEPOSITS, Item.SECURITIES, Item.WALLETS)] == ["batch", "manual", "batch"]


async def test_a_line_that_is_set_aside_becomes_the_countys_and_the_others_count(database, clock, agencies):
    case = await _sent(database, clock, agencies)
    spoilt = await find_check(database, case, Item.SECURITIES)
    agencies.securities.spoilt[spoilt.id] = BadLineReason.REFUSED

    clock.advance(HOUR)
    await _round(database, agencies)

    (batch,) = await _batches(database)
    lines = {line.check_id: (line.status, line.reason) for line in await _lines(database)}
    assert lines.pop(spoilt.id) == (LineStatus.BAD, "refused")
    assert set(lines.values()) == {(LineStatus.ANSWERED, None)}
    assert batch.status == BatchStatus.DONE
    check = await find_check(database, case, Item.SECURITIES)
    assert (check.status, check.mode) == (Status.AWAITING_ENTRY, "manual")
    async with database.reading() as db:
        assert StepKind.MANUAL_ENTRY in {step.kind for step in await list_steps(db, case.id) if step.closed_at is None}

    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        given = GivenAnswer(Outcome.HIT, {"securities_value": 5_000}, AS_OF, "电话核实（测试）")
        await answer_check_manually(db, county, check.id, given)
    assert (await _report(database, case))[0].complete


async def test_a_later_file_that_puts_a_line_right_counts_instead_of_what_was_entered(database, clock, agencies):
    await test_a_line_that_is_set_aside_becomes_the_countys_and_the_others_count(database, clock, agencies)
    (batch,) = await _batches(database)
    agencies.securities.correct(batch.serial)

    async with database.unit_of_work() as db:
        await note_file(db, "securities", batch.serial)
    await _round(database, agencies)

    (batch,) = await _batches(database)
    assert (batch.files, {line.status for line in await _lines(database)}) == (2, {LineStatus.ANSWERED})
    (check,) = [check for check in await _of_securities(database) if check.entered_by is not None]
    assert (check.status, check.outcome, check.answered_by) == (Status.ANSWERED, Outcome.NONE, None)


async def _of_securities(database) -> list[Check]:
    async with database.reading() as db:
        return list((await db.execute(select(Check).where(Check.item == Item.SECURITIES))).scalars())


async def test_what_is_not_answered_by_its_day_is_no_answer_and_a_late_file_still_counts(database, clock, agencies):
    agencies.securities.slow = True
    case = await _sent(database, clock, agencies)
    clock.advance(timedelta(days=10))
    await _round(database, agencies)
    assert {check.status for check in await _of_item(database, case)} == {Status.DISPATCHED}

    clock.advance(timedelta(days=1))
    await _round(database, agencies)

    (batch,) = await _batches(database)
    assert (batch.status, {line.status for line in await _lines(database)}) == (
        BatchStatus.LAPSED,
        {LineStatus.LAPSED},
    )
    assert {check.status for check in await _of_item(database, case)} == {Status.UNAVAILABLE}
    assert not (await _report(database, case))[0].complete

    agencies.securities.slow = False
    clock.advance(timedelta(days=1))
    await _round(database, agencies)

    assert {(check.status, check.outcome) for check in await _of_item(database, case)} == {
        (Status.ANSWERED, Outcome.NONE)
    }
    assert (await _report(database, case))[0].complete
    assert {line.status for line in await _lines(database)} == {LineStatus.ANSWERED}


async def test_an_agency_that_takes_no_file_is_tried_until_its_day_and_never_passes_for_no_record(
    database, clock, agencies
):
    agencies.securities.fail("timeout")
    case = await _sent(database, clock, agencies)
    (batch,) = await _batches(database)
    assert (batch.status, batch.last_failure, batch.failures) == (BatchStatus.READY, "timeout", 1)

    for _ in range(4):
        clock.advance(timedelta(days=1, hours=1))
        await _round(database, agencies)

    (batch,) = await _batches(database)
    assert batch.status == BatchStatus.LAPSED
    checks = await _of_item(database, case)
    assert {(check.status, check.outcome) for check in checks} == {(Status.UNAVAILABLE, None)}
    agencies.securities.fail(None)
    async with database.unit_of_work() as db:
        await retry_check(db, await build_staff(db, Role.COUNTY_HANDLER, COUNTY), checks[0].id)
    for _ in range(2):
        clock.advance(HOUR)
        await _round(database, agencies)
    again = next(check for check in await _of_item(database, case) if check.id == checks[0].id)
    assert (again.status, again.outcome) == (Status.ANSWERED, Outcome.NONE)


async def test_a_file_the_agency_will_not_take_becomes_the_countys(database, clock, agencies, monkeypatch):
    async def refuse(order):
        raise BatchRefused("securities", order.serial, "malformed")

    monkeypatch.setattr(agencies.securities, "send_batch", refuse)

    case = await _sent(database, clock, agencies)

    (batch,) = await _batches(database)
    assert (batch.status, {line.reason for line in await _lines(database)}) == (BatchStatus.REFUSED, {"malformed"})
    assert {check.status for check in await _of_item(database, case)} == {Status.AWAITING_ENTRY}


async def test_who_withdraws_before_the_file_goes_out_is_not_asked_about(database, clock, agencies):
    case = await _with_securities(database)
    clock.advance(HOUR)
    await gather_batches(database, patience=PATIENCE)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    await _round(database, agencies)

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
    case = await _sent(database, clock, agencies)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    for _ in range(2):
        clock.advance(HOUR)
        await _round(database, agencies)

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
    await _with_securities(database)
    clock.advance(HOUR)
    await gather_batches(database, patience=PATIENCE)
    await gather_batches(database, patience=PATIENCE)
    (batch,) = await _batches(database)
    for _ in range(2):
        await _work(database, agencies, batch)
    (sent,) = await _batches(database)

    for _ in range(2):
        await _work(database, agencies, sent)

    (done,) = await _batches(database)
    assert (sent.attempts, done.attempts, done.status) == (1, 2, BatchStatus.DONE)
    assert len(agencies.securities.asked) == 3


async def test_a_worker_that_dies_anywhere_in_a_file_loses_and_doubles_nothing(database, clock, agencies, monkeypatch):
    case = await _sent(database, clock, agencies)
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
            await _round(database, agencies)
    versions = {check.id: check.version for check in await _of_item(database, case) if check.status == "answered"}

    clock.advance(HOUR)
    await _round(database, agencies)

    (batch,) = await _batches(database)
    assert (len(versions), batch.status, batch.files) == (1, BatchStatus.DONE, 1)
    after = {check.id: check.version for check in await _of_item(database, case)}
    assert {check_id: after[check_id] for check_id in versions} == versions
    async with database.reading() as db:
        (file,) = (await db.execute(select(CheckBatchFile))).scalars()
    assert (file.number, file.answers, file.bad, file.read_at is None) == (1, 3, [], False)


async def test_another_file_under_a_number_that_was_begun_is_not_read(database, clock, agencies, monkeypatch):
    case = await _sent(database, clock, agencies)
    (batch,) = await _batches(database)
    checks = await _of_item(database, case)

    async def die(*_):
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(batch_jobs, "keep_line", die)
        answers = tuple(LateAnswer(check.id, Answer.none()) for check in checks)
        with pytest.raises(SystemExit):
            await keep_file(database, batch.id, ResultFile(1, answers, ()), "a" * 64, PATIENCE)

    await keep_file(database, batch.id, ResultFile(1, answers, ()), "b" * 64, PATIENCE)

    assert {check.status for check in await _of_item(database, case)} == {Status.DISPATCHED}
    assert (await _batches(database))[0].last_failure == "garbage"


async def test_a_line_that_cannot_be_kept_harms_no_other_and_ends_with_its_batch(
    database, clock, agencies, monkeypatch
):
    case = await _sent(database, clock, agencies)
    first = min(check.id for check in await _of_item(database, case))
    keep = batch_jobs.keep_line

    async def break_at_the_first(db, batch_id, number, check_id, answer):
        if check_id == first:
            raise RuntimeError("it cannot be kept")
        return await keep(db, batch_id, number, check_id, answer)

    monkeypatch.setattr(batch_jobs, "keep_line", break_at_the_first)
    clock.advance(HOUR)
    with pytest.raises(RuntimeError):
        await _round(database, agencies)
    after_one = {check.status for check in await _of_item(database, case) if check.id != first}
    for _ in range(8):
        clock.advance(timedelta(days=2))
        with suppress(RuntimeError):
            await _round(database, agencies)

    assert after_one == {Status.ANSWERED}
    assert [check.status for check in await _of_item(database, case) if check.id == first] == [Status.UNAVAILABLE]
    assert (await _batches(database))[0].status == BatchStatus.LAPSED


async def test_lines_that_are_nobodys_are_kept_with_the_file(database, clock, agencies):
    await _sent(database, clock, agencies)
    (batch,) = await _batches(database)
    stray = BadLine(7, BadLineReason.UNKNOWN, None)

    await keep_file(database, batch.id, ResultFile(1, (), (stray,)), "a" * 64, PATIENCE)

    async with database.reading() as db:
        (file,) = (await db.execute(select(CheckBatchFile))).scalars()
    assert file.bad == [{"line": 7, "reason": "unknown"}]
    assert {line.status for line in await _lines(database)} == {LineStatus.OPEN}


async def test_questions_by_file_are_never_put_one_by_one(database, clock, agencies):
    case = await _with_securities(database)
    clock.advance(timedelta(days=30))
    await pursue_checks(database)

    checks = await _of_item(database, case)
    assert {(check.status, check.attempts) for check in checks} == {(Status.REQUESTED, 0)}


async def test_due_batches_are_handed_to_the_queue_once(database, clock, agencies):
    await _with_securities(database)
    clock.advance(HOUR)

    await pursue_batches(database, patience=PATIENCE)

    (batch,) = await _batches(database)
    assert batch.next_at > clock.now()
    clock.advance(timedelta(minutes=10))
    await _work(database, agencies, batch)
    assert len(agencies.securities.taken) == 1


async def test_an_announcement_of_what_we_never_sent_is_refused(database, clock, agencies):
    await _sent(database, clock, agencies)
    (batch,) = await _batches(database)

    for partner, serial in (("securities", "B000"), ("wallets", batch.serial)):
        async with database.unit_of_work() as db:
            with pytest.raises(CheckBatchNotFound):
                await note_file(db, partner, serial)


async def test_a_check_is_in_one_open_line(database, clock, agencies):
    await _sent(database, clock, agencies)
    (batch,), (line, *_) = await _batches(database), await _lines(database)
    values = {name: getattr(line, name) for name in ("county", "division", "application_id", "check_id", "status")}

    with pytest.raises(Exception, match=r"check_batch_lines_one_open_key|batch_id_check_id"):
        async with database.unit_of_work() as db:
            db.add(CheckBatchLine(id=new_id(), batch_id=batch.id, **values))


@pytest.mark.parametrize("table", [LIFECYCLE, LINES])
def test_only_the_system_moves_files(table):
    assert all(step.roles == {Role.SYSTEM} for step in table.steps)
