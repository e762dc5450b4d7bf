"""Somebody who applies alone: the family keeps its places, and nobody is ever in two cases."""

import pytest
from sqlalchemy import select

from app.applications.commands import edit_draft, submit_application
from app.applications.conflict_queries import list_cases_of
from app.applications.errors import PersonAlreadyInCase
from app.applications.models import Claim, Member
from app.core.ids import new_id
from tests.builders.applications import Household, build_draft, build_household
from tests.builders.people import build_citizen, make_id_number


async def _alone(db, household: Household, relation: str = "child"):
    """Hand in for one of a household alone."""
    draft = await build_draft(db, household)
    member = next(member for member, details in household.members if details.relation == relation)
    alone = {"member": str(member), "ground": "special_difficulty"}
    await edit_draft(db, household.applicant, draft.id, {"answers": {"alone": alone}}, seen=draft.version)
    return await submit_application(db, household.applicant, draft.id, truth_promised=True)


async def _of_the_family(db, household: Household, *relations: str) -> Household:
    """Make another applicant, who lists these of the family."""
    number = make_id_number()
    applicant = await build_citizen(db, name="测试庚", id_number=number)
    own = type(household.members[0][1])("self", "测试庚", number)
    others = [(new_id(), details) for _, details in household.members if details.relation in relations]
    return Household(applicant, ((new_id(), own), *others))


async def test_only_who_applies_alone_is_claimed(db):
    household = await build_household(db)

    application = await _alone(db, household)

    members = (await db.scalars(select(Member).where(Member.application_id == application.id))).all()
    assert {member.relation for member in members if member.claimed} == {"child"}
    claims = (await db.scalars(select(Claim).where(Claim.application_id == application.id))).all()
    taken = [claim.key for claim in claims if claim.kind == "member:living_allowance"]
    assert taken == [member.id_number_index for member in members if member.claimed]


async def test_the_rest_of_the_family_may_apply_itself_and_who_is_in_a_case_may_not_be_listed_again(db):
    household = await build_household(db)
    await _alone(db, household)

    others = await _of_the_family(db, household, "spouse")
    handed_in = await build_and_submit(db, others)
    assert handed_in.number

    with_the_child = await _of_the_family(db, household, "child")
    with pytest.raises(PersonAlreadyInCase):
        await build_and_submit(db, with_the_child)


async def test_who_is_in_a_households_case_does_not_apply_alone(db):
    household = await build_household(db)
    await build_and_submit(db, await _of_the_family(db, household, "child"))

    with pytest.raises(PersonAlreadyInCase):
        await _alone(db, household)


async def test_of_relatives_of_staff_the_family_of_who_applies_alone_is_found_too(db):
    household = await build_household(db)
    application = await _alone(db, household)
    spouse = household.members[1][1]

    found = await list_cases_of(db, db.vault.index("members.id_number", spouse.id_number), ["member:living_allowance"])

    assert list(found) == [application.id]


async def build_and_submit(db, household: Household):
    """Hand in for a whole household."""
    draft = await build_draft(db, household)
    return await submit_application(db, household.applicant, draft.id, truth_promised=True)
