"""An agency that is asked again about what it found, and stays silent: by objection and by dispute, told by date."""

from datetime import date, timedelta
from uuid import UUID

from app.review.reasons import DISPUTED_UNANSWERED
from app.verification.patience import PATIENCE
from tests.builders.files import finish_upload
from tests.journeys import acts

_SAID = {"statement": "车辆已于今年六月转让他人。（测试）"}


async def _told_of_a_car(world):
    """Let a family with a car apply on 23 November, and be told; returns the case, what was told, and whose car."""
    case = await acts.apply(world, world.family(16))
    await acts.accept(case)
    await acts.visit(case)
    await acts.verify(case)
    (told,) = (await case.phone.get(f"{case.url}/check-results"))["items"]
    owner = await acts.owner_of_a_car(case)
    return case, told, owner


async def _car(case, owner):
    """Return the report, and what it says of the vehicles of one member."""
    report = await case.phone.get(f"{case.url}/report")
    (member,) = [each for each in report["members"] if each["member_id"] == owner]
    return report, next(each for each in member["items"] if each["item"] == "vehicles")


async def _give_up(world):
    """Let the register be asked until its day has passed, 26 November."""
    await world.drain()
    for pause in PATIENCE.pauses:
        await world.pass_time(pause + timedelta(seconds=1))
    for _ in range(4):
        await world.pass_time(timedelta(days=1))


async def _rules(world, case):
    assessment = await world.at("reviewer").get(f"{case.console}/assessment")
    return {finding["rule"]: finding["met"] for finding in assessment["findings"]}


async def test_what_was_told_stands_while_the_register_that_is_asked_again_is_silent(world, no_cars):
    # 23 November: told of the car, the family objects; the register is asked anew, and is down.
    case, told, owner = await _told_of_a_car(world)
    before, car = await _car(case, owner)
    world.outside.agencies.public_security.fail("timeout")
    await case.phone.post(f"{case.url}/check-results/{told['id']}/object", _SAID)
    (check,) = [each for each in await case.checks() if (each["member_id"], each["item"]) == (owner, "vehicles")]
    recheck = f"{case.console}/check-results/{told['id']}/recheck"
    await world.at("township-1").post(recheck, {"checks": [check["id"]]})
    await _give_up(world)

    # 28 November: it was given up. The car is known as it was, and beside it stands that nobody answered again.
    report, again = await _car(case, owner)
    assert (report["number"], report["complete"], report["contradictions"]) == (2, True, before["contradictions"])
    assert (again["outcome"], again["fields"], again["valid_until"]) == ("hit", car["fields"], car["valid_until"])
    assert car["asked_again"] is None
    assert again["asked_again"]["text"] in again["text"]
    assert again["asked_again"]["asked_at"].startswith("2026-11-23")
    (unanswered,) = (await case.phone.get(f"{case.url}/check-results"))["items"]
    assert (unanswered["status"], unanswered["still"], unanswered["findings"]) == (
        "not_answered",
        True,
        told["findings"],
    )
    step = await case.step("verification")
    words = "Asked again without an answer: what was found before holds"
    assert (step["outcome"], step["outcome_words"]) == ("not_answered", words)
    rules = await _rules(world, case)
    assert (rules["property_within_count_limit"], rules["sources_answered"]) == (False, True)
    in_favour = {"favourable": True, "statement": "同意。（测试）", "reasons": await acts.reasons_for(case)}
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", in_favour)
    assert refused == (422, "opinion_against_rules")

    # 30 November: the register is well again, is asked once more by the township, and has the car no more.
    await world.on(date(2026, 11, 30))
    world.outside.agencies.public_security.fail(None)
    world.outside.sell_cars(case.family, world.today())
    (silent,) = [each for each in await case.checks() if each["status"] == "unavailable"]
    desk = await world.at("township-1").get(f"{case.console}/report")
    items = [item for member in desk["members"] for item in member["items"] if item["asked_again"]]
    assert [(item["check_id"], item["asked_again_check_id"]) for item in items] == [(check["id"], silent["id"])]
    await world.at("township-1").post(f"/v1/console/checks/{silent['id']}/retry")
    await world.drain()
    (concluded,) = (await case.phone.get(f"{case.url}/check-results"))["items"]
    assert (concluded["status"], concluded["still"]) == ("concluded", False)
    assert (await _car(case, owner))[1]["asked_again"] is None
    await acts.opine(case)
    assert (await case.review())["status"] == "on_notice"


