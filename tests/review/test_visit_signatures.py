"""Who signs a visit for the household: who lives there, or who acts for it and is not of the office's own side."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from app.applications.entrustment_lifecycle import Kind
from app.applications.errors import ConflictOfInterest, EntrustmentNotFound, MemberNotFound
from app.applications.models import GUARDIAN, Authorisation, Member
from app.core.ids import new_id
from app.identity.actors import Role
from app.relatives.commands import Declaration, declare_own_relative, end_own_relative
from app.relatives.kinship import Kinship
from app.review.errors import (
    HouseholdSignatureMissing,
)
from app.review.queries import list_signatures
from tests.builders.entrustments import build_entrusted
from tests.builders.people import build_staff, make_id_number
from tests.builders.review import (
    build_accepted_case,
    build_office,
    county_visit,
    open_kinds,
    visit,
    with_county,
)
from tests.review.surveys import emergency, none_recorded


async def test_a_visit_to_the_home_is_signed_by_somebody_who_lives_there(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[])
    with pytest.raises(MemberNotFound):
        await visit(database, case, office, present=[new_id()])

    assert await none_recorded(database, case)


async def test_a_child_is_not_the_only_one_to_sign_for_its_household(database):
    office, case = await build_office(database), await build_accepted_case(database)

    with pytest.raises(HouseholdSignatureMissing):
        await visit(database, case, office, present=[case.member("child")])
    assert await none_recorded(database, case)

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
    await emergency(database, date(2026, 11, 1), date(2026, 11, 23))
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
    assert await none_recorded(database, case)


async def test_who_did_not_act_for_the_household_yet_has_not_signed_for_it(database, clock):
    office, case = await build_office(database), await build_accepted_case(database)
    clock.advance(timedelta(days=2))
    await build_entrusted(database, case)

    for day in (23, 24):
        with pytest.raises(EntrustmentNotFound):
            await visit(database, case, office, visited_on=date(2026, 11, day), present=[], agent_present=True)
    assert await none_recorded(database, case)
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
    assert await none_recorded(database, case)
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
    assert await none_recorded(database, case)

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
