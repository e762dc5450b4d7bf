"""The phone's way from draft to receipt, and what it is told when something is wrong."""

import hashlib
from uuid import uuid4

import pytest

from app.identity.actors import Role
from app.programs.registry import PROGRAMS
from tests.builders.applications import TOWNSHIP, VILLAGE, build_household, build_submitted
from tests.builders.people import build_citizen, make_id_number
from tests.support.files import make_pdf


async def _draft(phone) -> str:
    answer = await phone.post("/v1/applications", json={"program": "living_allowance", "division": VILLAGE})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def test_a_phone_can_go_from_draft_to_receipt(sign_in, database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        citizen = await build_citizen(db, name="测试甲", id_number=number)
    phone = await sign_in(citizen)
    await phone.put("/v1/payout-account", json={"bank_code": "RCC", "account": "9900001234567890128"})
    draft = await _draft(phone)
    member = str(uuid4())
    await phone.put(
        f"/v1/applications/{draft}/members/{member}", json={"relation": "self", "name": "测试甲", "id_number": number}
    )
    etag = (await phone.get(f"/v1/applications/{draft}")).headers["etag"]
    await phone.patch(
        f"/v1/applications/{draft}",
        json={"answers": {"income": [], "expenses": [], "property": [], "supporters": []}, "address": "测试村1号"},
        headers={"Content-Type": "application/merge-patch+json", "If-Match": etag},
    )
    signed = await phone.post(
        f"/v1/applications/{draft}/authorisations",
        json={"member_id": member, "signer_name": "测试甲", "signer_id_number": number},
    )
    assert signed.status_code == 201, signed.text

    answer = await phone.post(f"/v1/applications/{draft}/submit", json={"truth_promised": True})

    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["status"] == "submitted"
    assert body["number"].startswith("DB532529")
    assert number not in answer.text
    timeline = (await phone.get(f"/v1/applications/{draft}/timeline")).json()
    assert timeline["waiting_for"] == "township"
    assert timeline["steps"][0]["due_on"] == "2026-11-30"


async def test_submitting_twice_is_a_conflict_the_phone_can_read(sign_in, database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        done = await build_submitted(db, household)
    phone = await sign_in(household.applicant)

    answer = await phone.post(f"/v1/applications/{done.id}/submit", json={"truth_promised": True})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "step_not_allowed"
    assert answer.json()["title"] == "当前状态下不能办理此步骤"


async def test_a_problem_speaks_english_when_asked(phone):
    answer = await phone.get(f"/v1/applications/{uuid4()}", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()["title"]) == (404, "Application not found")


async def test_an_unknown_division_is_refused(phone):
    answer = await phone.post("/v1/applications", json={"program": "living_allowance", "division": "999999999999"})

    assert (answer.status_code, answer.json()["code"]) == (422, "division_unknown")


async def test_a_township_is_not_a_place_to_apply_for(phone):
    answer = await phone.post("/v1/applications", json={"program": "living_allowance", "division": TOWNSHIP})

    assert (answer.status_code, answer.json()["code"]) == (422, "not_a_village")


async def test_a_malformed_identity_number_changes_nothing(phone):
    draft = await _draft(phone)

    answer = await phone.put(
        f"/v1/applications/{draft}/members/{uuid4()}",
        json={"relation": "self", "name": "测试甲", "id_number": "539900198005170012"},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "id_number_malformed")
    assert (await phone.get(f"/v1/applications/{draft}")).json()["members"] == []


async def test_another_phone_sees_nothing(phone, sign_in, database):
    draft = await _draft(phone)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试乙")
    other = await sign_in(stranger)

    for answer in (
        await other.get(f"/v1/applications/{draft}"),
        await other.get(f"/v1/applications/{draft}/timeline"),
        await other.post(f"/v1/applications/{draft}/submit", json={"truth_promised": True}),
        await other.delete(f"/v1/applications/{draft}"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "application_not_found")
    assert (await other.get("/v1/applications")).json() == {"items": [], "next": None}


async def test_without_a_token_nobody_comes_in(anyone):
    answer = await anyone.get("/v1/applications")

    assert (answer.status_code, answer.json()["code"]) == (401, "token_rejected")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_staff_do_not_come_in_by_the_phones_door(staff):
    handler = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    answer = await handler.get("/v1/applications")

    assert (answer.status_code, answer.json()["code"]) == (403, "audience_not_allowed")


async def test_unknown_and_coerced_members_are_refused(phone):
    for body in ({"program": "living_allowance", "division": VILLAGE, "extra": 1}, {"program": 1, "division": VILLAGE}):
        answer = await phone.post("/v1/applications", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "input_invalid")


async def test_a_paper_arrives_in_parts_in_any_order(phone):
    content = make_pdf(64 * 1024)
    begun = (
        await phone.post(
            "/v1/uploads",
            json={"kind": "diagnosis", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        )
    ).json()
    size, url = begun["part_size"], f"/v1/uploads/{begun['id']}"
    await phone.put(f"{url}/parts/2", content=content[size:])
    early = await phone.post(f"{url}/complete")
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (409, "/parts/1")
    await phone.put(f"{url}/parts/1", content=content[:size])
    await phone.put(f"{url}/parts/1", content=content[:size])

    done = await phone.post(f"{url}/complete")

    assert (done.status_code, done.json()["complete"], done.json()["media_type"]) == (200, True, "application/pdf")
    draft = await _draft(phone)
    document = {"kind": "diagnosis", "upload_id": begun["id"]}
    first = await phone.post(f"/v1/applications/{draft}/documents", json=document)
    second = await phone.post(f"/v1/applications/{draft}/documents", json=document)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


@pytest.mark.parametrize("program", [code for code, each in PROGRAMS.items() if not each.open_for_applications])
async def test_a_program_one_can_only_check_oneself_for_is_refused(phone, program):
    answer = await phone.post("/v1/applications", json={"program": program, "division": VILLAGE})

    assert (answer.status_code, answer.json()["code"]) == (422, "program_not_open")
    assert (await phone.get("/v1/applications")).json()["items"] == []


async def test_a_program_that_is_none_is_refused(phone):
    answer = await phone.post("/v1/applications", json={"program": "lottery", "division": VILLAGE})

    assert (answer.status_code, answer.json()["code"]) == (422, "program_unknown")
