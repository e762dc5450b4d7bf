"""A household concealed an income, was paid for a month, and pays it back in two parts; by date."""

from datetime import date

from tests.journeys import acts


async def test_what_was_obtained_by_concealing_comes_back_in_two_parts(world):
    # Granted in December, paid for January.
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 4))
    await acts.pay(world, "2027-01")
    (award,) = (await case.phone.get("/v1/awards"))["items"]
    place, mine = f"/v1/console/awards/{award['id']}", f"/v1/awards/{award['id']}/recoveries"
    assert (await case.phone.get(mine))["items"] == []

    # 20 January: it turns out that the household earned more all along; it is heard, and the county stops the award as
    # if it had never begun.
    await world.on(date(2027, 1, 20))
    heard = {"opinion": "承认未报告收入。（测试）", "heard_on": "2027-01-20"}
    await world.at("county-1").post(f"{place}/hear", {"about": "stop", "ground": "fraud", **heard})
    stop = {"ground": "fraud", "reason": "隐瞒就业和工资收入。（测试）", "last_month": "2026-12"}
    await world.at("confirmer").post(f"{place}/stop", stop)
    await world.drain()

    # The county claims January's money; nobody else may, and never more than was paid.
    claim = {"ground": "after_stop", "reason": "停止待遇后一月份仍已发放。（测试）"}
    assert await world.at("confirmer").refused("POST", f"{place}/recoveries", claim) == (403, "role_not_allowed")
    more = {**claim, "months": [{"month": "2027-01", "amount_fen": acts.AMOUNT + 1}]}
    assert await world.at("county-1").refused("POST", f"{place}/recoveries", more) == (422, "recovery_invalid")
    recovery = await world.at("county-1").post(f"{place}/recoveries", claim)
    assert (recovery["status"], recovery["total_fen"]) == ("proposed", acts.AMOUNT)
    desk = f"/v1/console/recoveries/{recovery['id']}"
    await world.drain()
    assert "recovery.proposed" in world.outside.sms.news_of(case.family.head.phone)

    # Nothing is ordered before the household was heard about it, and another person decides.
    order = {
        "instalments": [
            {"due_on": "2027-02-28", "amount_fen": 40_000},
            {"due_on": "2027-03-31", "amount_fen": acts.AMOUNT - 40_000},
        ]
    }
    assert await world.at("confirmer").refused("POST", f"{desk}/order", order) == (409, "recovery_not_heard")
    await world.at("county-1").post(f"{desk}/hear", heard)
    assert await world.at("county-1").refused("POST", f"{desk}/order", order) == (403, "role_not_allowed")
    await world.at("confirmer").post(f"{desk}/order", order)
    await world.drain()
    assert (await case.open_steps())["repayment"] == "2027-03-31"
    kinds = [letter["kind"] for letter in await case.letters()]
    assert kinds[-2:] == ["claimed_back", "ordered_back"]
    (shown,) = (await case.phone.get(mine))["items"]
    assert shown["outstanding_fen"] == acts.AMOUNT
    assert [remedy["kind"] for remedy in shown["remedies"]]
    stranger = world.phone(world.family(1))
    assert (await stranger.refused("GET", mine))[0] == 404
    assert (await world.stranger("county-1").refused("POST", f"{desk}/hear", heard))[0] == 404

    # Both parts come back; a receipt entered twice counts once.
    await world.on(date(2027, 2, 26))
    first = {"amount_fen": 40_000, "received_on": "2027-02-26", "reference": "SK-0001"}
    await world.at("finance").post(f"{desk}/repayments", first)
    again = await world.at("finance").post(f"{desk}/repayments", first)
    assert again["repaid_fen"] == 40_000
    await world.on(date(2027, 3, 30))
    second = {"amount_fen": acts.AMOUNT - 40_000, "received_on": "2027-03-30", "reference": "SK-0002"}
    assert (await world.at("finance").post(f"{desk}/repayments", second))["status"] == "repaid"
    await world.drain()
    assert "repayment" not in await case.open_steps()
    (ended,) = (await case.phone.get(mine))["items"]
    assert (ended["outstanding_fen"], len(ended["repayments"])) == (0, 2)
