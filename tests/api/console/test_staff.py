"""Staff accounts: administrators only, and only of their own place."""

import pytest
import pytest_asyncio

from app.identity.actors import STAFF_ROLES, Role
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.people import build_staff

BASE = "/v1/console/staff"
PERSON = {
    "username": "new.handler",
    "password": "correct horse 42",
    "name": "测试新人",
    "role": "township_handler",
    "division": TOWNSHIP,
}


@pytest_asyncio.fixture
async def administrator(staff):
    return await staff(Role.ADMINISTRATOR, COUNTY)


async def test_a_new_account_can_sign_in_and_a_closed_one_cannot(administrator, anyone):
    added = await administrator.post(BASE, json=PERSON)
    sign_in = {"username": PERSON["username"], "password": PERSON["password"]}
    before = await anyone.post("/v1/auth/staff-tokens", json=sign_in)
    closed = await administrator.post(f"{BASE}/{added.json()['id']}/disable")
    after = await anyone.post("/v1/auth/staff-tokens", json=sign_in)
    token = {"Authorization": f"Bearer {before.json()['access_token']}"}

    assert added.status_code == 201
    assert PERSON["password"] not in added.text
    assert (before.status_code, closed.status_code, after.status_code) == (201, 200, 401)
    assert (await anyone.get("/v1/console/complaints", headers=token)).status_code == 401


async def test_the_list_shows_the_own_place_only_page_by_page(administrator, database):
    async with database.unit_of_work() as db:
        await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP, username="a1")
        await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP, username="a2")
        await build_staff(db, Role.COUNTY_HANDLER, "530627000000", username="a3")

    first = (await administrator.get(BASE, params={"limit": 2})).json()
    second = (await administrator.get(BASE, params={"limit": 2, "cursor": first["next"]})).json()

    names = [item["username"] for item in first["items"] + second["items"]]
    assert names[:2] == ["a1", "a2"]
    assert len(names) == 3
    assert "a3" not in names
    assert "password" not in str(first)


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"division": "530627000000"}, 403, "outside_your_division"),
        ({"division": "532529999000"}, 422, "division_unknown"),
        ({"role": "applicant"}, 422, "input_invalid"),
        ({"role": "system"}, 422, "input_invalid"),
        ({"password": "short"}, 422, "input_invalid"),
        ({"password": "aaaaaaaaaaaaaaaa"}, 422, "password_too_simple"),
        ({"username": "Ab"}, 422, "input_invalid"),
        ({"name": "测试1"}, 422, "name_malformed"),
    ],
)
async def test_what_is_wrong_is_said(administrator, given, status, code):
    answer = await administrator.post(BASE, json={**PERSON, **given})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_user_name_is_taken_once(administrator):
    await administrator.post(BASE, json=PERSON)

    answer = await administrator.post(BASE, json={**PERSON, "name": "测试别人"})

    assert (answer.status_code, answer.json()["code"]) == (409, "username_taken")


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.ADMINISTRATOR}))
async def test_no_other_role_gets_in(staff, role):
    client = await staff(role, COUNTY)

    assert (await client.get(BASE)).status_code == 403
    assert (await client.post(BASE, json=PERSON)).status_code == 403


async def test_an_administrator_closes_neither_the_own_account_nor_one_elsewhere(sign_in, database):
    async with database.unit_of_work() as db:
        actor = await build_staff(db, Role.ADMINISTRATOR, COUNTY)
        elsewhere = await build_staff(db, Role.COUNTY_HANDLER, "530627000000")
    client = await sign_in(actor)

    own = await client.post(f"{BASE}/{actor.id}/disable")
    other = await client.post(f"{BASE}/{elsewhere.id}/disable")

    assert (own.status_code, own.json()["code"]) == (403, "same_person_not_allowed")
    assert (other.status_code, other.json()["code"]) == (404, "staff_not_found")
