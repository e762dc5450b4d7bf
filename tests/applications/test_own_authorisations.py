"""What was signed about a member of a household is hers to withdraw, whatever happens in the same moment."""

import asyncio

import pytest
from sqlalchemy import select

from app.applications.commands import MemberDetails, put_member, remove_member, withdraw_own_authorisation
from app.applications.errors import AuthorisationNotFound
from app.applications.models import Authorisation
from tests.builders.applications import build_draft, build_household
from tests.builders.people import build_citizen, make_id_number
from tests.support.waiting import until_it_waits


async def _replace(db, actor, application_id, member_id, *, seen):
    another = MemberDetails("spouse", "测试另一人", make_id_number())
    await put_member(db, actor, application_id, member_id, another, seen=seen)


@pytest.mark.parametrize("change", [_replace, remove_member])
async def test_who_is_listed_no_more_when_her_turn_comes_withdraws_nothing(database, change):
    async with database.unit_of_work() as db:
        household = await build_household(db)
        draft = await build_draft(db, household)
        member, details = next(each for each in household.members if each[1].relation == "spouse")
        spouse = await build_citizen(db, name=details.name, id_number=details.id_number)
        signed = await db.scalar(select(Authorisation.id).where(Authorisation.member_id == member))

    async def withdraw():
        async with database.unit_of_work() as db:
            await withdraw_own_authorisation(db, spouse, signed)

    async with database.unit_of_work() as db:
        await change(db, household.applicant, draft.id, member, seen=draft.version)
        withdrawing = asyncio.create_task(withdraw())
        await until_it_waits(database, withdrawing)
        assert not withdrawing.done()
    with pytest.raises(AuthorisationNotFound):
        await withdrawing

    async with database.reading() as db:
        in_force = select(Authorisation.id).where(
            Authorisation.application_id == draft.id, Authorisation.withdrawn_at.is_(None)
        )
        assert len((await db.scalars(in_force)).all()) == 1  # the applicant's own
