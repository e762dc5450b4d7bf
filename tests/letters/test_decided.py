"""The letter of a decision: what was granted and what becomes of it, or why it was refused, and by which law."""

from datetime import date

import pytest

from app.api.common.explanations import FindingOut
from app.review.commands import refuse
from app.review.decisions import open_decision
from app.review.grounds import RefusalGround
from tests.builders.applications import COUNTY
from tests.builders.review import (
    AMOUNT,
    SETTLED,
    build_office,
    build_verified,
    decide,
    household_with_income,
    opine,
    visit,
    with_county,
)
from tests.builders.standards import put_in_force, standard_draft
from tests.letters.telling import at_the_county, tell, the_letter


async def test_a_grant_says_how_much_for_how_many_from_when(database, clock):
    office, case = await at_the_county(database, clock)
    decision = await decide(database, case, office)

    await tell(database, "decision.made", times=2)

    body = await the_letter(database)
    assert body["authority"] == {"level": "county", "division": COUNTY, "name": "红河县民政局"}
    assert body["before"][1] == "确认保障人数3人，每月发放1137.50元，自2027年1月起发放。"
    assert (body["monthly_amount_fen"], body["members_counted"]) == (AMOUNT, 3)
    assert decision.number in body["before"][0]
    assert body["after"][0] == "待遇按下列情况核算："
    assert body["after"][1:4] == [
        "（1）共同生活的家庭成员：申报 3 人，计入共同生活的家庭成员 3 人。",
        "（2）家庭人均收入低于当地标准：全年计入收入 0.00 元，共同生活 3 人，人均每年 0.00 元，"
        "低于当地标准每年 4550.00 元。",
        "（3）每月保障金：当地标准每年 4550.00 元，家庭 3 人，月收入合计 0.00 元，按差额计算每月 1137.50 元。",
    ]
    assert body["law"] == decision.basis
    assert [remedy["text"] for remedy in body["remedies"]] == [
        "如不服本决定，可以自知道本决定之日起60日内，向县级人民政府申请行政复议。",
        "也可以自知道本决定之日起6个月内，依法向人民法院提起行政诉讼。",
    ]
    assert all(str(actor.id) not in str(body) for actor in (office.confirmer, office.reviewer, office.handler))


@pytest.mark.parametrize("month", [date(2027, 1, 1), date(2027, 3, 1)])
async def test_a_grant_says_what_a_published_standard_makes_of_it_and_from_which_month(database, clock, month):
    office, case = await at_the_county(database, clock)
    await put_in_force(database, standard_draft(600_000, valid_from=month))
    await decide(database, case, office)

    await tell(database, "decision.made", times=2)

    body = await the_letter(database)
    assert (body["monthly_amount_fen"], body["first_month"]) == (AMOUNT, "2027-01"), "as it was decided"
    assert body["before"][2:] == [
        f"因已公布的保障标准或者参数调整，每月发放金额变动如下：自2027年{month.month}月起1500.00元。"
    ]
    assert body["next_amounts"] == [{"monthly_amount_fen": 150_000, "amount_from": f"2027-{month.month:02}"}]


@pytest.mark.parametrize(
    ("published", "told"),
    [
        ([(150_000, 3)], ["自2027年3月起你（户）可能不再符合条件"]),
        ([(400_000, 3), (150_000, 4)], ["自2027年3月起待遇低于", "自2027年4月起你（户）可能不再符合条件"]),
        ([(150_000, 3), (600_000, 2)], ["自2027年2月起1050.00元", "自2027年3月起你（户）可能不再符合条件"]),
    ],
)
async def test_a_grant_tells_of_a_published_standard_by_which_it_may_end_and_that_nobody_stops_it_unheard(
    database, clock, published, told
):
    household, answers = await household_with_income(database, 450)
    office = await build_office(database)
    case = await with_county(database, clock, office, household=household, answers=answers)
    for fen, month in published:
        await put_in_force(database, standard_draft(fen, valid_from=date(2027, month, 1)))
    await decide(database, case, office)

    await tell(database, "decision.made")

    body = await the_letter(database)
    said = body["before"][2:]
    assert len(said) == len(told)
    assert all(words in line for words, line in zip(told, said, strict=True))
    assert "在听取你（户）的意见并另行作出决定之前，不停发" in said[-1]


