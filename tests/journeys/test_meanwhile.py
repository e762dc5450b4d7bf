"""What happens beside the path: a villager complains, a partner listens, somebody asks by receipt number."""

from datetime import date, timedelta

from standardwebhooks import Webhook

from tests.journeys import acts

_REPORTER = {"name": "测试邻居", "phone": "19000009999"}


async def test_a_complaint_obliges_the_county_to_visit_and_is_answered_by_somebody_uninvolved(world):
    # 1 December 2026: the papers are with the county; a neighbour complains with his name.
    case = await acts.reach_the_county(world, world.family(0))
    matter = {"category": "complaint", "text": "他家在县城有门面出租。（测试）", "application_number": case.number}
    filed = await world.anyone.post("/v1/public/complaints", {**matter, "reporter": _REPORTER})
    assert (filed["status"], filed["named"]) == ("received", True)
    await world.drain()
    review = await case.review()
    assert (review["county_visit_required"], review["county_visit_reason"]) == (True, "complaint")
    confirm = f"{case.console}/confirm"
    assert await world.at("confirmer").refused("POST", confirm, {}) == (409, "county_visit_missing")

    # The county hands it out: not to somebody who worked on the case, and nobody of the township sees it meanwhile.
    url = f"/v1/console/complaints/{(await world.at('county-1').get('/v1/console/complaints'))['items'][0]['id']}"
    involved, uninvolved = await world.staff_id("township-1"), await world.staff_id("township-3")
    assert (await world.at("county-1").refused("POST", f"{url}/assign", {"staff_id": involved}))[0] in (403, 422)
    assert await world.at("township-3").refused("GET", url) == (404, "complaint_not_found")
    assert await world.stranger("county-1").refused("GET", url) == (404, "complaint_not_found")
    await world.at("county-1").post(f"{url}/assign", {"staff_id": uninvolved})

    # Who reads it learns what was said; who said it is behind a door of its own.
    shown = (await world.at("township-3").send("GET", url)).text
    assert matter["text"] in shown
    assert _REPORTER["name"] not in shown
    assert _REPORTER["phone"] not in shown
    seen = await world.at("township-3").post(f"{url}/reporter-views", {"purpose": "回访核实"})
    assert seen == _REPORTER

    # 4 December: two of the county visit, the complaint is dismissed with an answer, and the county confirms.
    await world.on(date(2026, 12, 4))
    await acts.visit(case, world.at("county-1"), world.at("county-2"), by="county-visits")
    await world.at("township-3").post(f"{url}/dismiss", {"text": "经核实，门面非其所有。（测试）"})
    await world.drain()
    lookup = {"number": filed["number"], "code": filed["code"]}
    followed = await world.anyone.post("/v1/public/complaint-lookups", lookup)
    assert (followed["status"], followed["answer"]) == ("dismissed", "经核实，门面非其所有。（测试）")
    wrong = await world.anyone.refused("POST", "/v1/public/complaint-lookups", {**lookup, "code": "WRONGCODE123"})
    assert wrong == (404, "complaint_not_found")
    assert world.outside.sms.news_of(_REPORTER["phone"]) == ["complaint.answered"]
    assert (await acts.confirm(case))["outcome"] == "approved"


async def test_whoever_has_the_receipt_number_and_the_code_sees_where_it_stands_and_nobody_s_name(world):
    case = await acts.apply(world, world.family(0))

    known = {"number": case.number, "lookup_code": case.lookup_code}
    shown = await world.anyone.send("POST", "/v1/public/status-lookups", json=known)

    timeline = await case.timeline()
    assert shown.json() | {"remedies": timeline["remedies"]} == timeline
    assert shown.json()["remedies"][-1]["address"] == "/v1/public/complaints"  # without signing in
    assert case.family.head.name not in shown.text
    wrong = {"number": case.number, "lookup_code": "WRONG234"}
    assert await world.anyone.refused("POST", "/v1/public/status-lookups", wrong) == (404, "application_not_found")


async def test_a_partner_hears_of_every_step_once_signed_and_without_a_name(world):
    # 23 November: a partner subscribes; its first two answers are failures.
    subscription = {"url": "http://127.0.0.1/hook", "event_types": [], "description": "测试接收方"}
    endpoint = await world.at("admin").post("/v1/console/webhook-endpoints", subscription)
    world.outside.subscriber.answers = [503, 500]
    case = await acts.apply(world, world.family(0))
    subscriber = world.outside.subscriber
    assert [body["type"] for body in subscriber.heard] == ["application.submitted"]

    # Seconds and minutes later it is sent again, until it is taken; then never more.
    for wait in (timedelta(seconds=8), timedelta(minutes=8), timedelta(hours=8)):
        await world.pass_time(wait)
    assert len(subscriber.heard) == 3
    assert len({body["id"] for body in subscriber.heard}) == 1

    # What follows comes, too; each with a signature that fits, and nothing about anybody.
    await acts.accept(case)
    await acts.verify(case)
    assert {body["type"] for body in subscriber.heard[3:]} == {"application.accepted", "verification.completed"}
    assert len(subscriber.heard) == 5
    hook = Webhook(endpoint["secret"])
    for headers, body in subscriber.received:
        told = hook.verify(body, dict(headers))
        assert set(told) == {"id", "type", "time", "subject", "sequence", "link"}
        assert told["subject"] == case.id

    # Who cannot be called fetches the same.
    fetched = await world.events_for("banking", 3)
    assert fetched == ["application.submitted", "application.accepted", "verification.completed"]
