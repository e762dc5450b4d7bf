"""Declaring relatives, keeping the roster, and what a declaration is matched with."""

import pytest
from sqlalchemy import select

from app.api.common.reach import reach_of
from app.applications.conflict_queries import is_relative, list_conflicts_of
from app.audit.models import AuditRecord
from app.identity.actors import Role
from app.identity.commands import disable_staff
from app.identity.errors import IdNumberMalformed
from app.relatives.commands import (
    Declaration,
    add_committee_member,
    declare_for_committee,
    declare_own_relative,
    end_own_relative,
)
from app.relatives.errors import NotACommittee, RelativeAlreadyDeclared, RelativeNotFound
from app.relatives.kinship import Kinship
from app.relatives.models import DeclaredRelative
from app.relatives.queries import is_anyone_declared, list_matches, list_relatives
from app.review.commands import register_relative
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, build_draft, build_household, build_submitted
from tests.builders.people import build_staff, make_id_number
from tests.builders.relatives import declare

ELSEWHERE = "530627000000"


def declaration(id_number: str) -> Declaration:
    return Declaration(Kinship.PARENT, "测试申报人", id_number)


async def registered(database, application) -> list[str]:
    async with database.reading() as db:
        return [row.found for row in await list_conflicts_of(db, application.id)]


async def test_number_and_name_are_sealed_and_the_act_is_on_record_without_them(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        row = await declare_own_relative(db, staff, declaration(number))
        await end_own_relative(db, staff, row.id)

    async with database.reading() as db:
        kept = await db.get(DeclaredRelative, row.id)
        acts = (await db.execute(select(AuditRecord).where(AuditRecord.object_id == staff.id))).scalars().all()
    assert number.encode() not in kept.id_number_sealed
    assert database.vault.open("declared_relatives.id_number", row.id, kept.id_number_sealed) == number
    assert [act.action for act in acts] == ["relative.declare", "relative.end"]
    assert number not in str([act.detail for act in acts])


async def test_a_relative_is_declared_once_and_again_after_it_was_ended(database):
    number = make_id_number()
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        first = await declare_own_relative(db, staff, declaration(number))
        with pytest.raises(RelativeAlreadyDeclared):
            await declare_own_relative(db, staff, declaration(number.lower()))
        await end_own_relative(db, staff, first.id)
        with pytest.raises(RelativeNotFound):
            await end_own_relative(db, staff, first.id)
        again = await declare_own_relative(db, staff, declaration(number))

    async with database.reading() as db:
        assert [row.id for row in await list_relatives(db, staff, staff.id)] == [again.id]


async def test_what_is_no_number_is_refused(database):
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        with pytest.raises(IdNumberMalformed):
            await declare_own_relative(db, staff, declaration("539900198001010000"))


async def test_nobody_ends_or_reads_what_another_declared(database):
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        colleague = await build_staff(db, Role.COUNTY_CONFIRMER, COUNTY)
        row = await declare_own_relative(db, staff, declaration(make_id_number()))

        with pytest.raises(RelativeNotFound):
            await end_own_relative(db, colleague, row.id)
        assert await list_relatives(db, colleague, staff.id) == []


async def test_a_committee_is_that_of_a_village(database):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        with pytest.raises(NotACommittee):
            await add_committee_member(db, handler, TOWNSHIP, "测试主任", "director")


async def test_a_draft_is_nobodys_case_yet(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)

    await declare(database, staff, household)

    assert await registered(database, draft) == []


async def test_staff_of_another_county_have_no_hand_in_a_case_but_are_kept_from_it(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        far = await build_staff(db, Role.SUPERVISOR, ELSEWHERE)
        above = await build_staff(db, Role.SUPERVISOR, "530000000000")
        application = await build_submitted(db, household)

    await declare(database, far, household)
    assert await registered(database, application) == []
    await declare(database, above, household)
    assert await registered(database, application) == ["declared_later"]

    async with database.reading() as db:
        assert await is_relative(db, far.id, application.id)


async def test_taking_a_declaration_up_twice_registers_it_once(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        application = await build_submitted(db, household)
    row = await declare(database, staff, household)

    async with database.unit_of_work() as db:
        await register_relative(db, row.id)

    assert await registered(database, application) == ["declared_later"]


async def test_who_has_left_office_is_not_matched_any_more(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        await declare_own_relative(db, staff, declaration(household.members[1][1].id_number))
        await disable_staff(db, staff.id)
        application = await build_submitted(db, household)

    assert await registered(database, application) == []


async def test_two_who_declared_the_same_person_are_both_registered(database):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        member = await add_committee_member(db, handler, VILLAGE, "测试主任", "director")
        await declare_own_relative(db, handler, declaration(household.members[0][1].id_number))
        await declare_for_committee(db, handler, member.id, declaration(household.members[0][1].id_number))
        application = await build_submitted(db, household)

    async with database.reading() as db:
        rows = await list_conflicts_of(db, application.id)
    assert {(row.person_kind, row.person_id) for row in rows} == {("staff", handler.id), ("committee", member.id)}


async def test_a_citizen_has_it_looked_up_whether_somebody_was_declared_and_sees_no_declaration(database):
    number = make_id_number()
    index = database.vault.index("members.id_number", number)
    async with database.unit_of_work() as db:
        staff = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        household = await build_household(db)
        row = await declare_own_relative(db, staff, declaration(number))
    own = database.reaching(reach_of(household.applicant, database.vault))

    async with own.reading() as db:
        assert await is_anyone_declared(db, [b"another", index])
        assert not await is_anyone_declared(db, [b"another"])
        assert not await list_matches(db, [index])

    async with database.unit_of_work() as db:
        await end_own_relative(db, staff, row.id)
    async with own.reading() as db:
        assert not await is_anyone_declared(db, [index])
