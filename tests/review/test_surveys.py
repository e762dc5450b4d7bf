"""Visits and appraisals: who may record them, and what makes one valid."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.applications.errors import ApplicationNotFound
from app.core.errors import RoleNotAllowed, StepNotAllowed
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.commands.staff import disable_staff
from app.identity.errors import StaffNotFound
from app.reference.commands import LocalParameter, put_parameter
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
from tests.builders.people import build_staff
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
)
from tests.review.surveys import emergency, none_recorded


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

    assert await none_recorded(database, case)


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


async def test_without_an_emergency_order_nobody_surveys_by_telephone(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(RemoteSurveyNotAllowed):
        await visit(database, case, office, way="phone_video")

    await emergency(database, date(2026, 11, 24), None)  # from tomorrow
    with pytest.raises(RemoteSurveyNotAllowed):
        await visit(database, case, office, way="phone_video")
    assert await none_recorded(database, case)


async def test_while_an_order_stands_a_call_with_the_household_is_the_visit(database):
    office, case = await build_office(database), await build_accepted_case(database)
    await emergency(database, date(2026, 11, 1), date(2026, 11, 23))
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
