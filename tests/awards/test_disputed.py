"""What a review finds about a household that lives on an award is disputed like what was found before the grant."""

import json

import pytest
from sqlalchemy import text

from app.applications.clocks import StepKind
from app.applications.commands import withdraw_authorisation
from app.applications.errors import ApplicationNotFound
from app.applications.queries import find_open_step
from app.awards.disputed import dispute_finding
from app.awards.events import AwardStopped
from app.awards.finding_queries import list_open_findings
from app.awards.findings import open_finding, settle_findings
from app.awards.jobs import end_disputes_about, follow_later_report
from app.awards.lifecycle import Settlement, Status, StopGround
from app.awards.naming import whose
from app.awards.queries import get_award
from app.campaigns.lifecycle import Kind
from app.core.clock import today
from app.facts import FactKey, Item, Outcome
from app.identity.actors import SYSTEM, Role
from app.verification.commands import (
    FOLLOW_LATER_REPORT,
    Disputed,
    GivenAnswer,
    TicketAnswer,
    send_dispute,
)
from app.verification.dispute_lifecycle import LapseGround, SentWay
from app.verification.dispute_lifecycle import Status as DisputeStatus
from app.verification.dispute_models import ReportDispute
from app.verification.errors import DisputeUnauthorised, VerificationClosed
from app.verification.lifecycle import OPEN
from app.verification.queries import find_current_report, list_checks
from tests.builders.campaigns import HERE, begin, build_granted, carry_on
from tests.builders.disputes import REFERENCE, enter_letter
from tests.builders.people import build_citizen, build_staff
from tests.builders.verification import (
    AS_OF,
    ask,
    build_agencies,
    enter,
    give_up,
)

SAID = "车已于去年转让。（测试）"


async def reviewed(database):
    """A household on an award of whom a yearly review has found a car."""
    granted, agencies = await build_granted(database), build_agencies()
    agencies.know(granted.household)
    registered(agencies, granted, 1)
    await carry_on(database, agencies, await begin(database, Kind.YEARLY_REVIEW), rounds=20)
    return granted, agencies


def registered(agencies, granted, cars):
    agencies.public_security.learn(Item.VEHICLES, granted.number("self"), {FactKey.VEHICLE_COUNT: cars}, AS_OF)


async def dispute_it(database, granted, by=None):
    said = Disputed(granted.member("self"), Item.VEHICLES, FactKey.VEHICLE_COUNT, SAID)
    async with database.unit_of_work() as db:
        return await dispute_finding(db, by or granted.household.applicant, granted.case, said)


async def asked_anew(database, granted):
    async with database.reading() as db:
        return [check for check in await list_checks(db, granted.case) if check.status in OPEN]


async def answer_again(database, agencies, granted):
    """Let the register answer what is asked anew, and see to the report that comes of it, twice."""
    for check in await asked_anew(database, granted):
        await ask(database, agencies, check)
    async with database.reading() as db:
        query = text("SELECT payload FROM pgqueuer WHERE entrypoint = :name ORDER BY id")
        payloads = [json.loads(row[0]) for row in await db.execute(query, {"name": FOLLOW_LATER_REPORT})]
    assert payloads, "a later report is followed"
    for payload in (*payloads, *payloads):
        await follow_later_report(database, payload)


async def as_it_stands(database, dispute):
    async with database.reading() as db:
        return await db.get(ReportDispute, dispute.id)


async def open_findings(database, granted):
    async with database.reading() as db:
        return [
            (each.found_by, change.key, change.before, change.found)
            for each in await list_open_findings(db, granted.award.id)
            for change in open_finding(db, each)
            if change.key is FactKey.VEHICLE_COUNT
        ]


async def step_of(database, granted, kind):
    async with database.reading() as db:
        return await find_open_step(db, granted.case, kind)


async def test_what_a_review_found_is_disputed_and_its_agency_asked_anew_on_the_authorisation_in_force(database):
    granted, agencies = await reviewed(database)

    dispute = await dispute_it(database, granted)

    assert dispute.status == DisputeStatus.OPEN
    assert (await step_of(database, granted, StepKind.REPORT_DISPUTE)).due_on == dispute.due_on
    [check] = await asked_anew(database, granted)
    assert (check.id, check.item, check.campaign_id) == (dispute.recheck_id, Item.VEHICLES, None)
    await answer_again(database, agencies, granted)
    assert await asked_anew(database, granted) == []
    assert (await as_it_stands(database, dispute)).status == DisputeStatus.OPEN, "the same answer again is none"
    assert await step_of(database, granted, StepKind.VERIFICATION) is None, "no clock of the procedure runs"


