"""Standards that are put in force, or begin, between the township's opinion and the decision, told by date."""

from datetime import date

import pytest

from tests.journeys import acts
from tests.journeys.acts import AMOUNT
from tests.journeys.test_standards import LOWER, RAISED, STANDARD, publish

_REASONS = ["家庭人均收入高于当地保障标准。（测试）"]


def _standard(amount, since):
    document = STANDARD["document"] | {"published_on": "2026-11-23"}
    return STANDARD | {"amount_fen": amount, "valid_from": since, "document": document}


@pytest.mark.parametrize(
    ("amount", "since", "before_the_opinion"),
    [
        (500_000, "2026-07-01", False),  # in force already when the opinion was given, and published after it
        (500_000, "2026-12-01", False),
        (500_000, "2026-12-01", True),  # published before the opinion, and begins before the decision
        (500_000, "2027-01-01", False),
        (400_000, "2026-12-01", True),
        (400_000, "2026-07-01", False),
    ],
)
async def test_a_grant_is_worked_out_by_what_begins_between_opinion_and_decision(
    world, amount, since, before_the_opinion
):
    # 23 November: the family applies, and the township gives its opinion; 8 December: the county confirms.
    standard = _standard(amount, since)
    if before_the_opinion:
        await publish(world, standard)
    case = await acts.reach_the_county(world, world.family(0))
    if not before_the_opinion:
        await publish(world, standard)
    await world.on(date(2026, 12, 8))
    decision = await acts.confirm(case)
    assert decision["monthly_amount_fen"] == AMOUNT  # as it was posted

    # The first month that is paid, January, goes by what holds since: more at once, less once the household was heard.
    [award] = (await case.phone.get("/v1/awards"))["items"]
    waiting = (await world.at("county-1").get(f"/v1/console/awards/{award['id']}"))["waiting"]
    assert award["from_month"] == "2027-01"
    if amount == 500_000:
        assert (award["monthly_amount_fen"], waiting) == (RAISED, None)
        return
    assert award["monthly_amount_fen"] == AMOUNT
    assert (waiting["outcome"], waiting["from_month"], waiting["after_fen"]) == ("to_be_heard", "2027-01", LOWER)


async def test_nobody_is_refused_by_a_standard_that_was_replaced_since_the_opinion(world):
    # 23 November: three persons with 1,800 yuan a head; by a standard of 1,500 they have too much.
    await publish(world, _standard(150_000, "2026-11-01"))
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case, favourable=False)
    decide_by = (await case.timeline())["decide_by"]

    # 1 December: the province puts a standard of 5,000 in force. The county, about to refuse, has to look again.
    await world.on(date(2026, 12, 1))
    await publish(world, _standard(500_000, "2026-12-01"))
    confirmer, url = world.at("confirmer"), case.console
    assert await confirmer.refused("POST", f"{url}/refuse", {"reasons": _REASONS}) == (409, "numbers_outdated")
    assert await case.status() == "accepted"
    assert "confirmation" in await case.open_steps()

    # It sends the papers back, and the clock goes on; the township judges by what holds now, and the household is
    # granted the allowance.
    await confirmer.post(f"{url}/send-back", {"reason": "保障标准已调整，请按现行标准重新提出意见。（测试）"})
    await world.drain()
    assert (await case.timeline())["decide_by"] == decide_by
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    decision = await acts.confirm(case)
    assert (decision["outcome"], decision["monthly_amount_fen"]) == ("approved", RAISED)


async def test_who_has_too_much_by_the_new_standard_as_well_is_refused_by_it(world):
    await publish(world, _standard(150_000, "2026-11-01"))
    case = await acts.reach_the_opinion(world, world.family(0))
    await acts.opine(case, favourable=False)
    await publish(world, _standard(160_000, "2026-12-01"))
    confirmer, url = world.at("confirmer"), case.console

    # 1 December: what was published before begins. It changes nothing for them, and yet the decision has to name it.
    await world.on(date(2026, 12, 1))
    assert await confirmer.refused("POST", f"{url}/refuse", {"reasons": _REASONS}) == (409, "numbers_outdated")
    await confirmer.post(f"{url}/send-back", {"reason": "请按现行标准重新提出意见。（测试）"})
    await acts.opine(case, favourable=False)
    await confirmer.post(f"{url}/refuse", {"reasons": _REASONS})
    await world.drain()

    decision = await case.phone.get(f"{case.url}/decision")
    income = next(each for each in decision["findings"] if each["rule"] == "income_below_standard")
    assert (decision["outcome"], income["numbers"]["standard_fen"]) == ("refused", 160_000)
