"""Asking again, and entering an answer by hand."""

from datetime import date

import asyncpg
import pytest
from sqlalchemy import func, select

from app.applications.commands import withdraw_application, withdraw_authorisation
from app.applications.queries import list_steps
from app.audit.models import AuditRecord
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.facts import FactKey, Item, Outcome
from app.identity.actors import Actor, Role
from app.reference.commands import LocalParameter, put_parameter
from app.verification.commands import GivenAnswer, cancel_void_checks, retry_check
from app.verification.errors import AuthorisationNotInForce, CheckNotFound, FactsNotFitting, VerificationClosed
from app.verification.lifecycle import Status
from app.verification.queries import facts_found, find_current_report, has_open_checks
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.people import build_staff
from tests.builders.verification import (
    answer_all,
    ask,
    build_agencies,
    build_opened,
    checks_of,
    enter,
    find_check,
    give_up,
)

TODAY = date(2026, 11, 23)
DWELLING = {"dwelling_count": 1, "dwelling_area": 725_000}


def _hit(facts, as_of=TODAY) -> GivenAnswer:
    return GivenAnswer(Outcome.HIT, facts, as_of, "传真答复，原件存档")


async def _without_real_estate(database):
    """Return a case that natural resources gave no answer about, with the incomplete report, and its agencies."""
    agencies = build_agencies()
    agencies.natural_resources.fail("error")
    case = await build_opened(database)
    await answer_all(database, agencies, case)
    for _ in range(6):
        for check in (await checks_of(database, case)).values():
            if check.status == Status.REQUESTED:
                await ask(database, agencies, check)
    agencies.natural_resources.fail(None)
    return case, agencies


async def test_a_retry_asks_again_under_the_same_reference_and_names_who_wanted_it(database, database_url):
    case, agencies = await _without_real_estate(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        await retry_check(db, case.handler, check.id)

    again = await find_check(database, case, Item.REAL_ESTATE)
    assert (again.status, again.operator, again.attempts) == (Status.REQUESTED, str(case.handler.id), 6)
    async with database.reading() as db:
        assert await has_open_checks(db, case.id)
        assert [step.kind for step in await list_steps(db, case.id) if not step.closed_at].count("verification") == 1
    connection = await asyncpg.connect(database_url)
    job = await connection.fetchval("SELECT payload FROM pgqueuer ORDER BY id DESC LIMIT 1")
    await connection.close()
    assert str(check.id).encode() in job
    await ask(database, agencies, again)
    assert agencies.natural_resources.asked[-1].reference == check.id
    assert agencies.natural_resources.asked[-1].operator == str(case.handler.id)


async def test_a_retry_that_is_answered_supersedes_the_report(database):
    case, agencies = await _without_real_estate(database)
    async with database.reading() as db:
        before = await find_current_report(db, case.id)
    check = await find_check(database, case, Item.REAL_ESTATE)

    async with database.unit_of_work() as db:
        await retry_check(db, case.handler, check.id)
    await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))

    async with database.reading() as db:
        after = await find_current_report(db, case.id)
    assert (before.number, after.number) == (1, 2)


async def test_a_retry_has_six_attempts_of_its_own(database, clock):
    case, agencies = await _without_real_estate(database)
    agencies.natural_resources.fail("timeout")
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        await retry_check(db, case.handler, check.id)

    for expected in ([Status.REQUESTED] * 5) + [Status.UNAVAILABLE]:
        await ask(database, agencies, await find_check(database, case, Item.REAL_ESTATE))
        assert (await find_check(database, case, Item.REAL_ESTATE)).status == expected


async def test_what_was_answered_is_not_asked_again(database):
    agencies = build_agencies()
    case = await build_opened(database)
    await answer_all(database, agencies, case)
    check = await find_check(database, case, Item.VEHICLES)

    async with database.unit_of_work() as db:
        with pytest.raises(StepNotAllowed):
            await retry_check(db, case.handler, check.id)


