"""A death stops the award of somebody who lived alone once it is on record, or somebody of another post has put down
what relatives or the village say: no single person stops a living one."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.awards.adjusting import keep_award
from app.awards.commands import hear_recipient, stop_award
from app.awards.errors import DeathNotOnRecord, HearingRequired
from app.awards.lifecycle import Status, StopGround
from app.core.clock import today
from app.core.errors import SamePersonNotAllowed
from app.facts import FactKey, Item, Outcome
from app.identity.actors import Role
from app.verification.models import Check
from tests.builders.awards import found_about
from tests.builders.campaigns import begin, build_granted, build_granted_alone, carry_on
from tests.builders.verification import AS_OF, build_agencies

DECEMBER = date(2026, 12, 1)


async def stop(database, office, granted, ground=StopGround.DEATH):
    async with database.unit_of_work() as db:
        given = {"ground": ground, "reason": "经核实，本人已经去世（测试）", "last_month": DECEMBER}
        return await stop_award(db, office.confirmer, granted.award.id, **given)


async def match(database, granted, relation="self"):
    agencies = build_agencies()
    agencies.civil_affairs.learn(Item.DEATHS, granted.number(relation), {FactKey.DECEASED_ON: AS_OF}, AS_OF)
    await carry_on(database, agencies, await begin(database))


async def test_nobody_alone_stops_the_award_of_somebody_who_lives_alone(database, office):
    granted = await build_granted_alone(database)

    with pytest.raises(DeathNotOnRecord):
        await stop(database, office, granted)


async def test_the_register_of_deaths_stands_for_a_hearing_until_the_award_was_kept_in_spite_of_it(database, office):
    granted, other = await build_granted_alone(database), await build_granted_alone(database)
    agencies = build_agencies()
    for each in (granted, other):
        agencies.civil_affairs.learn(Item.DEATHS, each.number("self"), {FactKey.DECEASED_ON: AS_OF}, AS_OF)
    await carry_on(database, agencies, await begin(database))

    assert (await stop(database, office, granted)).status == Status.STOPPED
    async with database.unit_of_work() as db:
        found = await found_about(db, other.award.id)
        await keep_award(db, office.confirmer, other.award.id, reason="登记有误，本人健在。（测试）", findings=found)
    with pytest.raises(DeathNotOnRecord):
        await stop(database, office, other)


async def test_a_register_that_knows_of_no_death_stops_nobody(database, office):
    granted = await build_granted_alone(database)
    await carry_on(database, build_agencies(), await begin(database))

    with pytest.raises(DeathNotOnRecord):
        await stop(database, office, granted)


async def test_a_paper_that_another_person_entered_stands_for_it_and_an_own_one_does_not(database, office):
    granted = await build_granted_alone(database)
    await match(database, granted)

    async def entered_by(who):
        by_hand = {"answered_by": who, "entered_by": who, "entered_outcome": Outcome.HIT}
        asked = Check.application_id == granted.case, Check.item == Item.DEATHS
        async with database.unit_of_work() as db:
            await db.execute(update(Check).where(*asked).values(**by_hand))

    await entered_by(office.confirmer.id)  # at an earlier post
    with pytest.raises(DeathNotOnRecord):
        await stop(database, office, granted)

    await entered_by(office.handler.id)
    assert (await stop(database, office, granted)).status == Status.STOPPED


async def test_what_another_post_was_told_of_the_death_stands_for_it(database, office):
    granted = await build_granted_alone(database)
    async with database.unit_of_work() as db:
        told = {"opinion": "村委会证实其已去世。（测试）", "heard_on": today(db.clock)}
        ground = StopGround.DEATH
        await hear_recipient(db, office.handler, granted.award.id, about="stop", ground=ground, **told)

    assert (await stop(database, office, granted)).status == Status.STOPPED


async def test_who_put_down_what_was_told_does_not_stop_by_it_at_a_later_post(database, office):
    granted = await build_granted_alone(database)
    heard_by = replace(office.confirmer, role=Role.COUNTY_HANDLER)  # before the move
    for ground in (StopGround.DEATH, StopGround.INCOME):
        async with database.unit_of_work() as db:
            told = {"opinion": "（测试）", "heard_on": today(db.clock), "about": "stop", "ground": ground}
            await hear_recipient(db, heard_by, granted.award.id, **told)

    for ground in (StopGround.DEATH, StopGround.INCOME):
        with pytest.raises(SamePersonNotAllowed):
            await stop(database, office, granted, ground)

    await match(database, granted)  # the register tells of it now
    assert (await stop(database, office, granted)).status == Status.STOPPED


async def test_a_death_in_a_family_leaves_somebody_to_be_heard(database, office, clock):
    granted = await build_granted(database)
    await match(database, granted)
    async with database.unit_of_work() as db:
        granted.award.members_count = 1  # the others were not counted, and are there all the same
        await db.merge(granted.award)
    clock.advance(timedelta(days=1))

    with pytest.raises(HearingRequired):
        await stop(database, office, granted)
