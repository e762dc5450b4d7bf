"""The township's opinion: on what it rests, what must be given reasons for, and what the rules do not allow."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.applications.commands import withdraw_authorisation
from app.applications.errors import AuthorisationMissing
from app.applications.queries import get_whole_application
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.events.queries import list_subject_events
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM
from app.programs.canonical import canonical_bytes
from app.programs.explaining import not_met
from app.review.assessing import digest_of, judge, open_assessment
from app.review.commands import give_opinion
from app.review.decisions import open_reasons
from app.review.errors import HomeVisitMissing, OpinionAgainstRules, ReasonsMissing, VerificationIncomplete
from app.review.lifecycle import Status
from app.review.queries import find_last_assessment, list_opinions
from tests.builders.review import (
    AMOUNT,
    SETTLED,
    build_accepted_case,
    build_office,
    build_verified,
    household_with_income,
    let_results_stand,
    open_kinds,
    opine,
    react,
    review_of,
    verify,
    visit,
)
from tests.builders.standards import build_in_force, parameter_draft

_SILENT_DEATHS = "UPDATE checks SET status = 'unavailable', outcome = NULL, facts_sealed = NULL WHERE item = 'deaths'"


async def test_a_favourable_opinion_keeps_the_assessment_it_rests_on(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)

    review = await opine(database, case, office)

    async with database.reading() as db:
        assessment = await find_last_assessment(db, case.id)
        (opinion,) = await list_opinions(db, case.id)
        body = open_assessment(db, assessment)
    assert (review.status, review.round) == (Status.ON_NOTICE, 1)
    assert (assessment.outcome, assessment.monthly_amount_fen, assessment.members_counted) == (
        "likely_eligible",
        AMOUNT,
        3,
    )
    assert opinion.assessment_id == assessment.id
    assert digest_of(canonical_bytes(body)) == assessment.digest
    assert assessment.parameter_versions["parameters"]["standard"]["amount_fen"] == 455_000
    assert body["assessment"]["findings"]


async def test_the_event_tells_ids_and_nothing_of_the_household(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    async with database.reading() as db:
        (told,) = [e for e in await list_subject_events(db, case.id) if e.type == "opinion.given"]

    assert set(told.data) == {"applicant_id", "favourable", "assessment_id", "round"}
    assert told.data["favourable"] is True


async def test_no_opinion_without_a_visit_to_the_home(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office, way="neighbour", present=[])

    with pytest.raises(HomeVisitMissing):
        await opine(database, case, office)


async def test_no_opinion_while_an_agency_is_being_asked(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)

    with pytest.raises(VerificationIncomplete):
        await opine(database, case, office)

    assert (await review_of(database, case)).status == Status.SURVEYING


async def test_no_opinion_while_a_question_is_put_again(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    async with database.unit_of_work() as db:
        await db.execute(
            text("UPDATE checks SET status = 'requested', outcome = NULL, facts_sealed = NULL WHERE item = 'vehicles'")
        )

    with pytest.raises(VerificationIncomplete):
        await opine(database, case, office)


@pytest.mark.parametrize("who", ["handler", "helper", "county_1", "confirmer"])
async def test_only_the_reviewer_gives_the_opinion(database, who):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await give_opinion(db, getattr(office, who), case.id, favourable=True, statement="同意", reasons={})


async def test_a_second_opinion_in_the_same_state_is_refused(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    await opine(database, case, office)

    with pytest.raises(StepNotAllowed):
        await opine(database, case, office)


async def test_each_open_point_needs_a_reason(database):
    office, case = await build_office(database), await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)

    with pytest.raises(ReasonsMissing) as refusal:
        await opine(database, case, office)
    assert [fault.pointer for fault in refusal.value.faults] == ["/reasons/property_has_a_limit"]

    await opine(database, case, office, reasons={"property_has_a_limit": "唯一住房，属维持基本生活的必需财产。"})
    async with database.reading() as db:
        assessment = await find_last_assessment(db, case.id)
        (opinion,) = await list_opinions(db, case.id)
        assert open_reasons(db, opinion) == {"property_has_a_limit": "唯一住房，属维持基本生活的必需财产。"}
    assert (assessment.outcome, assessment.monthly_amount_fen) == ("needs_person", AMOUNT)


async def test_a_reason_for_what_is_not_open_is_refused(database):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)

    with pytest.raises(ReasonsMissing) as refusal:
        await opine(database, case, office, reasons={"income_below_standard": "另有考虑"})

    assert [(f.pointer, f.code) for f in refusal.value.faults] == [("/reasons/income_below_standard", "not_open")]


async def test_reasons_are_needed_for_an_unfavourable_opinion_too(database):
    office, case = await build_office(database), await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)

    with pytest.raises(ReasonsMissing):
        await opine(database, case, office, favourable=False)


async def test_nobody_is_favoured_against_the_rules(database):
    household, answers = await household_with_income(database, 9_000)
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    await visit(database, case, office)

    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office)
    assert (await review_of(database, case)).status == Status.SURVEYING

    assert (await opine(database, case, office, favourable=False)).status == Status.WITH_COUNTY


async def test_an_edge_family_is_not_favoured_for_the_allowance(database):
    # 4,550 yuan a year is the line; 3 × 500 yuan a month lies between it and its one and a half fold.
    household, answers = await household_with_income(database, 1_500)
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    await visit(database, case, office)

    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office)


@pytest.mark.parametrize(("lacking_fen", "reasons"), [(5, {}), (1_199, {"something_to_pay": SETTLED})])
async def test_where_there_is_nothing_to_pay_nobody_is_favoured_and_the_refusal_says_why(
    database, lacking_fen, reasons
):
    # 3 × 4,550 yuan a year is the line; the place rounds down to the yuan.
    down = parameter_draft("rounding", {"to_fen": 100, "mode": "down"})
    async with database.unit_of_work() as db:
        await build_in_force(db, down)
    household, answers = await household_with_income(database, 0)
    answers["income"][0] |= {"amount_fen": 3 * 455_000 - lacking_fen, "period": "year"}
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    await visit(database, case, office)
    await let_results_stand(database, case)

    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office, reasons=reasons)

    assert (await opine(database, case, office, favourable=False, reasons=reasons)).status == Status.WITH_COUNTY
    async with database.reading() as db:
        body = open_assessment(db, await find_last_assessment(db, case.id))
    assert [each["rule"] for each in not_met(body["assessment"]["findings"])] == ["something_to_pay"]


async def test_a_failed_condition_stays_failed_while_a_foundation_is_open(database):
    # The register of deaths is silent, so "a person must look"; but the income is above the line for certain.
    household, answers = await household_with_income(database, 9_000)
    office = await build_office(database)
    case = await build_verified(database, household=household, answers=answers)
    async with database.unit_of_work() as db:
        await db.execute(text(_SILENT_DEATHS))
    await visit(database, case, office)

    said = "已向派出所电话核实，全家三口均健在。"
    reasons = dict.fromkeys(["sources_answered", "members_alive", "members_counted"], said)
    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office, reasons=reasons)


async def test_silence_of_an_agency_is_an_open_point(database):
    office, case = await build_office(database), await build_verified(database)
    async with database.unit_of_work() as db:
        await db.execute(text(_SILENT_DEATHS))
    await visit(database, case, office)

    with pytest.raises(ReasonsMissing) as refusal:
        await opine(database, case, office)

    assert {fault.pointer for fault in refusal.value.faults} == {
        "/reasons/sources_answered",
        "/reasons/members_alive",
        "/reasons/members_counted",
    }


async def test_agencies_that_all_say_no_record_have_answered(database):
    case = await build_accepted_case(database)
    await verify(database, case, {("self", Item.HOUSEHOLD_REGISTER): {}})

    async with database.reading() as db:
        judgement = (await judge(db, await get_whole_application(db, SYSTEM, case.id))).judgement

    met = {finding.rule: finding.met for finding in judgement.findings}
    assert (met["sources_answered"], met["members_alive"], met["not_covered_elsewhere"]) == (True, True, True)


@pytest.mark.parametrize(
    "reason", ["同意", "已核实。", "，" * 40, "同" * 40, "  已 核 实 无 误  ", "x" * 2001, "入户核实，情况属实啦" * 201]
)
async def test_a_reason_says_something(database, reason):
    office, case = await build_office(database), await build_verified(database, owns_a_dwelling=True)
    await visit(database, case, office)

    with pytest.raises(ReasonsMissing) as refusal:
        await opine(database, case, office, reasons={"property_has_a_limit": reason})

    assert [(f.pointer, f.code) for f in refusal.value.faults] == [("/reasons/property_has_a_limit", "too_short")]


@pytest.mark.parametrize("favourable", [True, False])
async def test_no_opinion_on_a_household_whose_member_withdrew(database, favourable):
    office, case = await build_office(database), await build_verified(database)
    await visit(database, case, office)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    with pytest.raises(AuthorisationMissing):
        await opine(database, case, office, favourable=favourable)

    assert (await review_of(database, case)).status == Status.SURVEYING


async def test_who_does_not_count_need_not_authorise(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await verify(database, case, {("spouse", Item.DEATHS): {FactKey.DECEASED_ON: date(2026, 10, 1)}})
    await visit(database, case, office)
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, case.member("spouse"))

    review = await opine(database, case, office, reasons={"members_alive": "火化证明已查验，配偶已去世并已销户。"})

    assert review.status == Status.ON_NOTICE


async def test_the_opinions_clock_starts_with_the_later_of_visit_and_report(database, clock):
    office = await build_office(database)
    visited_first = await build_accepted_case(database)
    await visit(database, visited_first, office)
    assert "opinion" not in await open_kinds(database, visited_first)
    clock.advance(timedelta(days=1))
    await verify(database, visited_first)
    assert "opinion" in await open_kinds(database, visited_first)

    verified_first = await build_verified(database)
    assert "opinion" not in await open_kinds(database, verified_first)
    await visit(database, verified_first, office)
    assert "opinion" in await open_kinds(database, verified_first)

    await react(database, verified_first)
    assert "opinion" in await open_kinds(database, verified_first)


async def test_what_an_agency_found_counts_more_than_what_was_declared(database):
    office = await build_office(database)
    case = await build_accepted_case(database)
    await verify(database, case, {("spouse", Item.BENEFITS): {FactKey.BENEFITS_IN_FORCE: ("living_allowance",)}})
    await visit(database, case, office)

    with pytest.raises(OpinionAgainstRules):
        await opine(database, case, office)


async def test_judging_keeps_nothing(database):
    case = await build_verified(database)

    async with database.reading() as db:
        prepared = await judge(db, await get_whole_application(db, SYSTEM, case.id))
        kept = await find_last_assessment(db, case.id)

    assert prepared.judgement.monthly_amount_fen == AMOUNT
    assert kept is None
