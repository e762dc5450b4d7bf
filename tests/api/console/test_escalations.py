"""What supervisors see of delays: what was told to their level, in their division, and is not done yet."""

from datetime import timedelta

import pytest

from app.applications.commands import accept_application
from app.applications.jobs import escalate_overdue
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.people import build_staff

PREFECTURE, ANOTHER_COUNTY = "532500000000", "530622000000"


@pytest.fixture
async def late(database, clock):
    """An acceptance that was due on Monday, 30 November; it is Wednesday."""
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    clock.advance(timedelta(days=9))
    await escalate_overdue(database)
    return application


async def _escalated(client):
    answer = await client.get("/v1/console/escalations")
    assert answer.status_code == 200, answer.text
    return [(row["kind"], row["due_on"], row["level"]) for row in answer.json()["items"]]


async def test_the_county_sees_it_first_and_the_prefecture_later(staff, late, database, clock):
    assert await _escalated(await staff(Role.SUPERVISOR, COUNTY)) == [("acceptance", "2026-11-30", "county")]
    assert await _escalated(await staff(Role.SUPERVISOR, PREFECTURE)) == []
    assert await _escalated(await staff(Role.SUPERVISOR, ANOTHER_COUNTY)) == []

    clock.advance(timedelta(days=6))
    await escalate_overdue(database)

    assert await _escalated(await staff(Role.SUPERVISOR, COUNTY)) == [("acceptance", "2026-11-30", "county")]
    assert await _escalated(await staff(Role.SUPERVISOR, PREFECTURE)) == [("acceptance", "2026-11-30", "prefecture")]


async def test_what_was_done_since_is_left_out(staff, late, database):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await accept_application(db, handler, late.id, relative_of_staff=False)

    assert await _escalated(await staff(Role.SUPERVISOR, COUNTY)) == []


async def test_only_supervisors_see_it(staff, late):
    answer = await (await staff(Role.COUNTY_HANDLER, COUNTY)).get("/v1/console/escalations")

    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


async def test_a_phone_that_knows_the_timeline_learns_that_it_is_overdue_and_what_can_be_done(sign_in, database, clock):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        owner = application.applicant_id
    address = f"/v1/applications/{application.id}/timeline"
    before = await (await sign_in(Actor(owner, Role.APPLICANT))).get(address)
    assert not {"overdue", "remedy"} & set(before.json())
    clock.advance(timedelta(days=8))
    await escalate_overdue(database)
    phone = await sign_in(Actor(owner, Role.APPLICANT))

    after = await phone.get(address, headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert after.json()["overdue"] is True
    assert (after.json()["remedy"]["kind"], after.json()["remedy"]["address"]) == ("complaint", "/v1/complaints")
