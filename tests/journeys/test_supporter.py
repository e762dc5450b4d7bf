"""A son who lives elsewhere: named by the family, asked for his own word, checked on it, and free to take it back."""

import json
from datetime import date
from uuid import uuid4

from app.sandbox.population import households
from tests.journeys import acts

_WAGES = 7_500_000  # fen a year, by the tax
_ITEMS = {"income", "social_insurance", "provident_fund", "businesses", "deaths"}


async def test_a_son_elsewhere_is_asked_about_on_his_own_word_and_the_family_reads_whether_it_agrees(world):
    place = next(place for place, each in enumerate(households()) if each.head.name == "测试在外甲")
    elsewhere, family = world.family(place), world.family(0)
    son, head = elsewhere.head, family.head
    phone = world.phone(elsewhere)

    # 23 November: the family applies, and says who the son is; it could leave that out.
    case = await acts.begin(world, family)
    line = {
        "ref": "son",
        "relation": "child",
        "household_size": 3,
        "household_income_fen": 300_000,
        "support_fen": 0,
        "period": "month",
    }
    await case.phone.patch(case.url, {"answers": {"supporters": [line]}})
    named, url = str(uuid4()), f"{case.url}/supporters"
    said = {"supporter_ref": "son", "relation": "child", "name": son.name, "id_number": son.id_number}
    shown = (await case.phone.put(f"{url}/{named}", said))["items"]
    assert [(each["id"], each["authorised"], each["agreement"]) for each in shown] == [(named, False, None)]
    assert son.id_number not in json.dumps(shown)
    assert await case.phone.refused("POST", f"{case.url}/authorisations", _signature(named, son)) == (
        404,
        "member_not_found",
    )

    # He signs in, and before he has proved who he is nothing is told to him; then he reads the least.
    requests = "/v1/me/support-requests"
    assert await phone.refused("GET", requests) == (403, "real_name_required")
    await phone.post("/v1/auth/identity-verifications", {"name": son.name, "id_number": son.id_number})
    [asked] = (await phone.get(requests))["items"]
    assert (asked["id"], asked["consent"], asked["open"], asked["found"]) == (named, "asked", True, [])
    assert (asked["purpose"], asked["division"]) == ("living_allowance", family.division)
    assert {each["item"] for each in asked["items"]} == _ITEMS
    assert head.name not in json.dumps(asked, ensure_ascii=False)
    assert await case.phone.refused("POST", f"{requests}/{named}/authorise") == (404, "support_request_not_found")

    # He says nothing yet: the case goes on, and the county sees that nobody was asked.
    await acts.submit(case)
    await acts.accept(case)
    await acts.verify(case)
    await acts.visit(case)
    assert await _at_the_desk(case) == ("asked", None, None, 0)
    assert world.outside.questions_about(elsewhere) == []

    # 24 November: he authorises it. What is found is his; the family reads that it differs, the county what it is.
    await world.on(date(2026, 11, 24))
    assert (await phone.post(f"{requests}/{named}/authorise"))["consent"] == "authorised"
    await world.drain()
    assert await _at_the_desk(case) == ("authorised", "differs", _WAGES, 5)
    assert sorted(item for _, item in world.outside.questions_about(elsewhere)) == sorted(_ITEMS)
    [own] = (await phone.get(requests))["items"]
    wages = [f["found"] for each in own["found"] for f in each["fields"] if f["key"] == "taxed_wages_year"]
    assert wages == [_WAGES]
    [told] = (await case.phone.get(url))["items"]
    assert (told["authorised"], told["agreement"]) == (True, "differs")
    for text in (
        told,
        await case.phone.get(case.url),
        await case.phone.get(f"{case.url}/report"),
        await case.phone.get("/v1/me/data"),
    ):
        assert str(_WAGES) not in json.dumps(text)
    copy = json.dumps(await phone.get("/v1/me/data"))
    assert str(_WAGES) in copy
    assert head.id_number not in copy
    looks = (await phone.get("/v1/me/accesses"))["items"]
    assert {look["action"] for look in looks} >= {"check.ask", "report.read"}

    # 25 November: he takes it back. Nobody asks any more; what was found stays for who decides.
    await world.on(date(2026, 11, 25))
    assert (await phone.post(f"{requests}/{named}/withdraw"))["consent"] == "withdrawn"
    await world.drain()
    assert await _at_the_desk(case) == ("withdrawn", "differs", _WAGES, 5)
    assert (await case.phone.get(url))["items"][0]["authorised"] is False

    # The rules go by what was declared, as ever.
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    decision = await acts.confirm(case)
    assert decision["monthly_amount_fen"] == acts.AMOUNT
    assert await phone.refused("POST", f"{requests}/{named}/authorise") == (409, "matter_ended")


def _signature(member, person):
    return {"member_id": member, "signer_name": person.name, "signer_id_number": person.id_number}


async def _at_the_desk(case):
    report = await case.world.at("county-1").get(f"{case.console}/report")
    [about] = report["supporters"]
    assert "*" in about["name"]
    return about["consent"], about["agreement"], about["earned_year_fen"], len(about["items"])
