"""Standards that are published late, and that fall, told by date."""

from datetime import date

from tests.journeys import acts
from tests.journeys.acts import AMOUNT

# Three persons with 5,400 yuan a year; the standards a year are 4,550, then 5,000, then 4,000 yuan.
RAISED, LOWER = 80_000, 55_000
STANDARD = {
    "program": "living_allowance",
    "area": "530000000000",
    "area_class": "rural",
    "period": "year",
    "amount_fen": 500_000,
    "valid_from": "2027-01-01",
    "document": {
        "number": "测民发〔2027〕1号",
        "title": "关于调整保障标准的通知",
        "issuer": "测试民政厅",
        "published_on": "2027-02-18",
    },
}
STANDARDS = "/v1/console/standards"


async def posted(case):
    """Return what the village reads about the family's award: the amount and since which month, and what follows."""
    (notice,) = await case.notices("award")
    return [(each["monthly_amount_fen"], each["amount_from"]) for each in (notice, *notice["next_amounts"])]


async def publish(world, standard):
    author, supervisor = world.staff["province-admin"], world.staff["province-supervisor"]
    drafted = await author.put(STANDARDS, standard)
    at = f"{STANDARDS}/{drafted['id']}"
    seen = (await supervisor.send("GET", at)).headers["ETag"]
    approved = await supervisor.send("POST", f"{at}/approve", headers={"If-Match": seen})
    assert approved.status_code == 200, approved.text
    await world.drain()
    return f"/v1/console/changes/{drafted['id']}"


