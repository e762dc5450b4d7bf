"""What agencies found speaks against a household: told, objected to, checked again, by date."""

from datetime import date, timedelta
from uuid import uuid4

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


async def test_what_nobody_objects_to_over_spring_festival_stands_and_no_opinion_goes_against_it(world, no_cars):
    # Tuesday, 2 February 2027: told that a car speaks against them; the days for an objection end after the festival.
    await world.on(date(2027, 2, 2))
    case = await acts.apply(world, world.family(16))
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    results, said = f"{case.url}/check-results", {"statement": "车辆已转让他人。（测试）"}
    (told,) = (await case.phone.get(results))["items"]
    assert told["object_by"] > "2027-02-11"
    for act, body in (("object", said), ("accept", None)):
        nowhere = await case.phone.refused("POST", f"{results}/{uuid4()}/{act}", body)
        assert nowhere == (404, "check_result_not_found")

    # On the last of them nothing has happened; the day after, it stands, and it is too late to object.
    await world.on(date.fromisoformat(told["object_by"]))
    assert [each["status"] for each in (await case.phone.get(results))["items"]] == ["told"]
    await world.on(world.today() + timedelta(days=1))
    assert [each["status"] for each in (await case.phone.get(results))["items"]] == ["stands"]
    assert (await case.step("check_objection"))["outcome"] == "not_objected"
    late = await case.phone.refused("POST", f"{results}/{told['id']}/object", said)
    assert late == (409, "step_not_allowed")

    # No reviewer can be in favour of what the rules exclude: the opinion is the other one.
    assert set(await case.open_steps()) == {"opinion"}
    in_favour = {
        "favourable": True,
        "statement": "情况特殊，建议纳入。（测试）",
        "reasons": await acts.reasons_for(case),
    }
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", in_favour)
    assert refused == (422, "opinion_against_rules")
    assert ((await case.review())["status"], await case.notices("opinion")) == ("surveying", [])
    await acts.opine(case, favourable=False)
    assert (await case.review())["status"] == "with_county"


async def test_what_the_register_itself_puts_right_before_anybody_objects_is_settled(world, no_cars):
    # Monday, 4 January 2027: told that a car speaks against them.
    await world.on(date(2027, 1, 4))
    family = world.family(16)
    case = await acts.apply(world, family)
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    results = f"{case.url}/check-results"
    (told,) = (await case.phone.get(results))["items"]
    report = await case.phone.get(f"{case.url}/report")
    fields = [
        (member["member_id"], field)
        for member in report["members"]
        for item in member["items"]
        for field in item["fields"]
    ]
    owner = next(member for member, field in fields if field["key"] == "vehicle_count" and field["found"])

    # 5 January: they say of that one field that it is not so. The register is asked anew, and has the car no more.
    await world.on(date(2027, 1, 5))
    world.outside.sell_cars(family, world.today())
    said = {"item": "vehicles", "key": "vehicle_count", "statement": "车辆已于去年报废。（测试）"}
    await case.phone.post(f"{case.url}/disputes", said | {"member_id": owner})
    await world.drain()

    # What was told is settled, though nobody has objected to it; the opinion is due, and hangs in the village.
    (settled,) = (await case.phone.get(results))["items"]
    assert (settled["status"], settled["still"], settled["objection"]) == ("concluded", False, None)
    assert settled["recheck_report_id"] not in (None, told["report_id"])
    assert (await case.step("check_objection"))["outcome"] == "settled"
    await acts.opine(case)
    assert (await case.review())["status"] == "on_notice"
