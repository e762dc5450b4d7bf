"""Supporters outside a household: named in a case, and signed in as themselves."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.applications.commands import (
    SupporterDetails,
    accept_application,
    authorise_support_check,
    edit_draft,
    put_supporter,
    submit_application,
)
from app.core.db import Database
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from app.verification.commands import open_application_checks
from tests.builders.applications import VILLAGE, build_draft, build_household
from tests.builders.people import build_citizen, build_staff, make_id_number
from tests.builders.verification import Case

REF, NAME = "son", "测试在外甲"
LINE: dict[str, Any] = {
    "ref": REF,
    "relation": "child",
    "household_size": 2,
    "household_income_fen": 300_000,
    "support_fen": 20_000,
    "period": "month",
}


@dataclass(frozen=True)
class Supported:
    """A case that names a supporter, and who that is."""

    case: Case
    supporter: Actor
    person: UUID
    number: str

    @property
    def id(self) -> UUID:
        return self.case.id

    @property
    def applicant(self) -> Actor:
        return self.case.applicant


async def build_supported(
    database: Database,
    *,
    number: str | None = None,
    supporter: Actor | None = None,
    authorised: bool = False,
    opened: bool = True,
    line: dict[str, Any] | None = None,
) -> Supported:
    """Make an accepted case that names a supporter, who has an account, and has authorised being checked or not."""
    number = number or make_id_number()
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_draft(db, household)
        changes = {"answers": {"supporters": [{**LINE, **(line or {})}]}}
        await edit_draft(db, household.applicant, application.id, changes, seen=application.version)
        person = new_id()
        details = SupporterDetails(REF, "child", NAME, number)
        await put_supporter(db, household.applicant, application.id, person, details, seen=None)
        supporter = supporter or await build_citizen(db, name=NAME, id_number=number)
        if authorised:
            await authorise_support_check(db, supporter, person)
        await submit_application(db, household.applicant, application.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
        await accept_application(db, handler, application.id, relative_of_staff=False)
    if opened:
        async with database.unit_of_work() as db:
            await open_application_checks(db, application.id)
    return Supported(Case(application.id, household, handler), supporter, person, number)
