"""Each letter is issued once, and says what its case says."""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import func, select

from app.api.common.explanations import FindingOut
from app.api.common.letters import LetterContentOut
from app.applications.commands import extend_application, return_application, terminate_application
from app.applications.queries import list_members
from app.awards.commands import hear_recipient, open_award_of, resume_award, stop_award, suspend_award
from app.awards.lifecycle import StopGround, SuspendReason
from app.core.canonical import canonical_bytes
from app.core.clock import today
from app.core.months import first_of_month
from app.events.base import rebuild
from app.events.models import EventRecord
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.letters.contents import open_letter
from app.letters.jobs import Told, write_letter
from app.letters.kinds import Kind
from app.letters.models import Letter
from app.letters.wording import write_day
from app.notices.jobs import end_notices
from app.review.assessing import digest_of
from app.review.commands import refuse
from app.review.decisions import open_decision
from app.review.grounds import RefusalGround
from app.schedule import WorkerTools, handlers
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.campaigns import begin, build_granted_alone, carry_on
from tests.builders.people import build_staff
from tests.builders.review import (
    AMOUNT,
    SETTLED,
    build_accepted_case,
    build_office,
    build_verified,
    decide,
    household_with_income,
    opine,
    visit,
    with_county,
)
from tests.builders.standards import put_in_force, standard_draft
from tests.builders.verification import AS_OF, build_agencies


async def tell(database, type_: str, *, times: int = 1) -> None:
    """Let the stage hear, so many times over, every event of a type."""
    async with database.reading() as db:
        query = select(EventRecord).where(EventRecord.type == type_).order_by(EventRecord.id)
        records = (await db.execute(query)).scalars().all()
    assert records
    for record in records:
        for _ in range(times):
            event = rebuild(record.type, record.subject, record.county, record.data, record.id)
            await write_letter(database, event)


async def letters(database) -> list[tuple[Letter, Mapping[str, Any]]]:
    """Return all letters there are, opened."""
    async with database.reading() as db:
        rows = (await db.execute(select(Letter).order_by(Letter.id))).scalars().all()
        return [(row, open_letter(db, row)) for row in rows]


async def the_letter(database) -> Mapping[str, Any]:
    """Return what the only letter says, whose digest is that of what it says."""
    ((row, body),) = await letters(database)
    assert row.digest == digest_of(canonical_bytes(body))
    shown = LetterContentOut.model_validate(body).model_dump(mode="json")
    assert row.digest == digest_of(canonical_bytes(shown)), "what a phone reads is what was kept, no more and no less"
    assert (row.kind, row.number) == (body["kind"], body["number"])
    return body


async def at_the_county(database, clock):
    """Bring a case before the county."""
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    return office, case


async def awarded(database, clock):
    """Make an award, and who may manage it."""
    office, case = await at_the_county(database, clock)
    decision = await decide(database, case, office)
    async with database.unit_of_work() as db:
        return office, await open_award_of(db, case.id, decision.id)


async def test_an_acceptance_names_the_township_and_the_day_of_decision(database):
    case = await build_accepted_case(database)

    await tell(database, "application.accepted", times=2)

    body = await the_letter(database)
    assert body["title"] == "最低生活保障申请受理通知书"
    assert body["authority"] == {"level": "township", "division": TOWNSHIP, "name": "宝华镇人民政府"}
    assert (body["addressee"], body["due_on"], body["due_provisional"]) == ("测试甲", "2027-01-05", True)
    assert "2027年1月5日前作出" in body["before"][1]
    assert "尚未公布" in body["before"][2], "the year's holidays are not announced"
    assert body["law"] == [
        f"最低生活保障审核确认办法（民发〔2021〕57号）{number}" for number in ("第十条", "第二十二条")
    ]
    assert body["remedies"] == []
    assert str(case.handler.id) not in str(body)


