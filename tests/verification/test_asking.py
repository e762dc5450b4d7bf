"""Putting questions: attempts, pauses, giving up, workers that die, clocks that jump."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.applications.commands import withdraw_application, withdraw_authorisation
from app.applications.events import ApplicationWithdrawn, AuthorisationWithdrawn
from app.facts import FactKey, Item, Outcome
from app.verification.commands import claim_checks
from app.verification.jobs import cancel_application_checks, cancel_member_checks, pursue_checks
from app.verification.lifecycle import Status
from app.verification.patience import BUSY, QUEUED, UNDER_WAY
from app.verification.queries import facts_found, find_current_report, list_due_checks
from tests.builders.verification import (
    AS_OF,
    PATIENCE,
    answer_all,
    ask,
    ask_all,
    build_agencies,
    build_case,
    build_opened,
    call_back,
    checks_of,
    find_check,
)


async def _jobs(database) -> int:
    async with database.reading() as db:
        return await db.scalar(text("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'ask_checks'"))


async def _finish_jobs(database) -> None:
    async with database.unit_of_work() as db:
        await db.execute(text("DELETE FROM pgqueuer"))


async def _due(database) -> set:
    async with database.unit_of_work() as db:
        return {check.id for check in await list_due_checks(db, database.clock.now(), 1000)}


async def test_an_agency_is_told_reference_purpose_case_authorisation_and_operator(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    await ask(database, agencies, check)

    (query,) = agencies.public_security.asked
    assert (query.reference, query.item, query.purpose) == (check.id, Item.VEHICLES, "living_allowance")
    assert (query.authorisation, query.operator) == (str(check.authorisation_id), "system")
    assert query.case.startswith("DB532529")
    assert query.id_number == case.number("self")


async def test_a_hit_is_kept_sealed_with_its_facts(database):
    agencies = build_agencies()
    case = await build_opened(database)
    agencies.public_security.learn(Item.VEHICLES, case.number("self"), {FactKey.VEHICLE_COUNT: 2}, AS_OF)

    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))

    check = await find_check(database, case, Item.VEHICLES)
    assert (check.status, check.outcome) == (Status.ANSWERED, Outcome.HIT)
    async with database.reading() as db:
        fact = facts_found(db, check)[FactKey.VEHICLE_COUNT]
    assert (fact.value, fact.source, fact.as_of) == (2, "public_security", AS_OF)


async def test_no_record_is_an_answer(database):
    agencies = build_agencies()
    case = await build_opened(database)

    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))

    check = await find_check(database, case, Item.VEHICLES)
    assert (check.status, check.outcome, check.facts_sealed) == (Status.ANSWERED, Outcome.NONE, None)


async def test_the_same_job_twice_asks_once(database):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    await ask(database, agencies, check)
    await ask(database, agencies, check)

    assert len(agencies.public_security.asked) == 1


async def test_a_silent_agency_is_asked_again_after_a_growing_pause(database, clock):
    agencies = build_agencies()
    agencies.natural_resources.fail("timeout")
    case = await build_opened(database)
    pauses = []

    for _ in range(5):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))
        check = await find_check(database, case, Item.REAL_ESTATE)
        pauses.append((check.next_attempt_at - clock.now()).total_seconds() / 60)

    assert (check.status, check.last_failure, check.attempts) == (Status.REQUESTED, "timeout", 5)
    assert pauses == [1, 2, 4, 8, 16]


async def test_after_the_last_attempt_it_is_no_answer_and_never_no_record(database):
    agencies = build_agencies()
    agencies.natural_resources.fail("error")
    case = await build_opened(database)

    for _ in range(6):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    check = await find_check(database, case, Item.REAL_ESTATE)
    assert (check.status, check.outcome, check.next_attempt_at) == (Status.UNAVAILABLE, None, None)


async def test_an_agency_that_recovers_is_heard_under_the_same_reference(database):
    agencies = build_agencies()
    agencies.natural_resources.fail("error")
    case = await build_opened(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    await ask(database, agencies, check)
    agencies.natural_resources.fail(None)

    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.ANSWERED
    assert {query.reference for query in agencies.natural_resources.asked} == {check.id}


async def test_what_a_killed_worker_left_is_taken_up_by_the_sweep(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)
    async with database.unit_of_work() as db:
        claimed = await claim_checks(db, case.id, {check.id: 0}, PATIENCE)  # and the worker dies here
    assert len(claimed) == 1

    clock.advance(UNDER_WAY)
    assert check.id in await _due(database)
    await pursue_checks(database)
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))

    check = await find_check(database, case, Item.VEHICLES)
    assert (check.status, check.attempts) == (Status.ANSWERED, 2)


async def test_a_check_handed_to_the_queue_is_not_handed_over_again_at_once(database, clock):
    case = await build_opened(database)
    assert await _due(database) == set()

    clock.advance(timedelta(seconds=60))
    assert len(await _due(database)) == len(await checks_of(database, case))
    await pursue_checks(database)

    assert await _due(database) == set()


async def test_while_a_job_of_a_case_waits_no_look_adds_another(database, clock):
    case = await build_opened(database)
    clock.advance(QUEUED)
    await pursue_checks(database)
    once = await _jobs(database)

    for _ in range(3):
        clock.advance(QUEUED)
        assert len(await _due(database)) == len(await checks_of(database, case))
        await pursue_checks(database)
        assert await _due(database) == set()
    waiting = await _jobs(database)
    await _finish_jobs(database)
    clock.advance(BUSY)
    await pursue_checks(database)

    assert waiting == once == 2  # of the opening, and of the first look
    assert await _jobs(database) == 1


async def test_an_attempt_that_kills_its_worker_every_time_ends_after_six(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    for attempt in range(7):
        async with database.unit_of_work() as db:
            await claim_checks(db, case.id, {check.id: attempt}, PATIENCE)

    check = await find_check(database, case, Item.VEHICLES)
    assert (check.status, check.attempts) == (Status.UNAVAILABLE, 6)


async def test_a_bank_acknowledges_and_has_ten_days(database):
    agencies = build_agencies()
    case = await build_opened(database)

    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    check = await find_check(database, case, Item.DEPOSITS)
    assert check.status == Status.DISPATCHED
    assert check.ticket is not None
    assert check.due_on.isoformat() == "2026-12-03"


async def test_a_bank_that_does_not_call_back_is_reminded_under_the_same_reference(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    check = await find_check(database, case, Item.DEPOSITS)
    await ask(database, agencies, check)

    clock.advance(timedelta(days=3))
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    reminded = await find_check(database, case, Item.DEPOSITS)
    assert (reminded.status, reminded.attempts, reminded.due_on.isoformat()) == (Status.DISPATCHED, 2, "2026-12-03")
    assert {query.reference for query in agencies.banking.asked} == {check.id}


async def test_ten_days_without_a_call_back_are_no_answer(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    for day in (0, 3, 6, 9, 12):
        clock.set(database.clock.now() + timedelta(days=3 if day else 0))
        await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.UNAVAILABLE


async def test_a_clock_that_jumps_does_not_cost_a_quick_bank_its_answer(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    clock.advance(timedelta(days=14))
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))
    check = await find_check(database, case, Item.DEPOSITS)

    assert check.status == Status.DISPATCHED
    assert check.next_attempt_at > clock.now()
    await call_back(database, agencies, check)
    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.ANSWERED


async def test_a_clock_that_jumps_does_not_cost_an_agency_its_attempts(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)

    clock.advance(timedelta(days=30))
    await pursue_checks(database)
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES))

    assert (await find_check(database, case, Item.VEHICLES)).status == Status.ANSWERED


async def test_past_the_due_date_fewer_attempts_are_enough(database, clock):
    agencies = build_agencies()
    agencies.natural_resources.fail("refused")
    case = await build_opened(database)
    clock.advance(timedelta(days=30))

    for _ in range(3):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.UNAVAILABLE


async def test_a_withdrawn_authorisation_stops_the_next_question_even_before_anybody_was_told(database):
    agencies = build_agencies()
    case = await build_opened(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    await ask(database, agencies, await find_check(database, case, Item.VEHICLES, "spouse"))

    assert agencies.public_security.asked == []
    assert (await find_check(database, case, Item.VEHICLES, "spouse")).status == Status.CANCELLED


async def test_a_withdrawn_authorisation_cancels_that_persons_open_checks_only(database):
    agencies = build_agencies()
    case = await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.VEHICLES, "spouse"))
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    event = AuthorisationWithdrawn(
        subject=case.id, county="532529", applicant_id=case.applicant.id, member_id=case.member("spouse")
    )
    await cancel_member_checks(database, event)
    await cancel_member_checks(database, event)

    for (member, item), check in (await checks_of(database, case)).items():
        if member != case.member("spouse"):
            assert check.status == Status.REQUESTED
        elif item is Item.VEHICLES:
            assert check.status == Status.ANSWERED
        else:
            assert check.status == Status.CANCELLED


async def test_a_cancellation_that_comes_before_the_opening_issues_no_report(database):
    case = await build_case(database)
    event = AuthorisationWithdrawn(
        subject=case.id, county="532529", applicant_id=case.applicant.id, member_id=case.member("spouse")
    )

    await cancel_member_checks(database, event)

    async with database.reading() as db:
        assert await find_current_report(db, case.id) is None


async def test_when_the_matter_ends_nothing_is_asked_and_no_report_issued(database):
    agencies = build_agencies()
    case = await build_opened(database)
    await ask_all(database, agencies, case)
    asked = len(agencies.banking.asked)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)

    event = ApplicationWithdrawn(subject=case.id, county="532529", applicant_id=case.applicant.id)
    await cancel_application_checks(database, event)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))

    assert len(agencies.banking.asked) == asked
    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.CANCELLED
    async with database.reading() as db:
        assert await find_current_report(db, case.id) is None


async def test_an_adapter_that_breaks_harms_only_its_own_attempt(database):
    agencies = build_agencies()
    case = await build_opened(database)
    agencies.natural_resources.look_up = lambda query: 1 / 0  # type: ignore[assignment,method-assign]

    with pytest.raises(ZeroDivisionError):
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    check = await find_check(database, case, Item.REAL_ESTATE)
    assert (check.status, check.attempts) == (Status.REQUESTED, 1)
    assert check.next_attempt_at is not None


async def test_after_everything_was_answered_nothing_is_due_ever(database, clock):
    agencies = build_agencies()
    case = await build_opened(database)
    await answer_all(database, agencies, case)

    clock.advance(timedelta(days=100))

    assert await _due(database) == set()
