"""In towns a household is decided on within 30 days from its application, where that is before D57's working days."""

from datetime import date, timedelta

import pytest

from app.applications.commands import (
    accept_application,
    extend_application,
    return_application,
    supplement_application,
)
from app.identity.actors import Role
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.applications import build_household, build_submitted
from tests.builders.people import build_staff

NEIGHBOURHOOD, TOWN = "532529101001", "532529101000"  # 西山社区, 迤萨镇


@pytest.fixture
async def handler(database):
    async with database.unit_of_work() as db:
        return await build_staff(db, Role.TOWNSHIP_HANDLER, TOWN)


async def _submit(database, village):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        return household, (await build_submitted(db, household, village=village)).id


async def _accept(database, handler, application):
    async with database.unit_of_work() as db:
        return await accept_application(db, handler, application, relative_of_staff=False)


@pytest.mark.parametrize(
    ("village", "decide_by"),
    [
        (NEIGHBOURHOOD, date(2026, 12, 23)),  # 30 days from 23 November
        ("532529101201", date(2027, 1, 5)),  # 30 working days
    ],
)
async def test_a_town_has_thirty_days_and_the_country_thirty_working_days(database, handler, village, decide_by):
    _, application = await _submit(database, village)

    assert (await _accept(database, handler, application)).decide_by == decide_by


async def test_the_days_of_the_acceptance_count(database, handler, clock):
    _, application = await _submit(database, NEIGHBOURHOOD)
    clock.advance(timedelta(days=4))

    assert (await _accept(database, handler, application)).decide_by == date(2026, 12, 23)


async def test_what_was_missing_begins_them_anew(database, handler, clock):
    household, application = await _submit(database, NEIGHBOURHOOD)
    async with database.unit_of_work() as db:
        await return_application(db, handler, application, missing=["诊断证明"])
    clock.advance(timedelta(days=10))  # 3 December
    async with database.unit_of_work() as db:
        await supplement_application(db, household.applicant, application, truth_promised=True)

    assert (await _accept(database, handler, application)).decide_by == date(2027, 1, 4)  # the 2nd is a Saturday


async def test_where_the_township_decides_the_earlier_day_counts(database, handler):
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "confirmed_by", TOWN, "township", "测试", date(2026, 1, 1))
        await put_parameter(db, row)
    _, application = await _submit(database, NEIGHBOURHOOD)

    assert (await _accept(database, handler, application)).decide_by == date(2026, 12, 21)  # 20 working days


async def test_an_extension_is_the_one_of_all(database, handler):
    _, application = await _submit(database, NEIGHBOURHOOD)
    await _accept(database, handler, application)

    async with database.unit_of_work() as db:
        extended = await extend_application(db, handler, application, reason="hard_survey")

    assert extended.decide_by > date(2027, 1, 5)
