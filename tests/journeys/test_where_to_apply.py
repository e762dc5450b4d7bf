"""Where one applies, by date: a place told before anything is handed in, and a township that names another one."""

from datetime import date

from tests.journeys import acts

_AWAY = "440305001001"


async def _say_registered(case, division: str) -> None:
    for person in acts.living(case.family):
        path = f"{case.url}/members/{case.members[person.relation]}"
        declared = {"relation": person.relation, "name": person.name, "id_number": person.id_number}
        seen = (await case.phone.get(case.url))["version"]
        await case.phone.put(path, declared | {"hukou_division": division}, seen=seen)


async def test_a_household_registered_in_another_province_learns_so_before_it_hands_in(world):
    # 23 November: the draft says where they are registered; the phone is told which place takes it.
    case = await acts.begin(world, world.family(0))
    assert (await case.phone.get(f"{case.url}/place"))["basis"] == "registered_here"
    await _say_registered(case, _AWAY)
    place = await case.phone.get(f"{case.url}/place")
    assert (place["fits"], place["obstacle"]) == (False, "not_registered_here")
    assert place["places"] == [{"division": _AWAY, "name": None}]
    assert await case.phone.refused("POST", f"{case.url}/submit", {"truth_promised": True}) == (422, "wrong_place")
    assert await case.status() == "draft"

    # They live here since the summer of last year with a permit: the county does not take that yet.
    permit = {"division": case.family.division, "since": "2025-08-01", "permit": "stable_job"}
    await case.phone.patch(case.url, {"residence": permit})
    assert (await case.phone.get(f"{case.url}/place"))["obstacle"] == "permit_not_taken_here"
    assert (await case.phone.get(case.url))["residence"] == permit | {"relocated": False}


async def test_a_township_names_the_right_place_and_the_household_applies_there_the_same_day(world):
    # 23 November: handed in, as if registered here.
    case = await acts.apply(world, world.family(0))
    handler, redirect = world.at("township-1"), f"{case.console}/redirect"
    own = {"to": case.family.division, "reason": "（测试）"}
    assert await handler.refused("POST", redirect, own) == (422, "place_not_elsewhere")
    nowhere = {"to": case.family.division[:6] + "999000", "reason": "（测试）"}
    assert await handler.refused("POST", redirect, nowhere) == (422, "division_unknown")

    # 25 November: the township finds that they moved their registration to Kunming.
    await world.on(date(2026, 11, 25))
    to = "530102001000"
    shown = await handler.post(redirect, {"to": to, "reason": "全家户籍已于今年三月迁往昆明。（测试）"})
    await world.drain()
    assert (shown["status"], shown["redirected_to"], shown["actions"]) == ("redirected", to, [])
    assert await handler.refused("POST", f"{case.console}/accept", {}) == (409, "step_not_allowed")

    # The household reads why and where, on the phone and in writing, and what it may do against it.
    mine = await case.phone.get(case.url)
    assert (mine["status"], mine["redirected_to"]) == ("redirected", to)
    assert mine["ended_reason"].startswith("全家户籍")
    assert (await case.step("acceptance"))["outcome"] == "redirected"
    letter = (await case.letters())[-1]
    assert letter["kind"] == "redirected"
    assert "昆明" not in letter["content"]["title"]
    assert "五华区" in "".join(letter["content"]["before"])
    assert letter["content"]["points"] == ["全家户籍已于今年三月迁往昆明。（测试）"]
    assert len(letter["content"]["remedies"]) == 2
    timeline = await case.timeline()
    assert [each["kind"] for each in timeline["remedies"]] == [
        *(each["kind"] for each in letter["content"]["remedies"]),
        "complaint",
    ]

    # Nobody is in a case any more: the same day they go on at the right place, and what they had said is there.
    path, there = f"{case.url}/continuation", {"division": "530102001001"}
    assert await case.phone.refused("POST", path, {"division": case.family.division}) == (422, "not_the_named_place")
    again = await case.phone.post(path, there)
    assert (again["status"], again["division"]) == ("draft", "530102001001")
    assert {each["relation"] for each in again["members"]} == {each["relation"] for each in mine["members"]}
    assert again["address"] == mine["address"]
    assert not any(each["authorised"] for each in again["members"])
    assert await case.phone.refused("POST", path, there) == (409, "application_already_open")
