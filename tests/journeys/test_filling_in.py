"""A draft filled in on two telephones over New Year 2027, by date: what cannot be is refused, and nothing is lost."""

from datetime import date
from uuid import uuid4

from app.sandbox.population import households
from tests.journeys import acts

_LINE = {
    "relation": "child",
    "household_size": 3,
    "household_income_fen": 300_000,
    "support_fen": 0,
    "period": "month",
}


async def test_a_draft_of_two_telephones_loses_nothing_and_keeps_nothing_that_cannot_be(world):
    # Wednesday, 30 December 2026: a father begins. A township is no village, and a telephone number no account.
    await world.on(date(2026, 12, 30))
    family = world.family(0)
    phone, head = world.phone(family), family.head
    await phone.post("/v1/auth/identity-verifications", {"name": head.name, "id_number": head.id_number})
    in_town = {"program": "living_allowance", "division": family.division[:9] + "000"}
    assert await phone.refused("POST", "/v1/applications", in_town) == (422, "not_a_village")
    account = {"bank_code": "RCC", "account": "1390000000x"}
    assert await phone.refused("PUT", "/v1/payout-account", account) == (422, "account_malformed")
    assert (await phone.get("/v1/me"))["payout_account"] is None
    case = await acts.begin_as(world, family, phone)

    # There is no paper in it yet, and no township has sent it elsewhere.
    paper = f"{case.url}/documents/{uuid4()}/content"
    assert await phone.refused("GET", paper) == (404, "document_not_found")
    onwards = {"division": family.division}
    assert await phone.refused("POST", f"{case.url}/continuation", onwards) == (409, "application_not_redirected")

    # New Year's Eve: his daughter goes on at her telephone, and he at his, which has not seen what she wrote.
    await world.on(date(2026, 12, 31))
    seen = (await phone.get(case.url))["version"]
    await _patch(case, seen, {"address": "测试村民小组 8 号"})
    assert _told(await _patch(case, seen, {"address": "测试村民小组 9 号"})) == (409, "edited_elsewhere")
    assert _told(await _patch(case, seen + 99, {"address": "测试村民小组 9 号"})) == (412, "precondition_failed")
    again = {"relation": "other", "name": head.name, "id_number": head.id_number}
    twice = await phone.refused("PUT", f"{case.url}/members/{uuid4()}", again)
    assert twice == (409, "member_already_in_household")
    changed = {"relation": "self", "name": head.name, "id_number": head.id_number, "can_work": False}
    unseen = await phone.refused("PUT", f"{case.url}/members/{case.members['self']}", changed)
    assert unseen == (428, "precondition_required")
    stands = await phone.get(case.url)
    assert (stands["address"], len(stands["members"])) == ("测试村民小组 8 号", 3)

    # Monday, 4 January: they hand in what both have written.
    await world.on(date(2027, 1, 4))
    for person in acts.living(family):
        if person.relation != "child":
            await acts.sign(case, person)
    await acts.submit(case)
    assert await case.open_steps() == {"acceptance": "2027-01-11"}


async def test_supporters_are_grown_up_each_one_person_of_one_line_and_no_more_than_anybody_has(world):
    # Thursday, 4 February 2027, the day before Spring Festival: a father names the sons and daughters who will come.
    await world.on(date(2027, 2, 4))
    family = world.family(0)
    case = await acts.begin(world, family)
    lines = [_LINE | {"ref": f"child-{number}"} for number in range(12)]
    await case.phone.patch(case.url, {"answers": {"supporters": lines}})
    elsewhere = [each.head for each in households()[1:40]]
    ids, url = [str(uuid4()) for _ in range(10)], f"{case.url}/supporters"
    await case.phone.put(f"{url}/{ids[0]}", _named(elsewhere[0], "child-0"))

    # Not two for one line, nobody under age, nobody whom the form does not have, and nobody of the household.
    child = next(person for person in family.members if person.relation == "child")
    spouse = next(person for person in family.members if person.relation == "spouse")
    refused = {
        "supporter_already_named": (409, _named(elsewhere[1], "child-0")),
        "supporter_not_adult": (422, _named(child, "child-1")),
        "supporter_not_found": (404, _named(elsewhere[1], "nobody")),
        "member_already_in_household": (409, _named(spouse, "child-1")),
    }
    for code, (status, said) in refused.items():
        assert await case.phone.refused("PUT", f"{url}/{uuid4()}", said) == (status, code)
    other = _named(elsewhere[1], "child-0")
    assert await case.phone.refused("PUT", f"{url}/{ids[0]}", other) == (428, "precondition_required")
    assert [each["id"] for each in (await case.phone.get(url))["items"]] == [ids[0]]

    # Ten are named, and not an eleventh; one of them is named no more, and then is not there.
    for number, (row, person) in enumerate(zip(ids[1:], elsewhere[1:], strict=False), 1):
        await case.phone.put(f"{url}/{row}", _named(person, f"child-{number}"))
    one_more = _named(elsewhere[10], "child-10")
    assert await case.phone.refused("PUT", f"{url}/{uuid4()}", one_more) == (409, "too_many_supporters")
    for expected in (200, 404):
        seen = {"If-Match": f'"{(await case.phone.get(case.url))["version"]}"'}
        gone = await case.phone.send("DELETE", f"{url}/{ids[9]}", headers=seen)
        assert gone.status_code == expected
    assert gone.json()["code"] == "supporter_not_found"

    # Monday, 15 February, after the festival: what was refused keeps nobody from handing in.
    await world.on(date(2027, 2, 15))
    assert len((await case.phone.get(url))["items"]) == 9
    await acts.submit(case)
    assert await case.status() == "submitted"


def _named(person, ref):
    return {"supporter_ref": ref, "relation": "child", "name": person.name, "id_number": person.id_number}


async def _patch(case, seen, body):
    return await case.phone.send("PATCH", case.url, json=body, headers={"If-Match": f'"{seen}"'})


def _told(answer):
    return answer.status_code, answer.json()["code"]