async def test_a_standard_published_late_is_made_up_for_and_one_that_falls_waits_for_people(world):
    # Granted in December; January and February are paid by the standard of 2020.
    case = await acts.reach_the_award(world, world.family(0))
    for month in (1, 2):
        await world.on(date(2027, month, 1))
        await acts.pay(world, f"2027-0{month}")
    url = "/v1/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    console = url.replace("/v1/", "/v1/console/")
    assert await posted(case) == [(AMOUNT, "2027-01")]

    # 20 February: the province publishes a standard that holds since January.
    await world.on(date(2027, 2, 20))
    change = await publish(world, STANDARD)
    (effect,) = (await world.at("county-1").get(f"{change}/effects"))["counties"]
    assert (effect["raised"], effect["open"], effect["arrears_fen"]) == (1, 0, 2 * (RAISED - AMOUNT))
    award = await case.phone.get(url)
    assert (award["monthly_amount_fen"], award["acts"][0]["act"]) == (RAISED, "raised")
    assert await posted(case) == [(RAISED, "2027-01")]
    assert award["acts"][0]["law"][0] == "测试民政厅《关于调整保障标准的通知》（测民发〔2027〕1号）"
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "award.raised"
    explained = await case.phone.get(f"{url}/amounts/{award['amounts'][0]['id']}")
    assert (explained["monthly_amount_fen"], explained["judged_on"]) == (RAISED, "2027-01-01")

    # 1 March: the difference of both months, once, and March.
    await world.on(date(2027, 3, 1))
    await acts.pay(world, "2027-03")
    assert sorted(await case.payments()) == [
        ("2027-01", "arrears", RAISED - AMOUNT, "paid"),
        ("2027-01", "regular", AMOUNT, "paid"),
        ("2027-02", "arrears", RAISED - AMOUNT, "paid"),
        ("2027-02", "regular", AMOUNT, "paid"),
        ("2027-03", "regular", RAISED, "paid"),
    ]

    # 10 March: from May the standard is to be lower. Nothing falls by itself; the county has a task.
    await world.on(date(2027, 3, 10))
    falling = {**STANDARD, "amount_fen": 400_000, "valid_from": "2027-05-01"}
    change = await publish(world, falling)
    assert (await case.phone.get(url))["monthly_amount_fen"] == RAISED
    (task,) = (await world.at("county-1").get("/v1/console/tasks", queue="county"))["items"]
    assert (task["kind"], task["application_id"]) == ("award_review", case.id)
    waiting = (await world.at("county-1").get(console))["waiting"]
    assert (waiting["outcome"], waiting["from_month"], waiting["after_fen"]) == ("to_be_heard", "2027-05", LOWER)
    assert waiting["further"] == []

    # The handler proposes what the rules give, the household is told and heard, the confirmer decides.
    body = {
        "ground": "standard",
        "monthly_amount_fen": LOWER,
        "from_month": "2027-05",
        "reason": "按调整后的保障标准测算（测试）",
    }
    await world.at("county-1").post(f"{console}/adjust", body)
    await world.drain()
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "award.reduction_proposed"
    assert (await case.phone.get(url))["proposed"]["amount_fen"] == LOWER
    early = await world.at("confirmer").refused("POST", f"{console}/adjust/approve")
    assert early == (409, "hearing_required")
    heard = {"about": "reduce", "opinion": "没有异议（测试）", "heard_on": "2027-03-10"}
    await world.at("township-1").post(f"{console}/hear", heard)
    await world.at("confirmer").post(f"{console}/adjust/approve")
    await world.drain()

    # The village reads both, what holds and what will; it is told in writing, with what may be done against it; the
    # task is done; April and May are paid as they should.
    assert await posted(case) == [(RAISED, "2027-01"), (LOWER, "2027-05")]
    reduced = (await case.phone.get(url))["acts"][-1]
    assert (reduced["act"], reduced["from_month"], reduced["after_fen"]) == ("reduced", "2027-05", LOWER)
    assert "社会救助法第四十八条" in reduced["law"]
    assert {each["kind"] for each in reduced["remedies"]} == {"administrative_reconsideration", "administrative_suit"}
    way = await case.phone.get(f"{case.url}/timeline")
    assert (way["steps"][-1]["kind"], way["steps"][-1]["outcome"]) == ("award_decision", "reduced")
    assert {each["kind"] for each in way["remedies"]} == {each["kind"] for each in reduced["remedies"]} | {"complaint"}
    letters = (await case.phone.get(f"{case.url}/letters"))["items"]
    assert [each["kind"] for each in letters][-1] == "reduced"
    assert (await world.at("county-1").get("/v1/console/tasks", queue="county"))["items"] == []
    for month in (4, 5):
        await world.on(date(2027, month, 1))
        await acts.pay(world, f"2027-0{month}")
    assert await posted(case) == [(LOWER, "2027-05")]
    later = [payment for payment in await case.payments() if payment[0] > "2027-03"]
    assert sorted(later) == [("2027-04", "regular", RAISED, "paid"), ("2027-05", "regular", LOWER, "paid")]


