"""Legal clocks over New Year and Spring Festival 2027, whose holidays nobody has announced yet."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta

import asyncpg
import pytest_asyncio

from app.core.db import Database
from app.reference.commands import load_calendar_year
from tests.journeys import acts

_SPRING_FESTIVAL = [date(2027, 2, 5) + timedelta(days=number) for number in range(7)]
_NATIONAL_DAY = [date(2027, 10, 1) + timedelta(days=number) for number in range(7)]


@pytest_asyncio.fixture
async def announce(database: Database, database_url: str) -> AsyncIterator[Callable[..., Awaitable[None]]]:
    """Let the operator load the notice of 2027, with these days off beside the usual ones; forgotten afterwards."""

    async def load(*off: date) -> None:
        days = dict.fromkeys([*off, *_SPRING_FESTIVAL, *_NATIONAL_DAY], False)
        async with database.unit_of_work("operator") as db:
            await load_calendar_year(db, 2027, days, "测试通知")

    yield load
    connection = await asyncpg.connect(database_url)
    await connection.execute("DELETE FROM calendar_days")
    await connection.execute("DELETE FROM calendar_years WHERE year = 2027")
    await connection.close()


async def test_a_deadline_beyond_what_is_announced_is_an_estimate_and_says_so(world):
    # Monday, 14 December 2026: accepted. Three working days on all is certain; thirty on New Year lies between.
    await world.on(date(2026, 12, 14))
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    survey = await case.step("survey")
    assert (survey["due_on"], survey["provisional"]) == ("2026-12-17", False)
    timeline = await case.timeline()
    assert (timeline["decide_by"], timeline["decide_by_provisional"]) == ("2027-01-26", True)
    assert (await world.at("county-1").get(case.console))["decide_by"] == "2027-01-26"

    # 15 December: extended to 45 working days, once, for a reason from the list; Spring Festival lies between.
    await world.on(date(2026, 12, 15))
    handler, extend = world.at("township-1"), f"{case.console}/extend"
    assert await handler.refused("POST", extend, {"reason": "much_to_do"}) == (422, "input_invalid")
    assert await world.at("supervisor").refused("POST", extend, {"reason": "hard_survey"}) == (403, "role_not_allowed")
    for unfounded in ("objection", "lives_elsewhere", "remote_application"):  # they live here, and nobody objected
        assert await handler.refused("POST", extend, {"reason": unfounded}) == (409, "extension_unfounded")
    assert "extension" not in await case.timeline()
    await handler.post(extend, {"reason": "hard_survey"})
    timeline = await case.timeline()
    assert (timeline["decide_by"], timeline["decide_by_provisional"]) == ("2027-02-22", True)
    extension = timeline["extension"]
    assert (extension["due_on"], extension["words"]) == ("2027-02-22", "More time to decide: the survey is hard")
    await world.drain()
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "application.extended"
    for reason in ("hard_survey", "objection"):
        again = await world.at("county-1").refused("POST", extend, {"reason": reason})
        assert again == (409, "extension_not_allowed")
    assert (await case.timeline())["decide_by"] == "2027-02-22"


async def test_what_has_run_out_is_not_extended(world):
    # 14 December: accepted, to be decided by 26 January.
    await world.on(date(2026, 12, 14))
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)

    await world.on(date(2027, 1, 27))

    late = await world.at("township-1").refused("POST", f"{case.console}/extend", {"reason": "hard_survey"})
    assert late == (409, "extension_not_allowed")
    assert (await case.timeline())["decide_by"] == "2027-01-26"


async def test_once_the_year_is_announced_its_days_are_certain(world, announce):
    # 11 January 2027: the notice has come, with 1 to 3 January off. 30 working days end on 1 March.
    await announce(date(2027, 1, 1))
    await world.on(date(2027, 1, 11))
    case = await acts.apply(world, world.family(0))
    assert (await case.step("acceptance"))["provisional"] is False
    await acts.accept(case)
    timeline = await case.timeline()
    assert (timeline["decide_by"], timeline["decide_by_provisional"]) == ("2027-03-01", False)


async def test_a_notice_over_new_year_hangs_a_day_longer_when_that_day_turns_out_to_be_off(world, announce):
    # Monday, 28 December: posted until Monday, 4 January, as far as anybody knows.
    await world.on(date(2026, 12, 28))
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case)
    notice = await case.step("notice")
    assert (notice["due_on"], notice["provisional"]) == ("2027-01-04", True)

    # 30 December: announced late, 4 January is off.
    await world.on(date(2026, 12, 30))
    await announce(date(2027, 1, 1), date(2027, 1, 4))

    # 5 January: the last working day of the notice is today.
    await world.on(date(2027, 1, 5))
    assert len(await case.notices("opinion")) == 1
    assert (await case.review())["status"] == "on_notice"

    # 6 January: over.
    await world.on(date(2027, 1, 6))
    assert await case.notices("opinion") == []
    assert (await case.review())["status"] == "with_county"


async def test_what_nobody_accepts_over_spring_festival_is_told_upwards_by_working_days(world, announce):
    # Monday, 1 February 2027: handed in. The festival is off from 5 to 11; the fifth working day is Monday, 15.
    await announce(date(2027, 1, 1))
    await world.on(date(2027, 2, 1))
    case = await acts.apply(world, world.family(0))
    assert (await case.step("acceptance"))["due_on"] == "2027-02-15"
    county, province = world.at("supervisor"), world.staff["province-supervisor"]

    # All through the festival nothing is late; on the last day it is due soon, and somebody takes it.
    await world.on(date(2027, 2, 15))
    assert "overdue" not in await case.timeline()
    (task,) = (await world.at("township-1").get("/v1/console/tasks", state="due_soon"))["items"]
    await world.at("township-1").post(f"/v1/console/tasks/{task['id']}/claim")

    # Tuesday: overdue. The phone says so and what can be done; the county's supervisor is told.
    await world.on(date(2027, 2, 16))
    timeline = await case.timeline()
    assert (timeline["overdue"], timeline["remedy"]["kind"]) == (True, "complaint")
    by_number = {"number": case.number, "lookup_code": case.lookup_code}
    looked_up = await world.anyone.post("/v1/public/status-lookups", by_number)
    addresses = [each["remedy"]["address"] for each in (timeline, looked_up)]
    assert addresses == ["/v1/complaints", "/v1/public/complaints"]
    told = (await county.get("/v1/console/escalations"))["items"]
    assert [(row["task_id"], row["due_on"], row["taken"]) for row in told] == [(task["id"], "2027-02-15", True)]

    # Until Monday, 22, that is the county's own affair; then it goes further up.
    await world.on(date(2027, 2, 22))
    assert (await province.get("/v1/console/escalations"))["items"] == []
    await world.on(date(2027, 2, 23))
    (above,) = (await province.get("/v1/console/escalations"))["items"]
    assert (above["level"], above["task_id"]) == ("prefecture", task["id"])

    # Another is given the task and accepts: nothing is late any more, for anybody.
    given = {"tasks": [task["id"]], "staff_id": await world.staff_id("township-2")}
    (row,) = (await county.post("/v1/console/task-assignments", given))["items"]
    assert row["done"] is True
    await world.at("township-2").post(f"{case.console}/accept", {})
    await world.drain()
    assert "overdue" not in await case.timeline()
    for supervisor in (county, province):
        assert (await supervisor.get("/v1/console/escalations"))["items"] == []
