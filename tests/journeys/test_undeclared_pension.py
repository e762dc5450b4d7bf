"""A pension that nobody declared: found, told to the household, and settled by a person; told by date."""

from datetime import date

from app.sandbox.population import households
from tests.journeys import acts


def _place_of(story: str) -> int:
    return next(place for place, family in enumerate(households()) if family.story == story)


def _pension_of(report) -> dict:
    entries = [entry for person in report["members"] for entry in person["items"] if person["relation"] == "self"]
    [insurance] = [entry for entry in entries if entry["item"] == "social_insurance"]
    return next(field for field in insurance["fields"] if field["key"] == "pension_monthly")


async def test_a_pension_nobody_declares_is_told_heard_about_and_judged_by_a_person(world):
    # 23 November: a couple applies and declares odd jobs alone; the register has a pension of 2,860 yuan a month.
    case = await acts.apply(world, world.family(_place_of("a pension nobody declares")))
    await acts.accept(case)
    await acts.verify(case)
    await acts.visit(case)
    report = await case.phone.get(f"{case.url}/report")
    pension = _pension_of(report)
    assert (pension["found"], pension["difference"]) == (286_000, "not_declared")
    assert pension["text"] == "每月领取的养老金：未申报，查到 2860.00 元，您没有申报此项。"
    assert "与申报不一致，将由经办人员与您核实" in report["summary"]

    # It weighs among the contradictions, so that the county looks there first.
    weighed = (await world.at("county-1").get(f"{case.console}/report"))["contradictions"]
    first = weighed["reasons"][0]
    assert (first["key"], first["difference"], first["points"]) == ("pension_monthly", "not_declared", 15)

    # The household is told that it would not qualify with it, and may object until the 30th.
    results = f"{case.url}/check-results"
    (told,) = (await case.phone.get(results))["items"]
    assert (told["status"], told["object_by"]) == ("told", "2026-11-30")
    (finding,) = told["findings"]
    assert (finding["rule"], finding["met"]) == ("benefits_declared", None)
    assert "by 2860.00 yuan a month together" in finding["message"]
    assert world.outside.sms.news_of(case.family.head.phone)[-1] == "check.result_told"
    reviewer = world.at("reviewer")
    opinion = {"favourable": True, "statement": "同意。（测试）", "reasons": {}}
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (409, "check_result_open")

    # 25 November: it objects; the register is asked anew and says the same.
    await world.on(date(2026, 11, 25))
    await case.phone.post(f"{results}/{told['id']}/object", {"statement": "养老金已停发。（测试）"})
    again = {"checks": [check["id"] for check in await case.checks() if check["item"] == "social_insurance"][:1]}
    await world.at("township-1").post(f"{case.console}/check-results/{told['id']}/recheck", again)
    await world.drain()
    await acts.verify(case)
    (concluded,) = (await case.phone.get(results))["items"]
    assert (concluded["status"], concluded["still"]) == ("concluded", True)

    # No machine refuses: the rules leave it to a person, who has to say how it was settled, either way.
    assessment = await reviewer.get(f"{case.console}/assessment")
    assert assessment["outcome"] == "needs_person"
    assert {each["rule"]: each["met"] for each in assessment["findings"]}["benefits_declared"] is None
    assert await reviewer.refused("POST", f"{case.console}/opinion", opinion) == (422, "reasons_missing")
    await acts.opine(case, favourable=False)
    assert (await case.review())["status"] == "with_county"
