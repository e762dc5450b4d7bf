"""Letting other authorities ask, from the console."""

import pytest

from app.identity.actors import Role
from tests.builders.applications import COUNTY
from tests.builders.people import make_id_number

PARTNERS = "/v1/console/query-partners"
PARTNER = {"code": "county_medical", "title": "测试县医疗保障局", "purposes": ["medical_assistance"]}
QUERY = {
    "purpose": "medical_assistance",
    "basis": "social_assistance_law_24",
    "persons": [{"reference": "1", "id_number": make_id_number(), "name": "测试甲"}],
}

SCOPE = {"purposes": ["medical_assistance"], "most_per_day": 10_000}


@pytest.fixture
async def administrator(staff):
    return await staff(Role.ADMINISTRATOR, COUNTY)


async def test_the_secret_is_shown_once_and_lets_in_until_it_is_replaced(administrator, anyone):
    added = await administrator.post(PARTNERS, json=PARTNER)
    partner = added.json()
    shown = (await administrator.get(added.headers["location"])).json()
    listed = (await administrator.get(PARTNERS)).text
    rotated = (await administrator.post(f"{PARTNERS}/{partner['id']}/rotate-secret")).json()

    def ask(secret):
        headers = {"Authorization": f"Bearer {secret}", "X-Partner": "county_medical"}
        return anyone.post("/v1/partner/status-queries", json=QUERY, headers=headers)

    assert added.status_code == 201, added.text
    assert (shown["division"], shown["status"], shown["most_per_day"]) == (COUNTY, "active", 10_000)
    assert "secret" not in shown
    assert partner["secret"] not in listed
    assert (await ask(partner["secret"])).status_code == 401
    assert (await ask(rotated["secret"])).status_code == 201


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"code": "X"}, 422, "input_invalid"),
        ({"purposes": []}, 422, "input_invalid"),
        ({"purposes": ["curiosity"]}, 422, "input_invalid"),
        ({"most_per_day": 0}, 422, "input_invalid"),
        ({"division": "530627000000"}, 403, "outside_your_division"),
        ({"division": "530000000000"}, 403, "outside_your_division"),
    ],
)
async def test_what_is_wrong_is_said(administrator, changes, status, code):
    answer = await administrator.post(PARTNERS, json={**PARTNER, **changes})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await administrator.get(PARTNERS)).json()["items"] == []


async def test_a_code_is_one_partners_for_good_wherever_it_was_registered(administrator, staff):
    elsewhere = await staff(Role.ADMINISTRATOR, "530627000000")
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()
    await administrator.post(f"{PARTNERS}/{added['id']}/disable")

    again = await elsewhere.post(PARTNERS, json=PARTNER)

    assert (again.status_code, again.json()["code"]) == (409, "partner_code_taken")


async def test_only_administrators_change_and_only_supervisors_look(administrator, staff, anyone):
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()
    headers = {"Authorization": f"Bearer {added['secret']}", "X-Partner": "county_medical"}
    await anyone.post("/v1/partner/status-queries", json=QUERY, headers=headers)
    supervisor, handler = await staff(Role.SUPERVISOR, COUNTY), await staff(Role.COUNTY_HANDLER, COUNTY)
    stranger = await staff(Role.ADMINISTRATOR, "530627000000")

    for client, count in ((administrator, 1), (supervisor, 1), (handler, 0), (stranger, 0)):
        assert len((await client.get(PARTNERS)).json()["items"]) == count
        asked = (await client.get("/v1/console/status-queries", params={"partner_id": added["id"]})).json()["items"]
        assert [(each["persons"], each["recipients"]) for each in asked] == [(1, 0)] * count
    assert (await supervisor.post(PARTNERS, json=PARTNER)).status_code == 403
    assert (await supervisor.post(f"{PARTNERS}/{added['id']}/disable")).status_code == 403
    for client in (handler, stranger):
        assert (await client.post(f"{PARTNERS}/{added['id']}/disable")).status_code == 404


