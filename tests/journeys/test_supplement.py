"""The one-time notice, told by date."""

from datetime import date

from tests.builders.verification import NEEDED
from tests.journeys import acts

_MISSING = ["户口簿首页复印件", "在校学生证明"]


async def test_what_is_missing_is_asked_for_once_and_the_clock_rests_meanwhile(world):
    # 23 November: handed in; the township has until the 30th.
    case = await acts.apply(world, world.family(0))
    handler = world.at("township-1")
    assert await case.open_steps() == {"acceptance": "2026-11-30"}

    # 25 November: it asks for everything that is missing, at once.
    await world.on(date(2026, 11, 25))
    await handler.post(f"{case.console}/return", {"missing": _MISSING})
    await world.drain()
    timeline = await case.timeline()
    assert (timeline["status"], timeline["paused_because"]) == ("supplement_requested", "supplement_requested")
    assert (timeline["waiting_for"], timeline["next_due_on"]) == ("applicant", None)
    assert (await case.phone.get(case.url))["missing"] == timeline["missing"] == _MISSING
    letter = (await case.letters())[-1]
    assert letter["kind"] == "supplement"
    # Phone and letter say of the clock what it does.
    assert "begins anew when it is there" in timeline["paused_words"]
    assert "受理期限重新计算" in "".join(letter["content"]["after"])
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "application.supplement_requested"
    assert await handler.refused("POST", f"{case.console}/accept", {}) == (409, "step_not_allowed")

    # 11 December: long after the 30th, and nothing is overdue. The household answers; five new working days begin.
    await world.on(date(2026, 12, 11))
    assert await case.open_steps() == {"supplement": None}
    await case.phone.patch(case.url, {"address": "测试村民小组 2 号"})
    await case.phone.post(f"{case.url}/supplement", {"truth_promised": True})
    await world.drain()
    assert await case.open_steps() == {"acceptance": "2026-12-18"}
    timeline = await case.timeline()
    assert (timeline["paused_because"], "missing" in timeline) == (None, False)

    # 14 December: there is no second time.
    await world.on(date(2026, 12, 14))
    again = await handler.refused("POST", f"{case.console}/return", {"missing": ["收入证明"]})
    assert again == (409, "one_time_notice_given")
    assert await case.status() == "submitted"

    # Accepted instead: only now the thirty working days begin, and only now anybody is asked.
    assert world.outside.questions_about(case.family) == []
    await acts.accept(case)
    assert (await case.timeline())["decide_by"] == "2027-01-26"
    assert len(world.outside.questions_about(case.family)) == 3 * NEEDED


async def test_who_does_not_bring_what_is_missing_may_take_it_back_and_is_ended_only_by_a_person(world):
    # Monday, 28 December 2026: handed in; on New Year's Eve the township asks for what is missing.
    case = await _asked_on_new_years_eve(world)

    # Monday, 4 January: the household takes its application back. Nothing waits any more, and nobody may end it.
    await world.on(date(2027, 1, 4))
    handler = world.at("township-1")
    await case.phone.post(f"{case.url}/withdraw")
    await world.drain()
    assert (await case.status(), await case.open_steps()) == ("withdrawn", {})
    for act, body in (("supplement", {"truth_promised": True}), ("withdraw", None)):
        assert await case.phone.refused("POST", f"{case.url}/{act}", body) == (409, "step_not_allowed")
    ending = {"reason": "多次通知，无正当理由拒不补正。（测试）"}
    assert await handler.refused("POST", f"{case.console}/terminate", ending) == (409, "step_not_allowed")

    # The same day it hands in anew, and is asked again: this is another application.
    anew = await acts.apply(world, case.family)
    await handler.post(f"{anew.console}/return", {"missing": _MISSING})
    await world.drain()

    # Monday, 22 February, after Spring Festival: nobody has answered, and nothing has ended by itself.
    await world.on(date(2027, 2, 22))
    assert (await anew.status(), await anew.open_steps()) == ("supplement_requested", {"supplement": None})
    assert await world.at("reviewer").refused("POST", f"{anew.console}/terminate", ending) == (403, "role_not_allowed")
    assert await anew.status() == "supplement_requested"

    # A person ends it, with a reason, by which law is told; the household may apply again.
    await handler.post(f"{anew.console}/terminate", ending)
    await world.drain()
    shown = await anew.phone.get(anew.url)
    assert (shown["status"], shown["ended_reason"]) == ("terminated", ending["reason"])
    assert (await anew.open_steps(), (await anew.letters())[-1]["kind"]) == ({}, "terminated")
    assert await anew.phone.refused("POST", f"{anew.url}/supplement", {"truth_promised": True}) == (
        409,
        "step_not_allowed",
    )


async def _asked_on_new_years_eve(world):
    await world.on(date(2026, 12, 28))
    case = await acts.apply(world, world.family(0))
    await world.on(date(2026, 12, 31))
    await world.at("township-1").post(f"{case.console}/return", {"missing": _MISSING})
    await world.drain()
    assert await case.open_steps() == {"supplement": None}
    return case
