"""From the phone to the second month's money, told by date."""

from datetime import date

from tests.journeys import acts
from tests.journeys.acts import AMOUNT


async def test_a_household_that_qualifies_is_paid_from_the_month_after_the_decision(world):
    # Monday, 23 November 2026: the household applies by phone.
    family = world.family(0)
    case = await acts.begin(world, family)
    assert await case.open_steps() == {}
    await acts.submit(case)
    assert await case.open_steps() == {"acceptance": "2026-11-30"}
    last = ["opinion", "notice", "confirmation", "first_payment"]
    assert await case.to_come() == ["verification", "survey", "home_visit", *last]

    # 24 November: the township accepts; agencies are asked, the survey is due by Friday.
    await world.on(date(2026, 11, 24))
    await acts.accept(case)
    assert await case.open_steps() == {"verification": "2026-11-27", "survey": "2026-11-27"}
    assert await case.to_come() == ["home_visit", *last]
    timeline = await case.timeline()
    assert (timeline["decide_by"], timeline["decide_by_provisional"]) == ("2027-01-06", True)

    # 25 November: two of the township visit; the banks have not called back yet.
    await world.on(date(2026, 11, 25))
    await acts.visit(case)
    assert await case.open_steps() == {"verification": "2026-11-27"}
    assert await case.to_come() == last

    # 26 November: they do. The report sets declared beside found, and nothing differs.
    await world.on(date(2026, 11, 26))
    await acts.verify(case)
    report = await case.phone.get(f"{case.url}/report")
    assert report["complete"]
    assert await case.open_steps() == {"opinion": "2026-12-10"}

    # 27 November: a favourable opinion. The village sees name, members and amount, and nothing else.
    await world.on(date(2026, 11, 27))
    await acts.opine(case)
    assert await case.open_steps() == {"notice": "2026-12-04"}
    assert await case.to_come() == last[2:]
    [notice] = await case.notices("opinion")
    assert {name: notice[name] for name in notice if name not in ("id", "kind", "program", "village", "currency")} == {
        "applicant_name": family.head.name,
        "members_count": 3,
        "monthly_amount_fen": AMOUNT,
        "amount_from": None,  # of an opinion
        "next_amounts": [],
        "posted_on": "2026-11-27",
        "ends_on": "2026-12-04",
    }

    # 4 December: the last day counts.
    await world.on(date(2026, 12, 4), hour=23)
    assert len(await case.notices("opinion")) == 1
    assert await case.open_steps() == {"notice": "2026-12-04"}

    # 5 December: nobody objected, it is gone, and the county has ten working days.
    await world.on(date(2026, 12, 5), hour=0)
    assert await case.notices("opinion") == []
    assert await world.anyone.refused("GET", f"/v1/public/notices/{notice['id']}") == (404, "notice_not_found")
    assert await case.open_steps() == {"confirmation": "2026-12-18"}
    assert await case.to_come() == ["first_payment"]

    # 8 December: the county confirms.
    await world.on(date(2026, 12, 8))
    decision = await acts.confirm(case)
    assert (decision["monthly_amount_fen"], decision["first_month"]) == (AMOUNT, "2027-01-01")
    assert await case.status() == "approved"
    assert await case.open_steps() == {"first_payment": "2027-01-10"}
    assert await case.to_come() == []
    [award] = (await case.phone.get("/v1/awards"))["items"]
    assert (award["status"], award["from_month"], award["monthly_amount_fen"]) == ("active", "2027-01", AMOUNT)
    [posted] = await case.notices("award")
    assert (posted["posted_on"], posted["ends_on"], posted["amount_from"]) == ("2026-12-08", None, "2027-01")

    # It was told so in writing, and anyone to whom it shows the letter can check it.
    accepted, granted = await case.letters()
    assert (accepted["kind"], granted["kind"]) == ("accepted", "granted")
    assert (granted["content"]["addressee"], granted["content"]["monthly_amount_fen"]) == (family.head.name, AMOUNT)
    shown = {"number": granted["number"], "code": granted["content"]["check_code"]}
    checked = await world.anyone.post("/v1/public/letter-checks", shown)
    assert (checked["kind"], checked["sha256"]) == ("granted", granted["sha256"])

    # 1 January 2027: the first month is paid.
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    assert await case.payments() == [("2027-01", "regular", AMOUNT, "paid")]
    assert await case.open_steps() == {}
    assert (await case.step("first_payment"))["outcome"] == "paid"

    # 1 February: the second one.
    await world.on(date(2027, 2, 1))
    await acts.pay(world, "2027-02")
    assert await case.payments() == [("2027-01", "regular", AMOUNT, "paid"), ("2027-02", "regular", AMOUNT, "paid")]
    assert world.outside.bank.credited == {family.head.accounts[0].number: 2 * AMOUNT}

    # What the phone was told by SMS, in order: numbers only, no names, no amounts.
    assert world.outside.sms.news_of(family.head.phone) == [
        "application.submitted",
        "application.accepted",
        "decision.made",
        "payment.made",
        "payment.made",
    ]
    told = [text for _, text, template in world.outside.sms.sent if template != "one_time_code"]
    assert all(case.number in text and family.head.name not in text and "687" not in text for text in told)
