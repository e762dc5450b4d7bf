"""The letters of an award in force: held back, paid again, stopped after a hearing or with nobody left to hear."""

from datetime import timedelta

from app.applications.queries import list_members
from app.awards.commands import hear_recipient, resume_award, stop_award, suspend_award
from app.awards.lifecycle import StopGround, SuspendReason
from app.core.clock import today
from app.core.months import first_of_month
from app.facts import FactKey, Item
from app.identity.actors import Role
from app.letters.kinds import Kind
from app.letters.wording import write_day
from tests.builders.applications import COUNTY
from tests.builders.campaigns import begin, build_granted_alone, carry_on
from tests.builders.hearings import hear_about_stop, hear_and_stop
from tests.builders.people import build_staff
from tests.builders.verification import AS_OF, build_agencies
from tests.letters.telling import awarded, letters, tell, the_letter


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
        why = {"reason": "长子就业，人均收入超过标准", "last_month": first_of_month(award.from_month)}
        await hear_and_stop(db, office.county_1, office.confirmer, award.id, **why)

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
        last = first_of_month(award.from_month)
        await hear_and_stop(db, office.county_1, office.confirmer, award.id, StopGround.DEATH, last_month=last)

    await tell(database, "award.stopped")

    assert "向其亲属或者所在村（居）了解情况" in (await the_letter(database))["after"][0]
    assert not [line for line in (await the_letter(database))["after"] if "听取你（户）的意见" in line]


async def test_a_stop_names_each_day_of_hearing_and_none_that_was_about_something_else(database, clock):
    office, award = await awarded(database, clock)
    opened = today(database.clock)
    async with database.unit_of_work() as db:  # of a doubt that was cleared up
        await hear_about_stop(db, office.county_1, award.id, heard_on=opened)
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
        await stop_award(db, office.confirmer, award.id, ground=ground, reason="家庭人均收入超过标准", last_month=last)

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
        await stop_award(db, confirmer, award.id, ground=ground, reason="经核实，户主已经去世（测试）", last_month=last)

    await tell(database, "award.stopped")

    assert "听取" not in str(await the_letter(database))
