"""Counties take turns, agencies get no more than they take, and a campaign is paused, resumed and ended."""

from datetime import timedelta

from app.campaigns.commands import approve_campaign, end_campaign, pause_campaign, resume_campaign
from app.campaigns.jobs import open_campaign, put_questions
from app.campaigns.lifecycle import Kind, Status
from app.reference.commands import put_parameter
from tests.builders.campaigns import (
    PROVINCE,
    answer_put,
    begin,
    build_desks,
    build_granted,
    campaign_of,
    carry_on,
    checks_put,
    counted,
    plan,
    progress,
    questions_of,
)
from tests.builders.verification import build_agencies
from tests.campaigns.places import ELSEWHERE, setting


async def _slow_down(database, name: str, value: int) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, setting(name, PROVINCE, value))


async def test_counties_take_turns_and_an_agency_gets_no_more_than_its_hour_allows(database):
    for _ in range(4):
        await build_granted(database)
    await build_granted(database, village=ELSEWHERE)
    await _slow_down(database, "campaign_hourly.civil_affairs", 120)  # two in a minute
    campaign = await begin(database, division=PROVINCE)

    turns = []
    for _ in range(3):
        await put_questions(database)
        turns.append(sorted(check.county for check in await checks_put(database, campaign)))
        database.clock.advance(timedelta(minutes=1))

    here, there = "532529", "530102"
    assert turns == [
        [there, here],
        [there, there, here, here],
        [there, there, there, here, here, here],
    ]


async def test_no_more_is_open_than_the_agency_takes_at_once(database):
    for _ in range(2):
        await build_granted(database)
    await _slow_down(database, "campaign_at_once.civil_affairs", 2)
    campaign, agencies, put = await begin(database), build_agencies(), []

    for answered in (False, True, False):
        database.clock.advance(timedelta(minutes=1))
        await put_questions(database)
        put.append(len(await checks_put(database, campaign)))
        if answered:
            await answer_put(database, agencies, campaign)

    assert put == [2, 2, 4]


async def test_a_campaign_that_is_paused_puts_nothing_and_goes_on_where_it_was(database):
    for _ in range(2):
        await build_granted(database)
    await _slow_down(database, "campaign_hourly.civil_affairs", 60)
    campaign, agencies = await begin(database), build_agencies()
    desks = await build_desks(database)
    await put_questions(database)
    async with database.unit_of_work() as db:
        await pause_campaign(db, desks.planner, campaign.id)

    await carry_on(database, agencies, campaign, rounds=3)
    paused = await progress(database, campaign)
    async with database.unit_of_work() as db:
        await resume_campaign(db, desks.planner, campaign.id)
    await carry_on(database, agencies, campaign)

    assert paused == {"none": 1, "waiting": 5}, "what was put is answered, nothing more is put"
    assert await progress(database, campaign) == await counted(database, campaign) == {"none": 6}
    done = await campaign_of(database, campaign.id)
    assert (done.status, done.paused_seconds) == (Status.DONE, 180)


async def test_a_campaign_that_is_ended_leaves_out_the_rest(database):
    for _ in range(2):
        await build_granted(database)
    await _slow_down(database, "campaign_hourly.civil_affairs", 60)
    campaign, agencies = await begin(database), build_agencies()
    desks = await build_desks(database)
    await put_questions(database)
    async with database.unit_of_work() as db:
        await end_campaign(db, desks.approver, campaign.id)

    await carry_on(database, agencies, campaign)

    assert await progress(database, campaign) == await counted(database, campaign) == {"none": 1, "skipped": 5}
    ended = await campaign_of(database, campaign.id)
    assert (ended.status, ended.finished_at is not None) == (Status.ENDED, True)
    assert len(agencies.civil_affairs.asked) == 1


async def test_a_campaign_that_is_paused_while_it_lists_goes_on_listing_afterwards(database):
    for _ in range(3):
        await build_granted(database)
    desks = await build_desks(database)
    campaign = await plan(database, desks.planner, Kind.DEATH_MATCH)
    async with database.unit_of_work() as db:
        await approve_campaign(db, desks.approver, campaign.id)
        await pause_campaign(db, desks.approver, campaign.id)

    await open_campaign(database, {"campaign": str(campaign.id)})
    nothing = await questions_of(database, campaign)
    async with database.unit_of_work() as db:
        await resume_campaign(db, desks.approver, campaign.id)
    await open_campaign(database, {"campaign": str(campaign.id)})

    assert nothing == []
    assert len(await questions_of(database, campaign)) == 9