async def test_an_award_is_kept_though_standards_fall_also_while_it_is_held_back_and_then_stopped(world):
    # Granted in December. 20 January 2027: from March the standard is to be lower; a person decides that it stays.
    case = await acts.reach_the_award(world, world.family(0))
    url = "/v1/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    console = url.replace("/v1/", "/v1/console/")
    county, confirmer = world.at("county-1"), world.at("confirmer")
    await world.on(date(2027, 1, 20))
    kept = {"reason": "户主刚出院，本次调整不降低。（测试）"}
    assert await confirmer.refused("POST", f"{console}/keep", kept) == (409, "nothing_to_keep")
    await publish(world, _falling(world, 400_000, "2027-03-01"))
    assert (await county.get(console))["waiting"]["after_fen"] == LOWER
    assert await county.refused("POST", f"{console}/keep", kept) == (403, "role_not_allowed")
    await confirmer.post(f"{console}/keep", kept)
    await world.drain()
    assert (await county.get(console))["waiting"] is None
    assert (await case.phone.get(url))["monthly_amount_fen"] == AMOUNT
    tasks = (await county.get("/v1/console/tasks", queue="county"))["items"]
    assert "award_review" not in {task["kind"] for task in tasks}

    # 1 February: a neighbour complains, and the county holds the money back; the standard falls again, and it is kept
    # again: what is held back is still what she is entitled to.
    await world.on(date(2027, 2, 1))
    await county.post(f"{console}/suspend", {"reason": "complaint"})
    await publish(world, _falling(world, 380_000, "2027-04-01"))
    assert (await county.get(console))["waiting"]["outcome"] == "to_be_heard"
    await confirmer.post(f"{console}/keep", kept)
    assert await confirmer.refused("POST", f"{console}/keep", kept) == (409, "nothing_to_keep")
    held = await county.get(console)
    assert (held["status"], held["waiting"], held["monthly_amount_fen"]) == ("suspended", None, AMOUNT)

    # Monday, 15 February, after Spring Festival: the complaint was right. She is heard, and only then it is stopped.
    await world.on(date(2027, 2, 15))
    stop = {"ground": "property", "reason": "家庭财产超过规定。（测试）", "last_month": "2027-02"}
    assert await confirmer.refused("POST", f"{console}/stop", stop) == (409, "hearing_required")
    assert (await county.get(console))["status"] == "suspended"
    heard = {"about": "stop", "ground": "property", "opinion": "没有异议。（测试）", "heard_on": "2027-02-15"}
    await county.post(f"{console}/hear", heard)
    await confirmer.post(f"{console}/stop", stop)
    await world.drain()
    assert (await case.phone.get(url))["status"] == "stopped"
    assert [each["ends_on"] for each in await case.notices("award")] == ["2027-02-28"]
    await world.on(date(2027, 3, 1))
    assert await case.notices("award") == []
    assert await confirmer.refused("POST", f"{console}/keep", kept) == (409, "step_not_allowed")
    assert [each["kind"] for each in await case.letters()][-1] == "stopped"


def _falling(world, amount, since):
    document = STANDARD["document"] | {"published_on": world.today().isoformat()}
    return STANDARD | {"amount_fen": amount, "valid_from": since, "document": document}


async def test_a_household_that_a_standard_leaves_behind_is_stopped_on_that_ground_and_no_other_is(world):
    # Granted in December. 20 January 2027: nothing waits, so that no standard can end it.
    case = await acts.reach_the_award(world, world.family(0))
    url = "/v1/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    console = url.replace("/v1/", "/v1/console/")
    county, confirmer = world.at("county-1"), world.at("confirmer")
    await world.on(date(2027, 1, 20))
    stop = {"ground": "standard", "reason": "家庭人均收入不再低于保障标准。（测试）", "last_month": "2027-02"}
    heard = {"about": "stop", "ground": "standard", "opinion": "没有异议。（测试）", "heard_on": "2027-01-20"}
    assert await confirmer.refused("POST", f"{console}/stop", stop) == (409, "no_standard_behind")

    # From March the standard lies below what the family has. It is heard about just that, and stopped from March on.
    change = await publish(world, _falling(world, 150_000, "2027-03-01"))
    await publish(world, _falling(world, 140_000, "2027-06-01"))
    waiting = (await county.get(console))["waiting"]
    assert (waiting["outcome"], waiting["from_month"]) == ("no_longer_entitled", "2027-03")
    assert waiting["change_id"] == change.rpartition("/")[2]
    await world.on(date(2027, 1, 21))
    await county.post(f"{console}/hear", heard | {"heard_on": "2027-01-21"})
    early = await confirmer.refused("POST", f"{console}/stop", stop | {"last_month": "2027-01"})
    assert early == (422, "last_month_out_of_range")
    await confirmer.post(f"{console}/stop", stop)
    await world.drain()

    shown = await case.phone.get(url)
    assert (shown["stop_ground"], shown["acts"][-1]["ground"]) == ("standard", "standard")
    letter = (await case.letters())[-1]
    assert letter["kind"] == "stopped"
    assert "停止的事由：保障标准或者参数调整" in letter["content"]["before"][0]
