"""Which questions are put down, on what grounds, and that nothing is put down twice."""

import asyncio

import asyncpg
import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.applications.commands import MemberDetails, withdraw_authorisation
from app.applications.events import ApplicationAccepted
from app.core.ids import new_id
from app.facts import Item
from app.programs.living_allowance.program import LivingAllowance
from app.verification.commands import open_application_checks
from app.verification.jobs import open_checks
from app.verification.lifecycle import Status
from app.verification.models import Check
from app.verification.queries import find_current_report, has_open_checks
from tests.builders.applications import Household, build_household
from tests.builders.people import build_citizen, make_id_number
from tests.builders.verification import build_case, build_opened, checks_of, find_check


async def _jobs(url: str, name: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE entrypoint = $1", name)
    finally:
        await connection.close()


async def test_each_member_is_asked_about_in_each_item_the_program_needs(database, database_url):
    case = await build_opened(database)

    checks = await checks_of(database, case)

    members = [member_id for member_id, _ in case.household.members]
    assert set(checks) == {(member, item) for member in members for item in LivingAllowance.needs}
    assert await _jobs(database_url, "ask_checks") == 1, "all of a household in one"


async def test_every_question_carries_its_grounds(database):
    case = await build_opened(database)

    check = await find_check(database, case, Item.DEPOSITS)

    assert (check.application_id, check.purpose, check.operator) == (case.id, "living_allowance", "system")
    assert check.partner == "banking"
    assert check.due_on.isoformat() == "2026-11-26"  # three working days after Monday the 23rd


async def test_opening_twice_opens_nothing_twice(database, database_url):
    case = await build_opened(database)
    before = set(await checks_of(database, case))

    async with database.unit_of_work() as db:
        assert await open_application_checks(db, case.id) == []

    assert set(await checks_of(database, case)) == before
    assert await _jobs(database_url, "ask_checks") == 1


async def test_two_workers_opening_at_once_open_each_question_once(database):
    case = await build_case(database)
    event = ApplicationAccepted(subject=case.id, county="532529", applicant_id=case.applicant.id)

    await asyncio.gather(open_checks(database, event), open_checks(database, event))

    assert len(await checks_of(database, case)) == 3 * len(LivingAllowance.needs)


async def test_an_opening_that_fails_leaves_neither_question_nor_job(database, database_url):
    case = await build_case(database)

    async def fail_halfway() -> None:
        async with database.unit_of_work() as db:
            await open_application_checks(db, case.id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_halfway()

    assert await checks_of(database, case) == {}
    assert await _jobs(database_url, "ask_checks") == 0


async def test_who_does_not_live_with_the_household_is_left_in_peace(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
    spouse_id, spouse = household.members[1]
    away = MemberDetails(spouse.relation, spouse.name, spouse.id_number, {"situation": "in_prison"})
    members = (household.members[0], (spouse_id, away), household.members[2])
    case = await build_opened(database, household=Household(household.applicant, members))

    asked_about = {member for member, _ in await checks_of(database, case)}

    assert asked_about == {case.member("self"), case.member("child")}


async def test_nothing_is_asked_about_a_member_who_withdrew_before(database):
    case = await build_case(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    async with database.unit_of_work() as db:
        await open_application_checks(db, case.id)

    assert {member for member, _ in await checks_of(database, case)} == {case.member("self"), case.member("child")}


async def test_with_nobody_to_ask_about_the_report_is_there_at_once_and_incomplete(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        applicant = await build_citizen(db, name="测试独", id_number=number)
    alone = Household(applicant, ((new_id(), MemberDetails("self", "测试独", number)),))
    case = await build_case(database, household=alone)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, applicant, case.id, case.member("self"))

    async with database.unit_of_work() as db:
        await open_application_checks(db, case.id)

    async with database.reading() as db:
        report = await find_current_report(db, case.id)
        assert report is not None
        assert not report.complete
        assert not await has_open_checks(db, case.id)


@pytest.mark.parametrize("column", ["application_id", "member_id", "purpose", "authorisation_id", "operator"])
async def test_the_database_refuses_a_question_without_grounds(database, column):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(Check.id == check.id).values({column: None}))


@pytest.mark.parametrize("column", ["purpose", "operator"])
async def test_the_database_refuses_empty_grounds(database, column):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(Check.id == check.id).values({column: ""}))


async def test_the_database_refuses_another_persons_authorisation(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)
    spouse = await find_check(database, case, Item.VEHICLES, "spouse")

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(Check.id == check.id).values(authorisation_id=spouse.authorisation_id))


async def test_the_database_refuses_an_answer_without_outcome(database):
    case = await build_opened(database)
    check = await find_check(database, case, Item.VEHICLES)

    with pytest.raises(IntegrityError):
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(Check.id == check.id).values(status=Status.ANSWERED))
