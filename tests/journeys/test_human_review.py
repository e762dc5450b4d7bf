"""A household does not accept what was only computed, and a person answers before anything is decided; by date, until
the papers are too old to decide by."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

from app.core.clock import SHANGHAI
from tests.journeys import acts

_WHY = {"why": "测算的收入没有扣除看病的支出。（测试）"}


async def test_nothing_is_decided_before_a_person_has_answered_nor_on_a_report_that_is_too_old(world):
    # 23 November 2026: accepted. The rules are not applied before the last agency has answered, and even then nothing
    # was computed yet that anybody could object to.
    case = await acts.apply(world, world.family(0))
    await acts.accept(case)
    asking, reviewer = f"{case.url}/human-reviews", world.at("reviewer")
    early = await reviewer.refused("GET", f"{case.console}/assessment")
    assert early == (409, "verification_incomplete")
    await acts.verify(case)
    assert await case.phone.refused("POST", asking, _WHY) == (404, "assessment_not_found")
    assert await case.phone.refused("GET", f"{case.url}/assessment") == (404, "assessment_not_found")

    # No opinion without a visit to the home, and no visit that is yet to come.
    opinion = {"favourable": True, "statement": "符合条件。（测试）", "reasons": await acts.reasons_for(case)}
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (409, "home_visit_missing")
    tomorrow = acts.visit_of(case, [world.at("township-2").username]) | {"visited_on": "2026-11-24"}
    assert await world.at("township-1").refused("POST", f"{case.console}/visits", tomorrow) == (
        422,
        "survey_date_invalid",
    )
    assert ((await case.review())["visits"], (await case.review())["opinions"]) == ([], [])
    await acts.visit(case)

    # 30 December: the opinion. On New Year's Eve the family asks for a person, once.
    await world.on(date(2026, 12, 30))
    await acts.opine(case)
    await world.on(date(2026, 12, 31))
    asked = await case.phone.post(asking, _WHY)
    assert await case.phone.refused("POST", asking, _WHY) == (409, "human_review_open")
    assert len((await case.phone.get(asking))["items"]) == 1

    # 7 January 2027: nobody has objected, and the county cannot decide while the family waits for its answer.
    await world.on(date(2027, 1, 7))
    confirmer, answers = world.at("confirmer"), f"{case.console}/human-reviews"
    said = {"answer": "已逐项核对医疗票据，自付部分依规不能扣除。（测试）"}
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "human_review_open")
    assert await case.phone.refused("GET", f"{case.url}/decision") == (404, "decision_not_found")
    assert await reviewer.refused("POST", f"{answers}/{uuid4()}/answer", said) == (404, "human_review_not_found")
    assert (await case.review())["status"] == "with_county"
    await reviewer.post(f"{answers}/{asked['id']}/answer", said)
    other = {"answer": "没有别的意见，维持原测算。（测试）"}
    assert await reviewer.refused("POST", f"{answers}/{asked['id']}/answer", other) == (409, "human_review_answered")
    assert [each["answer"] for each in (await case.phone.get(asking))["items"]] == [said["answer"]]

    # Monday, 22 February: the county has let it lie over Spring Festival. Ninety days after the answers of agencies
    # nothing is granted on them, also in the first minute, before anybody has been asked anew.
    await world.on(date(2027, 2, 21))
    asked_before = len(world.outside.questions_about(case.family))
    world.clock.set(datetime.combine(date(2027, 2, 22), time(0, 1), SHANGHAI))
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "report_expired")
    assert (await case.status(), (await case.review())["status"]) == ("accepted", "with_county")
    await world.pass_time(timedelta(hours=9))
    assert len(world.outside.questions_about(case.family)) > asked_before
    await acts.verify(case)

    # There is a new report, on which the township has to have its opinion first.
    assert await confirmer.refused("POST", f"{case.console}/confirm", {}) == (409, "assessment_outdated")
    await confirmer.post(f"{case.console}/send-back", {"reason": "核对报告已更新，请重新提出意见。（测试）"})
    assert (await case.review())["status"] == "surveying"
