"""An agency that answers after the grant tells something nobody has seen: the county looks, once and not never."""

import asyncio
import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_whole_application
from app.awards.errors import AwardNotFound
from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding, settle_findings
from app.awards.jobs import follow_later_report
from app.awards.lifecycle import Settlement, Status
from app.awards.queries import get_award
from app.awards.unseen import read_shown
from app.campaigns.lifecycle import Kind, Outcome
from app.facts import Answer, Fact, FactKey, Item
from app.facts import Outcome as Found
from app.identity.actors import SYSTEM, Role
from app.verification.commands import FOLLOW_LATER_REPORT, GivenAnswer, record_answer
from app.verification.queries import find_current_report
from tests.awards.test_disputed import dispute_it
from tests.builders.awards import Grant, build_award_of
from tests.builders.campaigns import HERE, Granted, begin, carry_on, households_of
from tests.builders.people import build_staff
from tests.builders.verification import (
    AS_OF,
    answer_all,
    build_agencies,
    build_opened,
    enter,
    find_check,
    give_up,
)
from tests.campaigns.test_killed import _die_at_every_statement

CARS = (Item.VEHICLES, FactKey.VEHICLE_COUNT)
LATER = timedelta(days=5)


async def build_silent(database, *items):
    """A household about which all agencies answered but those that keep `items`."""
    case, agencies = await build_opened(database), build_agencies()
    agencies.know(case.household)
    for item in items:
        await give_up(database, await find_check(database, case, item))
    await answer_all(database, agencies, case)
    return case, agencies


async def grant(database, case, report=None):
    async with database.unit_of_work() as db:
        award = await build_award_of(db, await get_whole_application(db, SYSTEM, case.id), Grant(report=report))
    return Granted(award, case.household)


async def build_granted_with_a_gap(database, *items):
    """The same, granted the allowance with the gaps, some days ago."""
    case, agencies = await build_silent(database, *(items or (Item.VEHICLES,)))
    granted = await grant(database, case)
    database.clock.advance(LATER)
    return case, granted, agencies


async def answer(database, case, item, values=None):
    """Let an agency answer after all."""
    facts = {key: Fact(key, value, "agency", AS_OF) for key, value in (values or {}).items()}
    said = Answer(Found.HIT, facts) if values else Answer.none()
    async with database.unit_of_work() as db:
        assert await record_answer(db, SYSTEM, (await find_check(database, case, item)).id, said)


async def payloads(database):
    async with database.reading() as db:
        query = text("SELECT payload FROM pgqueuer WHERE entrypoint = :name ORDER BY id")
        return [json.loads(row[0]) for row in await db.execute(query, {"name": FOLLOW_LATER_REPORT})]


async def follow(database, *, times=2):
    for payload in (await payloads(database)) * times:
        await follow_later_report(database, payload)


async def findings(database, granted):
    async with database.reading() as db:
        return [
            (each.found_by, change.key, change.before, change.found)
            for each in await list_open_findings(db, granted.award.id)
            for change in open_finding(db, each)
        ]


async def task(database, granted):
    async with database.reading() as db:
        return await find_open_step(db, granted.case, StepKind.AWARD_REVIEW)


async def keep(database, granted):
    async with database.unit_of_work() as db:
        confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, HERE)
        award = await get_award(db, SYSTEM, granted.award.id, lock=True)
        found = await list_open_findings(db, award.id)
        assert await settle_findings(db, confirmer, award, Settlement.KEPT, found)


async def review(database, granted, agencies, cars):
    """Review the households of the county, a third of a year later; returns what came of this one."""
    database.clock.advance(timedelta(days=120))
    agencies.public_security.learn(Item.VEHICLES, granted.number("self"), {FactKey.VEHICLE_COUNT: cars}, AS_OF)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await carry_on(database, agencies, campaign, rounds=20)
    return (await households_of(database, campaign))[granted.case]


async def test_what_a_silent_agency_says_after_the_grant_is_put_before_the_county_once(database):
    case, granted, _ = await build_granted_with_a_gap(database)

    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)

    assert await findings(database, granted) == [("late_answer", FactKey.VEHICLE_COUNT, None, 3)]
    assert await task(database, granted) is not None
    async with database.reading() as db:
        assert (await get_award(db, SYSTEM, granted.award.id)).status == Status.ACTIVE, "nothing follows by itself"


async def test_an_agency_that_contradicts_what_was_entered_by_hand_is_put_before_the_county(database):
    case, _ = await build_silent(database, Item.VEHICLES)
    check = await find_check(database, case, Item.VEHICLES)
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, HERE)
        given = GivenAnswer(Found.HIT, {FactKey.VEHICLE_COUNT: 0}, AS_OF, "电话核实（测试）")
        await enter(db, county, check.id, given)
    granted = await grant(database, case)
    database.clock.advance(LATER)

    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)

    assert await findings(database, granted) == [("late_answer", FactKey.VEHICLE_COUNT, 0, 3)]


async def test_a_late_answer_that_says_nothing_against_the_household_is_no_task(database):
    case, granted, _ = await build_granted_with_a_gap(database)

    await answer(database, case, Item.VEHICLES)
    await follow(database)

    assert await findings(database, granted) == []
    assert await task(database, granted) is None


