"""Complaining while signed in."""

from app.identity.actors import Role
from tests.builders.applications import COUNTY, VILLAGE
from tests.builders.people import build_citizen

COMPLAINT = {"category": "report", "text": "村干部的亲属不符合条件。", "division": VILLAGE}


async def test_it_is_a_real_name_report_and_mine_to_see(phone):
    filed = (await phone.post("/v1/complaints", json=COMPLAINT)).json()

    mine = (await phone.get("/v1/complaints")).json()

    assert filed["named"] is True
    assert [(item["number"], item["text"], item["status"]) for item in mine["items"]] == [
        (filed["number"], COMPLAINT["text"], "received")
    ]


async def test_others_do_not_see_it_and_the_code_opens_it_without_sign_in(phone, anyone, sign_in, database):
    filed = (await phone.post("/v1/complaints", json=COMPLAINT)).json()
    async with database.unit_of_work() as db:
        other = await sign_in(await build_citizen(db, name="测试乙"))

    assert (await other.get("/v1/complaints")).json()["items"] == []
    looked_up = await anyone.post(
        "/v1/public/complaint-lookups", json={"number": filed["number"], "code": filed["code"]}
    )
    assert looked_up.status_code == 200


async def test_pages_follow_one_another(phone):
    numbers = [(await phone.post("/v1/complaints", json=COMPLAINT)).json()["number"] for _ in range(3)]

    first = (await phone.get("/v1/complaints", params={"limit": 2})).json()
    second = (await phone.get("/v1/complaints", params={"limit": 2, "cursor": first["next"]})).json()

    assert [item["number"] for item in first["items"] + second["items"]] == numbers[::-1]
    assert second["next"] is None


async def test_sign_in_is_needed_and_staff_have_another_door(anyone, staff):
    handler = await staff(Role.COUNTY_HANDLER, COUNTY)

    assert (await anyone.post("/v1/complaints", json=COMPLAINT)).status_code == 401
    assert (await anyone.get("/v1/complaints")).status_code == 401
    assert (await handler.get("/v1/complaints")).status_code == 403
