"""A standard published late, where a person had decided what an award amounts to and it was stopped since, told by
date: nobody's task stays for ever, and what is owed for months that are over is paid."""

from datetime import date

from tests.journeys import acts
from tests.journeys.acts import AMOUNT
from tests.journeys.test_standards import STANDARD, publish

BY_HAND, DUE = 60_000, 71_250
LATE = STANDARD | {
    "valid_from": "2027-02-01",
    "document": STANDARD["document"] | {"published_on": "2027-04-10"},
}


async def reach_the_late_standard(world):
    """Tell everything up to April: lowered from February, stopped with March, and then a standard since February."""
    # Granted in December. 20 January 2027: the mother has found work, and from February the award is lower.
    case = await acts.reach_the_award(world, world.family(0))
    console = "/v1/console/awards/" + (await case.phone.get("/v1/awards"))["items"][0]["id"]
    county, confirmer = world.at("county-1"), world.at("confirmer")
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    await world.on(date(2027, 1, 20))
    lower = {
        "ground": "income",
        "monthly_amount_fen": BY_HAND,
        "from_month": "2027-02",
        "reason": "成员就业，收入增加。（测试）",
    }
    await county.post(f"{console}/adjust", lower)
    heard = {"about": "reduce", "opinion": "没有异议。（测试）", "heard_on": "2027-01-20"}
    await county.post(f"{console}/hear", heard)
    await confirmer.post(f"{console}/adjust/approve")
    for month in (2, 3):
        await world.on(date(2027, month, 1))
        await acts.pay(world, f"2027-0{month}")

    # 15 March: they earn more again, and it is stopped with March.
    await world.on(date(2027, 3, 15))
    heard = {"about": "stop", "ground": "income", "opinion": "没有异议。（测试）", "heard_on": "2027-03-15"}
    await county.post(f"{console}/hear", heard)
    stop = {"ground": "income", "reason": "家庭收入超过标准。（测试）", "last_month": "2027-03"}
    await confirmer.post(f"{console}/stop", stop)
    await world.drain()

    # 12 April: the province publishes a standard that holds since February. The rules cannot say what it means for an
    # amount that a person found, so the county has a task, though the award is stopped.
    await world.on(date(2027, 4, 12))
    await publish(world, LATE)
    seen = await county.get(console)
    assert (seen["status"], seen["waiting"]["outcome"], seen["waiting"]["from_month"]) == (
        "stopped",
        "needs_person",
        "2027-02",
    )
    assert "award_review" in await case.open_steps()
    return case, console


async def test_what_a_late_standard_gives_a_stopped_award_for_its_months_is_paid(world):
    case, console = await reach_the_late_standard(world)
    county, confirmer = world.at("county-1"), world.at("confirmer")
    assert (await county.get(console))["actions"] == ["adjust"]
    higher = {
        "ground": "standard",
        "monthly_amount_fen": DUE,
        "from_month": "2027-02",
        "found_by": "review",
        "found_on": "2027-04-12",
        "reason": "保障标准自2027年2月起提高。（测试）",
    }
    for wrong in ({"from_month": "2027-04"}, {"ground": "income"}, {"monthly_amount_fen": BY_HAND}):
        assert await county.refused("POST", f"{console}/raise", higher | wrong) == (422, "adjustment_invalid")
    await county.post(f"{console}/raise", higher)
    assert (await confirmer.get(console))["actions"] == ["decide"]
    await confirmer.post(f"{console}/adjust/approve")
    await world.drain()

    # It is still stopped, and nothing waits. The household reads why, by which document, and until when.
    seen = await county.get(console)
    assert (seen["status"], seen["to_month"], seen["waiting"], seen["actions"]) == ("stopped", "2027-03", None, [])
    assert "award_review" not in await case.open_steps()
    award = await case.phone.get(console.replace("/console", ""))
    raised = next(act for act in award["acts"] if act["act"] == "raised")
    assert (raised["from_month"], raised["before_fen"], raised["after_fen"]) == ("2027-02", BY_HAND, DUE)
    assert raised["law"][0] == "测试民政厅《关于调整保障标准的通知》（测民发〔2027〕1号）"
    assert [letter["kind"] for letter in await case.letters()][-1] == "raised"

    # April's payroll pays what February and March lacked, and nothing for April.
    await acts.pay(world, "2027-04")
    assert sorted(await case.payments()) == [
        ("2027-01", "regular", AMOUNT, "paid"),
        ("2027-02", "arrears", DUE - BY_HAND, "paid"),
        ("2027-02", "regular", BY_HAND, "paid"),
        ("2027-03", "arrears", DUE - BY_HAND, "paid"),
        ("2027-03", "regular", BY_HAND, "paid"),
    ]


async def test_what_a_late_standard_leaves_open_of_a_stopped_award_may_be_settled_as_it_was(world):
    case, console = await reach_the_late_standard(world)
    confirmer, kept = world.at("confirmer"), {"reason": "按核定收入不应增加。（测试）"}
    assert (await confirmer.get(console))["actions"] == ["keep"]

    await confirmer.post(f"{console}/keep", kept)
    await world.drain()

    assert "award_review" not in await case.open_steps()
    assert (await confirmer.get(console))["actions"] == []
    assert await confirmer.refused("POST", f"{console}/keep", kept) == (409, "step_not_allowed")
