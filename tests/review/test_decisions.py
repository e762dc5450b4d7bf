"""The county's decision: by whom, on what, and that it can be judged again to the same bytes."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.applications.commands import terminate_application, withdraw_authorisation
from app.applications.errors import AuthorisationMissing
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.core.clock import today
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id, number_is_valid
from app.events.queries import list_subject_events
from app.facts import Answer, Fact, FactKey, Item
from app.facts import Outcome as DataOutcome
from app.identity.actors import SYSTEM
from app.notices.jobs import end_notices
from app.review.commands import (
    confirm,
    record_delivery,
    refuse,
    require_county_visit,
    send_back,
    send_to_county,
)
from app.review.decisions import open_decision
from app.review.errors import (
    AssessmentOutdated,
    CountyVisitMissing,
    DecisionAlreadyDelivered,
    DecisionNotFound,
    OpinionUnfavourable,
    SurveyDateInvalid,
    VerificationIncomplete,
)
from app.review.grounds import RefusalGround
from app.review.lifecycle import Status
from app.review.queries import find_decision
from app.review.replay import replay_decision
from app.verification.commands import GivenAnswer, record_answer
from tests.builders.applications import Household, build_submitted
from tests.builders.review import (
    AMOUNT,
    REASONS,
    SETTLED,
    build_accepted_case,
    build_office,
    build_verified,
    county_visit,
    decide,
    decide_as,
    opine,
    review_of,
    verify,
    visit,
    with_county,
)
from tests.builders.verification import enter, find_check


async def test_a_decision_says_what_why_and_what_may_be_done_against_it(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    decision = await decide(database, case, office)

    assert number_is_valid(decision.number)
    assert decision.number.startswith("JD532529")
    assert (decision.monthly_amount_fen, decision.members_counted, decision.first_month) == (
        AMOUNT,
        3,
        date(2027, 1, 1),
    )
    assert "最低生活保障审核确认办法（民发〔2021〕57号）第二十一条" in decision.basis
    assert len(decision.basis) == len(set(decision.basis))
    assert [(r["kind"], r["within"], r["unit"]) for r in decision.remedies] == [
        ("administrative_reconsideration", 60, "day"),
        ("administrative_suit", 6, "month"),
    ]
    assert "社会救助法第七十六条" in decision.remedies[0]["basis"]
    assert decision.parameter_versions["rules_version"] == 5


@pytest.mark.parametrize("outcome", ["approved", "refused"])
async def test_a_decision_replays_to_the_same_bytes(database, clock, outcome):
    office = await build_office(database)
    case = await with_county(database, clock, office, owns_a_dwelling=True)
    await decide_as(database, office.confirmer, case, "confirm" if outcome == "approved" else "refuse")

    # Years later, from the database alone.
    clock.advance(timedelta(days=2000))
    async with database.reading() as db:
        decision = await find_decision(db, case.id)
        replay = replay_decision(db, decision)
        body = open_decision(db, decision)

    assert replay.same
    assert replay.stored == replay.again
    assert set(body) == {"case", "parameters", "assessment", "opinion", "decision"}
    assert body["decision"]["outcome"] == outcome
    assert body["opinion"]["reasons"] == {"property_has_a_limit": SETTLED}


async def test_a_record_that_was_tampered_with_does_not_replay(database, database_url, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    decision = await decide(database, case, office)

    decision.digest = "0" * 64  # what a changed row would look like

    async with database.reading() as db:
        assert not replay_decision(db, decision).same


async def test_a_decision_cannot_be_changed_or_removed(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await decide(database, case, office)

    for change in ("UPDATE decisions SET monthly_amount_fen = 1", "DELETE FROM decisions"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with database.unit_of_work() as db:
                await db.execute(text(change))


async def test_nothing_of_the_household_is_readable_in_the_table(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await decide(database, case, office)

    async with database.reading() as db:
        rows = (await db.execute(text("SELECT decisions::text || assessments::text FROM decisions, assessments"))).all()

    for member, details in case.household.members:
        assert not any(details.name in str(row) or str(member) in str(row) for row in rows)


async def test_two_confirmers_at_once_make_one_decision(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    async def once() -> str:
        try:
            async with database.unit_of_work() as db:
                return (await confirm(db, office.confirmer, case.id)).outcome
        except StepNotAllowed:
            return "too late"

    assert sorted(await asyncio.gather(once(), once())) == ["approved", "too late"]
    async with database.reading() as db:
        told = [e for e in await list_subject_events(db, case.id) if e.type == "decision.made"]
    assert len(told) == 1


@pytest.mark.parametrize("what", ["confirm", "refuse"])
async def test_nothing_is_decided_before_the_notice_has_ended(database, what):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    with pytest.raises(StepNotAllowed):
        await decide_as(database, office.confirmer, case, what)


async def test_what_was_never_posted_is_not_confirmed(database):
    office = await build_office(database)
    case = await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office, favourable=False)

    with pytest.raises(OpinionUnfavourable):
        await decide(database, case, office)

    async with database.unit_of_work() as db:
        assert (await send_back(db, office.confirmer, case.id, reason="请重新调查。")).status == Status.SURVEYING


async def test_a_complaint_obliges_the_county_to_visit_even_if_it_has_been_there(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await county_visit(database, case, office)

    clock.advance(timedelta(hours=1))
    async with database.unit_of_work() as db:
        assert await require_county_visit(db, case.id, "complaint")
    with pytest.raises(CountyVisitMissing):
        await decide(database, case, office)

    clock.advance(timedelta(hours=1))
    await county_visit(database, case, office, way="neighbour", present=[])
    with pytest.raises(CountyVisitMissing):
        await decide(database, case, office)
    await county_visit(database, case, office)
    assert (await decide(database, case, office)).outcome == "approved"


async def test_a_second_complaint_before_the_visit_asks_for_no_second_visit(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    for _ in range(2):
        async with database.unit_of_work() as db:
            assert await require_county_visit(db, case.id, "complaint")
        first = (await review_of(database, case)).county_visit_required_at
        clock.advance(timedelta(hours=1))

    assert first == (await review_of(database, case)).county_visit_required_at


async def test_a_complaint_about_a_decided_or_unaccepted_matter_asks_for_no_visit(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await decide(database, case, office)

    async with database.unit_of_work() as db:
        assert not await require_county_visit(db, case.id, "complaint")
        assert not await require_county_visit(db, (await build_submitted(db)).id, "complaint")


async def test_a_later_answer_of_an_agency_sends_the_papers_back(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE household_reports SET superseded_at = now()"))

    with pytest.raises(AssessmentOutdated):
        await decide(database, case, office)


async def test_nothing_is_decided_while_an_agency_is_asked_anew(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    async with database.unit_of_work() as db:
        await db.execute(
            text("UPDATE checks SET status = 'requested', outcome = NULL, facts_sealed = NULL WHERE item = 'vehicles'")
        )

    with pytest.raises(VerificationIncomplete):
        await decide(database, case, office)


async def test_a_refusal_frees_everybody_to_apply_again(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    async with database.unit_of_work() as db:
        await refuse(db, office.confirmer, case.id, reasons=REASONS, ground=RefusalGround.PROPERTY_DIFFERS)

    async with database.reading() as db:
        decision = await find_decision(db, case.id)
        assert open_decision(db, decision)["decision"]["reasons"] == REASONS
        assert (await get_application(db, SYSTEM, case.id)).status == ApplicationStatus.REFUSED
    again = Household(case.applicant, tuple((new_id(), details) for _, details in case.household.members))
    async with database.unit_of_work() as db:
        assert await build_submitted(db, again)


async def test_a_household_whose_member_withdrew_is_not_granted_the_allowance_but_the_matter_can_end(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    with pytest.raises(AuthorisationMissing):
        await decide_as(database, office.confirmer, case, "confirm")

    assert (await review_of(database, case)).status == Status.WITH_COUNTY
    async with database.unit_of_work() as db:
        await terminate_application(db, office.county_1, case.id, reason="no_authorisation")
    async with database.reading() as db:
        assert (await get_application(db, SYSTEM, case.id)).status == ApplicationStatus.TERMINATED
        assert await find_decision(db, case.id) is None


async def test_what_an_agency_says_after_the_opinion_stops_the_decision(database, clock):
    office = await build_office(database)
    case = await build_accepted_case(database)
    await verify(database, case, silent={("spouse", Item.DEPOSITS)})
    check = await find_check(database, case, Item.DEPOSITS, "spouse")
    async with database.unit_of_work() as db:
        given = GivenAnswer(DataOutcome.NONE, {}, today(database.clock), "银行书面答复没有记录")
        await enter(db, office.county_1, check.id, given)
    await visit(database, case, office)
    await opine(database, case, office)
    clock.advance(timedelta(days=8))
    await end_notices(database)
    values = {FactKey.DEPOSIT_BALANCE: 90_000_000, FactKey.DEPOSIT_ACCOUNTS: 2}
    facts = {key: Fact(key, value, "banking", today(database.clock)) for key, value in values.items()}
    async with database.unit_of_work() as db:
        assert await record_answer(db, SYSTEM, check.id, Answer(DataOutcome.HIT, facts))

    with pytest.raises(AssessmentOutdated):
        await decide(database, case, office)


async def test_the_papers_go_to_the_county_once(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await send_to_county(db, case.id)


async def test_the_delivery_of_a_decision_is_recorded_once_by_the_township(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)

    async def deliver(actor, day):
        async with database.unit_of_work() as db:
            await record_delivery(db, actor, case.id, way="in_person", delivered_on=day)

    with pytest.raises(DecisionNotFound):
        await deliver(office.handler, date(2026, 12, 1))
    await decide(database, case, office)
    with pytest.raises(RoleNotAllowed):
        await deliver(office.reviewer, date(2026, 12, 1))
    for day in (date(2026, 11, 30), date(2026, 12, 2)):
        with pytest.raises(SurveyDateInvalid):
            await deliver(office.handler, day)
    await deliver(office.handler, date(2026, 12, 1))
    with pytest.raises(DecisionAlreadyDelivered):
        await deliver(office.handler, date(2026, 12, 1))
