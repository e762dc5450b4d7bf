"""Holds on cases and what was erased, as supervisors see them."""

from datetime import date

from app.applications.lifecycle import Status
from app.identity.actors import Role
from app.retention.jobs import erase_what_is_due
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.retention import end_application, noon
from tests.builders.review import build_accepted_case

URL = "/v1/console/legal-holds"


async def test_a_supervisor_holds_a_case_sees_it_and_lifts_it(staff, database):
    case, supervisor = await build_accepted_case(database), await staff(Role.SUPERVISOR, COUNTY)
    body = {"application_id": str(case.id), "ground": "lawsuit", "reason": "已提起行政诉讼"}

    placed = await supervisor.post(URL, json=body)
    listed = (await supervisor.get(URL, params={"standing": "true"})).json()["items"]
    lifted = await supervisor.post(f"{URL}/{placed.json()['id']}/lift", json={"reason": "诉讼已终结"})

    assert (placed.status_code, lifted.status_code) == (201, 200)
    assert [hold["id"] for hold in listed] == [placed.json()["id"]]
    assert (placed.json()["reason"], placed.json()["lifted_at"]) == ("已提起行政诉讼", None)
    assert lifted.json()["lifted_at"] is not None
    assert (await supervisor.get(URL, params={"standing": "true"})).json()["items"] == []
    again = await supervisor.post(f"{URL}/{placed.json()['id']}/lift", json={"reason": "诉讼已终结"})
    assert (again.status_code, again.json()["code"]) == (409, "hold_lifted")


async def test_a_handler_may_neither_hold_nor_see_holds(staff, database):
    case, handler = await build_accepted_case(database), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    body = {"application_id": str(case.id), "ground": "lawsuit", "reason": "已提起行政诉讼"}

    refused = await handler.post(URL, json=body)

    assert (refused.status_code, refused.json()["code"]) == (403, "role_not_allowed")
    assert (await handler.get(URL)).json()["items"] == []


async def test_a_supervisor_who_is_a_close_relative_neither_holds_nor_lifts_nor_sees(sign_in, staff, database):
    case, other = await build_accepted_case(database), await staff(Role.SUPERVISOR, COUNTY)
    body = {"application_id": str(case.id), "ground": "audit", "reason": "审计抽查"}
    hold = (await other.post(URL, json=body)).json()["id"]
    async with database.unit_of_work() as db:
        relative = await build_staff(db, Role.SUPERVISOR, COUNTY)
    await declare(database, relative, case.household)
    client = await sign_in(relative)

    answers = [
        await client.post(URL, json=body),
        await client.post(f"{URL}/{hold}/lift", json={"reason": "审计已结束"}),
    ]

    assert [answer.json()["code"] for answer in answers] == ["conflict_of_interest"] * 2
    assert (await client.get(URL)).json()["items"] == []


async def test_what_was_erased_is_listed_without_anybodys_name(staff, database, clock, eraser):
    case = await build_accepted_case(database)
    await end_application(database, case.id, Status.WITHDRAWN, date(2026, 11, 23))
    clock.set(noon(date(2027, 11, 24)))
    await erase_what_is_due(eraser)

    answer = await (await staff(Role.SUPERVISOR, COUNTY)).get("/v1/console/erasures")

    (grave,) = answer.json()["items"]
    assert (grave["application_id"], grave["kept_as"], grave["period"]) == (str(case.id), "unsuccessful", "P1Y")
    assert "测试" not in answer.text
    assert (await (await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)).get("/v1/console/erasures")).json()["items"] == []
    gone = await (await staff(Role.SUPERVISOR, COUNTY)).get(f"/v1/console/applications/{case.id}")
    assert (gone.status_code, gone.json()["code"]) == (404, "application_not_found")
