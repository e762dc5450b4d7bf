"""The caseworker's desk: only the own division, only the own role, only in order."""

import pytest

from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, build_household, build_submitted

ELSEWHERE = "530627102000"


@pytest.fixture
async def submitted(database):
    async with database.unit_of_work() as db:
        return await build_submitted(db)


async def test_the_township_accepts_and_the_clocks_start(staff, submitted):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answer = await handler.post(f"/v1/console/applications/{submitted.id}/accept", json={})

    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["decide_by"]) == ("accepted", "2027-01-05")
    tasks = (await handler.get("/v1/console/tasks", params={"queue": "township"})).json()["items"]
    assert [(task["kind"], task["due_on"]) for task in tasks] == [("survey", "2026-11-26")]


@pytest.mark.parametrize("role", [Role.VILLAGE_HELPER, Role.TOWNSHIP_REVIEWER, Role.COUNTY_CONFIRMER, Role.SUPERVISOR])
async def test_another_role_may_not_accept(staff, submitted, role):
    member = await staff(role, COUNTY)

    answer = await member.post(f"/v1/console/applications/{submitted.id}/accept", json={})

    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")
    assert (await member.get("/v1/console/applications")).json()["items"][0]["status"] == "submitted"


async def test_another_township_finds_nothing(staff, submitted):
    stranger = await staff(Role.TOWNSHIP_HANDLER, ELSEWHERE)

    assert (await stranger.get(f"/v1/console/applications/{submitted.id}")).status_code == 404
    assert (await stranger.post(f"/v1/console/applications/{submitted.id}/accept", json={})).status_code == 404
    assert (await stranger.get("/v1/console/applications")).json()["items"] == []


async def test_everything_missing_is_asked_for_once(staff, sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    phone = await sign_in(household.applicant)
    url = f"/v1/console/applications/{application.id}"
    first = await handler.post(f"{url}/return", json={"missing": ["诊断证明"]})
    assert (first.status_code, first.json()["status"]) == (200, "supplement_requested")
    timeline = (await phone.get(f"/v1/applications/{application.id}/timeline")).json()
    assert (timeline["waiting_for"], timeline["paused_because"]) == ("applicant", "supplement_requested")
    await phone.post(f"/v1/applications/{application.id}/supplement", json={"truth_promised": True})

    second = await handler.post(f"{url}/return", json={"missing": ["收据"]})

    assert (second.status_code, second.json()["code"]) == (409, "one_time_notice_given")


async def test_the_decision_clock_is_extended_once_and_for_a_listed_reason(staff, submitted):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    url = f"/v1/console/applications/{submitted.id}"
    await handler.post(f"{url}/accept", json={})
    unlisted = await handler.post(f"{url}/extend", json={"reason": "holiday"})
    assert unlisted.status_code == 422

    first = await handler.post(f"{url}/extend", json={"reason": "hard_survey"})
    second = await handler.post(f"{url}/extend", json={"reason": "hard_survey"})

    assert first.status_code == 200
    assert first.json()["decide_by"] > "2027-01-05"
    assert (second.status_code, second.json()["code"]) == (409, "extension_not_allowed")


async def test_a_draft_is_nobodys_business_but_the_applicants(staff, phone):
    await phone.post("/v1/applications", json={"program": "living_allowance", "division": VILLAGE})
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    assert (await handler.get("/v1/console/applications")).json()["items"] == []


async def test_a_list_is_walked_page_by_page_and_the_cursor_is_nobody_elses(staff, database):
    async with database.unit_of_work() as db:
        numbers = [(await build_submitted(db, await build_household(db))).number for _ in range(3)]
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    other = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    first = (await handler.get("/v1/console/applications", params={"limit": 2})).json()
    second = (await handler.get("/v1/console/applications", params={"limit": 2, "cursor": first["next"]})).json()

    assert {row["number"] for row in first["items"] + second["items"]} == set(numbers)
    assert second["next"] is None
    stolen = await other.get("/v1/console/applications", params={"limit": 2, "cursor": first["next"]})
    assert (stolen.status_code, stolen.json()["code"]) == (400, "cursor_rejected")
