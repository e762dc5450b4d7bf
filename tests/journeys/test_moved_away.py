"""A household moves to another county; by date, over two counties and their payrolls."""

from datetime import date

from tests.journeys import acts
from tests.support.callers import Caller

TOWNSHIP_THERE, VILLAGE_THERE = "530627102000", "530627102210"  # 镇雄县 泼机镇
MOVE = {
    "to_division": TOWNSHIP_THERE,
    "moved_on": "2027-01-15",
    "ground": "relocation",
    "source": "report",
    "reason": "已迁入安置点居住。（测试）",
}


async def _pay(world, part, month) -> None:
    """Let a county pay a month; `part`: how its people are found."""
    built = await part("county-1").post("/v1/console/payrolls", {"program": "living_allowance", "month": month})
    payroll = f"/v1/console/payrolls/{built['id']}"
    await part("county-1").post(f"{payroll}/submit")
    await part("confirmer").post(f"{payroll}/approve")
    await part("finance").post(f"{payroll}/release")
    await world.drain()
    await world.bank_settles(built["id"])
    await world.drain()


async def _statuses(desk: Caller, **query: str) -> list[tuple[str, str]]:
    page = await desk.get("/v1/console/handovers", **query)
    return [(row["status"], row["to_division"]) for row in page["items"]]


