"""What an agency was given up about is somebody's task: the report goes on its way, and the gap is the county's."""

from datetime import date, timedelta
from typing import Any

import pytest
import pytest_asyncio

from app.applications.clocks import Responsible, StepKind
from app.applications.queries import get_application, list_steps
from app.facts import Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.reference.commands import LocalParameter, put_parameter
from app.verification.commands import GivenAnswer, ask_again, conclude_from_report, retry_check
from app.verification.conclusion_models import Verdict
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import find_current_report, list_checks
from tests.builders.applications import COUNTY
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
    Case,
    answer_all,
    ask,
    ask_all,
    build_agencies,
    build_opened,
    call_back,
    enter,
    find_check,
)

_ALL = ("self", "spouse", "child")
NONE = GivenAnswer(Outcome.NONE, {}, AS_OF, "窗口查询没有记录（测试）")


async def _entry_steps(database, case: Case) -> list[Any]:
    async with database.reading() as db:
        return [step for step in await list_steps(db, case.id) if step.kind == StepKind.MANUAL_ENTRY]


async def _county(database):
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.COUNTY_HANDLER, COUNTY)


@pytest.fixture
def agencies():
    return build_agencies()


@pytest_asyncio.fixture
async def given_up(database, clock, agencies) -> Case:
    """A case whose real estate was asked about in vain until past its day; everything else is answered."""
    case = await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await answer_all(database, agencies, case)
    clock.advance(timedelta(days=10))
    for relation in _ALL:
        for _ in range(4):
            await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, relation))
    return case


async def test_with_the_report_that_lacks_it_it_is_the_countys_task_once_with_a_day(database, given_up):
    async with database.reading() as db:
        report = await find_current_report(db, given_up.id)

    assert not report.complete
    (step,) = await _entry_steps(database, given_up)
    assert (step.responsible, step.closed_at) == (Responsible.COUNTY, None)
    assert step.due_on is not None


async def test_it_is_the_countys_task_from_its_giving_up_on_though_a_bank_has_its_days_left(database, clock, agencies):
    case = await build_opened(database)
    agencies.natural_resources.fail("timeout")
    await ask_all(database, agencies, case)
    clock.advance(timedelta(days=5))
    for relation in _ALL:
        for _ in range(4):
            await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE, relation))
    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.UNAVAILABLE
    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.DISPATCHED

    (step,) = await _entry_steps(database, case)
    async with database.reading() as db:
        assert await find_current_report(db, case.id) is None
    assert (step.responsible, step.closed_at) == (Responsible.COUNTY, None)
    for relation in _ALL:
        check = await find_check(database, case, Item.REAL_ESTATE, relation)
        async with database.unit_of_work() as db:
            await enter(db, await build_staff(db, Role.COUNTY_HANDLER, COUNTY), check.id, NONE)
    (step,) = await _entry_steps(database, case)
    assert step.outcome == "entered"


async def test_a_conclusion_does_not_end_what_is_given_up_of_a_question_that_was_put_after_it(
    database, clock, agencies, given_up
):
    await _conclude(database, await _county(database), given_up)
    clock.advance(timedelta(hours=1))
    await _ask_again(database, given_up, Item.REAL_ESTATE, Item.DEPOSITS)
    clock.advance(timedelta(days=10))

    for _ in range(4):
        await ask(database, agencies, await _latest(database, given_up, Item.REAL_ESTATE))

    assert (await _latest(database, given_up, Item.DEPOSITS)).status == Status.REQUESTED
    assert [step.closed_at is None for step in await _entry_steps(database, given_up)] == [False, True]


async def test_it_ends_when_all_of_it_was_entered(database, given_up):
    county = await _county(database)

    for relation in _ALL:
        assert (await _entry_steps(database, given_up))[0].closed_at is None
        check = await find_check(database, given_up, Item.REAL_ESTATE, relation)
        async with database.unit_of_work() as db:
            await enter(db, county, check.id, NONE)

    (step,) = await _entry_steps(database, given_up)
    assert step.outcome == "entered"


