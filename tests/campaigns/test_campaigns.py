"""Whom a campaign asks about, at what pace, and what becomes of it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.applications.clocks import StepKind
from app.applications.commands import withdraw_authorisation
from app.applications.queries import find_open_step, get_application, list_steps
from app.awards.adjusting import keep_award
from app.awards.commands import stop_award
from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding
from app.awards.lifecycle import Status as AwardStatus
from app.awards.lifecycle import StopGround
from app.awards.queries import get_award
from app.campaigns.commands import approve_campaign, end_campaign, pause_campaign, resume_campaign
from app.campaigns.errors import CampaignUnderWay, NotOfThisLevel
from app.campaigns.jobs import leave_out_stopped, open_campaign, pursue_campaigns, put_questions
from app.campaigns.lifecycle import Kind, Outcome, Status
from app.core.errors import RoleNotAllowed, SamePersonNotAllowed
from app.facts import Answer, Fact, FactKey, Item
from app.facts import Outcome as Found
from app.identity.actors import SYSTEM, Role
from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import OutsideYourDivision
from app.verification.commands import record_answer
from app.verification.lifecycle import Status as CheckStatus
from app.verification.queries import find_current_report, list_supporters_checks
from tests.builders.awards import Grant, build_award_of
from tests.builders.campaigns import (
    HERE,
    PREFECTURE,
    PROVINCE,
    answer_put,
    begin,
    build_desks,
    build_granted,
    campaign_of,
    carry_on,
    checks_put,
    counted,
    households_of,
    plan,
    progress,
    questions_of,
)
from tests.builders.people import build_staff
from tests.builders.supporters import build_supported
from tests.builders.verification import AS_OF, NEEDED, ask, build_agencies, give_up

ELSEWHERE = "530102001001"


# ---- whom it leaves alone ----


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


# ---- who may ----


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


# ---- whom ----


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
        (await get_award(db, SYSTEM, granted.award.id)).members_count = 1
        await stop_award(
            db, confirmer, granted.award.id, ground=StopGround.DEATH, reason="测试", last_month=granted.award.from_month
        )
    event = type("Stopped", (), {"application_id": granted.case})

    await leave_out_stopped(database, event)  # type: ignore[arg-type]
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
        await put_parameter(db, _setting("check_mode.deaths", HERE, "manual"))

    campaign = await begin(database)
    await put_questions(database)

    assert {each.reason for each in await questions_of(database, campaign)} == {"asked_on_paper"}
    assert await checks_put(database, campaign) == []


# ---- the pace ----


def _setting(name: str, area: str, value: object) -> LocalParameter:
    return LocalParameter("procedure", name, area, value, "测试规程第九条", date(2026, 1, 1))


async def _slow_down(database, name: str, value: int) -> None:
    async with database.unit_of_work() as db:
        await put_parameter(db, _setting(name, PROVINCE, value))


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


# ---- what comes of it ----


async def test_a_match_that_finds_a_dead_member_is_a_task_and_nothing_else(database):
    granted, other = await build_granted(database), await build_granted(database)
    agencies = build_agencies()
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("spouse"), {FactKey.DECEASED_ON: AS_OF}, AS_OF)

    campaign = await begin(database)
    await carry_on(database, agencies, campaign)

    households = await households_of(database, campaign)
    assert households[granted.case].outcome == Outcome.DIFFERS
    assert households[other.case].outcome == Outcome.UNCHANGED
    async with database.reading() as db:
        (finding,) = await list_open_findings(db, granted.award.id)
        (change,) = open_finding(db, finding)
        award = await get_award(db, SYSTEM, granted.award.id)
        task = await find_open_step(db, granted.case, StepKind.AWARD_REVIEW)
        quiet = await list_steps(db, other.case)
    assert (change.member, change.key, change.found) == (granted.member("spouse"), "deceased_on", AS_OF.isoformat())
    assert (award.status, task is not None) == (AwardStatus.ACTIVE, True)
    assert StepKind.AWARD_REVIEW not in {step.kind for step in quiet}


async def test_what_a_person_has_settled_does_not_come_back_with_the_next_match(database):
    granted, agencies = await build_granted(database), build_agencies()
    agencies.civil_affairs.learn(Item.DEATHS, granted.number("spouse"), {FactKey.DECEASED_ON: AS_OF}, AS_OF)
    await carry_on(database, agencies, await begin(database))
    async with database.unit_of_work() as db:
        confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, HERE)
        await keep_award(db, confirmer, granted.award.id, reason="已核实，系登记错误（测试）")
    database.clock.advance(timedelta(days=31))

    again = await begin(database)
    await carry_on(database, agencies, again)

    async with database.reading() as db:
        assert await list_open_findings(db, granted.award.id) == []
        assert await find_open_step(db, granted.case, StepKind.AWARD_REVIEW) is None
    household = (await households_of(database, again))[granted.case]
    assert household.outcome == Outcome.DIFFERS, "it is told as it is, with what became of it"


async def test_other_benefits_are_found_and_the_awards_own_is_not(database):
    granted, other, agencies = await build_granted(database), await build_granted(database), build_agencies()
    for household, codes in (
        (granted, ("destitute_support", "living_allowance")),
        (other, ("disability_subsidies", "living_allowance")),
    ):
        agencies.civil_affairs.learn(Item.BENEFITS, household.number("self"), {FactKey.BENEFITS_IN_FORCE: codes}, AS_OF)

    campaign = await begin(database, Kind.DUPLICATE_BENEFITS)
    await carry_on(database, agencies, campaign)

    async with database.reading() as db:
        (finding,) = await list_open_findings(db, granted.award.id)
        assert [change.found for change in open_finding(db, finding)] == [("destitute_support",)]
        assert await list_open_findings(db, other.award.id) == []


async def test_a_review_gives_a_new_report_and_shows_the_citizen_that_it_ran(database):
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
    async with database.reading() as db:
        first = await find_current_report(db, granted.case)
    database.clock.advance(timedelta(days=365))
    agencies.public_security.learn(Item.VEHICLES, granted.number("spouse"), {FactKey.VEHICLE_COUNT: 1}, AS_OF)

    campaign = await begin(database, Kind.YEARLY_REVIEW)
    await pursue_campaigns(database)
    async with database.reading() as db:
        running = await find_open_step(db, granted.case, StepKind.PERIODIC_REVIEW)
    await carry_on(database, agencies, campaign, rounds=20)

    assert running is not None
    assert (running.due_on, running.responsible) == (None, "agencies")
    async with database.reading() as db:
        second = await find_current_report(db, granted.case)
        steps = [step for step in await list_steps(db, granted.case) if step.kind == StepKind.PERIODIC_REVIEW]
        found = await list_open_findings(db, granted.award.id)
        (change,) = (change for each in found if each.campaign_id == campaign.id for change in open_finding(db, each))
        open_clock = await find_open_step(db, granted.case, StepKind.VERIFICATION)
    assert first is not None
    assert second is not None
    assert second.number == first.number + 1
    assert [step.outcome for step in steps][-1] == "differs"
    assert all(step.closed_at is not None for step in steps)
    assert (change.key, change.found, change.difference) == ("vehicle_count", 1, "not_declared")
    assert open_clock is None, "no clock of the procedure runs after the decision"
    household = (await households_of(database, campaign))[granted.case]
    assert household.report_id == second.id


async def test_silence_is_not_none_and_a_late_answer_still_counts(database):
    granted, agencies = await build_granted(database), build_agencies()
    campaign = await begin(database)
    await put_questions(database)
    for check in await checks_put(database, campaign):
        await give_up(database, check)
        async with database.unit_of_work() as db:
            await db.execute(text("UPDATE checks SET to_take_up = true WHERE id = :id"), {"id": check.id})
    await pursue_campaigns(database)
    silent = await progress(database, campaign)
    household = (await households_of(database, campaign))[granted.case]
    late = next(c for c in await checks_put(database, campaign) if c.member_id == granted.member("spouse"))
    fact = Fact(FactKey.DECEASED_ON, AS_OF, "civil_affairs", AS_OF)
    async with database.unit_of_work() as db:
        await record_answer(db, SYSTEM, late.id, Answer(Found.HIT, {FactKey.DECEASED_ON: fact}))

    await pursue_campaigns(database)

    assert silent == {"unavailable": 3}
    assert household.outcome == Outcome.INCOMPLETE
    assert await progress(database, campaign) == {"unavailable": 2, "answered": 1}
    assert (await households_of(database, campaign))[granted.case].outcome == Outcome.DIFFERS
    assert agencies.civil_affairs.asked == []
