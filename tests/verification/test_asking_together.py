"""A household's questions are put together: one claim, all out at once, and none at another's mercy."""

import asyncio
from typing import Any

import pytest

from app.facts import Answer, Item, Outcome
from app.verification.jobs import ask_checks
from app.verification.lifecycle import Status
from app.verification.putting import new_turn
from tests.builders.verification import PATIENCE, Agencies, Case, build_agencies, build_opened, checks_of, find_check


async def _ask_everything(database, agencies: Agencies, case: Case) -> None:
    """Do the job of everybody's first attempt."""
    attempts = " ".join(f"{check.id}:0" for check in (await checks_of(database, case)).values())
    payload = {"application": str(case.id), "attempts": attempts}
    await ask_checks(database, payload, partners=agencies.by_code, patience=PATIENCE, turn=new_turn())


async def _unanswered(database, case: Case) -> set[Item]:
    settled = (Status.ANSWERED, Status.DISPATCHED)
    return {item for (_, item), check in (await checks_of(database, case)).items() if check.status not in settled}


async def test_all_questions_of_a_household_are_put_by_one_job_and_each_once(database):
    agencies, case = build_agencies(), await build_opened(database)

    await _ask_everything(database, agencies, case)
    await _ask_everything(database, agencies, case)

    checks = await checks_of(database, case)
    asked = [query.reference for agency in agencies.by_code.values() for query in agency.asked]
    assert sorted(asked) == sorted(check.id for check in checks.values())
    assert {check.attempts for check in checks.values()} == {1}
    assert await _unanswered(database, case) == set()


async def test_what_a_household_costs_does_not_grow_with_its_questions(database, statements):
    agencies, case = build_agencies(), await build_opened(database)
    checks = await checks_of(database, case)
    statements.clear()

    await _ask_everything(database, agencies, case)

    updates = [each for each in statements if each.startswith("UPDATE checks")]
    assert len(statements) < 2 * len(checks), "claimed one by one, they took nine each"
    assert len(updates) <= 3, "of the banks', one for each member"


async def test_a_slow_agency_keeps_no_quick_ones_answer_from_the_record(database):
    agencies, case, let = build_agencies(), await build_opened(database), asyncio.Event()
    answer = agencies.tax.ask

    async def slowly(query: Any) -> Any:
        await let.wait()
        return await answer(query)

    agencies.tax.ask = slowly
    asking = asyncio.create_task(_ask_everything(database, agencies, case))
    async with asyncio.timeout(60):
        while await _unanswered(database, case) != {Item.INCOME}:
            assert not asking.done()
            await asyncio.sleep(0.01)

    let.set()
    await asking
    assert await _unanswered(database, case) == set()


async def test_an_agency_that_breaks_harms_none_of_the_others(database):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.natural_resources.look_up = lambda query: 1 / 0

    with pytest.raises(ZeroDivisionError):
        await _ask_everything(database, agencies, case)

    assert await _unanswered(database, case) == {Item.REAL_ESTATE}


async def test_an_answer_that_cannot_be_kept_harms_none_of_the_others(database):
    agencies, case = build_agencies(), await build_opened(database)

    async def nonsense(query: Any) -> Answer:
        return Answer(Outcome.HIT, {"no field": object()})  # type: ignore[dict-item]

    agencies.natural_resources.ask = nonsense

    with pytest.raises(AttributeError):
        await _ask_everything(database, agencies, case)

    assert await _unanswered(database, case) == {Item.REAL_ESTATE}
    check = await find_check(database, case, Item.REAL_ESTATE)
    assert (check.status, check.outcome, check.attempts) == (Status.REQUESTED, None, 1)


async def test_a_job_of_an_earlier_release_still_puts_its_question(database):
    agencies, case = build_agencies(), await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)
    payload = {"check": str(check.id), "attempt": "0"}

    await ask_checks(database, payload, partners=agencies.by_code, patience=PATIENCE, turn=new_turn())

    assert [query.reference for query in agencies.public_security.asked] == [check.id]
    assert (await find_check(database, case, Item.VEHICLES)).status == Status.ANSWERED
