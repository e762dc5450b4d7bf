"""One field of a report is disputed: by ticket to its agency, over its day, and by what it says when asked again."""

from datetime import date
from uuid import UUID

from tests.builders.files import finish_upload
from tests.journeys import acts

_SAID = {"item": "vehicles", "key": "vehicle_count", "statement": "车辆已于今年六月转让他人。（测试）"}


async def test_a_car_that_was_sold_is_disputed_and_nobody_is_refused_before_its_agency_has_answered(world, no_cars):
    # 23 November: a family with a car on the register applies; the county looks at it first, and concludes.
    plain = await acts.apply(world, world.family(0))
    await acts.accept(plain)
    await acts.verify(plain)
    case = await acts.apply(world, world.family(16))
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    county = world.at("county-1")
    waiting = (await county.get("/v1/console/reports", concluded=False))["items"]
    assert waiting[0]["application_id"] == case.id
    said = {"verdict": "inconsistent", "statement": "登记名下有一辆未申报的车。（测试）"}
    await county.post(f"/v1/console/reports/{waiting[0]['id']}/conclusion", said)
    report = await case.phone.get(f"{case.url}/report")
    assert report["conclusion"]["verdict"] == "inconsistent"
    owner = await acts.owner_of_a_car(case)

    # 24 November: they dispute the car, and not the whole; the register is asked anew, and says the same once more.
    await world.on(date(2026, 11, 24))
    disputes = f"{case.url}/disputes"
    raised = await case.phone.post(disputes, {**_SAID, "member_id": owner})
    assert (raised["status"], raised["due_on"]) == ("open", "2026-12-08")
    await world.drain()
    await acts.verify(case)
    assert [each["status"] for each in (await case.phone.get(disputes))["items"]] == ["open"]
    assert (await case.open_steps())["report_dispute"] == "2026-12-08"
    assert (await case.phone.get(f"{case.url}/report"))["conclusion"] is None  # of the new report nobody has

    # The county sends the register its letter.
    (ticket,) = (await county.get("/v1/console/disputes"))["items"]
    letter = {"sent_on": "2026-11-24", "way": "post"}
    early = {"answer": "upheld", "reference": "车管复〔2026〕1号", "reasons": "登记无误。（测试）"}
    url = f"/v1/console/disputes/{ticket['id']}"
    assert await county.refused("POST", f"{url}/answer", early) == (409, "correction_not_sent")
    await county.post(f"{url}/sent", letter)

    # The township gives its opinion; with the ticket open the county does not refuse.
    await acts.opine(case, favourable=False)
    refusal = {"reasons": ["家庭财产状况不符合规定。"]}
    refuse = f"{case.console}/refuse"
    assert await world.at("confirmer").refused("POST", refuse, refusal) == (409, "dispute_pending")

    # 9 December: its day has passed without an answer; supervisors are told, and the timeline says so.
    await world.on(date(2026, 12, 9))
    await world.drain()
    (late,) = (await county.get("/v1/console/disputes", late=True))["items"]
    assert late["status"] in ("overdue", "escalated")
    assert (await case.timeline())["overdue"] is True
    told = (await world.at("supervisor").get("/v1/console/escalations"))["items"]
    assert "report_dispute" in {task["kind"] for task in told}

    # 10 December: the agency upholds, by letter; the family reads why, and now the county decides.
    await world.on(date(2026, 12, 10))
    answer = {"answer": "upheld", "reference": "车管复〔2026〕17号", "reasons": "未办理转移登记。（测试）"}
    assert await world.at("township-1").refused("POST", f"/v1/console/disputes/{late['id']}/answer", answer) == (
        403,
        "role_not_allowed",
    )
    assert await county.refused("GET", f"{url}/scan") == (404, "scan_not_found")
    assert await county.refused("POST", f"{url}/answer", answer) == (422, "scan_required")
    async with world.database.unit_of_work() as db:
        answer["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await county.post(f"/v1/console/disputes/{late['id']}/answer", answer)
    await world.drain()
    (upheld,) = (await case.phone.get(disputes))["items"]
    assert (upheld["status"], upheld["reasons"]) == ("upheld", answer["reasons"])
    assert upheld["remedies"]
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "report.dispute_answered"
    assert await case.phone.refused("POST", disputes, {**_SAID, "member_id": owner}) == (409, "dispute_answered_before")
    await world.at("confirmer").post(refuse, refusal)
    assert await case.status() == "refused"


async def test_who_withdraws_what_she_authorised_is_told_that_her_dispute_ends_and_asks_the_office_to_correct(
    world, no_cars
):
    # 23 November: a family with a car on the register applies, and disputes it.
    case = await acts.apply(world, world.family(16))
    await acts.accept(case)
    await acts.verify(case)
    owner = await acts.owner_of_a_car(case)
    disputes, said = f"{case.url}/disputes", {**_SAID, "member_id": owner}
    raised = await case.phone.post(disputes, said)
    await world.drain()
    assert "correction_letter" in await case.open_steps()

    # She withdraws what was signed about him who has the car: the county has no letter to send any more.
    gone = await case.phone.send("DELETE", f"{case.url}/authorisations/{owner}")
    assert gone.status_code == 204
    letter = {"sent_on": "2026-11-23", "way": "post"}
    send = f"/v1/console/disputes/{raised['id']}/sent"
    assert await world.at("county-1").refused("POST", send, letter) == (409, "authorisation_not_in_force")
    await world.drain()
    assert {"correction_letter", "report_dispute"}.isdisjoint(await case.open_steps())
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "report.dispute_lapsed"
    (lapsed,) = (await case.phone.get(disputes))["items"]
    assert (lapsed["status"], lapsed["lapsed_for"]) == ("lapsed", "authorisation_withdrawn")

    # Nothing more is disputed about him; the office corrects what is wrong, and answers by a day.
    assert await case.phone.refused("POST", disputes, said) == (409, "dispute_unauthorised")
    check, *_ = [
        each
        for each in await case.checks()
        if (each["member_id"], each["item"], each["status"]) == (owner, "vehicles", "answered")
    ]
    wrong = {
        "application_id": case.id,
        "object_type": "check",
        "object_id": check["id"],
        "field": "vehicle_count",
        "wrong": "核对显示名下有一辆车。（测试）",
        "right": "车辆已于今年六月转让。（测试）",
    }
    asked = await case.phone.post("/v1/me/corrections", wrong)
    assert (asked["status"], (await case.open_steps())["correction"]) == ("requested", asked["due_on"])
