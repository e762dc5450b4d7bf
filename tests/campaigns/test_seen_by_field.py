"""What the county has seen of a household it has seen field by field: what stood in a report beside that was shown to
nobody, and counts as new."""

import copy
from datetime import timedelta

from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding
from app.campaigns import jobs
from app.campaigns.jobs import pursue_campaigns
from app.campaigns.lifecycle import Kind, Outcome
from app.facts import FactKey, Item
from tests.awards.test_late_answers import answer, build_granted_with_a_gap, findings, follow, keep
from tests.builders import applications
from tests.builders.applications import build_accepted, build_household
from tests.builders.awards import build_award_of
from tests.builders.campaigns import Granted, answer_put, begin, build_granted, carry_on, households_of
from tests.builders.verification import AS_OF, build_agencies

YUAN = 100


async def review_half_asked(database, monkeypatch, *, settled):
    """Let a review find a car, and a late answer a business while the review is half asked, which the county settles or
    leaves. Returns what came of the household."""
    case, granted, agencies = await build_granted_with_a_gap(database, Item.BUSINESSES)
    database.clock.advance(timedelta(days=120))
    agencies.public_security.learn(Item.VEHICLES, granted.number("self"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)
    list_desks = jobs.list_desks

    async def all_but_one(db):
        return [each for each in await list_desks(db) if "market" not in str(each)]

    monkeypatch.setattr(jobs, "list_desks", all_but_one)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    for _ in range(4):
        await pursue_campaigns(database)
        await answer_put(database, agencies, campaign)
        database.clock.advance(timedelta(minutes=1))
    await answer(database, case, Item.BUSINESSES, {FactKey.BUSINESS_COUNT: 1})
    await follow(database)
    assert await findings(database, granted) == [("late_answer", FactKey.BUSINESS_COUNT, None, 1)]
    agencies.market_regulation.learn(Item.BUSINESSES, granted.number("self"), {FactKey.BUSINESS_COUNT: 1}, AS_OF)
    if settled:
        await keep(database, granted)
    monkeypatch.setattr(jobs, "list_desks", list_desks)
    await carry_on(database, agencies, campaign, rounds=30)
    return granted, (await households_of(database, campaign))[granted.case]


async def test_what_a_review_found_is_put_before_the_county_though_a_late_answer_was_settled_meanwhile(
    database, monkeypatch
):
    granted, household = await review_half_asked(database, monkeypatch, settled=True)

    assert household.outcome == Outcome.DIFFERS
    assert await findings(database, granted) == [("yearly_review", FactKey.VEHICLE_COUNT, None, 1)]


async def test_what_waits_for_the_county_a_review_does_not_put_up_once_more(database, monkeypatch):
    granted, household = await review_half_asked(database, monkeypatch, settled=False)

    assert household.outcome == Outcome.DIFFERS
    assert await findings(database, granted) == [
        ("late_answer", FactKey.BUSINESS_COUNT, None, 1),
        ("yearly_review", FactKey.VEHICLE_COUNT, None, 1),
    ]


async def review_in_turn(database, granted, *yuan, cars=None):
    """Review a household a year apart, whose bank says so much each time; the county keeps what is found. Returns what
    sums each review put before the county."""
    agencies = build_agencies()
    agencies.know(granted.household)
    seen = []
    for number, amount in enumerate(yuan):
        database.clock.set(database.clock.now().replace(year=database.clock.now().year + 1))
        balance = {FactKey.DEPOSIT_BALANCE: round(amount * YUAN), FactKey.DEPOSIT_ACCOUNTS: 1}
        agencies.banking.learn(Item.DEPOSITS, granted.number("self"), balance, AS_OF)
        if cars is not None:
            known = {FactKey.VEHICLE_COUNT: cars[number]}
            agencies.public_security.learn(Item.VEHICLES, granted.number("self"), known, AS_OF)
        await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
        async with database.reading() as db:
            found = [
                change for each in await list_open_findings(db, granted.award.id) for change in open_finding(db, each)
            ]
        seen.append([each.found / YUAN for each in found if each.key is FactKey.DEPOSIT_BALANCE])
        if found:
            await keep(database, granted)
    return seen


async def build_with_an_account(database, monkeypatch, value_fen):
    """A household that declares one account, granted without any report."""
    answers = copy.deepcopy(applications.ANSWERS)
    async with database.unit_of_work() as db:
        household = await build_household(db)
        owner = str(household.members[0][0])
        answers["property"] = [{"kind": "deposit", "owner": owner, "value_fen": value_fen, "count": 1}]
        monkeypatch.setattr(applications, "ANSWERS", answers)
        award = await build_award_of(db, await build_accepted(db, household))
    return Granted(award, household)


async def test_what_the_owner_could_not_say_is_put_before_the_county_and_again_when_it_is_more(database, monkeypatch):
    granted = await build_with_an_account(database, monkeypatch, None)

    found = await review_in_turn(database, granted, 100, 400, 1_000_000, 1_050_000, 5_000_000)

    assert found == [[100], [], [1_000_000], [], [5_000_000]]


async def test_a_sum_that_grows_by_little_is_measured_against_what_was_seen_of_it_whatever_else_is_kept(
    database, monkeypatch
):
    granted = await build_with_an_account(database, monkeypatch, 1000 * YUAN)

    found = await review_in_turn(database, granted, 21_000, 22_900, 24_800, 27_000, 29_500, cars=[0, 1, 2, 3, 4])

    assert found == [[21_000], [], [24_800], [], [29_500]]


async def test_a_sum_that_hovers_about_what_was_declared_is_no_task(database, monkeypatch):
    granted = await build_with_an_account(database, monkeypatch, 1000 * YUAN)

    found = await review_in_turn(database, granted, 1000, 1000.87, 999.5, 1000.3, 998)

    assert found == [[], [], [], [], []]


async def test_a_review_that_finds_what_a_match_has_put_up_leaves_it_there_once(database):
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("spouse"), {FactKey.DECEASED_ON: AS_OF}, AS_OF)
    await carry_on(database, agencies, await begin(database))

    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await carry_on(database, agencies, campaign, rounds=20)

    deaths = [each for each in await findings(database, granted) if each[1] is FactKey.DECEASED_ON]
    assert len(deaths) == 1
    assert (await households_of(database, campaign))[granted.case].outcome == Outcome.DIFFERS
