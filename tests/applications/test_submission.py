"""Handing in: complete or refused with everything that is missing; one case per person."""

from datetime import date

import pytest

from app.applications.commands import (
    MemberDetails,
    discard_draft,
    put_member,
    remove_member,
    start_draft,
    submit_application,
    withdraw_application,
)
from app.applications.errors import (
    ApplicationAlreadyOpen,
    ApplicationIncomplete,
    ApplicationNotFound,
    MemberAlreadyInHousehold,
    PersonAlreadyInCase,
)
from app.applications.lifecycle import Status
from app.applications.queries import list_steps
from app.core.errors import StepNotAllowed
from app.core.ids import new_id, number_is_valid
from app.identity.errors import IdNumberMalformed
from app.reference.commands import LocalParameter, put_parameter
from tests.builders.applications import COUNTY, VILLAGE, Household, build_draft, build_household, build_submitted
from tests.builders.people import build_citizen, make_id_number


async def test_a_complete_draft_gets_a_receipt_number_and_an_acceptance_clock(db):
    application = await build_submitted(db)

    (step,) = await list_steps(db, application.id)
    assert application.status is Status.SUBMITTED
    assert application.number is not None
    assert number_is_valid(application.number)
    assert application.number[2:8] == VILLAGE[:6]
    assert (step.kind, step.due_on.isoformat()) == ("acceptance", "2026-11-30")


async def test_how_long_the_acceptance_may_take_the_place_says(db):
    order = LocalParameter("procedure", "acceptance_days", COUNTY, 2, "测试规程第一条", date(2026, 1, 1))
    await put_parameter(db, order)

    application = await build_submitted(db)

    (step,) = await list_steps(db, application.id)
    assert (step.kind, step.due_on, step.basis) == ("acceptance", date(2026, 11, 25), "测试规程第一条")


async def test_everything_missing_is_named_at_once(db):
    applicant = await build_citizen(db)
    application = await start_draft(db, applicant, "living_allowance", VILLAGE)

    with pytest.raises(ApplicationIncomplete) as refusal:
        await submit_application(db, applicant, application.id, truth_promised=False)

    pointers = {fault.pointer for fault in refusal.value.faults}
    assert {"/truth_promised", "/address", "/payout_account", "/members"} <= pointers


async def test_a_household_without_an_adults_authorisation_is_refused(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_draft(db, household)
        await put_member(
            db,
            household.applicant,
            application.id,
            new_id(),
            MemberDetails("parent", "测试丁", make_id_number(date(1950, 1, 1))),
            seen=None,
        )

    with pytest.raises(ApplicationIncomplete) as refusal:
        async with database.unit_of_work() as db:
            await submit_application(db, household.applicant, application.id, truth_promised=True)

    assert [fault.code for fault in refusal.value.faults] == ["authorisation_missing"]
    async with database.reading() as db:
        unchanged = await db.get(type(application), application.id)
        assert unchanged.status == Status.DRAFT


async def test_submitting_twice_is_refused_and_changes_nothing(db):
    household = await build_household(db)
    application = await build_submitted(db, household)

    with pytest.raises(StepNotAllowed):
        await submit_application(db, household.applicant, application.id, truth_promised=True)


async def test_one_person_is_in_one_case(db):
    first = await build_household(db)
    await build_submitted(db, first)
    other = await build_household(db, name="测试戊")
    shared = (new_id(), first.members[1][1])
    draft = await build_draft(db, Household(other.applicant, (other.members[0], shared)))

    with pytest.raises(PersonAlreadyInCase):
        await submit_application(db, other.applicant, draft.id, truth_promised=True)


async def test_after_withdrawal_everybody_may_apply_again(db):
    household = await build_household(db)
    application = await build_submitted(db, household)
    await withdraw_application(db, household.applicant, application.id)

    again = await build_submitted(
        db, Household(household.applicant, tuple((new_id(), details) for _, details in household.members))
    )

    assert again.status is Status.SUBMITTED


async def test_one_open_application_per_applicant_and_program(db):
    applicant = await build_citizen(db)
    first = await start_draft(db, applicant, "living_allowance", VILLAGE)

    with pytest.raises(ApplicationAlreadyOpen):
        await start_draft(db, applicant, "living_allowance", VILLAGE)

    await discard_draft(db, applicant, first.id)
    await start_draft(db, applicant, "living_allowance", VILLAGE)


async def test_the_same_person_is_not_a_member_twice(db):
    household = await build_household(db)
    application = await build_draft(db, household)

    with pytest.raises(MemberAlreadyInHousehold):
        await put_member(db, household.applicant, application.id, new_id(), household.members[1][1], seen=None)


async def test_a_malformed_identity_number_is_refused(db):
    household = await build_household(db)
    application = await build_draft(db, household)

    with pytest.raises(IdNumberMalformed):
        await put_member(
            db,
            household.applicant,
            application.id,
            new_id(),
            MemberDetails("other", "测试己", "539900198005170010"),
            seen=None,
        )


async def test_somebody_elses_application_is_not_found(db):
    application = await build_draft(db)
    stranger = await build_citizen(db, name="测试庚")

    with pytest.raises(ApplicationNotFound):
        await remove_member(db, stranger, application.id, new_id(), seen=1)
