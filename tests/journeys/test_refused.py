"""An unfavourable opinion and a refusal, told by date."""

from datetime import date

from tests.journeys import acts
from tests.support.pdf_text import text_of

_REASONS = ["家庭拥有两套住房和一辆小型轿车，财产状况不符合规定。（测试）"]


def _of_refusal(unmet):
    """Leave the open conditions out, where any failed for certain."""
    return [finding for finding in unmet if finding["met"] is False] or unmet


async def test_a_household_that_is_refused_learns_why_and_what_it_may_do_and_may_apply_again(world):
    # 23 November: a family with a car and two houses applies, and declares one house. 24 November: accepted.
    family = world.family(16)
    case = await acts.apply(world, family)
    await world.on(date(2026, 11, 24))
    await acts.accept(case)
    await acts.verify(case)
    report = await case.phone.get(f"{case.url}/report")
    differing = {
        (field["key"], field["difference"])
        for person in report["members"]
        for entry in person["items"]
        for field in entry["fields"]
        if field["difference"] not in (None, "match")
    }
    assert {("vehicle_count", "not_declared"), ("dwelling_count", "more")} <= differing

    # 27 November: visited, and an unfavourable opinion. Nothing is posted in the village.
    await world.on(date(2026, 11, 27))
    await acts.visit(case)
    await acts.opine(case, favourable=False)
    assert (await case.review())["status"] == "with_county"
    assert await case.notices("opinion") == []
    assert await case.open_steps() == {"confirmation": "2026-12-11"}
    assert await case.to_come() == ["decision_notice"]

    # 1 December: what was not posted cannot be confirmed; the county refuses, with reasons.
    await world.on(date(2026, 12, 1))
    confirmer, url = world.at("confirmer"), case.console
    assert await confirmer.refused("POST", f"{url}/confirm", {}) == (409, "opinion_unfavourable")
    assert await confirmer.refused("POST", f"{url}/refuse", {"reasons": []}) == (422, "input_invalid")
    await confirmer.post(f"{url}/refuse", {"reasons": _REASONS})
    await world.drain()
    assert await case.status() == "refused"
    assert await case.open_steps() == {"decision_notice": "2026-12-04"}

    # The phone reads the decision: why, by which law, and where to turn within what time.
    decision = await case.phone.get(f"{case.url}/decision")
    assert (decision["outcome"], decision["monthly_amount_fen"]) == ("refused", 0)
    assert decision["first_month"] is None
    assert decision["reasons"] == _REASONS
    assert decision["basis"]
    assert {(remedy["kind"], remedy["within"], remedy["unit"]) for remedy in decision["remedies"]} == {
        ("administrative_reconsideration", 60, "day"),
        ("administrative_suit", 6, "month"),
    }
    assert world.outside.sms.news_of(family.head.phone)[-1] == "decision.made"

    # The timeline names the same remedies, to who knows the number as well, and how to complain beside them.
    timeline = await case.timeline()
    by_number = {"number": case.number, "lookup_code": case.lookup_code}
    looked_up = await world.anyone.post("/v1/public/status-lookups", by_number)
    assert [each["words"] for each in timeline["remedies"][:2]] == [each["text"] for each in decision["remedies"]]
    assert looked_up["remedies"][:2] == timeline["remedies"][:2]
    assert timeline["remedies"][2]["address"] == "/v1/complaints"
    assert (timeline["status_words"], timeline["next"]) == ("Refused", [])

    # The letter says the same, and is what the township prints.
    letter = (await case.letters())[-1]
    assert (letter["kind"], letter["content"]["points"]) == ("refused", _REASONS)
    in_chinese = await case.phone.send("GET", f"{case.url}/decision", headers={"Accept-Language": "zh-CN"})
    unmet = [f for f in in_chinese.json()["findings"] if f["met"] is not True and f["weight"] != "note"]
    assert unmet
    told = letter["content"]["after"][1:]
    assert told == [f"（{place}）{f['title']}：{f['message']}" for place, f in enumerate(_of_refusal(unmet), 1)]
    paper = text_of((await case.phone.send("GET", f"/v1/letters/{letter['id']}/content")).content)
    assert all("".join(paragraph.split()) in paper for paragraph in told)
    assert [remedy["kind"] for remedy in letter["content"]["remedies"]] == [
        remedy["kind"] for remedy in decision["remedies"]
    ]

    # 3 December: the township hands the written decision over, once.
    await world.on(date(2026, 12, 3))
    handler, body = world.at("township-2"), {"way": "in_person", "delivered_on": "2026-12-03"}
    await handler.post(f"{url}/decision-deliveries", body)
    again = await handler.refused("POST", f"{url}/decision-deliveries", body)
    assert again == (409, "decision_already_delivered")
    assert (await case.step("decision_notice"))["outcome"] == "delivered"
    assert await case.open_steps() == {}

    # No award, no money, no word in the village; and everybody may apply again at once.
    assert (await case.phone.get("/v1/awards"))["items"] == []
    assert await case.notices("opinion") + await case.notices("award") == []
    anew = await acts.apply(world, family)
    assert await anew.status() == "submitted"


async def test_a_household_that_meets_every_rule_is_refused_on_a_named_ground_or_not_at_all(world):
    # 23 November: no rule speaks against this family; what the rules leave open, the township settles for it.
    case = await acts.reach_the_opinion(world, world.family(0))
    confirmer, url = world.at("confirmer"), case.console

    # It is favoured, hangs for its days, and the village grumbles: that is no ground.
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    await world.drain()
    grumbling = {"reasons": ["村里意见大。"]}
    assert await confirmer.refused("POST", f"{url}/refuse", grumbling) == (422, "refusal_ungrounded")
    invented = grumbling | {"ground": "the_village_objects"}
    assert await confirmer.refused("POST", f"{url}/refuse", invented) == (422, "input_invalid")
    assert await case.status() == "accepted"

    # What is on the list, with words that say something, is told with its law: on the phone, in the letter, on paper.
    reasons = ["入户核实，长子已另行居住满两年，与申报不符。（测试）"]
    await confirmer.post(f"{url}/refuse", {"ground": "members_differ", "reasons": reasons})
    await world.drain()
    decision = await case.phone.get(f"{case.url}/decision")
    assert (decision["ground"]["code"], decision["reasons"]) == ("members_differ", reasons)
    assert set(decision["ground"]["law"]) <= set(decision["basis"])
    letter, words = (await case.letters())[-1], "共同生活的家庭成员情况与申报不符"  # the phone reads English
    assert words in letter["content"]["before"][1]
    printed = await case.phone.send("GET", f"/v1/letters/{letter['id']}/content")
    assert words in text_of(printed.content)


async def test_while_an_application_is_open_nobody_in_it_is_in_a_second_one(world):
    case = await acts.apply(world, world.family(0))

    draft = {"program": "living_allowance", "division": case.family.division}
    assert await case.phone.refused("POST", "/v1/applications", draft) == (409, "application_already_open")

    # A neighbour lists the child of the first household as his own.
    child = next(person for person in case.family.members if person.relation == "child")
    other = await acts.begin(world, world.family(44))
    await acts.put_member(other, child)
    refused = await other.phone.refused("POST", f"{other.url}/submit", {"truth_promised": True})
    assert refused == (409, "person_already_in_case")
    assert await other.status() == "draft"
