"""A household promises in the place of a paper, is granted the allowance, and the promise turns out untrue; by date."""

from datetime import date
from uuid import uuid4

import pytest_asyncio

from app.reference.commands import LocalParameter, put_parameter
from tests.journeys import acts


@pytest_asyncio.fixture
async def promises_open(database):
    """Let the place take promises for diagnoses."""
    async with database.unit_of_work("operator") as db:
        row = LocalParameter("procedure", "promised_papers", "530000000000", ["diagnosis"], "测试", date(2026, 1, 1))
        await put_parameter(db, row)


async def test_a_promise_lets_the_case_go_on_and_costs_what_was_told_if_it_was_untrue(world, promises_open):
    # 23 November: a family whose diagnosis lies in a hospital far away is told what a promise means, and promises.
    family = world.family(3)
    case = await acts.begin(world, family)
    url = f"{case.url}/promises"
    told = await case.phone.get(url)
    assert [paper["kind"] for paper in told["open_to"]] == ["diagnosis"]
    assert "a fine of up to twice its value" in told["costs"]
    word = {
        "kind": "diagnosis",
        "member_id": case.members["self"],
        "fact": "户主患慢性肾病，每周透析三次。（测试）",
        "why": "诊断医院在外省，一时无法取得证明。（测试）",
        "terms_version": told["version"],
        "signer_member_id": case.members["self"],
        "signer_name": family.head.name,
        "signer_id_number": family.head.id_number,
    }
    stranger = world.phone(world.family(1))
    assert (await stranger.refused("POST", url, word))[0] == 404
    promise = await case.phone.post(url, word)
    assert (promise["status"], promise["method"]) == ("promised", "electronic")

    # It is handed in; the township may not ask for the paper, and accepts.
    await acts.submit(case)
    asked = {"missing": ["诊断证明"], "papers": ["diagnosis"]}
    desk = world.at("township-1")
    assert await desk.refused("POST", f"{case.console}/return", asked) == (409, "paper_promised")
    await acts.accept(case)
    assert (await case.open_steps())["promise_check"] == "2026-12-21"
    (letter,) = [each for each in await case.letters() if each["kind"] == "promised"]
    assert letter["content"]["points"] == [word["fact"]]

    # The case goes on as any other, and is granted; whether the promise was true is still seen to.
    await acts.verify(case)
    await acts.visit(case)
    await acts.opine(case)
    await acts.wait_out_the_notice(case)
    await acts.confirm(case)
    assert "promise_check" in await case.open_steps()
    assert (await world.at("confirmer").get(f"{case.console}/promises"))["items"][0]["fact"] == word["fact"]

    # 8 December: the hospital answers, and knows nobody of that name.
    await world.on(date(2026, 12, 8))
    desk = world.at("township-1")
    verify = f"{case.console}/promises/{promise['id']}/verify"
    finding = {"outcome": "broken", "way": "letter", "finding": "经函询医院，无此就诊记录。（测试）"}
    assert await world.at("county-1").refused("POST", verify, finding) == (403, "role_not_allowed")
    await desk.post(verify, finding)
    assert await desk.refused("POST", verify, finding) == (409, "step_not_allowed")
    await world.drain()
    assert set(await case.open_steps()) >= {"broken_promise"}
    assert world.outside.sms.news_of(family.head.phone)[-1] == "promise.found_broken"
    assert [each["content"]["points"] for each in await case.letters() if each["kind"] == "promise_broken"] == [
        [finding["finding"]]
    ]

    # The county hears the household, and stops the allowance; nobody of it can promise again.
    (award,) = (await case.phone.get("/v1/awards"))["items"]
    place = f"/v1/console/awards/{award['id']}"
    stop = {"ground": "fraud", "reason": "所承诺的事项不属实。（测试）", "last_month": "2026-12"}
    assert await world.at("confirmer").refused("POST", f"{place}/stop", stop) == (409, "hearing_required")
    heard = {"about": "stop", "ground": "fraud", "opinion": "承认情况不属实。（测试）", "heard_on": "2026-12-08"}
    await world.at("county-1").post(f"{place}/hear", heard)
    await world.at("confirmer").post(f"{place}/stop", stop)
    await world.drain()
    after = await case.phone.get(url)
    assert (after["items"][0]["status"], after["items"][0]["settlement"]) == ("settled", "stopped")
    assert after["open_to"] == []
    assert not {"broken_promise", "award_decision"} & set(await case.open_steps())