async def test_an_agency_that_says_otherwise_corrects_and_the_county_looks_at_the_award(database):
    granted, agencies = await reviewed(database)
    async with database.unit_of_work() as db:  # the county has seen to the car meanwhile
        confirmer = await build_staff(db, Role.COUNTY_CONFIRMER, HERE)
        award = await get_award(db, SYSTEM, granted.award.id)
        await settle_findings(db, confirmer, award, Settlement.ADJUSTED, await list_open_findings(db, award.id))
    dispute = await dispute_it(database, granted)
    registered(agencies, granted, 0)

    await answer_again(database, agencies, granted)

    corrected = await as_it_stands(database, dispute)
    async with database.reading() as db:
        report, award = await find_current_report(db, granted.case), await get_award(db, SYSTEM, granted.award.id)
    assert (corrected.status, corrected.answer_report_id) == (DisputeStatus.CORRECTED, report.id)
    assert await step_of(database, granted, StepKind.REPORT_DISPUTE) is None
    assert await open_findings(database, granted) == [("dispute", FactKey.VEHICLE_COUNT, 1, 0)]
    assert await step_of(database, granted, StepKind.AWARD_REVIEW) is not None
    assert award.status == Status.ACTIVE, "nothing follows by itself"


async def test_corrected_by_letter_the_agency_is_asked_anew_after_the_grant_as_well(database):
    granted, agencies = await reviewed(database)
    dispute = await dispute_it(database, granted)
    await answer_again(database, agencies, granted)
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, HERE)
        await send_dispute(db, county, dispute.id, today(db.clock), SentWay.POST)
        await enter_letter(db, county, dispute.id, TicketAnswer.CORRECTED)
    registered(agencies, granted, 0)

    await answer_again(database, agencies, granted)

    assert (await as_it_stands(database, dispute)).reference == REFERENCE
    assert ("dispute", FactKey.VEHICLE_COUNT, 1, 0) in await open_findings(database, granted)


async def test_an_answer_to_it_is_entered_by_hand_where_the_agency_gives_none(database):
    granted, _ = await reviewed(database)
    await dispute_it(database, granted)
    [check] = await asked_anew(database, granted)
    await give_up(database, check)
    given = GivenAnswer(Outcome.HIT, {FactKey.VEHICLE_COUNT: 0}, AS_OF, "电话核实（测试）")
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, HERE)

        answered = await enter(db, county, check.id, given)

    assert answered.answered_by == county.id


async def test_about_who_withdrew_nothing_is_disputed_and_nobody_is_asked(database):
    granted, _ = await reviewed(database)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, granted.household.applicant, granted.case, granted.member("self"))

    with pytest.raises(DisputeUnauthorised):
        await dispute_it(database, granted)

    assert await asked_anew(database, granted) == []


async def test_with_the_awards_end_it_lapses_and_nothing_is_disputed_any_more(database):
    granted, _ = await reviewed(database)
    dispute = await dispute_it(database, granted)
    async with database.unit_of_work() as db:
        award = await get_award(db, SYSTEM, granted.award.id, lock=True)
        award.status, award.stopped_at, award.to_month = Status.STOPPED, db.clock.now(), award.from_month
        award.stop_ground = StopGround.REQUEST
    event = AwardStopped(**whose(granted.award), ground="request", last_month="2027-01")

    await end_disputes_about(database, event)

    lapsed = await as_it_stands(database, dispute)
    assert (lapsed.status, lapsed.lapsed_for) == (DisputeStatus.LAPSED, LapseGround.AWARD_ENDED)
    assert await step_of(database, granted, StepKind.REPORT_DISPUTE) is None
    assert await asked_anew(database, granted) == []
    with pytest.raises(VerificationClosed):
        await dispute_it(database, granted)


async def test_a_stranger_finds_no_award_to_dispute_anything_about(database):
    granted, _ = await reviewed(database)
    async with database.unit_of_work() as db:
        stranger = await build_citizen(db, name="测试丁")

    with pytest.raises(ApplicationNotFound):
        await dispute_it(database, granted, by=stranger)
