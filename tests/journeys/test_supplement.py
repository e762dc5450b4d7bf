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
