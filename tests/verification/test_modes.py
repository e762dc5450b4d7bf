"""How a place asks about an item: by the agency's interface, or on paper by the county; and silence rerouted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.applications.clocks import StepKind
from app.applications.commands import withdraw_authorisation
from app.applications.events import AuthorisationWithdrawn
from app.applications.queries import get_application, list_steps
from app.facts import Answer, Item, Outcome
from app.identity.actors import SYSTEM, Actor, Role
from app.partners.banking.adapter import Banking
from app.partners.base import LateAnswer
from app.partners.natural_resources.adapter import NaturalResources
from app.partners.unconnected import Unconnected
from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import ParameterInvalid
from app.reference.procedure import Mode
from app.verification.commands import GivenAnswer, answer_check_manually, ask_again, take_late_answer
from app.verification.errors import ScanRequired
from app.verification.jobs import (
    cancel_member_checks,
    give_away_unasked,
    pursue_checks,
    reroute_owed_answers,
    watch_agencies,
)
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import find_current_report, open_report
from tests.builders.applications import COUNTY
from tests.builders.files import finish_upload
from tests.builders.people import build_staff
from tests.builders.standards import PROVINCE, build_in_force, parameter_draft
from tests.builders.verification import (
    Agencies,
    Case,
    answer_all,
    ask,
    build_agencies,
    build_opened,
    checks_of,
    find_check,
)

LAND = GivenAnswer(Outcome.HIT, {"dwelling_count": 1, "dwelling_area": 725_000}, date(2026, 11, 20), "书面复函（测试）")


async def _set(database, name: str, value: Any, area: str = COUNTY, since: date = date(2026, 1, 1)) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, LocalParameter("procedure", name, area, value, "测试规程第九条", since))


async def _on_paper(database, item: Item = Item.REAL_ESTATE) -> Case:
    await _set(database, f"check_mode.{item}", "manual")
    return await build_opened(database)


async def _steps(database, case: Case) -> dict[str, Any]:
    async with database.reading() as db:
        return {step.kind: step for step in await list_steps(db, case.id)}


async def _of_item(database, case: Case, item: Item) -> list[Check]:
    return [check for (_, each), check in (await checks_of(database, case)).items() if each is item]


async def _enter(database, check: Check) -> None:
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
        scan = await finish_upload(db, county.id)
        await answer_check_manually(db, county, check.id, replace(LAND, scan=scan))


async def test_what_is_asked_on_paper_is_the_countys_task_at_once_with_a_day(database):
    agencies, case = build_agencies(), await _on_paper(database)

    await answer_all(database, agencies, case)

    by_hand = await _of_item(database, case, Item.REAL_ESTATE)
    assert {(check.status, check.mode, check.due_on.isoformat()) for check in by_hand} == {
        (Status.AWAITING_ENTRY, "manual", "2026-11-30")  # five working days
    }
    assert agencies.natural_resources.asked == []
    step = (await _steps(database, case))[StepKind.MANUAL_ENTRY]
    assert (step.responsible, step.due_on.isoformat(), step.closed_at) == ("county", "2026-11-30", None)
    others = {check.mode for check in (await checks_of(database, case)).values() if check not in by_hand}
    assert "interface" in others


async def test_the_report_waits_for_the_county_and_shows_that_it_was_entered_by_whom(database):
    agencies, case = build_agencies(), await _on_paper(database)
    await answer_all(database, agencies, case)
    async with database.reading() as db:
        assert await find_current_report(db, case.id) is None

    for check in await _of_item(database, case, Item.REAL_ESTATE):
        await _enter(database, check)

    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        content = open_report(db, report)
    entered = [entry for person in content.members for entry in person.entries if entry.item is Item.REAL_ESTATE]
    assert report.complete
    assert all(entry.answered_by is not None for entry in entered)
    step = (await _steps(database, case))[StepKind.MANUAL_ENTRY]
    assert (step.outcome, step.closed_at is None) == ("entered", False)


async def test_the_step_stays_while_one_is_missing(database):
    case = await _on_paper(database)
    first, *_ = await _of_item(database, case, Item.REAL_ESTATE)

    await _enter(database, first)

    assert (await _steps(database, case))[StepKind.MANUAL_ENTRY].closed_at is None


async def test_what_is_found_out_on_paper_is_not_entered_without_the_paper(database):
    case = await _on_paper(database)
    check = await find_check(database, case, Item.REAL_ESTATE)

    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    with pytest.raises(ScanRequired) as refused:
        async with database.unit_of_work() as db:
            await answer_check_manually(db, county, check.id, LAND)

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [("/scan", "required")]
    waiting = await find_check(database, case, Item.REAL_ESTATE)
    assert (waiting.status, waiting.version) == (Status.AWAITING_ENTRY, check.version)


async def test_what_the_county_never_enters_is_no_answer_ten_days_past_its_day(database, clock):
    agencies, case = build_agencies(), await _on_paper(database)
    await answer_all(database, agencies, case)
    clock.advance(timedelta(days=16))
    await pursue_checks(database)
    await _run_due(database, agencies, case)
    assert {check.status for check in await _of_item(database, case, Item.REAL_ESTATE)} == {Status.AWAITING_ENTRY}

    clock.advance(timedelta(days=1))
    await pursue_checks(database)
    await _run_due(database, agencies, case)

    assert {check.status for check in await _of_item(database, case, Item.REAL_ESTATE)} == {Status.UNAVAILABLE}
    assert (await _steps(database, case))[StepKind.MANUAL_ENTRY].outcome == "given_up"
    async with database.reading() as db:
        assert not (await find_current_report(db, case.id)).complete
    await _enter(database, (await _of_item(database, case, Item.REAL_ESTATE))[0])


async def _run_due(database, agencies: Agencies, case: Case) -> None:
    for check in await _of_item(database, case, Item.REAL_ESTATE):
        await ask(database, agencies, check)


async def test_the_county_goes_before_its_province_and_a_later_day_before_an_earlier(database):
    await _set(database, "check_mode.vehicles", "manual", PROVINCE)
    await _set(database, "check_mode.income", "manual", PROVINCE)
    await _set(database, "check_mode.income", "interface", COUNTY)
    await _set(database, "check_mode.farming", "manual", COUNTY)
    await _set(database, "check_mode.farming", "interface", COUNTY, date(2026, 11, 23))
    await _set(database, "check_mode.marriage", "manual", COUNTY, date(2026, 11, 24))

    case = await build_opened(database)

    modes = {item: check.mode for (_, item), check in (await checks_of(database, case)).items()}
    assert {item for item, mode in modes.items() if mode == "manual"} == {Item.VEHICLES}


async def test_a_withdrawn_authorisation_ends_the_countys_task_for_that_person(database):
    case = await _on_paper(database)
    for relation in ("self", "child"):
        await _enter(database, await find_check(database, case, Item.REAL_ESTATE, relation))
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    await cancel_member_checks(
        database,
        AuthorisationWithdrawn(
            subject=case.id, county=COUNTY[:6], applicant_id=case.applicant.id, member_id=case.member("spouse")
        ),
    )

    assert (await find_check(database, case, Item.REAL_ESTATE, "spouse")).status == Status.CANCELLED
    assert (await _steps(database, case))[StepKind.MANUAL_ENTRY].closed_at is not None


async def test_asking_anew_goes_the_way_of_the_place(database):
    agencies, case = build_agencies(), await build_opened(database)
    await answer_all(database, agencies, case)
    await _set(database, "check_mode.real_estate", "manual")
    check = await find_check(database, case, Item.REAL_ESTATE)

    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, case.id, lock=True)
        (again,) = await ask_again(db, SYSTEM, application, [check.id])

    assert (again.status, again.mode, again.round) == (Status.AWAITING_ENTRY, "manual", 2)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("check_mode.vehicles", "batch"),  # no agency offers files yet
        ("check_mode.vehicles", "telepathy"),
        ("check_mode.vehicles", ["manual"]),
        ("check_mode.weather", "manual"),
        ("check_mode.identity", "manual"),
        ("check_mode.", "manual"),
        ("agency_silent_hours", 0),
        ("agency_silent_rerouted", "yes"),
        ("horoscope", True),
    ],
)
async def test_what_is_not_the_places_to_say_is_refused(database, name: str, value: Any):
    async with database.unit_of_work() as db:
        with pytest.raises(ParameterInvalid):
            await build_in_force(db, parameter_draft(name, value, program="procedure", area=COUNTY))


async def test_a_place_says_how_it_asks_by_two_persons(database):
    async with database.unit_of_work() as db:
        await build_in_force(db, parameter_draft("check_mode.vehicles", "manual", program="procedure", area=COUNTY))

    case = await build_opened(database)

    assert (await find_check(database, case, Item.VEHICLES)).mode == "manual"


async def _silent(database, clock) -> tuple[Agencies, Case]:
    """Two agencies fail a case for a day: one that answers at once, and the banks after they took a question."""
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))
    clock.advance(timedelta(minutes=1))
    for code, item in (("natural_resources", Item.REAL_ESTATE), ("banking", Item.DEPOSITS)):
        agencies.by_code[code].fail("timeout")
        for _ in range(5):
            await ask(database, agencies, await find_check(database, case, item))
    clock.advance(timedelta(days=1))
    await watch_agencies(database)
    return agencies, case


async def test_what_a_silent_agency_owes_stays_with_it_unless_the_place_rules_otherwise(database, clock):
    _, case = await _silent(database, clock)

    await reroute_owed_answers(database)

    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.REQUESTED
    assert StepKind.MANUAL_ENTRY not in await _steps(database, case)


async def test_where_it_rules_so_it_becomes_the_countys_task(database, clock):
    agencies, case = await _silent(database, clock)
    await _set(database, "agency_silent_rerouted", True)

    await reroute_owed_answers(database)
    await reroute_owed_answers(database)

    land, bank = [await find_check(database, case, item) for item in (Item.REAL_ESTATE, Item.DEPOSITS)]
    assert [(check.status, check.mode) for check in (land, bank)] == [(Status.AWAITING_ENTRY, "manual")] * 2
    # Who was not failed yet is still to be asked by the agency itself.
    assert (await find_check(database, case, Item.REAL_ESTATE, "spouse")).status == Status.REQUESTED
    step = (await _steps(database, case))[StepKind.MANUAL_ENTRY]
    assert (step.responsible, step.due_on.isoformat()) == ("county", "2026-12-01")
    asked = len(agencies.natural_resources.asked)
    await ask(database, agencies, land)
    assert len(agencies.natural_resources.asked) == asked
    await _enter(database, land)


async def test_a_call_back_counts_also_when_the_question_was_rerouted(database, clock):
    _, case = await _silent(database, clock)
    await _set(database, "agency_silent_rerouted", True)
    await reroute_owed_answers(database)
    bank = await find_check(database, case, Item.DEPOSITS)

    async with database.unit_of_work() as db:
        assert await take_late_answer(db, Actor(SYSTEM.id, Role.PARTNER), "banking", LateAnswer(bank.id, Answer.none()))

    assert (await find_check(database, case, Item.DEPOSITS)).status == Status.ANSWERED


async def test_what_an_agency_without_a_connection_would_be_asked_is_the_countys_at_once(database):
    case = await build_opened(database)
    gone = {Mode.INTERFACE: {"natural_resources"}, Mode.BATCH: frozenset()}

    await give_away_unasked(database, unconnected=gone)
    await give_away_unasked(database, unconnected=gone)

    land = await _of_item(database, case, Item.REAL_ESTATE)
    assert {(check.status, check.mode, check.attempts) for check in land} == {(Status.AWAITING_ENTRY, "manual", 0)}
    others = [check for check in (await checks_of(database, case)).values() if check.item != Item.REAL_ESTATE]
    assert {check.status for check in others} == {Status.REQUESTED}
    assert (await _steps(database, case))[StepKind.MANUAL_ENTRY].responsible == "county"
    for check in land:
        await _enter(database, check)


@pytest.mark.parametrize("days", [0, 30])
async def test_no_question_is_put_to_an_agency_without_a_connection_and_no_attempt_is_counted(database, clock, days):
    agencies, case = build_agencies(), await build_opened(database)
    agencies.by_code["natural_resources"] = Unconnected(NaturalResources)
    clock.advance(timedelta(days=days))

    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    check = await find_check(database, case, Item.REAL_ESTATE)
    assert (check.status, check.attempts, check.asked_at, check.last_failure) == (
        Status.REQUESTED,
        0,
        None,
        "held_back",
    )


async def test_what_an_agency_took_before_its_connection_went_is_given_up_with_its_day_and_not_asked_again(
    database, clock
):
    agencies, case = build_agencies(), await build_opened(database)
    await ask(database, agencies, await find_check(database, case, Item.DEPOSITS))
    taken = await find_check(database, case, Item.DEPOSITS)
    agencies.by_code["banking"] = Unconnected(Banking)

    clock.advance(timedelta(days=4))
    await ask(database, agencies, taken)
    waiting = await find_check(database, case, Item.DEPOSITS)
    clock.advance(timedelta(days=7))
    await ask(database, agencies, waiting)

    given_up = await find_check(database, case, Item.DEPOSITS)
    assert [check.status for check in (taken, waiting)] == [Status.DISPATCHED] * 2
    assert (given_up.status, given_up.attempts, taken.attempts) == (Status.UNAVAILABLE, 1, 1)
    assert (await _steps(database, case))[StepKind.MANUAL_ENTRY].closed_at is None