async def test_of_several_promises_one_is_taken_back_one_is_kept_and_on_a_broken_one_nothing_is_granted(
    world, promises_open
):
    # Wednesday, 30 December 2026: both parents promise for a diagnosis; the father finds the paper and takes his back.
    await world.on(date(2026, 12, 30))
    family = world.family(0)
    case = await acts.begin(world, family)
    url, spouse = f"{case.url}/promises", next(each for each in family.members if each.relation == "spouse")
    told = await case.phone.get(url)
    his, hers = (_word(case, person, told["version"]) for person in (family.head, spouse))
    assert await case.phone.refused("POST", url, his | {"terms_version": "2019"}) == (422, "promise_not_open")
    assert await case.phone.refused("POST", url, his | {"kind": "receipt"}) == (422, "promise_not_open")
    nowhere = f"{url}/{uuid4()}/withdraw"
    assert await case.phone.refused("POST", nowhere) == (404, "promise_not_found")
    assert (await case.phone.get(url))["items"] == []
    taken_back = await case.phone.post(url, his)
    assert (await case.phone.post(f"{url}/{taken_back['id']}/withdraw"))["status"] == "withdrawn"
    again = await case.phone.refused("POST", f"{url}/{taken_back['id']}/withdraw")
    assert again == (409, "step_not_allowed")

    # New Year's Eve: the paper was his brother's. He promises anew, and they hand in.
    await world.on(date(2026, 12, 31))
    of_him, of_her = await case.phone.post(url, his), await case.phone.post(url, hers)
    await acts.submit(case)
    desk, places = world.at("township-1"), f"{case.console}/promises"
    kept = {"outcome": "kept", "way": "letter", "finding": "经函询医院，诊断属实。（测试）"}
    broken = {"outcome": "broken", "way": "letter", "finding": "经函询医院，无此就诊记录。（测试）"}

    # Monday, 4 January 2027: accepted. Nothing was looked into before; now twenty working days are there for it.
    await world.on(date(2027, 1, 4))
    early = await desk.refused("POST", f"{places}/{of_him['id']}/verify", kept)
    assert early == (409, "step_not_allowed")
    await acts.accept(case)
    assert await desk.refused("POST", f"{places}/{uuid4()}/verify", kept) == (404, "promise_not_found")
    check = await case.step("promise_check")
    assert (check["state"], check["provisional"]) == ("open", True)
    await acts.verify(case)
    await acts.visit(case)

    # Monday, 25 January: his was true, hers was not. The one speaks for nothing; on the other nothing is granted.
    await world.on(date(2027, 1, 25))
    await desk.post(f"{places}/{of_him['id']}/verify", kept)
    assert "promise_check" in await case.open_steps()
    await desk.post(f"{places}/{of_her['id']}/verify", broken)
    await world.drain()
    by_id = {each["id"]: each["status"] for each in (await case.phone.get(url))["items"]}
    assert by_id == {taken_back["id"]: "withdrawn", of_him["id"]: "kept", of_her["id"]: "broken"}
    await acts.let_results_stand(case)
    opinion = {"favourable": True, "statement": "符合条件。（测试）", "reasons": await acts.reasons_for(case)}
    reviewer = world.at("reviewer")
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (409, "promise_broken")
    assert ((await case.review())["status"], await case.notices("opinion")) == ("surveying", [])

    # The day before Spring Festival it is refused for that, and the household may apply as things are.
    await acts.opine(case, favourable=False)
    await world.on(date(2027, 2, 4))
    reasons = ["承诺的诊断经核查不属实。（测试）"]
    await world.at("confirmer").post(f"{case.console}/refuse", {"reasons": reasons})
    await world.drain()
    (settled,) = [each for each in (await case.phone.get(url))["items"] if each["id"] == of_her["id"]]
    assert (await case.status(), settled["settlement"]) == ("refused", "refused")


def _word(case, person, version):
    member = case.members[person.relation]
    signed = {"signer_member_id": member, "signer_name": person.name, "signer_id_number": person.id_number}
    about = {"kind": "diagnosis", "member_id": member, "terms_version": version}
    return about | signed | {"fact": "患慢性肾病，每周透析三次。（测试）", "why": "诊断医院在外省。（测试）"}
