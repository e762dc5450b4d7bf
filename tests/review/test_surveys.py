"""Visits and appraisals: who may record them, and what makes one valid."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import ProgrammingError

from app.applications.entrustment_lifecycle import Kind
from app.applications.errors import ApplicationNotFound, ConflictOfInterest, EntrustmentNotFound, MemberNotFound
from app.applications.models import GUARDIAN, Authorisation, Member
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.commands.staff import disable_staff
from app.identity.errors import StaffNotFound
from app.reference.commands import LocalParameter, put_parameter
from app.relatives.commands import Declaration, declare_own_relative, end_own_relative
from app.relatives.kinship import Kinship
from app.review.commands import record_visit
from app.review.errors import (
    AppraisalQuorumMissing,
    HouseholdSignatureMissing,
    InvestigatorNotAllowed,
    RemoteSurveyNotAllowed,
    SurveyDateInvalid,
    TwoInvestigatorsRequired,
)
from app.review.lifecycle import Status
from app.review.queries import has_home_visit, list_appraisals, list_signatures, list_visits
from tests.builders.applications import build_submitted
from tests.builders.entrustments import build_entrusted
from tests.builders.people import build_staff, make_id_number
from tests.builders.review import (
    appraise,
    build_accepted_case,
    build_office,
    county_visit,
    open_kinds,
    review_of,
    steps_of,
    username_of,
    visit,
    visit_of,
    with_county,
)


async def _none_recorded(database, case) -> bool:
    async with database.reading() as db:
        return not await list_visits(db, case.id)


async def test_a_visit_is_signed_by_the_team_and_the_members_who_were_there(database):
    office, case = await build_office(database), await build_accepted_case(database)
    present = [case.member("self"), case.member("spouse")]

    await visit(database, case, office, present=present)

    async with database.reading() as db:
        (kept,) = await list_visits(db, case.id)
        signatures = await list_signatures(db, case.id)
        assert db.vault.open("visits.findings", kept.id, kept.findings_sealed).startswith("家中三口人")
    signed = {(s.signer_kind, s.signer_id, s.method) for s in signatures}
    assert signed == {
        ("investigator", office.handler.id, "electronic"),
        ("investigator", office.second.id, "on_form"),
        *(("member", member, "on_form") for member in present),
    }
    assert (kept.authority, kept.way, kept.county) == ("township", "home", "532529")


async def test_the_findings_are_not_readable_in_the_table(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office, findings="户主患有尿毒症。")

    async with database.reading() as db:
        stored = (await db.execute(text("SELECT findings_sealed FROM visits"))).scalar_one()

    assert "尿毒症".encode() not in bytes(stored)


async def test_a_visit_cannot_be_changed_afterwards(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with database.unit_of_work() as db:
            await db.execute(text("UPDATE visits SET way = 'letter'"))


async def test_the_second_investigator_may_be_named_by_user_name(database):
    office, case = await build_office(database), await build_accepted_case(database)

    await visit(database, case, office, investigators=[await username_of(database, office.helper)])

    async with database.reading() as db:
        assert office.helper.id in {s.signer_id for s in await list_signatures(db, case.id)}


@pytest.mark.parametrize("alone", ["nobody else", "himself"])
async def test_one_investigator_is_not_a_team(database, alone):
    office, case = await build_office(database), await build_accepted_case(database)
    others = [str(office.handler.id)] if alone == "himself" else []

    with pytest.raises(TwoInvestigatorsRequired):
        await visit(database, case, office, investigators=others)

    assert await _none_recorded(database, case)


async def test_an_investigator_must_be_known(database):
    office, case = await build_office(database), await build_accepted_case(database)

    for name in ("nobody", str(new_id())):
        with pytest.raises(StaffNotFound):
            await visit(database, case, office, investigators=[name])


@pytest.mark.parametrize(
    ("role", "division"),
    [
        (Role.FINANCE, "532529103000"),
        (Role.COUNTY_CONFIRMER, "532529000000"),
        (Role.TOWNSHIP_HANDLER, "532529104000"),
        (Role.VILLAGE_HELPER, "532529103205"),
    ],
)
async def test_an_investigator_is_of_this_place_and_of_a_role_that_visits(database, role, division):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, role, division)

    with pytest.raises(InvestigatorNotAllowed):
        await visit(database, case, office, investigators=[str(stranger.id)])


async def test_who_has_left_does_not_investigate(database):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        await disable_staff(db, office.second.id)

    with pytest.raises(InvestigatorNotAllowed):
        await visit(database, case, office)


async def test_a_visit_to_the_home_is_signed_by_somebody_who_lives_there(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[])
    with pytest.raises(MemberNotFound):
        await visit(database, case, office, present=[new_id()])

    assert await _none_recorded(database, case)


async def test_a_child_is_not_the_only_one_to_sign_for_its_household(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[case.member("child")])
    assert await _none_recorded(database, case)

    await visit(database, case, office, present=[case.member("child"), case.member("spouse")])


async def test_who_has_a_guardian_is_not_the_only_one_to_sign(database):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        of_spouse = update(Authorisation).where(Authorisation.member_id == case.member("spouse"))
        await db.execute(of_spouse.values(method=GUARDIAN, signed_by_member_id=case.member("self")))

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[case.member("spouse")])

    await visit(database, case, office)


async def test_where_nobody_is_of_full_capacity_whoever_was_there_signs(database):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        await db.execute(update(Member).where(Member.application_id == case.id).values(birth_date=date(2012, 5, 6)))

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[])

    await visit(database, case, office, present=[case.member("child")])


async def _all_minors(database, case):
    async with database.unit_of_work() as db:
        await db.execute(update(Member).where(Member.application_id == case.id).values(birth_date=date(2012, 5, 6)))


@pytest.mark.parametrize("way", ["home", "phone_video"])
async def test_a_guardian_outside_a_household_of_minors_signs_for_it(database, way):
    office, case = await build_office(database), await build_accepted_case(database)
    await _emergency(database, date(2026, 11, 1), date(2026, 11, 23))
    await _all_minors(database, case)
    guardian = await build_entrusted(database, case)

    await visit(database, case, office, way=way, present=[], agent_present=True)

    async with database.reading() as db:
        signed = {(s.signer_kind, s.signer_id, s.method) for s in await list_signatures(db, case.id)}
    assert ("agent", guardian.id, "on_form") in signed
    assert not {kind for kind, _, _ in signed} & {"member"}
    assert not {"survey", "home_visit"} & await open_kinds(database, case)


async def test_who_was_entrusted_signs_for_her_who_cannot_beside_a_child_that_was_there(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await build_entrusted(database, case, Kind.PERSON)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[case.member("child")])

    await visit(database, case, office, present=[case.member("child")], agent_present=True)


async def test_where_nobody_acts_for_the_household_nobody_signs_for_it(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(EntrustmentNotFound):
        await visit(database, case, office, agent_present=True)
    assert await _none_recorded(database, case)


async def test_who_did_not_act_for_the_household_yet_has_not_signed_for_it(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    clock.advance(timedelta(days=2))
    await build_entrusted(database, case)

    for day in (23, 24):
        with pytest.raises(EntrustmentNotFound):
            await visit(database, case, office, visited_on=date(2026, 11, day), present=[], agent_present=True)
    assert await _none_recorded(database, case)
    await visit(database, case, office, visited_on=date(2026, 11, 25), present=[], agent_present=True)


async def test_who_acted_for_the_household_on_the_day_has_signed_for_it_though_it_ended_since(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    agent = await build_entrusted(database, case, Kind.PERSON, ended=timedelta(days=1))
    clock.advance(timedelta(days=3))

    with pytest.raises(EntrustmentNotFound):
        await visit(database, case, office, visited_on=date(2026, 11, 25), present=[], agent_present=True)
    for day in (23, 24):
        await visit(database, case, office, visited_on=date(2026, 11, day), present=[], agent_present=True)

    async with database.reading() as db:
        signatures = await list_signatures(db, case.id)
    assert [each.signer_id for each in signatures if each.signer_kind == "agent"] == [agent.id, agent.id]


async def test_the_office_s_own_side_does_not_sign_for_the_household(database):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        helper = await build_staff(db, Role.VILLAGE_HELPER, office.helper.division)
    await build_entrusted(database, case, Kind.COMMITTEE, staff=helper)

    for present in ([], [case.member("child")]):
        with pytest.raises(HouseholdSignatureMissing):
            await visit(
                database, case, office, investigators=[str(office.helper.id)], present=present, agent_present=True
            )
    assert await _none_recorded(database, case)
    await visit(database, case, office, present=[case.member("spouse")], agent_present=True)

    async with database.reading() as db:
        signed = {(each.signer_kind, each.signer_id) for each in await list_signatures(db, case.id)}
    assert {("agent", helper.id), ("member", case.member("spouse"))} <= signed


async def test_where_nobody_of_the_household_can_sign_who_was_there_does_beside_the_committee(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await _all_minors(database, case)
    await build_entrusted(database, case, Kind.COMMITTEE, staff=office.helper)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[], agent_present=True)

    await visit(database, case, office, present=[case.member("child")], agent_present=True)


@pytest.mark.parametrize("declarer", ["handler", "second"])
@pytest.mark.parametrize("agent_present", [True, False])
async def test_who_visits_is_no_close_relative_of_who_acts_for_the_household(database, declarer, agent_present):
    office, case = await build_office(database), await build_accepted_case(database)
    number = make_id_number()
    await build_entrusted(database, case, Kind.PERSON, id_number=number)
    async with database.unit_of_work() as db:
        declaration = Declaration(Kinship.SPOUSE, "测试壬", number)
        declared = await declare_own_relative(db, getattr(office, declarer), declaration)

    with pytest.raises(ConflictOfInterest):
        await visit(database, case, office, agent_present=agent_present)
    assert await _none_recorded(database, case)

    async with database.unit_of_work() as db:
        await end_own_relative(db, getattr(office, declarer), declared.id)
    await visit(database, case, office, agent_present=agent_present)


async def test_a_member_who_is_none_of_the_household_is_not_signed_for_by_its_agent(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await build_entrusted(database, case)

    with pytest.raises(MemberNotFound):
        await visit(database, case, office, present=[new_id()], agent_present=True)


async def test_the_county_is_shown_round_by_who_acts_for_the_household_as_well(database, clock):
    office = await build_office(database)
    case = await with_county(database, clock, office)
    await build_entrusted(database, case)

    await county_visit(database, case, office, present=[], agent_present=True)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2026, 11, 24)])
async def test_a_visit_lies_between_acceptance_and_today(database, day):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(SurveyDateInvalid):
        await visit(database, case, office, visited_on=day)


async def test_the_first_act_begins_the_survey_and_a_visit_to_the_home_completes_it(database):
    office, case = await build_office(database), await build_accepted_case(database)
    assert {"survey"} <= await open_kinds(database, case)

    for way in ("neighbour", "letter"):
        await visit(database, case, office, way=way, present=[])
        assert {"survey", "home_visit"} & await open_kinds(database, case) == {"home_visit"}
    steps = await steps_of(database, case.id)
    assert (steps["survey"].outcome, steps["home_visit"].due_on) == ("started", date(2026, 12, 7))

    await visit(database, case, office)
    await visit(database, case, office, way="neighbour", present=[])
    assert not {"survey", "home_visit"} & await open_kinds(database, case)


async def test_a_place_sets_how_long_the_visit_may_take_and_the_step_says_by_what(database):
    async with database.unit_of_work() as db:
        row = LocalParameter("procedure", "home_visit_days", "532500000000", 5, "测试规程第三条", date(2026, 1, 1))
        await put_parameter(db, row)
    office, case = await build_office(database), await build_accepted_case(database)

    await visit(database, case, office, way="letter", present=[])

    step = (await steps_of(database, case.id))["home_visit"]
    assert (step.due_on, step.basis) == (date(2026, 11, 30), "测试规程第三条")


async def _emergency(database, first: date, last: date | None) -> None:
    async with database.unit_of_work() as db:
        order = LocalParameter("procedure", "remote_survey", "530000000000", True, "测试应急令", first, last)
        await put_parameter(db, order)


async def test_without_an_emergency_order_nobody_surveys_by_telephone(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(RemoteSurveyNotAllowed):
        await visit(database, case, office, way="phone_video")

    await _emergency(database, date(2026, 11, 24), None)  # from tomorrow
    with pytest.raises(RemoteSurveyNotAllowed):
        await visit(database, case, office, way="phone_video")
    assert await _none_recorded(database, case)


async def test_while_an_order_stands_a_call_with_the_household_is_the_visit(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await _emergency(database, date(2026, 11, 1), date(2026, 11, 23))
    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, way="phone_video", present=[])

    await visit(database, case, office, way="phone_video")

    assert "survey" not in await open_kinds(database, case)
    async with database.reading() as db:
        assert await has_home_visit(db, case.id, "township")


async def test_nobody_visits_before_acceptance(database):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    case = await build_accepted_case(database)  # lends its members' shape only

    with pytest.raises(StepNotAllowed):
        async with database.unit_of_work() as db:
            await record_visit(db, office.handler, application.id, visit_of(case, database, office.second))


async def test_the_township_next_door_does_not_see_the_household(database):
    office, case = await build_office(database), await build_accepted_case(database)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, "532529104000")

    with pytest.raises(ApplicationNotFound):
        async with database.unit_of_work() as db:
            await record_visit(db, stranger, case.id, visit_of(case, database, office.second))


@pytest.mark.parametrize("who", ["helper", "county_1", "confirmer"])
async def test_a_visit_of_the_township_is_recorded_by_the_township(database, who):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(RoleNotAllowed):
        async with database.unit_of_work() as db:
            await record_visit(db, getattr(office, who), case.id, visit_of(case, database, office.second))


async def test_the_county_does_not_visit_before_it_has_the_papers(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(StepNotAllowed):
        await county_visit(database, case, office)


async def test_an_appraisal_is_held_only_after_an_objection(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(StepNotAllowed):
        await appraise(database, case, office)


async def _re_surveying(database, case):
    """Put the review where an objection would put it."""
    async with database.unit_of_work() as db:
        await db.execute(text("UPDATE reviews SET status = 're_surveying', re_survey_since = now()"))


@pytest.mark.parametrize(
    ("given", "valid"),
    [
        ({"representatives": 8}, True),  # 8 of 12: two thirds exactly
        ({"representatives": 7}, False),  # 7 of 11
        ({"township_staff": 0, "representatives": 12}, False),
    ],
)
async def test_two_thirds_of_an_appraisal_are_representatives(database, given, valid):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)
    await _re_surveying(database, case)

    if valid:
        assert (await appraise(database, case, office, **given)).status == Status.RE_SURVEYING
    else:
        with pytest.raises(AppraisalQuorumMissing):
            await appraise(database, case, office, **given)

    async with database.reading() as db:
        assert len(await list_appraisals(db, case.id)) == valid


async def test_an_appraisal_is_not_dated_ahead(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    await visit(database, case, office)
    await _re_surveying(database, case)

    with pytest.raises(SurveyDateInvalid):
        await appraise(database, case, office, held_on=date(2026, 11, 24))


async def test_the_review_begins_with_the_first_command_and_only_once(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)

    first = await visit(database, case, office)
    clock.advance(timedelta(hours=1))
    second = await visit(database, case, office)

    assert first.id == second.id == (await review_of(database, case)).id
