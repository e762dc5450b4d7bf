"""Asking for a correction from a phone, and the answer from the desk."""

from app.identity.actors import Role
from tests.builders.applications import TOWNSHIP
from tests.builders.review import build_accepted_case

MINE, DESK = "/v1/me/corrections", "/v1/console/corrections"


def _body(case, **given):
    said = {"wrong": "登记为有劳动能力。", "right": "已评定为重度残疾。", "field": "can_work"}
    about = {"application_id": str(case.id), "object_type": "member", "object_id": str(case.member("spouse"))}
    return {**about, **said, **given}


async def test_a_request_goes_to_the_desk_and_its_refusal_comes_back_with_reason_and_remedies(sign_in, staff, database):
    case = await build_accepted_case(database)
    phone, handler = await sign_in(case.applicant), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    asked = await phone.post(MINE, json=_body(case))
    (listed,) = (await handler.get(DESK, params={"status": "requested"})).json()["items"]
    opened = (await handler.get(f"{DESK}/{listed['id']}")).json()
    refused = await handler.post(f"{DESK}/{listed['id']}/refuse", json={"reason": "经复核，登记无误。"})
    (mine,) = (await phone.get(MINE)).json()["items"]

    assert (asked.status_code, asked.json()["status"], asked.json()["due_on"]) == (201, "requested", "2026-12-14")
    assert "right" not in listed
    assert opened["right"] == "已评定为重度残疾。"
    assert refused.status_code == 200
    assert (mine["status"], mine["reason"]) == ("refused", "经复核，登记无误。")
    assert {remedy["unit"] for remedy in mine["remedies"]} == {"day", "month"}
    copy = (await phone.get("/v1/me/data")).json()
    (held,) = [part["items"] for part in copy["categories"] if part["category"] == "correction_requests"]
    assert held[0]["data"]["right"] == "已评定为重度残疾。"


async def test_others_may_neither_read_nor_decide(sign_in, staff, database):
    case = await build_accepted_case(database)
    request = (await (await sign_in(case.applicant)).post(MINE, json=_body(case))).json()["id"]

    for role, expected in ((Role.SUPERVISOR, "role_not_allowed"), (Role.FINANCE, "correction_not_found")):
        client = await staff(role, "532529000000")
        answer = await client.post(f"{DESK}/{request}/accept")
        assert answer.json()["code"] == expected, role


async def test_what_is_not_a_field_is_refused(sign_in, database):
    case = await build_accepted_case(database)
    client = await sign_in(case.applicant)

    for given in ({"field": "Can Work"}, {"object_type": "decision"}, {"right": ""}, {"extra": 1}):
        answer = await client.post(MINE, json=_body(case, **given))
        assert answer.status_code == 422, given
    assert (await client.get(MINE)).json()["items"] == []
