"""What agencies found speaks against a household: told, objected to, checked again, by date."""

from datetime import date

from tests.journeys import acts


async def test_a_household_with_a_car_is_told_so_objects_and_is_checked_again(world, no_cars):
    # 23 November: a family with a car applies, and is accepted; the agencies answer.
    family = world.family(16)
    case = await acts.apply(world, family)
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    results = f"{case.url}/check-results"
    (told,) = (await case.phone.get(results))["items"]
    assert (told["status"], told["object_by"]) == ("told", "2026-11-30")
    (finding,) = told["findings"]
    assert (finding["rule"], finding["met"]) == ("property_within_count_limit", False)
    assert finding["message"]
    assert finding["law"]
    assert await case.open_steps() == {"check_objection": "2026-11-30"}
    assert world.outside.sms.news_of(family.head.phone)[-1] == "check.result_told"
    opinion = {"favourable": False, "statement": "不符合条件。（测试）", "reasons": await acts.reasons_for(case)}
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", opinion)
    assert refused == (409, "check_result_open")

    # 25 November: they object. Nobody else can, and the township has three working days to have it checked again.
    await world.on(date(2026, 11, 25))
    stranger = world.phone(world.family(0))
    said = {"statement": "车辆已于今年六月转让他人。（测试）"}
    assert (await stranger.refused("POST", f"{results}/{told['id']}/object", said))[0] == 404
    objected = await case.phone.post(f"{results}/{told['id']}/object", said)
    assert (objected["status"], objected["objection"]) == ("objected", said["statement"])
    assert await case.open_steps() == {"recheck": "2026-11-30"}
    desk = f"{case.console}/check-results"
    (read,) = (await world.at("township-1").get(desk))["items"]
    assert read["objection"] == said["statement"]

    # 27 November: the register is asked anew, and has the car still.
    await world.on(date(2026, 11, 27))
    again = {"checks": [check["id"] for check in await case.checks() if check["item"] == "vehicles"][:1]}
    recheck = f"{desk}/{told['id']}/recheck"
    assert await world.at("reviewer").refused("POST", recheck, again) == (403, "role_not_allowed")
    await world.at("township-1").post(recheck, again)
    await world.drain()
    await acts.verify(case)
    (concluded,) = (await case.phone.get(results))["items"]
    assert (concluded["status"], concluded["still"]) == ("concluded", True)
    assert concluded["recheck_report_id"] not in (None, concluded["report_id"])

    # Now the opinion may be given; no second time for objecting begins.
    await acts.opine(case, favourable=False)
    assert (await case.review())["status"] == "with_county"