async def test_who_was_answered_about_what_was_told_is_not_told_of_silence_because_another_agency_is_silent(
    world, no_cars
):
    # 23 November: told of the car, the family objects; the register says the same again, the bank says nothing.
    case, told, owner = await _told_of_a_car(world)
    world.outside.agencies.banking.fail("timeout")
    await case.phone.post(f"{case.url}/check-results/{told['id']}/object", _SAID)
    asked = [
        each["id"]
        for each in await case.checks()
        if each["member_id"] == owner and each["item"] in ("vehicles", "deposits")
    ]
    await world.at("township-1").post(f"{case.console}/check-results/{told['id']}/recheck", {"checks": asked})
    await _give_up(world)

    (row,) = (await case.phone.get(f"{case.url}/check-results"))["items"]
    assert len(asked) == 2
    assert (row["status"], row["still"], row["findings"]) == ("concluded", True, told["findings"])


async def test_a_register_that_never_answers_again_clears_nothing_up(world, no_cars):
    # 23 November: told of the car, the family disputes the field; the register is asked anew, and is down.
    case, told, owner = await _told_of_a_car(world)
    world.outside.agencies.public_security.fail("timeout")
    said = _SAID | {"item": "vehicles", "key": "vehicle_count", "member_id": owner}
    await case.phone.post(f"{case.url}/disputes", said)
    await world.drain()
    (ticket,) = (await world.at("county-1").get("/v1/console/disputes"))["items"]
    await world.at("county-1").post(
        f"/v1/console/disputes/{ticket['id']}/sent", {"sent_on": "2026-11-23", "way": "post"}
    )
    await _give_up(world)

    # 28 November: what was told is told still, and the time for an objection goes on until the 30th.
    assert (await _car(case, owner))[1]["outcome"] == "hit"
    (open_still,) = (await case.phone.get(f"{case.url}/check-results"))["items"]
    assert (open_still["status"], open_still["still"]) == ("told", None)
    assert (await case.open_steps())["check_objection"] == told["object_by"]
    await world.on(date(2026, 12, 1))
    assert (await case.step("check_objection"))["outcome"] == "not_objected"

    # 2 December: the register upholds by letter. The car counts, and nobody is granted anything beside it.
    await world.on(date(2026, 12, 2))
    answer = {"answer": "upheld", "reference": "车管复〔2026〕17号", "reasons": "名下仍有该车。（测试）"}
    async with world.database.unit_of_work() as db:
        answer["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await world.at("county-1").post(f"/v1/console/disputes/{ticket['id']}/answer", answer)
    await world.drain()
    report, upheld = await _car(case, owner)
    assert (upheld["outcome"], report["contradictions"]["points"] > 0) == ("hit", True)
    assert (await _rules(world, case))["property_within_count_limit"] is False
    in_favour = {"favourable": True, "statement": "同意。（测试）", "reasons": await acts.reasons_for(case)}
    refused = await world.at("reviewer").refused("POST", f"{case.console}/opinion", in_favour)
    assert refused == (422, "opinion_against_rules")


async def test_who_waits_for_a_register_in_vain_is_refused_after_its_days_and_told_so(world, no_cars):
    # 23 November: told of the car, the family disputes the field; the register has it still, and is written to.
    case, _, owner = await _told_of_a_car(world)
    said = _SAID | {"item": "vehicles", "key": "vehicle_count", "member_id": owner}
    await case.phone.post(f"{case.url}/disputes", said)
    await world.drain()
    await acts.verify(case)
    county, refuse = world.at("county-1"), f"{case.console}/refuse"
    (ticket,) = (await county.get("/v1/console/disputes"))["items"]
    url = f"/v1/console/disputes/{ticket['id']}"
    await acts.opine(case, favourable=False)
    refusal = {"reasons": ["家庭财产状况不符合规定。"]}
    unsent = await world.at("confirmer").send("POST", refuse, json=refusal)
    assert (unsent.status_code, unsent.json()["code"]) == (409, "dispute_pending")
    await county.post(f"{url}/sent", {"sent_on": "2026-11-23", "way": "post"})

    # 7 December: its last day.
    await world.on(date(2026, 12, 7))
    early = await world.at("confirmer").send("POST", refuse, json=refusal)
    assert (early.status_code, early.json()["code"]) == (409, "dispute_pending")
    assert "2026-12-07" in early.json()["detail"]

    # 8 December: no answer came. The family is refused, reads that, and the register is waited for still.
    await world.on(date(2026, 12, 8))
    await world.at("confirmer").post(refuse, refusal)
    await world.drain()
    assert await case.status() == "refused"
    (letter,) = [each for each in await case.letters() if each["kind"] == "refused"]
    written = str(letter)
    assert refusal["reasons"][0] in written
    assert DISPUTED_UNANSWERED in written
    (overdue,) = (await case.phone.get(f"{case.url}/disputes"))["items"]
    assert overdue["status"] in ("overdue", "escalated")

    # 10 December: it answers by letter after all, and who disputed is told.
    await world.on(date(2026, 12, 10))
    answer = {"answer": "upheld", "reference": "车管复〔2026〕17号", "reasons": "名下仍有该车。（测试）"}
    async with world.database.unit_of_work() as db:
        answer["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    await county.post(f"{url}/answer", answer)
    await world.drain()
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "report.dispute_answered"


async def test_what_is_corrected_after_a_refusal_past_its_day_is_told_with_remedies_and_the_county_looks_again(
    world, no_cars
):
    # 23 November: told of the car, the family disputes the field; the register is written to, and says nothing.
    case, _, owner = await _told_of_a_car(world)
    said = _SAID | {"item": "vehicles", "key": "vehicle_count", "member_id": owner}
    await case.phone.post(f"{case.url}/disputes", said)
    await world.drain()
    await acts.verify(case)
    county, confirmer, supervisor = world.at("county-1"), world.at("confirmer"), world.at("supervisor")
    (ticket,) = (await county.get("/v1/console/disputes"))["items"]
    url, revisit = f"/v1/console/disputes/{ticket['id']}", f"{case.console}/revisit"
    await county.post(f"{url}/sent", {"sent_on": "2026-11-23", "way": "post"})
    await acts.opine(case, favourable=False)

    # 8 December: refused without the answer. The register's delay stays with the supervisors.
    await world.on(date(2026, 12, 8))
    await confirmer.post(f"{case.console}/refuse", {"reasons": ["家庭财产状况不符合规定。"]})
    await world.drain()
    await world.on(date(2026, 12, 20))
    await world.drain()
    assert (await case.open_steps())["report_dispute"] == "2026-12-07"
    late = (await supervisor.get("/v1/console/escalations"))["items"]
    assert "report_dispute" in {each["kind"] for each in late}
    assert (await case.phone.get(f"{case.url}/disputes"))["items"][0]["status"] == "escalated"
    assert await confirmer.refused("POST", revisit, {"outcome": "apply_again"}) == (409, "step_not_allowed")

    # 20 December: it corrects. Who disputed is told what that means for the refusal, and the county has a task.
    answer = {"answer": "corrected", "reference": "车管复〔2026〕17号", "reasons": "车辆已转移登记。（测试）"}
    async with world.database.unit_of_work() as db:
        answer["scan"] = str(await finish_upload(db, UUID(await world.staff_id("county-1"))))
    shown = await county.post(f"{url}/answer", answer)
    await world.drain()
    (corrected,) = (await case.phone.get(f"{case.url}/disputes"))["items"]
    assert corrected["status"] == shown["status"] == "corrected"
    assert "apply again at once" in corrected["decision_note"]
    assert [each["kind"] for each in corrected["remedies"]] == ["administrative_reconsideration", "administrative_suit"]
    assert shown["remedies"] == corrected["remedies"]
    steps = await case.open_steps()
    assert "report_dispute" not in steps
    assert steps["decision_revisit"] == "2027-01-04"
    tasks = (await confirmer.get("/v1/console/tasks", queue="county"))["items"]
    assert "decision_revisit" in {each["kind"] for each in tasks if each["application_id"] == case.id}

    # The confirmer says what comes of it; the applicant is told, and reads it.
    assert await county.refused("POST", revisit, {"outcome": "apply_again"}) == (403, "role_not_allowed")
    await confirmer.post(revisit, {"outcome": "apply_again"})
    await world.drain()
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "decision.revisited"
    step = await case.step("decision_revisit")
    assert (step["outcome"], step["outcome_words"]) == ("apply_again", "You may apply again at once")
    assert await case.status() == "refused"
    assert await confirmer.refused("POST", revisit, {"outcome": "other_grounds"}) == (409, "step_not_allowed")
