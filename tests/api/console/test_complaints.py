"""Handling complaints over HTTP."""

from dataclasses import replace
from datetime import date, timedelta

import pytest_asyncio
from sqlalchemy import update

from app.complaints.models import Complaint
from app.core.clock import today
from app.identity.actors import Role
from app.identity.models import Session
from app.limits.policies import UNMASKINGS
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.complaints import build_assigned, build_filed, reporter
from tests.builders.people import build_staff

BASE = "/v1/console/complaints"


@pytest_asyncio.fixture
async def assigned(database, sign_in):
    """A real-name complaint in a township handler's hands; returns it, the handler's client and the county's."""
    async with database.unit_of_work() as db:
        complaint, handler, county = await build_assigned(db, by=reporter(name="测试庚", phone="19000007777"))
    return complaint, await sign_in(handler), await sign_in(county)


async def test_from_list_to_answer(database, sign_in):
    async with database.unit_of_work() as db:
        complaint = (await build_filed(db, text="请核实低保评定。")).complaint
        county = await sign_in(await build_staff(db, Role.COUNTY_HANDLER, COUNTY))
        person = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    handler = await sign_in(person)

    listed = (await county.get(BASE, params={"status": "received"})).json()
    assign = await county.post(f"{BASE}/{complaint.id}/assign", json={"staff_id": str(person.id)})
    seen = (await handler.get(f"{BASE}/{complaint.id}")).json()
    ended = await handler.post(f"{BASE}/{complaint.id}/dismiss", json={"text": "经核实，评定符合规定。"})

    assert [item["id"] for item in listed["items"]] == [str(complaint.id)]
    assert assign.json()["assigned_to"] == str(person.id)
    assert (seen["text"], seen["actions"]) == ("请核实低保评定。", ["uphold", "dismiss"])
    assert (ended.status_code, ended.json()["status"], ended.json()["actions"]) == (200, "dismissed", [])


async def test_what_is_past_its_day_is_listed_until_it_is_answered(assigned, database, clock):
    complaint, handler, county = assigned

    async def overdue() -> list[str]:
        return [item["id"] for item in (await county.get(BASE, params={"overdue": "true"})).json()["items"]]

    async def falls_due(on: date) -> None:
        async with database.unit_of_work() as db:
            await db.execute(update(Complaint).values(due_on=on))

    await falls_due(today(clock))
    assert await overdue() == []
    await falls_due(today(clock) - timedelta(days=1))
    assert await overdue() == [str(complaint.id)]
    await handler.post(f"{BASE}/{complaint.id}/dismiss", json={"text": "经核实，评定符合规定。"})
    assert await overdue() == []


async def test_lists_and_details_do_not_show_who_complained(assigned):
    complaint, handler, county = assigned

    for client in (handler, county):
        for address in (BASE, f"{BASE}/{complaint.id}"):
            answer = await client.get(address)
            assert answer.status_code == 200
            assert "测试庚" not in answer.text
            assert "19000007777" not in answer.text


async def test_the_reporter_is_seen_for_a_purpose_only(assigned):
    complaint, handler, _ = assigned

    without = await handler.post(f"{BASE}/{complaint.id}/reporter-views", json={})
    seen = await handler.post(f"{BASE}/{complaint.id}/reporter-views", json={"purpose": "电话核实"})

    assert without.status_code == 422
    assert seen.json() == {"name": "测试庚", "phone": "19000007777"}


async def test_the_reporter_is_seen_with_a_recent_proof_and_counts_as_an_unmasking(
    assigned, database, clock, monkeypatch
):
    complaint, handler, _ = assigned
    url, body = f"{BASE}/{complaint.id}/reporter-views", {"purpose": "电话核实"}
    monkeypatch.setattr("app.api.console.complaints.UNMASKINGS", replace(UNMASKINGS, quota=1))

    answers = [await handler.post(url, json=body) for _ in range(2)]
    async with database.unit_of_work() as db:
        await db.execute(update(Session).values(authenticated_at=clock.now() - timedelta(minutes=16)))
    late = await handler.post(url, json=body)

    assert [answer.status_code for answer in answers] == [200, 429]
    assert (late.status_code, late.json()["code"]) == (403, "step_up_required")


async def test_refusals_are_problems(assigned, staff):
    complaint, handler, county = assigned
    stranger = await staff(Role.COUNTY_HANDLER, "530627000000")
    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    body = {"text": "属实。"}

    answers = [
        await stranger.get(f"{BASE}/{complaint.id}"),
        await county.post(f"{BASE}/{complaint.id}/uphold", json=body),
        await supervisor.post(f"{BASE}/{complaint.id}/uphold", json=body),
        await handler.post(f"{BASE}/{complaint.id}/answer", json=body),
        await handler.post(f"{BASE}/{complaint.id}/uphold", json={"text": ""}),
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (404, "complaint_not_found"),
        (403, "not_assigned_to_you"),
        (403, "role_not_allowed"),
        (409, "outcome_does_not_fit"),
        (422, "input_invalid"),
    ]


async def test_nobody_without_sign_in_and_no_citizen_gets_in(anyone, phone):
    assert (await anyone.get(BASE)).status_code == 401
    assert (await phone.get(BASE)).status_code == 403
