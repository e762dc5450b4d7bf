"""A campaign is planned by one and approved by another, for a place, once; whom it lists and asks."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.applications.commands import withdraw_authorisation
from app.applications.queries import get_application, get_whole_application
from app.awards.events import AwardStopped
from app.awards.lifecycle import StopGround
from app.awards.naming import whose
from app.campaigns.commands import approve_campaign, end_campaign
from app.campaigns.errors import CampaignUnderWay, NotOfThisLevel
from app.campaigns.jobs import leave_out_stopped, open_campaign, pursue_campaigns, put_questions
from app.campaigns.lifecycle import Kind, Status
from app.campaigns.needs import items_of
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.core.months import write_month
from app.facts import Item
from app.identity.actors import SYSTEM, Role
from app.reference.commands import put_parameter
from app.reference.errors import OutsideYourDivision
from app.verification.lifecycle import Status as CheckStatus
from app.verification.queries import list_supporters_checks
from tests.builders.awards import Grant, build_award_of
from tests.builders.campaigns import (
    HERE,
    LIVING_ALLOWANCE,
    PREFECTURE,
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
from tests.builders.hearings import hear_and_stop
from tests.builders.people import build_staff
from tests.builders.supporters import build_supported
from tests.builders.verification import NEEDED, ask, build_agencies
from tests.campaigns.places import ELSEWHERE, setting

PROVINCE = "530000000000"
BEIJING = "110101001001"


async def test_a_review_asks_nothing_about_a_supporter_outside_the_household_whatever_he_authorised(database):
    agencies, supported = build_agencies(), await build_supported(database, authorised=True)
    async with database.reading() as db:
        checks = await list_supporters_checks(db, supported.id)
    for check in checks:
        await ask(database, agencies, check)
    async with database.unit_of_work() as db:
        await build_award_of(db, await get_application(db, SYSTEM, supported.id), Grant())

    campaign = await begin(database, Kind.YEARLY_REVIEW)

    members = {member_id for member_id, _ in supported.case.household.members}
    assert {question.member_id for question in await questions_of(database, campaign)} == members


async def test_nobody_approves_what_he_planned(database):
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, HERE)
    campaign = await plan(database, supervisor, Kind.DEATH_MATCH)

    with pytest.raises(SamePersonNotAllowed):
        async with database.unit_of_work() as db:
            await approve_campaign(db, supervisor, campaign.id)

    assert (await campaign_of(database, campaign.id)).status == Status.PLANNED


async def test_a_campaign_is_for_ones_own_place_and_no_smaller_than_a_county(database):
    desks = await build_desks(database)

    for division, refusal in ((PREFECTURE, OutsideYourDivision), ("532529103000", NotOfThisLevel)):
        with pytest.raises(refusal):
            await plan(database, desks.planner, Kind.DEATH_MATCH, division)
    with pytest.raises(RoleNotAllowed):
        await plan(database, desks.approver, Kind.DEATH_MATCH)


async def test_the_same_does_not_run_twice_for_a_place(database):
    desks = await build_desks(database)
    first = await plan(database, desks.planner, Kind.DEATH_MATCH)

    with pytest.raises(CampaignUnderWay):
        await plan(database, desks.planner, Kind.DEATH_MATCH)
    await plan(database, desks.planner, Kind.DUPLICATE_BENEFITS)
    async with database.unit_of_work() as db:
        await end_campaign(db, desks.planner, first.id)
    await plan(database, desks.planner, Kind.DEATH_MATCH)

    ended = await campaign_of(database, first.id)
    assert (ended.status, ended.finished_at is not None) == (Status.ENDED, True)


async def test_nobody_is_listed_before_it_is_approved(database):
    await build_granted(database)
    desks = await build_desks(database)
    campaign = await plan(database, desks.planner, Kind.DEATH_MATCH)

    await open_campaign(database, {"campaign": str(campaign.id)})

    assert await questions_of(database, campaign) == []


async def test_a_match_asks_one_item_and_a_review_all_of_households_with_an_award_in_force(database):
    granted = await build_granted(database)
    stopped = await build_granted(database)
    await build_granted(database, village=ELSEWHERE)
    async with database.unit_of_work() as db:
        await db.execute(
            text("UPDATE awards SET status = 'stopped', to_month = '2026-12-01' WHERE id = :id"),
            {"id": stopped.award.id},
        )

    match = await begin(database, Kind.DEATH_MATCH)
    review = await begin(database, Kind.YEARLY_REVIEW)

    asked = await questions_of(database, match)
    assert {(each.application_id, each.item) for each in asked} == {(granted.case, Item.DEATHS)}
    assert len(asked) == 3
    assert len(await questions_of(database, review)) == 3 * NEEDED


async def test_a_review_asks_in_each_place_what_that_place_has_asked_beyond_the_rules(database):
    here, there = await build_granted(database), await build_granted(database, village=ELSEWHERE)
    async with database.unit_of_work() as db:
        await put_parameter(db, setting("also_asked", HERE, [Item.EDUCATION, Item.WALLETS]))
        await put_parameter(db, setting("also_asked", ELSEWHERE[:6].ljust(12, "0"), [Item.WALLETS]))

    match = await begin(database, Kind.DEATH_MATCH)
    review = await begin(database, Kind.YEARLY_REVIEW, PROVINCE)

    assert {each.item for each in await questions_of(database, match)} == {Item.DEATHS}
    asked = {(each.application_id, each.item) for each in await questions_of(database, review)}
    needed = set(items_of(Kind.YEARLY_REVIEW, LIVING_ALLOWANCE))
    assert {item for case, item in asked if case == here.case} == {*needed, Item.EDUCATION, Item.WALLETS}
    assert {item for case, item in asked if case == there.case} == {*needed, Item.WALLETS}
    assert set((await campaign_of(database, review.id)).items) == {*needed, Item.EDUCATION, Item.WALLETS}


async def test_a_review_asks_another_province_only_about_who_is_registered_in_one(database):
    granted = await build_granted(database)
    async with database.unit_of_work() as db:
        await put_parameter(db, setting("also_asked", HERE, [Item.OTHER_PROVINCE]))
        application = await get_whole_application(db, SYSTEM, granted.case)
        spouse = next(member for member in application.members if member.relation == "spouse")
        profile = json.loads(db.vault.open("members.profile", spouse.id, spouse.profile_sealed))
        profile["hukou_division"] = BEIJING
        sealed = db.vault.seal("members.profile", spouse.id, json.dumps(profile), division=application.division)
        spouse.profile_sealed = sealed

    review = await begin(database, Kind.HALF_YEARLY_REVIEW)

    asked = [each.member_id for each in await questions_of(database, review) if each.item == Item.OTHER_PROVINCE]
    assert asked == [granted.member("spouse")]


async def test_who_has_no_authorisation_in_force_is_listed_with_the_reason_and_never_asked(database):
    granted = await build_granted(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, granted.household.applicant, granted.case, granted.member("spouse"))
        await db.execute(text("DELETE FROM authorisations WHERE member_id = :id"), {"id": granted.member("child")})
    agencies = build_agencies()

    campaign = await begin(database)
    await carry_on(database, agencies, campaign)

    reasons = {each.member_id: each.reason for each in await questions_of(database, campaign)}
    assert reasons == {
        granted.member("self"): None,
        granted.member("spouse"): "authorisation_withdrawn",
        granted.member("child"): "no_authorisation",
    }
    assert [query.id_number for query in agencies.civil_affairs.asked] == [granted.number("self")]
    (check,) = await checks_put(database, campaign)
    assert (check.purpose, check.operator, check.campaign_id) == ("living_allowance", "system", campaign.id)


async def test_who_withdraws_after_the_listing_is_not_asked(database):
    granted = await build_granted(database)
    campaign = await begin(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, granted.household.applicant, granted.case, granted.member("spouse"))

    await put_questions(database)

    asked = {check.member_id for check in await checks_put(database, campaign)}
    assert asked == {granted.member("self"), granted.member("child")}
    assert await progress(database, campaign) == await counted(database, campaign) == {"asked": 2, "skipped": 1}


async def test_nothing_more_is_asked_about_a_household_whose_award_was_stopped(database):
    granted = await build_granted(database)
    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await put_questions(database)  # a minute's questions of each agency
    async with database.unit_of_work() as db:
        confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, HERE)
        handler = await build_staff(db, Role.COUNTY_HANDLER, HERE)
        ground, last = StopGround.REQUEST, granted.award.from_month
        stopped = await hear_and_stop(db, handler, confirmer, granted.award.id, ground, last_month=last)
        event = AwardStopped(**whose(stopped), ground=ground, last_month=write_month(stopped.from_month))

    await leave_out_stopped(database, event)
    await pursue_campaigns(database)

    assert {check.status for check in await checks_put(database, campaign)} == {CheckStatus.CANCELLED}
    assert await progress(database, campaign) == await counted(database, campaign) == {"skipped": 3 * NEEDED}
    assert (await campaign_of(database, campaign.id)).status == Status.DONE


async def test_an_answer_that_is_fresh_is_used_and_not_asked_again(database):
    await build_granted(database)
    agencies = build_agencies()
    await carry_on(database, agencies, await begin(database))
    asked = len(agencies.civil_affairs.asked)
    database.clock.advance(timedelta(days=3))

    again = await begin(database)
    await carry_on(database, agencies, again)

    assert len(agencies.civil_affairs.asked) == asked
    assert await progress(database, again) == await counted(database, again) == {"none": 3, "used": 3}
    assert (await campaign_of(database, again.id)).status == Status.DONE
    database.clock.advance(timedelta(days=8))
    third = await begin(database)
    await carry_on(database, agencies, third)
    assert len(agencies.civil_affairs.asked) == 2 * asked, "deaths are fresh for a week"


async def test_what_the_place_asks_on_paper_is_left_out(database):
    await build_granted(database)
    async with database.unit_of_work() as db:
        await put_parameter(db, setting("check_mode.deaths", HERE, "manual"))

    campaign = await begin(database)
    await put_questions(database)

    assert {each.reason for each in await questions_of(database, campaign)} == {"asked_on_paper"}
    assert await checks_put(database, campaign) == []