async def test_a_household_that_moves_is_paid_each_month_by_one_county(world):
    # Granted in December; the first county pays January, and has February's payroll drawn up when the household reports
    # that it moved on 15 January.
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 4))
    await _pay(world, world.at, "2027-01")
    await world.on(date(2027, 1, 20))
    await _pay(world, world.at, "2027-02")
    (award,) = (await case.phone.get("/v1/awards"))["items"]
    place = f"/v1/console/awards/{award['id']}/handovers"

    # The township proposes it; nobody there hears of it until another person of the county has released it.
    assert await world.at("finance").refused("POST", place, MOVE) == (403, "role_not_allowed")
    own = {**MOVE, "to_division": "532529203000"}
    assert await world.at("township-1").refused("POST", place, own) == (422, "handover_invalid")
    assert (await world.stranger("county-1").refused("POST", place, MOVE))[0] == 404
    handover = await world.at("township-1").post(place, MOVE)
    desk = f"/v1/console/handovers/{handover['id']}"
    assert (handover["status"], handover["file"], handover["actions"]) == ("proposed", None, ["withdraw"])
    assert (await world.stranger("county-1").refused("GET", desk))[0] == 404
    assert await world.at("county-1").refused("POST", f"{desk}/release") == (403, "role_not_allowed")
    await world.at("confirmer").post(f"{desk}/release")
    await world.drain()
    assert "handover.released" in world.outside.sms.news_of(case.family.head.phone)
    due = (await case.open_steps())["hand_over"]

    # The other county finds it among what waits, with the conclusions of the case, people masked.
    there = world.stranger("county-1")
    assert await _statuses(there, to_us="true", status="released") == [("released", TOWNSHIP_THERE)]
    seen = await there.get(desk)
    assert (seen["due_on"], seen["actions"]) == (due, ["accept", "decline"])
    assert seen["file"]["monthly_amount_fen"] == acts.AMOUNT
    assert {person["name"] for person in seen["file"]["members"]}.isdisjoint({p.name for p in case.family.members})
    assert await there.refused("GET", case.console) == (404, "application_not_found")

    # One there says where the household lives, another confirms. Who accepted may not.
    wrong = {"village": "532529103204"}
    assert await there.refused("POST", f"{desk}/accept", wrong) == (422, "handover_invalid")
    await there.post(f"{desk}/accept", {"village": VILLAGE_THERE})
    assert await there.refused("POST", f"{desk}/confirm") == (403, "role_not_allowed")
    assert await world.at("confirmer").refused("POST", f"{desk}/confirm") == (403, "other_countys_step")
    done = await world.stranger("confirmer").post(f"{desk}/confirm")
    await world.drain()
    # February was drawn up here: it is the last, and March is the first one there.
    assert (done["status"], done["last_month"], done["first_month"]) == ("completed", "2027-02", "2027-03")
    assert "hand_over" not in await case.open_steps()

    # The household has both awards on its phone, a letter of each county, and is posted in its new village.
    new, old = (await case.phone.get("/v1/awards"))["items"]
    if new["id"] == award["id"]:
        new, old = old, new
    assert (old["status"], old["to_month"], old["acts"][-1]["act"]) == ("stopped", "2027-02", "handed_over")
    assert (new["status"], new["from_month"], new["acts"][0]["act"]) == ("active", "2027-03", "taken_over")
    assert [remedy["kind"] for remedy in new["acts"][0]["remedies"]]
    assert [letter["kind"] for letter in await case.letters()][-1] == "handed_over"
    told = (await case.phone.get(f"/v1/applications/{new['application_id']}/letters"))["items"]
    assert [letter["kind"] for letter in told] == ["taken_over"]
    content = (await case.phone.get(f"/v1/letters/{told[0]['id']}"))["content"]
    assert content["after"][0] == "按我县标准的待遇按下列情况核算："
    assert any("每月保障金：" in text for text in content["after"])
    posted = (await world.anyone.get("/v1/public/notices", division=VILLAGE_THERE, limit=100))["items"]
    assert [(each["kind"], each["monthly_amount_fen"]) for each in posted] == [("award", new["monthly_amount_fen"])]
    assert await case.notices("award") == []
    timeline = await case.phone.get(f"/v1/applications/{new['application_id']}/timeline")
    assert "first_payment" in [step["kind"] for step in timeline["steps"] if step["state"] == "open"]

    # Each county sees its own: the first what it decided and paid, to read; the other one the case it has now.
    listed = [row["id"] for row in (await world.at("county-1").get("/v1/console/awards"))["items"]]
    assert listed == [award["id"]]
    assert [row["id"] for row in (await there.get("/v1/console/awards"))["items"]] == [new["id"]]
    held = {"reason": "complaint"}
    mine, theirs = (f"/v1/console/awards/{each['id']}" for each in (old, new))
    assert await world.at("county-1").refused("POST", f"{mine}/suspend", held) == (409, "step_not_allowed")
    assert (await world.at("county-1").refused("GET", theirs))[0] == 404
    assert (await there.refused("GET", mine))[0] == 404
    replayed = await world.stranger("confirmer").post(f"/v1/console/decisions/{new['decision_id']}/replay")
    assert replayed["identical"] is True
    none = await world.stranger("confirmer").refused("POST", f"/v1/console/decisions/{case.id}/replay")
    assert none == (404, "decision_unknown")

    # March: the first county has nobody to pay, the other one pays; no month is missing, and none is there twice.
    await world.on(date(2027, 3, 2))
    march = {"program": "living_allowance", "month": "2027-03"}
    assert (await world.at("county-1").refused("POST", "/v1/console/payrolls", march))[1] == "nothing_to_pay"
    await _pay(world, world.stranger, "2027-03")
    months = [(month, status) for month, _, _, status in await case.payments()]
    assert months == [("2027-01", "paid"), ("2027-02", "paid"), ("2027-03", "paid")]

    # A further move is the other county's to hand over.
    assert (await world.at("township-1").refused("POST", place, MOVE))[1] == "handover_blocked"


async def test_a_county_that_declines_says_why_and_the_first_one_pays_on(world):
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 20))
    (award,) = (await case.phone.get("/v1/awards"))["items"]
    handover = await world.at("county-1").post(f"/v1/console/awards/{award['id']}/handovers", MOVE)
    desk = f"/v1/console/handovers/{handover['id']}"
    await world.at("confirmer").post(f"{desk}/release")

    body = {"reason": "relocation_not_confirmed", "words": "安置名册中没有该户。（测试）"}
    declined = await world.stranger("county-1").post(f"{desk}/decline", body)
    await world.drain()

    assert (declined["status"], declined["decline_reason"]) == ("declined", "relocation_not_confirmed")
    assert "handover.declined" in world.outside.sms.news_of(case.family.head.phone)
    assert "hand_over" not in await case.open_steps()
    assert (await world.at("county-1").get(desk))["decline_words"] == body["words"]
    await _pay(world, world.at, "2027-01")
    assert [month for month, *_ in await case.payments()] == ["2027-01"]
