"""Months that fail, come late or are held back, told by date."""

from datetime import date, timedelta

from tests.journeys import acts
from tests.journeys.acts import AMOUNT

_NEW_ACCOUNT = "9900000000020000017"


async def test_a_payment_to_a_closed_account_is_made_once_when_the_citizen_has_put_it_right(world):
    # Granted in December; the account named is closed at the bank. 1 January: the first payroll.
    family = world.family(1)
    case = await acts.reach_the_award(world, family)
    amount = (await case.phone.get("/v1/awards"))["items"][0]["monthly_amount_fen"]
    await world.on(date(2027, 1, 1))
    payroll = await acts.build_payroll(world, "2027-01")
    outcome = await acts.release_payroll(world, payroll)
    assert (outcome["paid"], outcome["failed"]) == (0, 1)

    # The phone says that it failed and who can mend it; the money stays owed, the first payment stays open.
    [payment] = (await case.phone.get("/v1/payments"))["items"]
    assert (payment["status"], payment["failure"]) == ("failed", "need_citizen_fix")
    assert world.outside.sms.news_of(family.head.phone)[-1] == "payment.failed"
    assert set(await case.open_steps()) == {"first_payment"}
    assert sum(world.outside.bank.credited.values()) == 0

    # 4 January: nothing to reissue while the account is as it was.
    await world.on(date(2027, 1, 4))
    county = world.at("county-1")
    reissue = f"/v1/console/payrolls/{payroll}/reissue"
    assert await county.refused("POST", reissue) == (422, "nothing_to_pay")

    # 5 January: the citizen names a new account; the reissue goes through four eyes like any payroll.
    await world.on(date(2027, 1, 5))
    seen = (await case.phone.get("/v1/me"))["payout_account"]["version"]
    await case.phone.put("/v1/payout-account", {"bank_code": "RCC", "account": _NEW_ACCOUNT}, seen=seen)
    world.outside.bank.opened.add(_NEW_ACCOUNT)
    again = await county.post(reissue)
    assert (again["kind"], again["line_count"], again["total_fen"]) == ("reissue", 1, amount)
    await acts.approve_payroll(world, again["id"])
    assert (await acts.release_payroll(world, again["id"]))["paid"] == 1
    assert await case.payments() == [("2027-01", "regular", amount, "failed"), ("2027-01", "reissue", amount, "paid")]
    assert await case.open_steps() == {}

    # There is nothing more to reissue, and the bank's receipts sent once more change nothing.
    assert await county.refused("POST", reissue) == (422, "nothing_to_pay")
    assert await county.refused("POST", f"/v1/console/payrolls/{again['id']}/reissue") == (422, "nothing_to_pay")
    repeated = await world.bank_settles(again["id"])
    assert (repeated["paid"], repeated["repeated"]) == (0, 1)

    # 1 February: the next payroll pays February alone.
    await world.on(date(2027, 2, 1))
    await acts.pay(world, "2027-02")
    assert (await case.payments())[2:] == [("2027-02", "regular", amount, "paid")]
    assert +world.outside.bank.credited == {_NEW_ACCOUNT: 2 * amount}


async def test_months_that_were_missed_or_held_back_are_paid_once_as_arrears(world):
    # January's payroll was never built. 1 February: both months are paid.
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 2, 1))
    await acts.pay(world, "2027-02")
    assert sorted(await case.payments()) == [
        ("2027-01", "arrears", AMOUNT, "paid"),
        ("2027-02", "regular", AMOUNT, "paid"),
    ]

    # Building January now, or February again, finds nothing; nor is it time for April.
    county, payrolls = world.at("county-1"), "/v1/console/payrolls"
    body = {"program": "living_allowance"}
    assert await county.refused("POST", payrolls, {**body, "month": "2027-01"}) == (422, "nothing_to_pay")
    assert await county.refused("POST", payrolls, {**body, "month": "2027-02"}) == (409, "payroll_already_built")
    assert await county.refused("POST", payrolls, {**body, "month": "2027-04"}) == (422, "month_not_payable")

    # A doubt comes up, and March is left out.
    award = (await case.phone.get("/v1/awards"))["items"][0]["id"]
    await county.post(f"/v1/console/awards/{award}/suspend", {"reason": "double_benefit"})
    await world.on(date(2027, 3, 1))
    assert await county.refused("POST", payrolls, {**body, "month": "2027-03"}) == (422, "nothing_to_pay")
    assert (await case.phone.get(f"/v1/awards/{award}"))["suspended_reason"] == "double_benefit"

    # 20 March: unfounded. April pays both, and no month twice.
    await world.on(date(2027, 3, 20))
    await county.post(f"/v1/console/awards/{award}/resume")
    await world.on(date(2027, 4, 1))
    await acts.pay(world, "2027-04")
    assert sorted(await case.payments())[2:] == [
        ("2027-03", "arrears", AMOUNT, "paid"),
        ("2027-04", "regular", AMOUNT, "paid"),
    ]
    assert sum(world.outside.bank.credited.values()) == 4 * AMOUNT


async def test_a_bank_whose_answers_get_lost_pays_once(world):
    # 1 January: the bank takes the batch, and its answer is lost on the way; the same batch is handed in again.
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    payroll = await acts.build_payroll(world, "2027-01")
    await world.at("finance").post(f"/v1/console/payrolls/{payroll}/release")
    world.outside.bank.answers_to_lose = 1
    world.expected_logs.add("job failed")
    await world.drain()
    assert world.outside.bank.submissions[payroll] == 2
    assert await case.payments() == [("2027-01", "regular", AMOUNT, "sent")]
    unsettled = await world.at("finance").refused("POST", f"/v1/console/payrolls/{payroll}/close")
    assert unsettled == (409, "payroll_not_settled")

    # It pays, but its receipts never come: after some minutes the worker asks, and does not pay anew.
    world.outside.bank.receipts_of(payroll, world.today())
    await world.pass_time(timedelta(minutes=15))
    assert await case.payments() == [("2027-01", "regular", AMOUNT, "paid")]
    assert world.outside.bank.submissions[payroll] == 2
    assert sum(world.outside.bank.credited.values()) == AMOUNT
