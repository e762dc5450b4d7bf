"""Questions go out in one file and come back in one, where the place has said so."""

from typing import Any

import pytest
from sqlalchemy import func, select

from app.facts import FactKey, Item, Outcome
from app.reference.errors import ParameterInvalid
from app.verification.agency_models import CheckAttempt
from app.verification.batch_lifecycle import Status as BatchStatus
from app.verification.comparison import Difference
from app.verification.lifecycle import Status
from app.verification.queries import collect_facts
from tests.builders.applications import COUNTY
from tests.builders.standards import build_in_force, parameter_draft
from tests.builders.verification import (
    answer_all,
    build_opened,
    checks_of,
    find_check,
)
from tests.verification.batches.cases import (
    AS_OF,
    HOUR,
    batches_of,
    checks_of_item,
    report_of,
    set_for_place,
    with_securities,
    work_round,
)


async def test_questions_wait_an_hour_for_each_other_and_go_out_in_one_file(database, clock, agencies):
    case = await with_securities(database)
    await work_round(database, agencies)
    assert await batches_of(database) == []

    clock.advance(HOUR)
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    (order,) = agencies.securities.taken.values()
    checks = await checks_of_item(database, case)
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
    await work_round(database, agencies)

    assert await checks_of_item(database, case) == []
    assert await batches_of(database) == []


async def test_a_file_of_answers_gives_the_report_which_sets_them_beside_the_declaration(database, clock, agencies):
    case = await with_securities(database)
    agencies.securities.learn(Item.SECURITIES, case.number("self"), {FactKey.SECURITIES_VALUE: 700_000}, AS_OF)
    await answer_all(database, agencies, case)
    clock.advance(HOUR)
    await work_round(database, agencies)
    assert (await report_of(database, case))[0] is None

    clock.advance(HOUR)
    await work_round(database, agencies)

    (batch,) = await batches_of(database)
    report, content = await report_of(database, case)
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
    await set_for_place(database, "check_mode.deposits", "batch")
    case = await build_opened(database)
    balance = {FactKey.DEPOSIT_BALANCE: 1, FactKey.DEPOSIT_ACCOUNTS: 1}
    agencies.banking.learn(Item.DEPOSITS, case.number("self"), balance, AS_OF)
    await answer_all(database, agencies, case)

    for _ in range(2):
        clock.advance(HOUR)
        await work_round(database, agencies)

    assert (await find_check(database, case, Item.DEPOSITS)).outcome == Outcome.HIT
    assert (await report_of(database, case))[0].complete


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
