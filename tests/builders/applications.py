"""Applications in any state, made by the stage's own commands."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.commands import (
    MemberDetails,
    accept_application,
    edit_draft,
    put_member,
    put_payout_account,
    sign_authorisation,
    start_draft,
    submit_application,
)
from app.applications.models import Application
from app.core.db import WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from tests.builders.people import build_citizen, build_staff, make_id_number

VILLAGE = "532529103204"  # 嘎他村委会, 红河州 红河县 宝华镇
TOWNSHIP = "532529103000"
COUNTY = "532529000000"

ANSWERS: dict[str, Any] = {"income": [], "expenses": [], "property": [], "supporters": []}


@dataclass(frozen=True)
class Household:
    """A household that can be put into an application: who applies, with which members."""

    applicant: Actor
    members: tuple[tuple[UUID, MemberDetails], ...]


async def build_household(db: WriteSession, *, name: str = "测试甲") -> Household:
    """Make an applicant with a spouse and a child of seven."""
    number = make_id_number()
    applicant = await build_citizen(db, name=name, id_number=number)
    members = (
        (new_id(), MemberDetails("self", name, number)),
        (new_id(), MemberDetails("spouse", "测试乙", make_id_number(date(1982, 3, 4)))),
        (new_id(), MemberDetails("child", "测试丙", make_id_number(date(2019, 9, 1)), {"can_work": False})),
    )
    return Household(applicant, members)


async def build_draft(db: WriteSession, household: Household | None = None, *, village: str = VILLAGE) -> Application:
    """Make a complete draft, ready to be handed in."""
    household = household or await build_household(db)
    actor = household.applicant
    application = await start_draft(db, actor, "living_allowance", village)
    await fill_in(db, household, application)
    for member_id, details in household.members:
        if details.relation != "child":
            await sign_authorisation(
                db,
                actor,
                application.id,
                member_id,
                signer_member_id=member_id,
                signer_name=details.name,
                signer_id_number=details.id_number,
            )
    return application


async def fill_in(db: WriteSession, household: Household, application: Application) -> None:
    """Put into a draft all that can be put in without a signature."""
    actor = household.applicant
    await put_payout_account(db, actor, bank_code="RCC", account="9900001234567890128")
    await edit_draft(
        db, actor, application.id, {"answers": ANSWERS, "address": "测试村一组1号"}, seen=application.version
    )
    for member_id, details in household.members:
        await put_member(db, actor, application.id, member_id, details, seen=application.version)


async def build_submitted(
    db: WriteSession, household: Household | None = None, *, village: str = VILLAGE
) -> Application:
    """Make an application that was handed in."""
    household = household or await build_household(db)
    application = await build_draft(db, household, village=village)
    return await submit_application(db, household.applicant, application.id, truth_promised=True)


async def build_accepted(
    db: WriteSession, household: Household | None = None, *, village: str = VILLAGE, relative_of_staff: bool = False
) -> Application:
    """Make an application that the township accepted."""
    application = await build_submitted(db, household, village=village)
    handler = await build_staff(db, Role.TOWNSHIP_HANDLER, village[:9] + "000")
    return await accept_application(db, handler, application.id, relative_of_staff=relative_of_staff)
