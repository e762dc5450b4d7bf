"""Each letter is issued once, and what happens in the procedure is told by whoever did it."""

import asyncio
from datetime import timedelta
from typing import get_args

import pytest
from sqlalchemy import func, select

from app.applications.commands import extend_application, return_application, terminate_application
from app.identity.actors import Role
from app.letters.jobs import Told, write_letter
from app.letters.models import Letter
from app.schedule import WorkerTools, handlers
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.people import build_staff
from tests.builders.review import (
    build_accepted_case,
)
from tests.letters.telling import tell, the_letter


async def test_an_acceptance_names_the_township_and_the_day_of_decision(database):
    case = await build_accepted_case(database)

    await tell(database, "application.accepted", times=2)

    body = await the_letter(database)
    assert body["title"] == "最低生活保障申请受理通知书"
    assert body["authority"] == {"level": "township", "division": TOWNSHIP, "name": "宝华镇人民政府"}
    assert (body["addressee"], body["due_on"], body["due_provisional"]) == ("测试甲", "2027-01-05", True)
    assert "2027年1月5日前作出" in body["before"][1]
    assert "尚未公布" in body["before"][2], "the year's holidays are not announced"
    assert body["law"] == [
        f"最低生活保障审核确认办法（民发〔2021〕57号）{number}" for number in ("第十条", "第二十二条")
    ]
    assert body["remedies"] == []
    assert str(case.handler.id) not in str(body)


async def test_an_acceptance_within_a_known_calendar_does_not_speak_of_a_provisional_date(database, clock):
    clock.advance(timedelta(days=-60))
    await build_accepted_case(database)

    await tell(database, "application.accepted")

    body = await the_letter(database)
    assert body["due_provisional"] is False
    assert len(body["before"]) == 2


async def test_a_one_time_notice_lists_all_that_is_missing(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await return_application(db, handler, application.id, missing=["诊断证明", "赡养协议"])

    await tell(database, "application.supplement_requested", times=2)

    body = await the_letter(database)
    assert (body["title"], body["points"]) == ("补充材料一次性告知书", ["诊断证明", "赡养协议"])
    assert application.number in body["before"][0]


@pytest.mark.parametrize(
    ("role", "division", "name"),
    [
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "宝华镇人民政府"),
        (Role.COUNTY_HANDLER, COUNTY, "红河县民政局"),
    ],
)
async def test_the_end_of_a_procedure_is_told_by_whoever_ended_it(database, role, division, name):
    case = await build_accepted_case(database)
    async with database.unit_of_work() as db:
        handler = await build_staff(db, role, division)
        await terminate_application(db, handler, case.id, reason="三次无正当理由拒绝入户调查")

    await tell(database, "application.terminated", times=2)

    body = await the_letter(database)
    assert (body["authority"]["name"], body["points"]) == (name, ["三次无正当理由拒绝入户调查"])
    assert len(body["remedies"]) == 2


async def test_two_jobs_at_once_write_one_letter(database):
    await build_accepted_case(database)

    await asyncio.gather(*(tell(database, "application.accepted") for _ in range(4)))

    async with database.reading() as db:
        assert (await db.execute(select(func.count()).select_from(Letter))).scalar_one() == 1


async def test_what_happens_afterwards_changes_no_letter(database, clock):
    case = await build_accepted_case(database)
    await tell(database, "application.accepted")
    before = await the_letter(database)
    async with database.unit_of_work() as db:
        await extend_application(db, case.handler, case.id, reason="hard_survey")

    await tell(database, "application.accepted")

    assert await the_letter(database) == before


def test_the_worker_hears_everything_that_a_letter_is_due_for():
    tools = WorkerTools(*([None] * 6))

    assert {event for event, each in handlers(tools).items() if write_letter in each} == set(get_args(Told))
