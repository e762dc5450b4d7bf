"""Several standards for one award, each decided on in its turn; and a decision on another ground between them."""

from datetime import date

import pytest

from tests.journeys import acts
from tests.journeys.acts import AMOUNT
from tests.journeys.test_standards import STANDARD, publish

BY_HAND, DUE = 60_000, 71_250
NEXT = STANDARD["document"] | {"number": "测民发〔2027〕2号", "title": "关于下一次调整的通知"}


async def at_the_award(world):
    case = await acts.reach_the_award(world, world.family(0))
    return case, "/v1/console/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]


async def lower(world, console, on, **given):
    body = {"ground": "income", "reason": "家庭成员就业，收入增加。（测试）", **given}
    await world.at("county-1").post(f"{console}/adjust", body)
    heard = {"about": "reduce", "opinion": "没有异议。（测试）", "heard_on": on}
    await world.at("county-1").post(f"{console}/hear", heard)
    await world.at("confirmer").post(f"{console}/adjust/approve")
    await world.drain()


async def higher(world, console, on, **given):
    found = {"found_by": "review", "found_on": on}
    body = {"ground": "standard", "reason": "保障标准自2027年2月起提高。（测试）", **found, **given}
    await world.at("county-1").post(f"{console}/raise", body)
    await world.at("confirmer").post(f"{console}/adjust/approve")
    await world.drain()


async def waits(world, console):
    waiting = (await world.at("county-1").get(console))["waiting"]
    return [] if waiting is None else [each["from_month"] for each in (waiting, *waiting["further"])]


@pytest.mark.parametrize("way", ["raise", "adjust"])
async def test_months_of_a_late_standard_are_made_up_for_though_another_amount_is_decided_first(world, way):
    # Lowered by hand from February; paid until April.
    case, console = await at_the_award(world)
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    await world.on(date(2027, 1, 20))
    await lower(world, console, "2027-01-20", monthly_amount_fen=BY_HAND, from_month="2027-02")
    for month in (2, 3, 4):
        await world.on(date(2027, month, 1))
        await acts.pay(world, f"2027-0{month}")

    # 12 April: two standards are published, of February and of July. Before anybody looks, May is decided on.
    await world.on(date(2027, 4, 12))
    await publish(world, STANDARD | {"valid_from": "2027-02-01"})
    await publish(world, STANDARD | {"amount_fen": 600_000, "valid_from": "2027-07-01", "document": NEXT})
    assert await waits(world, console) == ["2027-02", "2027-07"]
    now = {"raise": 73_000, "adjust": 55_000}[way]
    if way == "raise":
        await higher(world, console, "2027-04-12", ground="income", monthly_amount_fen=now, from_month="2027-05")
    else:
        await lower(world, console, "2027-04-12", monthly_amount_fen=now, from_month="2027-05")
    assert await waits(world, console) == ["2027-02", "2027-07"]
    assert "award_review" in await case.open_steps()

    # February is raised by its own document and made up for; July is decided on by itself.
    await higher(world, console, "2027-04-12", monthly_amount_fen=DUE, from_month="2027-02")
    (letter,) = [each for each in await case.letters() if each["content"]["first_month"] == "2027-02"][-1:]
    assert "测民发〔2027〕1号" in letter["content"]["law"][0]
    assert "2027-07" in await waits(world, console)
    await higher(world, console, "2027-04-12", monthly_amount_fen=90_000, from_month="2027-07")
    for month in (5, 6, 7):
        await world.on(date(2027, month, 1))
        await acts.pay(world, f"2027-0{month}")
    paid = [(month, fen) for month, _, fen, _ in sorted(await case.payments()) if month > "2027-01"]
    made_up = [(f"2027-0{month}", fen) for month in (2, 3, 4) for fen in (DUE - BY_HAND, BY_HAND)]
    assert paid == [*made_up, ("2027-05", now), ("2027-06", now), ("2027-07", 90_000)]


async def test_a_standard_that_falls_and_then_rises_lowers_only_its_own_months(world):
    # 10 March: less from May, a part of it back from July.
    case, console = await at_the_award(world)
    await world.on(date(2027, 3, 10))
    await publish(world, STANDARD | {"amount_fen": 400_000, "valid_from": "2027-05-01"})
    await publish(world, STANDARD | {"amount_fen": 420_000, "valid_from": "2027-07-01", "document": NEXT})
    assert await waits(world, console) == ["2027-05", "2027-07"]
    july = {
        "ground": "standard",
        "from_month": "2027-07",
        "monthly_amount_fen": 55_000,
        "reason": "按调整后的标准测算（测试）",
    }
    refused = await world.at("county-1").refused("POST", f"{console}/adjust", july)
    assert refused == (422, "adjustment_invalid")

    await lower(world, console, "2027-03-10", ground="standard", monthly_amount_fen=55_000, from_month="2027-05")

    assert (await waits(world, console), "award_review" in await case.open_steps()) == ([], False)
    (letter,) = [each["content"] for each in await case.letters() if each["content"].get("next_amounts")]
    assert "自2027年7月起600.00元" in "".join(letter["after"])
    for month in (3, 4, 5, 6, 7):
        await world.on(date(2027, month, 10 if month == 3 else 1))
        await acts.pay(world, f"2027-0{month}")
    paid = {month: fen for month, _, fen, _ in await case.payments()}
    assert [paid[f"2027-0{month}"] for month in (4, 5, 6, 7)] == [AMOUNT, 55_000, 55_000, 60_000]