async def _county(database) -> Actor:
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.COUNTY_HANDLER, COUNTY)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_REVIEWER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR])
async def test_who_only_reads_may_neither_retry_nor_answer(database, role):
    case, _ = await _without_real_estate(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        reader = await build_staff(db, role, COUNTY)

    async with database.unit_of_work() as db:
        with pytest.raises(RoleNotAllowed):
            await retry_check(db, reader, check.id)
        with pytest.raises(RoleNotAllowed):
            await enter(db, reader, check.id, _hit(DWELLING))


@pytest.mark.parametrize("role", [Role.VILLAGE_HELPER, Role.FINANCE, Role.ADMINISTRATOR])
async def test_whose_duty_needs_no_economic_data_finds_no_check(database, role):
    case = await build_opened(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        outsider = await build_staff(db, role, COUNTY)

    async with database.unit_of_work() as db:
        with pytest.raises(CheckNotFound):
            await retry_check(db, outsider, check.id)


async def test_another_townships_handler_finds_no_check(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, "530627102000")

    async with database.unit_of_work() as db:
        with pytest.raises(CheckNotFound):
            await enter(db, stranger, check.id, _hit(DWELLING))


async def test_an_answer_by_hand_completes_the_report_and_keeps_who_stands_for_it(database):
    case, _ = await _without_real_estate(database)
    county = await _county(database)

    for key, check in (await checks_of(database, case)).items():
        if check.status == Status.UNAVAILABLE:
            facts = DWELLING if key[1] is Item.REAL_ESTATE else {}
            given = GivenAnswer(Outcome.HIT if facts else Outcome.NONE, facts, TODAY, "电话核实")
            async with database.unit_of_work() as db:
                await enter(db, county, check.id, given)

    check = await find_check(database, case, Item.REAL_ESTATE)
    assert (check.status, check.outcome, check.answered_by) == (Status.ANSWERED, Outcome.HIT, county.id)
    async with database.reading() as db:
        assert db.vault.open("checks.note", check.id, check.note_sealed) == "电话核实"
        assert facts_found(db, check)[FactKey.DWELLING_AREA].value == 725_000
        assert (await find_current_report(db, case.id)).complete
        acts = await db.scalar(
            select(func.count()).select_from(AuditRecord).where(AuditRecord.action == "check.answer_manually")
        )
    assert acts == 3


@pytest.mark.parametrize(
    ("given", "pointers"),
    [
        (_hit({}), {"/facts/dwelling_count", "/facts/dwelling_area"}),
        (_hit({"dwelling_count": 1}), {"/facts/dwelling_area"}),
        (_hit({**DWELLING, "vehicle_count": 1}), {"/facts"}),
        (_hit({"dwelling_count": -1, "dwelling_area": 1}), {"/facts/dwelling_count"}),
        (_hit({"dwelling_count": "1", "dwelling_area": 10**18}), {"/facts/dwelling_count", "/facts/dwelling_area"}),
        (_hit(DWELLING, date(2026, 11, 24)), {"/as_of"}),
        (GivenAnswer(Outcome.NONE, {"dwelling_count": 0}, TODAY, "无"), {"/facts/dwelling_count"}),
    ],
)
async def test_an_answer_by_hand_must_be_whole(database, given, pointers):
    case, county = await build_opened(database), await _county(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    await give_up(database, check)

    async with database.unit_of_work() as db:
        with pytest.raises(FactsNotFitting) as refusal:
            await enter(db, county, check.id, given)

    assert {fault.pointer for fault in refusal.value.faults} == pointers
    assert (await find_check(database, case, Item.REAL_ESTATE)).status == Status.UNAVAILABLE


async def _also_asked(database) -> None:
    row = LocalParameter(
        "procedure", "also_asked", COUNTY, ["medical_insurance", "education"], "测试规程第九条", date(2026, 1, 1)
    )
    async with database.unit_of_work() as db:
        await put_parameter(db, row)


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        (Item.MARRIAGE, {"marital_status": "engaged"}),
        (Item.DEATHS, {"deceased_on": "2027-01-01"}),
        (Item.DEATHS, {"deceased_on": "yesterday"}),
        (Item.BENEFITS, {"benefits_in_force": []}),
        (Item.BENEFITS, {"benefits_in_force": ["<script>"]}),
        (
            Item.MEDICAL_INSURANCE,
            {
                "medical_insurance_status": "residents",
                "medical_out_of_pocket_year": 0,
                "chronic_disease": 2,
                "serious_disease": 0,
            },
        ),
        (
            Item.HOUSEHOLD_REGISTER,
            {
                "registered_name": " ",
                "birth_date": "1980-05-17",
                "hukou_division": VILLAGE,
                "hukou_household": "H1",
            },
        ),
        (
            Item.HOUSEHOLD_REGISTER,
            {
                "registered_name": "测试甲",
                "birth_date": "1980-05-17",
                "hukou_division": "5325",
                "hukou_household": "H1",
            },
        ),
    ],
)
async def test_a_value_that_cannot_be_is_refused(database, item, facts):
    await _also_asked(database)
    case, county = await build_opened(database), await _county(database)
    check = await find_check(database, case, item)
    await give_up(database, check)

    async with database.unit_of_work() as db:
        with pytest.raises(FactsNotFitting):
            await enter(db, county, check.id, _hit(facts))


@pytest.mark.parametrize(
    ("item", "facts"),
    [
        (Item.MARRIAGE, {"marital_status": "widowed"}),
        (Item.DEATHS, {"deceased_on": "2026-09-03"}),
        (Item.BENEFITS, {"benefits_in_force": ["living_allowance", "unlisted:XY"]}),
        (Item.DEPOSITS, {"deposit_balance": 186_035, "deposit_accounts": 2}),
        (
            Item.MEDICAL_INSURANCE,
            {
                "medical_insurance_status": "lapsed",
                "medical_out_of_pocket_year": 0,
                "chronic_disease": 1,
                "serious_disease": 0,
            },
        ),
        (
            Item.EDUCATION,
            {
                "enrolled": 1,
                "school_name": "测试小学",
                "school_stage": "primary",
                "boarding": 0,
                "school_aid_year": 62_500,
            },
        ),
    ],
)
async def test_every_kind_of_value_can_be_entered(database, item, facts):
    await _also_asked(database)
    case, county = await build_opened(database), await _county(database)
    check = await find_check(database, case, item)
    await give_up(database, check)

    async with database.unit_of_work() as db:
        await enter(db, county, check.id, _hit(facts))

    assert (await find_check(database, case, item)).outcome == Outcome.HIT


async def test_after_the_matter_ended_nothing_is_asked_or_entered(database):
    case, _ = await _without_real_estate(database)
    county = await _county(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        await withdraw_application(db, case.applicant, case.id)

    async with database.unit_of_work() as db:
        with pytest.raises(VerificationClosed):
            await retry_check(db, case.handler, check.id)
        with pytest.raises(VerificationClosed):
            await enter(db, county, check.id, _hit(DWELLING))


async def test_about_a_person_who_withdrew_nothing_is_asked_or_entered(database):
    case, _ = await _without_real_estate(database)
    county = await _county(database)
    check = await find_check(database, case, Item.REAL_ESTATE)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("self"))

    async with database.unit_of_work() as db:
        with pytest.raises(AuthorisationNotInForce):
            await retry_check(db, case.handler, check.id)
        with pytest.raises(AuthorisationNotInForce):
            await enter(db, county, check.id, _hit(DWELLING))
    async with database.unit_of_work() as db:
        assert await cancel_void_checks(db, case.id) == 1
    async with database.unit_of_work() as db:
        with pytest.raises(StepNotAllowed):
            await retry_check(db, case.handler, check.id)
