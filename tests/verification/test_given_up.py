"""What an agency was given up about is somebody's task: the report goes on its way, and the gap is the county's."""

from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from app.applications.clocks import Responsible, StepKind
from app.applications.queries import list_steps
from app.facts import Item, Outcome
from app.identity.actors import Role
from app.verification.commands import GivenAnswer, answer_check_manually, conclude_from_report
from app.verification.conclusion_models import Verdict
from app.verification.lifecycle import Status
from app.verification.queries import find_current_report
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


async def test_it_ends_when_all_of_it_was_entered(database, given_up):
    county = await _county(database)

    for relation in _ALL:
        assert (await _entry_steps(database, given_up))[0].closed_at is None
        check = await find_check(database, given_up, Item.REAL_ESTATE, relation)
        async with database.unit_of_work() as db:
            await answer_check_manually(db, county, check.id, NONE)

    (step,) = await _entry_steps(database, given_up)
    assert step.outcome == "entered"


async def test_it_ends_when_the_county_concludes_from_the_report_as_it_is(database, given_up):
    county = await _county(database)
    async with database.unit_of_work() as db:
        report = await find_current_report(db, given_up.id)
        await conclude_from_report(db, county, report.id, verdict=Verdict.CONSISTENT, statement="已核实。（测试）")

    (step,) = await _entry_steps(database, given_up)
    assert step.outcome == "given_up"


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