async def test_it_ends_when_the_county_concludes_from_the_report_as_it_is(database, given_up):
    county = await _county(database)
    await _conclude(database, county, given_up)

    (step,) = await _entry_steps(database, given_up)
    assert step.outcome == "given_up"


async def _ask_again(database, case: Case, *items: Item) -> None:
    """Ask about items of the head anew; what is answered about vehicles is found out on paper from now on."""
    ruled = LocalParameter("procedure", "check_mode.vehicles", COUNTY, "manual", "测试规程第九条", date(2026, 1, 1))
    checks = [(await find_check(database, case, item)).id for item in items]
    async with database.unit_of_work() as db:
        await put_parameter(db, ruled)
        await ask_again(db, SYSTEM, await get_application(db, SYSTEM, case.id, lock=True), checks)


async def _conclude(database, county, case: Case) -> None:
    async with database.unit_of_work() as db:
        report = await find_current_report(db, case.id)
        await conclude_from_report(db, county, report.id, verdict=Verdict.CONSISTENT, statement="已核实。（测试）")


async def _latest(database, case: Case, item: Item) -> Check:
    async with database.reading() as db:
        of_item = [each for each in await list_checks(db, case.id) if each.item == item]
    return max((each for each in of_item if each.member_id == case.member("self")), key=lambda each: each.round)


async def test_what_is_entered_of_another_item_does_not_end_it(database, given_up):
    county = await _county(database)
    await _ask_again(database, given_up, Item.VEHICLES, Item.DEPOSITS)

    vehicles = await _latest(database, given_up, Item.VEHICLES)
    async with database.unit_of_work() as db:
        await enter(db, county, vehicles.id, NONE)

    assert [step.closed_at for step in await _entry_steps(database, given_up)] == [None]


async def test_who_concludes_does_not_end_what_is_still_to_be_found_out_on_paper(database, given_up):
    county = await _county(database)
    await _ask_again(database, given_up, Item.VEHICLES)
    await _conclude(database, county, given_up)
    assert [step.closed_at for step in await _entry_steps(database, given_up)] == [None]

    vehicles = await _latest(database, given_up, Item.VEHICLES)
    async with database.unit_of_work() as db:
        await enter(db, await build_staff(db, Role.COUNTY_HANDLER, COUNTY), vehicles.id, NONE)

    # The new report lacks what the former lacked, and nobody has concluded from it.
    assert [step.closed_at is None for step in await _entry_steps(database, given_up)][-1]


async def test_what_is_asked_again_is_the_agencys_once_more(database, given_up):
    for relation in _ALL:
        assert [step.closed_at for step in await _entry_steps(database, given_up)] == [None]
        check = await find_check(database, given_up, Item.REAL_ESTATE, relation)
        async with database.unit_of_work() as db:
            await retry_check(db, given_up.handler, check.id)

    (step,) = await _entry_steps(database, given_up)
    assert step.outcome == "asked"


async def test_who_answers_late_ends_it_as_well(database, clock, agencies):
    case = await build_opened(database)
    await ask_all(database, agencies, case)
    agencies.banking.fail("timeout")
    clock.advance(timedelta(days=11))
    for relation in _ALL:
        for _ in range(4):
            await ask(database, agencies, await find_check(database, case, Item.DEPOSITS, relation))
    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.UNAVAILABLE
    assert (await _entry_steps(database, case))[0].closed_at is None

    for relation in _ALL:
        await call_back(database, agencies, await find_check(database, case, Item.DEPOSITS, relation))

    assert (await _entry_steps(database, case))[0].outcome == "entered"


async def test_where_all_answer_there_is_no_such_task(database, agencies):
    case = await build_opened(database)

    await answer_all(database, agencies, case)

    assert await _entry_steps(database, case) == []
