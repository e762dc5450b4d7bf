"""What becomes of a household's papers after it stopped, told by date."""

from datetime import date

from app.retention.jobs import erase_what_is_due
from tests.builders.retention import opened_text
from tests.journeys import acts
from tests.journeys.acts import AMOUNT, Case


async def _stop_in_april(world) -> tuple[Case, str]:
    """Grant, pay January, and stop with April's month."""
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    await world.on(date(2027, 4, 20))
    award = (await case.phone.get("/v1/awards"))["items"][0]["id"]
    heard = {"about": "stop", "ground": "income", "opinion": "没有异议", "heard_on": "2027-04-20"}
    await world.at("county-1").post(f"/v1/console/awards/{award}/hear", heard)
    stop = {"ground": "income", "reason": "家庭人均收入超过标准", "last_month": "2027-04"}
    assert len(await case.notices("award")) == 1
    await world.at("confirmer").post(f"/v1/console/awards/{award}/stop", stop)
    await world.drain()
    assert [each["ends_on"] for each in await case.notices("award")] == ["2027-04-30"]
    await world.on(date(2027, 5, 10))
    assert await case.notices("award") == []  # who receives nothing any more does not hang in the village
    await acts.pay(world, "2027-05")
    return case, award


async def _night(world, eraser, day: date) -> None:
    await world.on(day)
    await erase_what_is_due(eraser)
    await world.drain()


async def test_a_stopped_households_file_goes_after_three_years_and_its_payments_stay(world, eraser):
    # Granted in December 2026, paid from January, stopped with April 2027; the arrears are paid in May.
    case, award = await _stop_in_april(world)
    paid = await case.payments()
    assert {(month, amount, status) for month, _, amount, status in paid} == {
        (f"2027-{month:02d}", AMOUNT, "paid") for month in range(1, 5)
    }

    # The phone tells until when: the copy of everything names the day.
    copy = await case.phone.get("/v1/me/data")
    until = {each["category"]: {item["kept_until"] for item in each["items"]} for each in copy["categories"]}
    assert (until["applications"], until["members"]) == ({"2030-04-30"}, {"2030-04-30"})
    assert (until["awards"], until["pay_lines"]) == ({"2032-04-30"}, {"2057-12-31"})
    refusal = await case.phone.refused("POST", "/v1/me/erasures", {"what": "account"})
    assert refusal == (409, "still_kept")

    # 30 April 2030: the last day. Everything is there.
    await _night(world, eraser, date(2030, 4, 30))
    assert await case.status() == "approved"

    # 1 May 2030: the file is gone, for the citizen and for staff; the award and its payments are not.
    await _night(world, eraser, date(2030, 5, 1))
    assert await case.phone.refused("GET", case.url) == (404, "application_not_found")
    assert await world.at("township-1").refused("GET", case.console) == (404, "application_not_found")
    left = await opened_text(world.database, "applications", "members", "checks", "decisions", "visits", "documents")
    assert case.family.head.name not in left
    assert case.number not in left
    assert await case.payments() == paid
    assert (await case.phone.get("/v1/awards"))["items"][0]["id"] == award
    [grave] = (await world.at("supervisor").get("/v1/console/erasures"))["items"]
    assert (grave["application_id"], grave["kept_as"]) == (case.id, "approval_file")

    # The receipt number leads nowhere, and the household may apply anew.
    body = {"number": case.number, "lookup_code": case.lookup_code}
    assert (await world.anyone.refused("POST", "/v1/public/status-lookups", body))[0] in (404, 422)
    assert await acts.begin(world, world.family(0))


async def test_a_hold_keeps_the_file_of_a_stopped_household(world, eraser):
    # Stopped with April 2027; the household brings a suit, and the supervisor holds the case.
    case, _ = await _stop_in_april(world)
    supervisor = world.at("supervisor")
    held = {"application_id": case.id, "ground": "lawsuit", "reason": "已提起行政诉讼"}
    hold = await supervisor.post("/v1/console/legal-holds", held)

    # 1 May 2030: its period is over, and it stays.
    await _night(world, eraser, date(2030, 5, 1))
    assert await case.status() == "approved"

    # The judgment is final, the hold is lifted: the next night it goes.
    await supervisor.post(f"/v1/console/legal-holds/{hold['id']}/lift", {"reason": "诉讼已终结"})
    await _night(world, eraser, date(2030, 5, 2))
    assert await case.phone.refused("GET", case.url) == (404, "application_not_found")