KEY = {"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
       "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}  # fmt: skip
ACCESS = {"sender_id": "medical.example", "key_id": "key-1", "public_key": KEY}


async def test_a_name_and_a_key_let_a_partner_ask_by_the_dci_standard(administrator):
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()
    place = f"{PARTNERS}/{added['id']}/registry-access"

    given = await administrator.post(place, json={**ACCESS, "callback_url": "https://93.184.216.34/dci"})
    again = await administrator.post(place, json={**ACCESS, "key_id": "key-2"})

    assert (given.json()["sender_id"], given.json()["callback_url"]) == ("medical.example", "https://93.184.216.34/dci")
    assert (again.json()["key_id"], again.json()["callback_url"]) == ("key-2", None)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"public_key": {**KEY, "y": KEY["x"]}}, 422, "public_key_unusable"),
        ({"public_key": {**KEY, "crv": "Ed25519"}}, 422, "public_key_unusable"),
        ({"public_key": {"kty": "EC", "crv": "P-256", "x": KEY["x"]}}, 422, "public_key_unusable"),
        ({"public_key": {"kty": "RSA", "crv": "P-256", "x": KEY["x"]}}, 422, "input_invalid"),
        ({"callback_url": "https://10.0.0.1/dci"}, 422, "webhook_url_not_allowed"),
        ({"sender_id": "taken.example"}, 409, "sender_taken"),
    ],
)
async def test_what_is_wrong_with_a_key_or_a_name_is_said(administrator, changes, status, code):
    other = (await administrator.post(PARTNERS, json={**PARTNER, "code": "another_partner"})).json()
    await administrator.post(f"{PARTNERS}/{other['id']}/registry-access", json={**ACCESS, "sender_id": "taken.example"})
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()

    answer = await administrator.post(f"{PARTNERS}/{added['id']}/registry-access", json={**ACCESS, **changes})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await administrator.get(f"{PARTNERS}/{added['id']}")).json()["sender_id"] is None


async def test_disabling_twice_is_a_conflict(administrator):
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()

    first = await administrator.post(f"{PARTNERS}/{added['id']}/disable")
    second = await administrator.post(f"{PARTNERS}/{added['id']}/disable")

    assert (first.json()["status"], first.json()["actions"]) == ("disabled", ["enable", "rotate", "set_scope"])
    assert (second.status_code, second.json()["code"]) == (409, "step_not_allowed")


async def test_what_a_partner_may_ask_for_is_said_anew_and_holds_at_once(administrator, anyone, staff):
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()
    headers = {"Authorization": f"Bearer {added['secret']}", "X-Partner": "county_medical"}
    path = f"{PARTNERS}/{added['id']}/scope"

    async def ask():
        answer = await anyone.post("/v1/partner/status-queries", json=QUERY, headers=headers)
        return answer.status_code

    before = await ask()
    other = await administrator.post(path, json={"purposes": ["education_assistance"], "most_per_day": 50})
    meanwhile = await ask()
    by_supervisor = await (await staff(Role.SUPERVISOR, COUNTY)).post(path, json=SCOPE)
    again = await administrator.post(path, json=SCOPE)

    said = other.json()
    assert (other.status_code, said["purposes"], said["most_per_day"]) == (200, ["education_assistance"], 50)
    assert (before, meanwhile) == (201, 403)
    assert (by_supervisor.status_code, by_supervisor.json()["code"]) == (403, "role_not_allowed")
    assert (again.status_code, await ask()) == (200, 201)


async def test_who_may_ask_less_and_has_asked_more_asks_no_more_today(administrator, anyone):
    added = (await administrator.post(PARTNERS, json=PARTNER)).json()
    headers = {"Authorization": f"Bearer {added['secret']}", "X-Partner": "county_medical"}
    persons = [{**QUERY["persons"][0], "reference": str(number)} for number in range(3)]
    await anyone.post("/v1/partner/status-queries", json={**QUERY, "persons": persons}, headers=headers)

    lowered = await administrator.post(f"{PARTNERS}/{added['id']}/scope", json={**SCOPE, "most_per_day": 2})
    answer = await anyone.post("/v1/partner/status-queries", json=QUERY, headers=headers)

    assert (lowered.status_code, answer.status_code) == (200, 429)