async def test_a_review_tells_of_what_still_waits_for_a_person(database):
    case, granted, agencies = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)

    reviewed = await review(database, granted, agencies, cars=3)

    assert reviewed.outcome == Outcome.DIFFERS
    assert await findings(database, granted) == [("late_answer", FactKey.VEHICLE_COUNT, None, 3)], "it is there once"


async def test_a_review_troubles_nobody_with_what_a_person_has_seen_and_kept(database):
    case, granted, agencies = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)
    await keep(database, granted)

    reviewed = await review(database, granted, agencies, cars=3)

    assert reviewed.outcome == Outcome.UNCHANGED
    assert await findings(database, granted) == []


async def test_a_review_finds_what_an_earlier_version_never_showed_anybody(database):
    case, granted, agencies = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})  # and no job follows the report

    reviewed = await review(database, granted, agencies, cars=3)

    assert reviewed.outcome == Outcome.DIFFERS
    assert await findings(database, granted) == [("yearly_review", FactKey.VEHICLE_COUNT, None, 3)]
    await follow(database)
    assert len(await findings(database, granted)) == 1, "the job that comes late has nothing to add"


@pytest.mark.parametrize("backwards", [False, True])
async def test_of_two_reports_each_thing_is_put_before_the_county_once_in_whatever_order(database, backwards):
    case, granted, _ = await build_granted_with_a_gap(database, Item.VEHICLES, Item.BUSINESSES)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    database.clock.advance(timedelta(hours=1))
    await answer(database, case, Item.BUSINESSES, {FactKey.BUSINESS_COUNT: 1})
    first, second = await payloads(database)

    for payload in (second, first, second) if backwards else (first, second, first):
        await follow_later_report(database, payload)

    found = sorted((key, value) for _, key, _, value in await findings(database, granted))
    assert found == [(FactKey.BUSINESS_COUNT, 1), (FactKey.VEHICLE_COUNT, 3)]


async def test_two_workers_with_the_same_reports_at_once_add_nothing_twice(database):
    case, granted, _ = await build_granted_with_a_gap(database, Item.VEHICLES, Item.BUSINESSES)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await answer(database, case, Item.BUSINESSES, {FactKey.BUSINESS_COUNT: 1})

    await asyncio.gather(*(follow_later_report(database, each) for each in (await payloads(database)) * 2))

    assert len(await findings(database, granted)) == 2


async def test_a_worker_that_is_killed_with_any_statement_leaves_nothing_out_and_nothing_twice(database, engine):
    case, granted, _ = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    (payload,) = await payloads(database)

    died = await _die_at_every_statement(engine, lambda: follow_later_report(database, payload))

    assert died > 5
    assert len(await findings(database, granted)) == 1
    assert await task(database, granted) is not None


async def test_a_report_that_comes_before_the_award_is_opened_is_followed_afterwards(database):
    case, _ = await build_silent(database, Item.VEHICLES)
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE applications SET status = 'approved' WHERE id = :id"), {"id": case.id})
    async with database.reading() as db:
        seen = await find_current_report(db, case.id)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    (payload,) = await payloads(database)
    with pytest.raises(AwardNotFound):
        await follow_later_report(database, payload)
    granted = await grant(database, case, report=seen.id)

    await follow_later_report(database, payload)

    assert await findings(database, granted) == [("late_answer", FactKey.VEHICLE_COUNT, None, 3)]


async def test_after_a_stop_nobody_looks_at_what_an_agency_says(database):
    case, granted, _ = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    async with database.unit_of_work() as db:
        award = await get_award(db, SYSTEM, granted.award.id, lock=True)
        award.status, award.stopped_at, award.to_month = Status.STOPPED, db.clock.now(), award.from_month
        award.stop_ground = "request"

    await follow(database)

    assert await findings(database, granted) == []


async def test_what_a_person_has_seen_is_the_report_of_the_grant_and_then_what_findings_name(database):
    case, granted, _ = await build_granted_with_a_gap(database, Item.VEHICLES, Item.BUSINESSES)
    member = granted.member("self")
    seen = []
    for step in (None, "answered", "kept"):
        if step == "answered":
            await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
            await follow(database)
        if step == "kept":
            await keep(database, granted)
        async with database.reading() as db:
            shown = await read_shown(db, granted.award)
        assert (member, Item.BUSINESSES, FactKey.BUSINESS_COUNT) not in shown.all
        places = [known.get((member, *CARS)) for known in (shown.settled, shown.all)]
        seen.append([each and (each.number, each.found) for each in places])

    assert seen == [[None, None], [None, (2, 3)], [(2, 3), (2, 3)]]


async def test_what_a_late_answer_says_is_disputed_like_what_a_review_finds(database):
    case, granted, _ = await build_granted_with_a_gap(database)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 3})
    await follow(database)

    dispute = await dispute_it(database, granted)
    await answer(database, case, Item.VEHICLES, {FactKey.VEHICLE_COUNT: 0})
    await follow(database)

    assert dispute.recheck_id == (await find_check(database, case, Item.VEHICLES)).id
    assert await findings(database, granted) == [
        ("late_answer", FactKey.VEHICLE_COUNT, None, 3),
        ("dispute", FactKey.VEHICLE_COUNT, 3, 0),
    ]
