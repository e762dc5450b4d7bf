"""What is wrong with a file, or late: set aside, entered by the county, put right later."""

from datetime import timedelta

from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.queries import list_steps
from app.facts import Item, Outcome
from app.identity.actors import Role
from app.partners.batch import BadLineReason, BatchRefused
from app.partners.securities.adapter import Securities
from app.partners.unconnected import UnconnectedFiles
from app.verification.batch_lifecycle import LineStatus
from app.verification.batch_lifecycle import Status as BatchStatus
from app.verification.commands import GivenAnswer, answer_check_manually, retry_check
from app.verification.commands.reading_files import note_file
from app.verification.lifecycle import Status
from app.verification.models import Check
from tests.builders.applications import COUNTY
from tests.builders.files import finish_upload
from tests.builders.people import build_staff
from tests.builders.verification import (
    find_check,
)
from tests.verification.batches.cases import (
    AS_OF,
    HOUR,
    batches_of,
    checks_of_item,
    lines_of,
    report_of,
    sent_case,
    work_round,
)


async def _of_securities(database) -> list[Check]:
    async with database.reading() as db:
        return list((await db.execute(select(Check).where(Check.item == Item.SECURITIES))).scalars())


async def test_a_line_that_is_set_aside_becomes_the_countys_and_the_others_count(database, clock, agencies):
    case = await sent_case(database, clock, agencies)
    spoilt = await find_check(database, case, Item.SECURITIES)
    agencies.securities.spoilt[spoilt.id] = BadLineReason.REFUSED

    clock.advance(HOUR)
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    lines = {line.check_id: (line.status, line.reason) for line in await lines_of(database)}
    assert lines.pop(spoilt.id) == (LineStatus.BAD, "refused")
    assert set(lines.values()) == {(LineStatus.ANSWERED, None)}
    assert batch.status == BatchStatus.DONE
    check = await find_check(database, case, Item.SECURITIES)
    assert (check.status, check.mode) == (Status.AWAITING_ENTRY, "manual")
    async with database.reading() as db:
        assert StepKind.MANUAL_ENTRY in {step.kind for step in await list_steps(db, case.id) if step.closed_at is None}

    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        given = GivenAnswer(
            Outcome.HIT, {"securities_value": 5_000}, AS_OF, "书面复函（测试）", await finish_upload(db, county.id)
        )
        await answer_check_manually(db, county, check.id, given)
    assert (await report_of(database, case))[0].complete


async def test_a_later_file_that_puts_a_line_right_counts_instead_of_what_was_entered(database, clock, agencies):
    await test_a_line_that_is_set_aside_becomes_the_countys_and_the_others_count(database, clock, agencies)
    (batch,) = await batches_of(database)
    agencies.securities.correct(batch.serial)

    async with database.unit_of_work() as db:
        await note_file(db, "securities", batch.serial)
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    assert (batch.files, {line.status for line in await lines_of(database)}) == (2, {LineStatus.ANSWERED})
    (check,) = [check for check in await _of_securities(database) if check.entered_by is not None]
    assert (check.status, check.outcome, check.answered_by) == (Status.ANSWERED, Outcome.NONE, None)


async def test_what_is_not_answered_by_its_day_is_no_answer_and_a_late_file_still_counts(database, clock, agencies):
    agencies.securities.slow = True
    case = await sent_case(database, clock, agencies)
    clock.advance(timedelta(days=10))
    await work_round(database, agencies)
    assert {check.status for check in await checks_of_item(database, case)} == {Status.DISPATCHED}

    clock.advance(timedelta(days=1))
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    assert (batch.status, {line.status for line in await lines_of(database)}) == (
        BatchStatus.LAPSED,
        {LineStatus.LAPSED},
    )
    assert {check.status for check in await checks_of_item(database, case)} == {Status.UNAVAILABLE}
    assert not (await report_of(database, case))[0].complete

    agencies.securities.slow = False
    clock.advance(timedelta(days=1))
    await work_round(database, agencies)

    assert {(check.status, check.outcome) for check in await checks_of_item(database, case)} == {
        (Status.ANSWERED, Outcome.NONE)
    }
    assert (await report_of(database, case))[0].complete
    assert {line.status for line in await lines_of(database)} == {LineStatus.ANSWERED}


async def test_an_agency_that_takes_no_file_is_tried_until_its_day_and_never_passes_for_no_record(
    database, clock, agencies
):
    agencies.securities.fail("timeout")
    case = await sent_case(database, clock, agencies)
    (batch,) = await batches_of(database)
    assert (batch.status, batch.last_failure, batch.failures) == (BatchStatus.READY, "timeout", 1)

    for _ in range(4):
        clock.advance(timedelta(days=1, hours=1))
        await work_round(database, agencies)

    (batch,) = await batches_of(database)
    assert batch.status == BatchStatus.LAPSED
    checks = await checks_of_item(database, case)
    assert {(check.status, check.outcome) for check in checks} == {(Status.UNAVAILABLE, None)}
    agencies.securities.fail(None)
    async with database.unit_of_work() as db:
        await retry_check(db, await build_staff(db, Role.COUNTY_HANDLER, COUNTY), checks[0].id)
    for _ in range(2):
        clock.advance(HOUR)
        await work_round(database, agencies)
    again = next(check for check in await checks_of_item(database, case) if check.id == checks[0].id)
    assert (again.status, again.outcome) == (Status.ANSWERED, Outcome.NONE)


async def test_a_file_whose_connection_was_taken_away_comes_to_its_day_and_then_to_the_county(
    database, clock, agencies
):
    agencies.securities.slow = True
    case = await sent_case(database, clock, agencies)
    agencies.by_code["securities"] = UnconnectedFiles(Securities)

    for _ in range(11):
        clock.advance(timedelta(days=1))
        await work_round(database, agencies)

    assert {check.status for check in await checks_of_item(database, case)} == {Status.UNAVAILABLE}
    assert not (await report_of(database, case))[0].complete
    async with database.reading() as db:
        assert StepKind.MANUAL_ENTRY in {step.kind for step in await list_steps(db, case.id) if step.closed_at is None}


async def test_a_file_the_agency_will_not_take_becomes_the_countys(database, clock, agencies, monkeypatch):
    async def refuse(order):
        raise BatchRefused("securities", order.serial, "malformed")

    monkeypatch.setattr(agencies.securities, "send_batch", refuse)

    case = await sent_case(database, clock, agencies)

    (batch,) = await batches_of(database)
    assert (batch.status, {line.reason for line in await lines_of(database)}) == (BatchStatus.REFUSED, {"malformed"})
    assert {check.status for check in await checks_of_item(database, case)} == {Status.AWAITING_ENTRY}
