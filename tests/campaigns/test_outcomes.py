"""What a campaign finds: a task for a person, a new report, and never that silence is none."""

from datetime import timedelta

from sqlalchemy import text

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, list_steps
from app.awards.adjusting import keep_award
from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding
from app.awards.lifecycle import Status as AwardStatus
from app.awards.queries import get_award
from app.campaigns.jobs import pursue_campaigns, put_questions
from app.campaigns.lifecycle import Kind, Outcome
from app.facts import Answer, Fact, FactKey, Item
from app.facts import Outcome as Found
from app.identity.actors import SYSTEM, Role
from app.verification.commands import record_answer
from app.verification.queries import find_current_report
from tests.builders.awards import found_about
from tests.builders.campaigns import (
    HERE,
    begin,
    build_granted,
    carry_on,
    checks_put,
    households_of,
    progress,
)
from tests.builders.people import build_staff
from tests.builders.verification import AS_OF, build_agencies, give_up


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
        found = await found_about(db, granted.award.id)
        await keep_award(db, confirmer, granted.award.id, reason="已核实，系登记错误（测试）", findings=found)
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
