"""Where the township decides, told by date: another person of it, in twenty working days, over New Year 2027."""

from datetime import date

import pytest_asyncio

from app.identity.actors import Role
from tests.journeys import acts
from tests.support.callers import Console

_TOWNSHIP = "532529103000"


@pytest_asyncio.fixture
async def delegated(world):
    """Let the county leave the decision to one of its townships, and open an account for who decides there."""
    document = {"number": "测民发〔2026〕9号", "title": "关于委托审核确认的通知", "issuer": "测试县民政局"}
    entrusted = {"program": "procedure", "name": "confirmed_by", "area": _TOWNSHIP, "value": "township"}
    entrusted |= {"valid_from": "2026-07-01", "note": "测试", "document": document | {"published_on": "2026-06-20"}}
    drafted = await world.at("admin").put("/v1/console/parameters", entrusted)
    at = f"/v1/console/parameters/{drafted['id']}"
    seen = (await world.at("supervisor").send("GET", at)).headers["ETag"]
    approved = await world.at("supervisor").send("POST", f"{at}/approve", headers={"If-Match": seen})
    assert approved.status_code == 200, approved.text
    account = {"username": "honghe-decider", "password": "correct horse 42", "name": "测试确认人"}
    post = {"role": "township_confirmer", "division": _TOWNSHIP}
    await world.at("admin").post("/v1/console/staff", account | post)
    world.staff["honghe-decider"] = Console(world.http, account["username"], account["password"])


async def test_another_person_of_the_township_decides_within_twenty_working_days(world, delegated):
    # Monday, 14 December 2026: accepted. Twenty working days, New Year between them, end on 12 January.
    await world.on(date(2026, 12, 14))
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    timeline = await case.timeline()
    assert (timeline["decide_by"], timeline["decide_by_provisional"]) == ("2027-01-12", True)
    await acts.verify(case)
    await acts.visit(case)

    # Tuesday, 29 December: the opinion hangs for seven days, until 5 January.
    await world.on(date(2026, 12, 29))
    await acts.opine(case)
    assert (await case.open_steps()) == {"notice": "2027-01-05"}

    # 6 January: with who decides in the township; ten working days for it, but the whole is over before.
    await world.on(date(2027, 1, 6))
    assert await case.open_steps() == {"township_confirmation": "2027-01-20"}
    assert (await case.timeline())["waiting_for"] == "township"
    decider, url = world.at("decider"), f"{case.console}/confirm"
    for nobody in ("confirmer", "county-1", "reviewer", "township-1"):
        assert await world.at(nobody).refused("POST", url, {}) == (403, "role_not_allowed"), nobody
    assert await world.stranger("confirmer").refused("POST", url, {}) == (404, "application_not_found")

    # 13 January: late by the twenty days, and said so; still no extension, for that would come too late.
    await world.on(date(2027, 1, 13))
    assert (await case.timeline())["overdue"] is True
    late = await world.at("township-1").refused("POST", f"{case.console}/extend", {"reason": "hard_survey"})
    assert late == (409, "extension_not_allowed")
    review = await decider.post(url, {})
    await world.drain()
    assert review["decision"]["outcome"] == "approved"
    assert (await case.timeline())["decide_by"] == "2027-01-12"
    assert await case.open_steps() == {"first_payment": "2027-02-10"}

    # The letter is the township's; the county, which looks on, finds the decision among those it left to townships.
    assert (await case.letters())[-1]["kind"] == "granted"
    (seen,) = (await world.at("county-1").get("/v1/console/decisions/delegated"))["items"]
    assert seen["application_id"] == case.id
    assert (await world.stranger("county-1").get("/v1/console/decisions/delegated"))["items"] == []


async def test_who_saw_the_home_does_not_decide_though_the_township_made_him_its_confirmer(world, delegated):
    case = await acts.reach_the_county(world, world.family(0))
    await world.move_to("township-2", Role.TOWNSHIP_CONFIRMER, _TOWNSHIP)
    for act, body in (("confirm", {}), ("refuse", {"reasons": ["测试"]})):
        refused = await world.at("township-2").refused("POST", f"{case.console}/{act}", body)
        assert refused == (403, "same_person_not_allowed")

    # The county may take the papers back out of the township's hands, and gives them to be looked into again.
    await world.at("county-1").post(f"{case.console}/send-back", {"reason": "请核实收入情况。（测试）"})
    assert (await case.review())["status"] == "surveying"
    assert set(await case.open_steps()) == {"opinion"}
