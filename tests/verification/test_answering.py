"""Answers: early, late, twice, at the same time; and one report for each state of them."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.commands import withdraw_application
from app.applications.queries import get_application, list_steps
from app.core.ids import new_id
from app.events.models import EventRecord
from app.facts import Answer, Item, Outcome
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.base import LateAnswer
from app.verification.commands import record_answer, take_late_answer
from app.verification.errors import CheckNotFound
from app.verification.lifecycle import Status
from app.verification.models import HouseholdReport
from app.verification.queries import find_current_report, has_open_checks
from tests.builders.verification import (
    answer_all,
    ask,
    ask_all,
    build_agencies,
    build_opened,
    call_back,
    checks_of,
    find_check,
)

BANK = Actor(SYSTEM.id, Role.PARTNER)


async def _reports(database, case) -> list[HouseholdReport]:
    async with database.reading() as db:
        query = select(HouseholdReport).where(HouseholdReport.application_id == case.id)
        return list((await db.execute(query.order_by(HouseholdReport.number))).scalars())


async def _completions(database, case) -> list[EventRecord]:
    async with database.reading() as db:
        query = select(EventRecord).where(EventRecord.subject == case.id, EventRecord.type == "verification.completed")
        return list((await db.execute(query.order_by(EventRecord.sequence))).scalars())


async def test_the_last_answer_issues_the_report_closes_the_step_and_tells(database):
    agencies = build_agencies()
    case = await build_opened(database)

    await answer_all(database, agencies, case)

    (report,) = await _reports(database, case)
    (told,) = await _completions(database, case)
    assert (report.number, report.complete, report.superseded_at) == (1, True, None)
    assert told.data == {"applicant_id": str(case.applicant.id), "report_id": str(report.id)}
    async with database.reading() as db:
        (step,) = [step for step in await list_steps(db, case.id) if step.kind == "verification"]
    assert (step.outcome, step.closed_at is None) == ("complete", False)


async def test_while_a_bank_owes_an_answer_there_is_no_report(database):
    agencies = build_agencies()
    case = await build_opened(database)

    await ask_all(database, agencies, case)

    assert await _reports(database, case) == []
    async with database.reading() as db:
        assert await has_open_checks(db, case.id)


async def test_the_last_two_answers_at_the_same_time_give_one_report(database):
    agencies = build_agencies()
    case = await build_opened(database)
    await ask_all(database, agencies, case)
    bank = [check for check in (await checks_of(database, case)).values() if check.status == Status.DISPATCHED]

    await asyncio.gather(*(call_back(database, agencies, check) for check in bank))

    assert [report.number for report in await _reports(database, case)] == [1]
    assert len(await _completions(database, case)) == 1


async def test_all_questions_at_the_same_time_give_one_report(database):
    agencies = build_agencies()
    case = await build_opened(database)

    await asyncio.gather(*(ask(database, agencies, check) for check in (await checks_of(database, case)).values()))
    await answer_all(database, agencies, case)

    assert len(await _reports(database, case)) == 1


async def test_a_call_back_may_overtake_its_acknowledgement(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    async with database.unit_of_work() as db:
        assert await take_late_answer(db, BANK, "banking", LateAnswer(check.id, Answer.none()))

    await ask(database, agencies, check)

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.ANSWERED


async def test_a_call_back_while_the_question_is_on_its_way_wins_over_the_acknowledgement(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    acknowledge = agencies.banking.ask

    async def answer_before_acknowledging(query):
        acknowledged = await acknowledge(query)
        await call_back(database, agencies, check)
        return acknowledged

    agencies.banking.ask = answer_before_acknowledging  # type: ignore[method-assign]
    await ask(database, agencies, check)

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.ANSWERED


async def test_a_repeated_call_back_changes_nothing(database):
    agencies = build_agencies()
    case = await build_opened(database)
    await answer_all(database, agencies, case)
    check = await find_check(database, case, Item.DEPOSITS)

    assert not await call_back(database, agencies, check)

    again = await find_check(database, case, Item.DEPOSITS)
    assert again.version == check.version
    assert len(await _reports(database, case)) == 1


async def test_a_second_different_answer_does_not_replace_the_first(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    await ask(database, agencies, check)
    await call_back(database, agencies, check)

    async with database.unit_of_work() as db:
        changed = await record_answer(db, SYSTEM, check.id, Answer(Outcome.HIT, {}))

    assert not changed
    assert (await find_check(database, case, Item.DEPOSITS)).outcome == Outcome.NONE


async def test_a_late_call_back_supersedes_the_report_that_had_to_do_without(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    await ask_all(database, agencies, case)
    for days in (0, 3, 6, 9, 12):
        clock.advance(timedelta(days=3 if days else 0))
        for check in (await checks_of(database, case)).values():
            if check.status == Status.DISPATCHED:
                await ask(database, agencies, check)
    (incomplete,) = await _reports(database, case)
    assert not incomplete.complete

    for relation in ("self", "spouse", "child"):
        await call_back(database, agencies, await find_check(database, case, Item.DEPOSITS, relation))

    reports = await _reports(database, case)
    assert [report.number for report in reports] == [1, 2, 3, 4]
    assert [report.superseded_at is None for report in reports] == [False, False, False, True]
    assert [report.complete for report in reports] == [False, False, False, True]
    assert len(await _completions(database, case)) == 4
    async with database.reading() as db:
        assert (await find_current_report(db, case.id)).id == reports[3].id


async def test_an_answer_to_a_question_never_put_is_refused(database):
    async with database.unit_of_work() as db:
        with pytest.raises(CheckNotFound):
            await take_late_answer(db, BANK, "banking", LateAnswer(new_id(), Answer.none()))


async def test_a_partner_cannot_answer_for_another(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    async with database.unit_of_work() as db:
        with pytest.raises(CheckNotFound):
            await take_late_answer(db, BANK, "banking", LateAnswer(check.id, Answer.none()))


async def test_an_answer_that_comes_after_the_matter_ended_is_not_kept(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    await ask(database, agencies, check)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)

    assert not await call_back(database, agencies, check)

    kept = await find_check(database, case, Item.DEPOSITS)
    assert (kept.status, kept.outcome, kept.facts_sealed) == (Status.CANCELLED, None, None)


async def test_an_answer_after_the_grant_gives_a_report_for_the_file_and_no_event(database):
    agencies = build_agencies()
    agencies.natural_resources.fail("error")
    case = await build_opened(database)
    await answer_all(database, agencies, case)
    for _ in range(6):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, agencies, check)
    told = len(await _completions(database, case))
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id, lock=True)
        application.status = "approved"

    late = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        assert await record_answer(db, SYSTEM, late.id, Answer.none())

    assert len(await _reports(database, case)) == 2
    assert len(await _completions(database, case)) == told