async def test_an_acceptance_within_a_known_calendar_does_not_speak_of_a_provisional_date(database, clock):
    clock.advance(timedelta(days=-60))
    await build_accepted_case(database)

    await tell(database, "application.accepted")

    body = await the_letter(database)
    assert body["due_provisional"] is False
    assert len(body["before"]) == 2


async def test_a_one_time_notice_lists_all_that_is_missing(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await return_application(db, handler, application.id, missing=["诊断证明", "赡养协议"])

    await tell(database, "application.supplement_requested", times=2)

    body = await the_letter(database)
    assert (body["title"], body["points"]) == ("补充材料一次性告知书", ["诊断证明", "赡养协议"])
    assert application.number in body["before"][0]


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


async def test_a_grant_tells_of_a_published_standard_that_would_lower_it_without_an_amount(database, clock):
    office, case = await at_the_county(database, clock)
    await put_in_force(database, standard_draft(400_000, valid_from=date(2027, 3, 1)))
    await decide(database, case, office)

    await tell(database, "decision.made")

    body = await the_letter(database)
    (waits,) = body["before"][2:]
    assert "自2027年3月起施行的保障标准" in waits
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


@pytest.mark.parametrize(
    ("role", "division", "name"),
    [
        (Role.TOWNSHIP_HANDLER, TOWNSHIP, "宝华镇人民政府"),
        (Role.COUNTY_HANDLER, COUNTY, "红河县民政局"),
    ],
)
async def test_the_end_of_a_procedure_is_told_by_whoever_ended_it(database, role, division, name):
    case = await build_accepted_case(database)
    async with database.unit_of_work() as db:
        handler = await build_staff(db, role, division)
        await terminate_application(db, handler, case.id, reason="三次无正当理由拒绝入户调查")

    await tell(database, "application.terminated", times=2)

    body = await the_letter(database)
    assert (body["authority"]["name"], body["points"]) == (name, ["三次无正当理由拒绝入户调查"])
    assert len(body["remedies"]) == 2


async def test_each_suspension_is_told_and_its_end(database, clock):
    office, award = await awarded(database, clock)
    for reason in (SuspendReason.DEATH_MATCH, SuspendReason.COMPLAINT):
        async with database.unit_of_work() as db:
            await suspend_award(db, office.county_1, award.id, reason=reason)
            await resume_award(db, office.county_1, award.id)

    await tell(database, "award.suspended", times=2)
    await tell(database, "award.resumed", times=2)

    found = [(row.kind, body["points"], len(body["remedies"])) for row, body in await letters(database)]
    assert found == [
        (Kind.SUSPENDED, ["数据比对显示家庭成员可能已经死亡"], 2),
        (Kind.SUSPENDED, ["收到投诉举报，正在核实"], 2),
        (Kind.RESUMED, [], 0),
        (Kind.RESUMED, [], 0),
    ]


async def test_a_stop_says_from_when_on_what_ground_and_why(database, clock):
    office, award = await awarded(database, clock)
    async with database.unit_of_work() as db:
        await hear_recipient(
            db,
            office.county_1,
            award.id,
            about="stop",
            ground=StopGround.INCOME,
            opinion="无异议",
            heard_on=today(database.clock),
        )
        await stop_award(
            db,
            office.confirmer,
            award.id,
            ground=StopGround.INCOME,
            reason="长子就业，人均收入超过标准",
            last_month=first_of_month(award.from_month),
        )

    await tell(database, "award.stopped", times=2)

    body = await the_letter(database)
    assert body["last_month"] == award.from_month.isoformat()[:7]
    assert "停止的事由：家庭收入变化" in body["before"][0]
    assert body["points"] == ["长子就业，人均收入超过标准"]
    heard = today(database.clock)
    assert body["after"][0] == f"作出本决定前，已于{heard.year}年{heard.month}月{heard.day}日听取你（户）的意见。"
    assert "社会救助法第四十八条" in body["law"]
    assert len(body["remedies"]) == 2


async def test_after_the_death_of_who_lived_alone_the_letter_says_that_others_were_asked(database, clock):
    office, award = await awarded(database, clock)
    async with database.unit_of_work() as db:
        _, *others = await list_members(db, award.application_id)
        for member in others:
            await db.delete(member)
        told = {"opinion": "村委会证实其已去世。（测试）", "heard_on": today(db.clock)}
        ground, last = StopGround.DEATH, first_of_month(award.from_month)
        await hear_recipient(db, office.county_1, award.id, about="stop", ground=ground, **told)
        await stop_award(db, office.confirmer, award.id, ground=ground, reason="死亡（测试）", last_month=last)

    await tell(database, "award.stopped")

    assert "向其亲属或者所在村（居）了解情况" in (await the_letter(database))["after"][0]
    assert not [line for line in (await the_letter(database))["after"] if "听取你（户）的意见" in line]


async def test_a_stop_names_each_day_of_hearing_and_none_that_was_about_something_else(database, clock):
    office, award = await awarded(database, clock)
    opened = today(database.clock)
    async with database.unit_of_work() as db:  # of a doubt that was cleared up
        await hear_recipient(
            db, office.county_1, award.id, about="stop", ground=StopGround.INCOME, opinion="不同意", heard_on=opened
        )
        await suspend_award(db, office.county_1, award.id, reason=SuspendReason.COMPLAINT)
        await resume_award(db, office.county_1, award.id)
    clock.advance(timedelta(days=3))
    later = today(database.clock)
    income, members = {"ground": StopGround.INCOME}, {"ground": StopGround.MEMBERS}
    said = (("stop", income, 2), ("stop", income, 1), ("stop", members, 3), ("reduce", {}, 0))
    for about, ground, days in said:
        async with database.unit_of_work() as db:
            on = later - timedelta(days=days)
            await hear_recipient(db, office.county_1, award.id, about=about, opinion="无异议", heard_on=on, **ground)
    async with database.unit_of_work() as db:
        ground, last = StopGround.INCOME, first_of_month(award.from_month)
        await stop_award(db, office.confirmer, award.id, ground=ground, reason="收入超过标准", last_month=last)

    await tell(database, "award.stopped")

    days = "、".join(write_day(later - timedelta(days=days)) for days in (2, 1))
    assert (await the_letter(database))["after"][0] == f"作出本决定前，已于{days}听取你（户）的意见。"


async def test_a_stop_after_a_death_with_nobody_left_to_hear_does_not_speak_of_a_hearing(database):
    granted, agencies = await build_granted_alone(database), build_agencies()
    award, dead = granted.award, {FactKey.DECEASED_ON: AS_OF}
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("self"), dead, AS_OF)
    await carry_on(database, agencies, await begin(database))
    async with database.unit_of_work() as db:
        confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, COUNTY)
        ground, last = StopGround.DEATH, award.from_month
        await stop_award(db, confirmer, award.id, ground=ground, reason="户主死亡（测试）", last_month=last)

    await tell(database, "award.stopped")

    assert "听取" not in str(await the_letter(database))


async def test_two_jobs_at_once_write_one_letter(database):
    await build_accepted_case(database)

    await asyncio.gather(*(tell(database, "application.accepted") for _ in range(4)))

    async with database.reading() as db:
        assert (await db.execute(select(func.count()).select_from(Letter))).scalar_one() == 1


async def test_what_happens_afterwards_changes_no_letter(database, clock):
    case = await build_accepted_case(database)
    await tell(database, "application.accepted")
    before = await the_letter(database)
    async with database.unit_of_work() as db:
        await extend_application(db, case.handler, case.id, reason="hard_survey")

    await tell(database, "application.accepted")

    assert await the_letter(database) == before


def test_the_worker_hears_everything_that_a_letter_is_due_for():
    tools = WorkerTools(*([None] * 6))

    assert {event for event, each in handlers(tools).items() if write_letter in each} == set(get_args(Told))
