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
    [posted] = await case.notices("award")

    # What hangs now tells of a decision: one complains about it, and objects to it no more.
    objections = f"/v1/public/notices/{posted['id']}/objections"
    assert await world.anyone.refused("POST", objections, {"statement": "我也反对。（测试）"}) == (409, "notice_closed")
    assert await case.status() == "approved"


async def test_over_new_year_an_appraisal_speaks_against_a_household_and_it_withdraws_before_the_county(world):
    # Monday, 28 December 2026: a favourable opinion hangs in the village until 4 January. Nothing is appraised before
    # anybody has objected.
    await world.on(date(2026, 12, 28))
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case)
    township, appraisals = world.at("township-3"), f"{case.console}/appraisals"
    held = {"township_staff": 1, "village_officials": 2, "informed_members": 1, "representatives": 8}
    held |= {"held_on": "2026-12-28", "supports": False, "conclusion": "多数代表反映长子已另行居住。（测试）"}
    assert await township.refused("POST", appraisals, held) == (409, "step_not_allowed")

    # 30 December and New Year's Eve: two object, one after the other. It hangs on, and is looked into once.
    [notice] = await case.notices("opinion")
    objections, lookup = f"/v1/public/notices/{notice['id']}/objections", "/v1/public/objection-lookups"
    await world.on(date(2026, 12, 30))
    first = await world.anyone.post(objections, {"statement": "他家长子已分户。（测试）"})
    await world.drain()
    step = await case.step("re_survey")
    await world.on(date(2026, 12, 31))
    second = await world.anyone.post(objections, {"statement": "长子不住在家。（测试）"})
    await world.drain()
    assert await case.notices("opinion") == [notice]
    assert await case.step("re_survey") == step

    # There is more time now, for there was an objection; for one of them, not for what is on no record.
    extend = f"{case.console}/extend"
    unfounded = await township.refused("POST", extend, {"reason": "remote_application"})
    assert unfounded == (409, "extension_unfounded")
    await township.post(extend, {"reason": "objection"})
    assert (await case.timeline())["extension"]["words"].endswith("an objection to the notice")

    # Each follows her own by number and code; the code of the one says nothing of the other.
    for receipt in (first, second):
        assert (await world.anyone.post(lookup, receipt))["stage"] == "looking_again"
    crossed = first | {"code": second["code"]}
    assert await world.anyone.refused("POST", lookup, crossed) == (404, "objection_not_found")

    # Monday, 4 January 2027: an appraisal. Two thirds of it are representatives, and it was held by today.
    await world.on(date(2027, 1, 4))
    tomorrow, too_few = {"held_on": "2027-01-05"}, {"held_on": "2027-01-04", "representatives": 7}
    assert await township.refused("POST", appraisals, held | tomorrow) == (422, "survey_date_invalid")
    assert await township.refused("POST", appraisals, held | too_few) == (422, "appraisal_quorum_missing")
    assert (await case.review())["appraisals"] == []
    await township.post(appraisals, held | {"held_on": "2027-01-04"})

    # 5 January: the township finds against the household, on a ground it names; the county has ten working days.
    await world.on(date(2027, 1, 5))
    await acts.opine(case, favourable=False, ground="members_differ")
    review = await case.review()
    assert (review["status"], review["round"], len(review["appraisals"])) == ("with_county", 2, 1)
    assert await case.open_steps() == {"confirmation": "2027-01-19"}
    assert (await world.anyone.post(lookup, first))["stage"] == "looked_again"

    # 6 January: the household takes it back. There is nothing to decide, and who objected learns that it is over.
    await world.on(date(2027, 1, 6))
    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()
    assert ((await case.review())["status"], await case.open_steps()) == ("ended", {})
    refuse = {"reasons": ["家庭成员情况与申报不符。（测试）"], "ground": "members_differ"}
    assert await world.at("confirmer").refused("POST", f"{case.console}/refuse", refuse) == (409, "step_not_allowed")
    for receipt in (first, second):
        assert (await world.anyone.post(lookup, receipt))["stage"] == "ended"


async def test_who_withdraws_over_spring_festival_while_it_is_looked_at_again_is_looked_at_no_more(world):
    # Monday, 1 February 2027: seven days end in the festival, so it hangs until the first working day after it.
    # On the 3rd somebody objects.
    await world.on(date(2027, 2, 1))
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case)
    [notice] = await case.notices("opinion")
    assert notice["ends_on"] == "2027-02-11"
    objections = f"/v1/public/notices/{notice['id']}/objections"
    await world.on(date(2027, 2, 3))
    await world.anyone.post(objections, {"statement": "他家在县城还有一辆面包车。（测试）"})
    await world.drain()
    assert (await case.step("re_survey"))["provisional"] is True

    # 4 February: the family would rather not. The notice is taken down, and nobody visits or objects any more.
    await world.on(date(2027, 2, 4))
    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()
    assert ((await case.review())["status"], await case.notices("opinion")) == ("ended", [])
    late = await world.anyone.refused("POST", objections, {"statement": "我也反对。（测试）"})
    assert late == (409, "notice_closed")
    assert await world.anyone.refused("GET", objections.removesuffix("/objections")) == (404, "notice_not_found")
    visit = acts.visit_of(case, [world.at("township-4").username])
    assert await world.at("township-3").refused("POST", f"{case.console}/visits", visit) == (409, "step_not_allowed")

    # Monday, 15 February: the festival is over, and nothing has become of it by itself.
    await world.on(date(2027, 2, 15))
    assert (await case.status(), await case.open_steps()) == ("withdrawn", {})
