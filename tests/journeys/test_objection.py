"""An objection to the notice, told by date."""

from datetime import date

from tests.journeys import acts
from tests.journeys.acts import AMOUNT


async def test_after_an_objection_two_others_look_again_and_the_county_decides_without_a_second_notice(world):
    # 27 November: a favourable opinion hangs in the village until 4 December.
    case = await acts.apply(world, world.family(0))
    await world.on(date(2026, 11, 24))
    await acts.accept(case)
    await acts.verify(case)
    await acts.visit(case)
    await world.on(date(2026, 11, 27))
    await acts.opine(case)
    [notice] = await case.notices("opinion")

    # 30 November: somebody objects, without a name. The notice stays up for its seven days.
    await world.on(date(2026, 11, 30))
    objections = f"/v1/public/notices/{notice['id']}/objections"
    receipt = await world.anyone.post(objections, {"statement": "他家在县城还有一辆面包车。（测试）"})
    assert receipt["number"].startswith("YY532529")
    await world.drain()
    assert (await case.step("notice"))["outcome"] == "objected"
    assert await case.open_steps() == {"re_survey": "2026-12-14"}
    assert await case.notices("opinion") == [notice]

    # What was said reaches those who look into it; not the household, and not another county.
    shown = (await world.at("county-1").get("/v1/console/notices"))["items"][0]["objections"]
    assert [(o["number"], o["name"], o["phone"]) for o in shown] == [(receipt["number"], None, None)]
    assert receipt["number"] not in (await case.phone.send("GET", f"{case.url}/timeline")).text
    assert (await world.stranger("county-1").get("/v1/console/notices"))["items"] == []

    # The visit of before does not do for a new opinion, nor does one of those days that is entered only now.
    before = acts.visit_of(case, [world.at("township-4").username]) | {"way": "neighbour", "visited_on": "2026-11-25"}
    await world.at("township-3").post(f"{case.console}/visits", before)
    opinion = {"favourable": True, "statement": "维持原意见。", "reasons": await acts.reasons_for(case)}
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", opinion)
    assert refused == (409, "re_survey_missing")

    # 2 December: two others visit. 3 December: the new opinion goes straight to the county.
    await world.on(date(2026, 12, 2))
    await acts.visit(case, world.at("township-3"), world.at("township-4"))
    await world.on(date(2026, 12, 3))
    await acts.opine(case)
    review = await case.review()
    assert (review["status"], review["round"]) == ("with_county", 2)
    first, *_, again = review["visits"]
    assert [len(set(visit["investigators"])) for visit in (first, again)] == [2, 2]
    assert not set(first["investigators"]) & set(again["investigators"])
    assert await case.open_steps() == {"confirmation": "2026-12-17"}

    # 4 December: an objection makes the seven days no shorter; others may object to the last of them.
    await world.on(date(2026, 12, 4))
    assert await world.at("confirmer").refused("POST", f"{case.console}/confirm", {}) == (409, "notice_running")

    # 5 December: the first notice's time passes; it changes nothing, and no second one hangs.
    await world.on(date(2026, 12, 5))
    assert await case.notices("opinion") == []
    assert (await case.review())["status"] == "with_county"
    late = await world.anyone.refused("POST", objections, {"statement": "我也反对。（测试）"})
    assert late[0] in (404, 409)

    # 10 December: confirmed.
    await world.on(date(2026, 12, 10))
    decision = await acts.confirm(case)
    assert (decision["outcome"], decision["monthly_amount_fen"]) == ("approved", AMOUNT)
    assert len(await case.notices("award")) == 1
