"""A match of deaths and a yearly review, told by date: agencies are asked, people decide."""

from datetime import date, timedelta

from app.facts import FactKey, Item
from tests.journeys import acts

CAMPAIGNS = "/v1/console/campaigns"


async def start(world, kind: str) -> str:
    """Let the county plan a campaign and another person approve it; returns where it is found."""
    plan = {"kind": kind, "division": "532529000000", "program": "living_allowance", "note": "批量核查（测试）"}
    at = f"{CAMPAIGNS}/{(await world.at('county-1').post(CAMPAIGNS, plan))['id']}"
    await world.at("confirmer").post(f"{at}/approve")
    await world.drain()
    return at


async def answered(world, at: str) -> dict:
    """Let minutes pass, and the banks call back, until the campaign is over."""
    for _ in range(20):
        await world.pass_time(timedelta(minutes=2))
        await world.banks_call_back()
        await world.pass_time(timedelta(seconds=30))
        told = await world.at("county-1").get(at)
        if told["status"] == "done":
            return told
    raise AssertionError(told)


async def test_a_match_finds_a_dead_member_and_persons_suspend_hear_and_adjust(world):
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    award = "/v1/console/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    child = case.family.members[2]

    # 3 March: the grandchild's death is registered. 10 March: the county's quarterly match.
    await world.on(date(2027, 3, 10))
    world.outside.agencies.civil_affairs.learn(
        Item.DEATHS, child.id_number, {FactKey.DECEASED_ON: date(2027, 3, 3)}, date(2027, 3, 3)
    )
    told = await answered(world, await start(world, "death_match"))
    assert (told["progress"]["answered"], told["progress"]["none"], told["differing"]) == (1, 2, 1)

    # Nothing was held back or lowered: the county has a task, and the citizen sees that the award is looked at.
    shown = await world.at("county-1").get(award)
    assert (shown["status"], shown["monthly_amount_fen"]) == ("active", acts.AMOUNT)
    (finding,) = shown["findings"]
    assert (finding["found_by"], finding["changes"][0]["found"]) == ("death_match", "2027-03-03")
    (task,) = (await world.at("county-1").get("/v1/console/tasks", queue="county"))["items"]
    assert (task["kind"], task["application_id"]) == ("award_review", case.id)
    assert "award_review" in await case.open_steps()
    assert "periodic_review" not in await case.open_steps()

    # A person suspends while the household is asked, hears it, and another decides on less.
    await world.at("county-1").post(f"{award}/suspend", {"reason": "death_match"})
    heard = {"about": "reduce", "opinion": "孩子已去世（测试）", "heard_on": "2027-03-10"}
    lower = {
        "ground": "members",
        "monthly_amount_fen": 40_000,
        "from_month": "2027-04",
        "reason": "家庭成员去世，人口减少。（测试）",
        "findings": [finding["id"]],
    }
    await world.at("county-1").post(f"{award}/adjust", lower)
    await world.at("township-1").post(f"{award}/hear", heard)
    await world.at("confirmer").post(f"{award}/adjust/approve")
    await world.at("confirmer").post(f"{award}/resume")
    await world.drain()
    assert "award_review" not in await case.open_steps()
    assert (await world.at("county-1").get(award))["findings"] == []

    # 10 June: the register still says so, and nobody is troubled with it again.
    await world.on(date(2027, 6, 10))
    told = await answered(world, await start(world, "death_match"))
    assert told["differing"] == 1
    (listed,) = (await world.at("county-1").get(f"{CAMPAIGNS}/{told['id']}/findings"))["items"]
    assert listed["finding"]["settlement"] == "adjusted"
    assert (await world.at("county-1").get("/v1/console/tasks", queue="county"))["items"] == []


async def test_a_death_that_is_found_while_a_raise_is_decided_on_goes_on_waiting(world):
    case = await acts.reach_the_award(world, world.family(0))
    award = "/v1/console/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    county, confirmer, child = world.at("county-1"), world.at("confirmer"), case.family.members[2]

    # 9 March: more is proposed, because work has ended. 10 March: a match finds that the grandchild has died.
    await world.on(date(2027, 3, 9))
    more = {"ground": "income", "monthly_amount_fen": 75_000, "from_month": "2027-04", "reason": "零工停了。（测试）"}
    await county.post(f"{award}/raise", {**more, "found_by": "report", "found_on": "2027-03-09"})
    await world.on(date(2027, 3, 10))
    world.outside.agencies.civil_affairs.learn(
        Item.DEATHS, child.id_number, {FactKey.DECEASED_ON: date(2027, 3, 3)}, date(2027, 3, 3)
    )
    await answered(world, await start(world, "death_match"))

    # 11 March: the raise is decided on; what came meanwhile is nothing that it has settled.
    await world.on(date(2027, 3, 11))
    await confirmer.post(f"{award}/adjust/approve")
    await world.drain()
    shown = await county.get(award)
    assert [each["found_by"] for each in shown["findings"]] == ["death_match"]
    (task,) = (await county.get("/v1/console/tasks", queue="county", kind="award_review"))["items"]
    assert task["application_id"] == case.id
    assert "award_review" in await case.open_steps()


async def test_a_yearly_review_is_seen_by_the_citizen_and_ends_with_a_new_report(world):
    case = await acts.reach_the_award(world, world.family(0))
    before = await case.phone.get(f"{case.url}/report")

    # A year later: agencies are asked about everything anew.
    await world.on(date(2027, 11, 1))
    at = await start(world, "yearly_review")
    await world.pass_time(timedelta(seconds=30))
    assert (await case.open_steps())["periodic_review"] is None, "no time is set that could be overdue"
    told = await answered(world, at)

    after = await case.phone.get(f"{case.url}/report")
    step = await case.step("periodic_review")
    assert (step["state"], step["outcome"]) == ("done", "unchanged")
    assert after["number"] == before["number"] + 1
    assert after["issued_at"] > before["issued_at"]
    assert (told["progress"]["to_ask"], told["progress"]["unavailable"], told["differing"]) == (0, 0, 0)
    assert "verification" not in await case.open_steps()
