"""A household that changes its mind while agencies are asked about it, told by date."""

from datetime import date

from tests.journeys import acts


async def test_after_a_withdrawal_no_agency_is_asked_any_more_and_everybody_is_free(world):
    # 23 November: accepted. The land register is down and will be asked again; the banks will call back.
    case = await acts.apply(world, world.family(0))
    world.outside.agencies.natural_resources.fail("timeout")
    await acts.accept(case)
    by_status = {check["status"] for check in await case.checks()}
    assert by_status == {"answered", "dispatched", "requested"}

    # The household withdraws.
    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()
    assert await case.status() == "withdrawn"
    assert await case.open_steps() == {}
    assert {check["status"] for check in await case.checks()} == {"answered", "cancelled"}

    # 7 December: the land register is well again and every patience has run out, but nobody was asked anything more.
    asked = world.outside.questions_about(case.family)
    world.outside.agencies.natural_resources.fail(None)
    for day in (24, 26, 30):
        await world.on(date(2026, 11, day))
    await world.on(date(2026, 12, 7))
    assert world.outside.questions_about(case.family) == asked

    # The banks call back all the same: nobody's business any more.
    assert await world.banks_call_back() == [False, False, False]
    await world.drain()
    assert await case.phone.refused("GET", f"{case.url}/report") == (404, "report_not_issued")
    assert {check["status"] for check in await case.checks()} == {"answered", "cancelled"}
    withdrawn = await world.at("township-1").refused("POST", f"{case.console}/terminate", {"reason": "测试"})
    assert withdrawn == (409, "step_not_allowed")

    # Everybody may apply again.
    anew = await acts.apply(world, case.family)
    assert await anew.open_steps() == {"acceptance": "2026-12-14"}


async def test_a_withdrawal_takes_the_notice_down(world):
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case)
    assert len(await case.notices("opinion")) == 1

    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()

    assert await case.notices("opinion") == []
    await world.on(date(2026, 12, 5))
    assert await case.status() == "withdrawn"
    assert (await case.review())["status"] == "ended"
