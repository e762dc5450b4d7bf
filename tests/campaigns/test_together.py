"""Campaigns beside each other: who asks what once, in which way, and what a report between them hides."""

from datetime import date, timedelta

from sqlalchemy import text

from app.applications.queries import get_application
from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding
from app.campaigns.jobs import pursue_campaigns, put_questions
from app.campaigns.lifecycle import Kind, Outcome, Status
from app.core.db import Database
from app.facts import Answer, FactKey, Item
from app.identity.actors import SYSTEM
from app.reference.commands import LocalParameter, put_parameter
from app.verification.batch_jobs import gather_batches
from app.verification.commands import conclude, record_answer
from tests.builders.campaigns import (
    HERE,
    PROVINCE,
    Granted,
    answer_put,
    begin,
    build_granted,
    campaign_of,
    carry_on,
    checks_put,
    counted,
    households_of,
    progress,
)
from tests.builders.verification import AS_OF, PATIENCE, Agencies, build_agencies, give_up


async def build_reviewed(database: Database) -> tuple[Granted, Agencies]:
    """Make a household that was reviewed a year ago, and has a car since."""
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
    database.clock.advance(timedelta(days=365))  # type: ignore[attr-defined]
    agencies.public_security.learn(Item.VEHICLES, granted.number("spouse"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)
    return granted, agencies


async def test_campaigns_of_a_county_and_its_province_ask_the_same_once(database):
    await build_granted(database)
    agencies = build_agencies()
    of_province, of_county = await begin(database, division=PROVINCE), await begin(database)

    await put_questions(database)
    out = sum([len(await checks_put(database, each)) for each in (of_province, of_county)])
    for campaign in (of_province, of_county):
        await carry_on(database, agencies, campaign)

    assert out == len(agencies.civil_affairs.asked) == 3
    books = [await progress(database, each) for each in (of_province, of_county)]
    assert sorted(books, key=len) == [{"none": 3}, {"none": 3, "used": 3}]
    for campaign in (of_province, of_county):
        assert await progress(database, campaign) == await counted(database, campaign)
        assert (await campaign_of(database, campaign.id)).status == Status.DONE


async def test_what_another_campaign_asks_keeps_nobody_else_from_being_asked(database):
    await build_granted(database)
    first = await begin(database, division=PROVINCE)
    await put_questions(database)
    second = await begin(database)
    await build_granted(database)  # comes after the province's list
    third = await begin(database, Kind.DUPLICATE_BENEFITS)

    await put_questions(database)

    assert await progress(database, first) == {"asked": 3}
    assert await progress(database, second) == {"waiting": 3}
    assert await progress(database, third) == {"asked": 6}


async def test_what_the_place_asks_by_file_a_campaign_asks_by_file(database):
    await build_granted(database)
    rule = LocalParameter("procedure", "check_mode.deposits", HERE, "batch", "测试规程第九条", date(2026, 1, 1))
    async with database.unit_of_work() as db:
        await put_parameter(db, rule)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await put_questions(database)
    database.clock.advance(timedelta(hours=1))

    await gather_batches(database, patience=PATIENCE)

    put = await checks_put(database, campaign)
    by_file = [check for check in put if check.mode == "batch"]
    assert {check.item for check in by_file} == {Item.DEPOSITS}
    assert {check.mode for check in put if check not in by_file} == {"interface"}
    assert len({check.ticket for check in by_file} - {None}) == 1, "all in one file"


async def test_a_late_answer_takes_nothing_back_that_the_review_found(database):
    granted, agencies = await build_reviewed(database)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await put_questions(database)
    late = next(
        c
        for c in await checks_put(database, campaign)
        if c.item == Item.DEATHS and c.member_id == granted.member("self")
    )
    await give_up(database, late)
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE checks SET to_take_up = true WHERE id = :id"), {"id": late.id})
    await carry_on(database, agencies, campaign, rounds=20)
    before = (await households_of(database, campaign))[granted.case]
    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, late.id, Answer.none())

    await pursue_campaigns(database)

    after = (await households_of(database, campaign))[granted.case]
    assert (before.outcome, before.finding_id is not None) == (Outcome.DIFFERS, True)
    assert (after.outcome, after.finding_id) == (Outcome.DIFFERS, before.finding_id)


async def test_a_report_that_comes_before_the_campaigns_hides_nothing_it_found(database):
    granted, agencies = await build_reviewed(database)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await put_questions(database)
    database.clock.advance(timedelta(minutes=1))
    await answer_put(database, agencies, campaign)
    async with database.unit_of_work() as db:  # as a late answer to a question of the application's own has it
        assert await conclude(db, await get_application(db, SYSTEM, granted.case, lock=True)) is not None

    await carry_on(database, agencies, campaign)

    household = (await households_of(database, campaign))[granted.case]
    async with database.reading() as db:
        found = await list_open_findings(db, granted.award.id)
        keys = {c.key for each in found if each.campaign_id == campaign.id for c in open_finding(db, each)}
    assert household.outcome == Outcome.DIFFERS
    assert keys == {FactKey.VEHICLE_COUNT}
