"""What was found once comes back where a later report says it anew, and not where a register only says it again."""

from datetime import date

import pytest

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application
from app.awards.adjusting import keep_award
from app.awards.finding_queries import list_open_findings
from app.awards.findings import FoundChange, open_finding, raise_finding
from app.awards.lifecycle import Settlement
from app.awards.queries import get_award
from app.campaigns.lifecycle import Kind
from app.core.ids import new_id
from app.facts import UNITS, FactKey, Item
from app.identity.actors import SYSTEM
from app.verification.comparison import Difference
from tests.builders.awards import build_award, found_about
from tests.builders.campaigns import begin, build_granted, carry_on
from tests.builders.verification import AS_OF, build_agencies


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_award(db)


def cars(member, before, found):
    return FoundChange(
        member=member,
        item=Item.VEHICLES,
        key=FactKey.VEHICLE_COUNT,
        unit=UNITS[FactKey.VEHICLE_COUNT],
        before=before,
        found=found,
        as_of=date(2026, 11, 20),
        difference=Difference.MORE,
    )


async def find(database, award, change, report):
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, award.application_id, lock=True)
        locked = await get_award(db, SYSTEM, award.id, lock=True)
        given = {"found_by": "yearly_review", "campaign_id": new_id(), "report_id": report}
        return await raise_finding(db, locked, application, [change], **given)


async def keep(database, office, award):
    async with database.unit_of_work() as db:
        found = await found_about(db, award.id)
        await keep_award(db, office.confirmer, award.id, reason="车已卖掉。（测试）", findings=found)


async def is_open(database, award):
    async with database.reading() as db:
        return await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is not None


async def test_a_second_car_is_a_task_though_the_first_one_was_settled(database, office, award):
    member = new_id()
    for before, found in ((0, 1), (1, 0), (0, 1)):
        finding = await find(database, award, cars(member, before, found), new_id())

        assert (finding.settlement, await is_open(database, award)) == (Settlement.OPEN, True)
        await keep(database, office, award)


async def test_the_same_report_seen_to_again_does_nothing_twice(database, office, award):
    member, report = new_id(), new_id()
    first = await find(database, award, cars(member, 0, 1), report)
    await keep(database, office, award)

    again = await find(database, award, cars(member, 0, 1), report)

    assert (again.id, again.settlement, await is_open(database, award)) == (first.id, Settlement.KEPT, False)


async def test_what_a_register_says_with_each_match_comes_once(database, office, award):
    member = new_id()
    await find(database, award, cars(member, None, 1), None)
    await keep(database, office, award)

    assert (await find(database, award, cars(member, None, 1), None)).settlement == Settlement.KEPT


async def review_in_turn(database, office, clock, *numbers):
    """Review a household a year apart, whose owner has so many cars each time; the county keeps what is found.
    Returns how many cars each review put before the county."""
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    seen = []
    for number in numbers:
        clock.set(clock.now().replace(year=clock.now().year + 1))
        known = {FactKey.VEHICLE_COUNT: number}
        agencies.public_security.learn(Item.VEHICLES, granted.number("self"), known, AS_OF)
        await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
        async with database.reading() as db:
            found = [
                change.found
                for each in await list_open_findings(db, granted.award.id)
                for change in open_finding(db, each)
                if change.key is FactKey.VEHICLE_COUNT
            ]
        seen.append(found)
        if await is_open(database, granted.award):
            await keep(database, office, granted.award)
    return seen


async def test_a_review_finds_a_car_again_after_it_was_gone(database, office, clock):
    assert await review_in_turn(database, office, clock, 1, 0, 1) == [[1], [], [1]]


async def test_a_review_puts_five_cars_before_the_county_that_has_kept_one(database, office, clock):
    assert await review_in_turn(database, office, clock, 1, 5, 5, 2) == [[1], [5], [], []]