async def test_a_grant_tells_of_a_published_standard_that_would_lower_it_without_an_amount(database, clock):
    office, case = await at_the_county(database, clock)
    await put_in_force(database, standard_draft(400_000, valid_from=date(2027, 3, 1)))
    await decide(database, case, office)

    await tell(database, "decision.made")

    body = await the_letter(database)
    (waits,) = body["before"][2:]
    assert "自2027年3月起待遇低于" in waits
    assert "在听取你（户）的意见并另行作出决定之前，仍按上述金额发放。" in waits
    assert "1000.00" not in str(body), "nobody has decided on it"
    assert "next_amounts" not in body


async def test_a_grant_that_nothing_changes_is_silent_about_months_to_come(database, clock):
    office, case = await at_the_county(database, clock)
    await decide(database, case, office)

    await tell(database, "decision.made")

    body = await the_letter(database)
    assert len(body["before"]) == 2
    assert "next_amounts" not in body


async def test_a_refusal_tells_each_condition_that_was_not_met_with_the_numbers_of_the_rules(database):
    household, answers = await household_with_income(database, 9_000)
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)
    async with database.unit_of_work() as db:
        decision = await refuse(db, office.confirmer, case.id, reasons=["家庭人均收入高于当地标准"])

    await tell(database, "decision.made", times=2)

    body = await the_letter(database)
    assert (body["kind"], body["title"]) == ("refused", "不予确认最低生活保障通知书")
    assert body["points"] == ["家庭人均收入高于当地标准"]
    assert (body["monthly_amount_fen"], body["first_month"], len(body["remedies"])) == (None, None, 2)
    async with database.reading() as db:
        findings = open_decision(db, decision)["assessment"]["findings"]
    (failed,) = [finding for finding in findings if finding["met"] is False and finding["weight"] != "note"]
    words = FindingOut.of("living_allowance", failed, "zh")
    assert body["after"] == [
        "经核算、核查，下列情况不符合规定，或者不能认定符合规定：",
        f"（1）{words.title}：{words.message}",
    ]
    assert "4550.00 元" in words.message
    members = [str(member_id) for member_id, _ in household.members]
    assert all(member not in str(body) for member in members), "of whom it was found stays in the record"


async def test_a_refusal_against_the_rules_tells_its_ground_and_the_law_of_it(database, clock):
    office, case = await at_the_county(database, clock)
    found = "入户核实，长子已另行居住满两年，与申报不符。"
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=[found], ground=RefusalGround.MEMBERS_DIFFER)

    await tell(database, "decision.made", times=2)

    body = await the_letter(database)
    assert body["before"][1:] == [
        "不予确认的事由：经调查核实，共同生活的家庭成员情况与申报不符，不符合规定条件。",
        "理由如下：",
    ]
    assert (body["points"], body["after"]) == ([found], [])
    assert "最低生活保障审核确认办法（民发〔2021〕57号）第七条" in body["law"]


async def test_a_refusal_on_an_open_point_tells_what_the_rules_left_open(database):
    office, case = await build_office(database), await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False, reasons={"property_has_a_limit": SETTLED})
    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=["住房非自住，属于可变现财产。"])

    await tell(database, "decision.made")

    body = await the_letter(database)
    assert body["after"][1] == "（1）财产状况：家庭拥有住房，当地没有相应的限额规定，需人工认定。"
    assert SETTLED not in str(body), "it may speak of one member"


@pytest.mark.parametrize(("ground", "told"), [("members_differ", 0), ("open_condition", 1)])
async def test_what_the_township_has_settled_is_told_as_open_only_where_the_refusal_rests_on_it(
    database, clock, ground, told
):
    office = await build_office(database)
    case = await with_county(database, clock, office, owns_a_dwelling=True)
    async with database.unit_of_work() as db:
        reasons = ["县级入户核实，该房屋长期出租，并非维持基本生活所必需。"]
        await refuse(db, office.confirmer, case.id, reasons=reasons, ground=RefusalGround(ground))

    await tell(database, "decision.made")

    assert len([text for text in (await the_letter(database))["after"] if "财产状况" in text]) == told
