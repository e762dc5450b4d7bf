"""Households under verification, and agencies in memory that know them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.applications.commands import accept_application, edit_draft, submit_application
from app.core.db import Database, WriteSession
from app.facts import FactKey, Item
from app.identity.actors import SYSTEM, Actor, Role
from app.programs.registry import get_program
from app.verification.commands import GivenAnswer, answer_check_manually, open_application_checks, take_late_answer
from app.verification.jobs import ask_checks
from app.verification.lifecycle import OPEN, Status
from app.verification.models import Check
from app.verification.patience import Patience
from app.verification.putting import new_turn
from app.verification.queries import list_checks
from tests.builders.applications import VILLAGE, Household, build_draft, build_household
from tests.builders.files import finish_upload
from tests.builders.people import build_staff
from tests.partners.fakes import build_fakes

PATIENCE = Patience(
    pauses=tuple(timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16)),
    overdue_attempts=3,
    reminder=timedelta(days=3),
)
AS_OF = date(2026, 11, 20)
NEEDED = len(get_program("living_allowance").needs)  # questions about each member


@dataclass(frozen=True)
class Agencies:
    """All agencies in memory; each is an attribute by its code as well."""

    by_code: dict[str, Any]

    def __getattr__(self, code: str) -> Any:
        if code.startswith("__") or code not in self.by_code:
            raise AttributeError(code)
        return self.by_code[code]

    def know(self, household: Household) -> None:
        """Put everybody on the household register, as declared."""
        for _, details in household.members:
            number = details.id_number
            values = {
                FactKey.REGISTERED_NAME: details.name,
                FactKey.BIRTH_DATE: date(int(number[6:10]), int(number[10:12]), int(number[12:14])),
                FactKey.HUKOU_DIVISION: VILLAGE,
                FactKey.HUKOU_HOUSEHOLD: "H000001",
            }
            self.public_security.learn(Item.HOUSEHOLD_REGISTER, number, values, AS_OF)


def build_agencies() -> Agencies:
    """Make agencies that know nobody."""
    return Agencies(build_fakes())


@dataclass(frozen=True)
class Case:
    """An accepted application with its people."""

    id: UUID
    household: Household
    handler: Actor

    @property
    def applicant(self) -> Actor:
        return self.household.applicant

    def member(self, relation: str) -> UUID:
        return next(member_id for member_id, details in self.household.members if details.relation == relation)

    def number(self, relation: str) -> str:
        return next(details.id_number for _, details in self.household.members if details.relation == relation)


async def build_case(
    database: Database, *, household: Household | None = None, answers: Mapping[str, Any] | None = None
) -> Case:
    """Make an accepted application whose checks are not opened yet."""
    async with database.unit_of_work() as db:
        household = household or await build_household(db)
        application = await build_draft(db, household)
        if answers:
            await edit_draft(
                db, household.applicant, application.id, {"answers": dict(answers)}, seen=application.version
            )
        await submit_application(db, household.applicant, application.id, truth_promised=True)
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, VILLAGE[:9] + "000")
        await accept_application(db, handler, application.id, relative_of_staff=False)
    return Case(application.id, household, handler)


async def build_opened(
    database: Database, *, household: Household | None = None, answers: Mapping[str, Any] | None = None
) -> Case:
    """Make an application whose checks are open."""
    case = await build_case(database, household=household, answers=answers)
    async with database.unit_of_work() as db:
        await open_application_checks(db, case.id)
    return case


async def checks_of(database: Database, case: Case) -> dict[tuple[UUID, Item], Check]:
    """Return a case's checks by member and item."""
    async with database.reading() as db:
        return {(check.member_id, Item(check.item)): check for check in await list_checks(db, case.id)}


async def find_check(database: Database, case: Case, item: Item, relation: str = "self") -> Check:
    """Return one check."""
    return (await checks_of(database, case))[case.member(relation), item]


async def ask(database: Database, agencies: Agencies, check: Check, patience: Patience = PATIENCE) -> None:
    """Run the job of a check's next attempt."""
    payload = {"application": str(check.application_id), "attempts": f"{check.id}:{check.attempts}"}
    await ask_checks(database, payload, partners=agencies.by_code, patience=patience, turn=new_turn())


async def ask_all(database: Database, agencies: Agencies, case: Case) -> None:
    """Put every question that was not put yet."""
    for check in (await checks_of(database, case)).values():
        if check.status == Status.REQUESTED:
            await ask(database, agencies, check)


async def call_back(database: Database, agencies: Agencies, check: Check) -> bool:
    """Let the bank call back about one check."""
    late = agencies.banking.read_callback(agencies.banking.late_reply(check.id))
    async with database.unit_of_work() as db:
        return await take_late_answer(db, Actor(SYSTEM.id, Role.PARTNER), agencies.banking.code, late)


async def answer_all(database: Database, agencies: Agencies, case: Case) -> None:
    """Ask everything, and let the bank call back about all of it."""
    await ask_all(database, agencies, case)
    for check in (await checks_of(database, case)).values():
        if check.status == Status.DISPATCHED:
            await call_back(database, agencies, check)


async def enter(db: WriteSession, actor: Actor, check: UUID, given: GivenAnswer) -> Check:
    """Enter an answer by hand, with a scan of the paper it came on."""
    return await answer_check_manually(db, actor, check, replace(given, scan=await finish_upload(db, actor.id)))


async def give_up(database: Database, check: Check) -> None:
    """Let a check end as if the agency had been asked often enough in vain."""
    async with database.unit_of_work() as db:
        await db.execute(
            update(Check)
            .where(Check.id == check.id)
            .values(status=Status.UNAVAILABLE, asked_at=db.clock.now(), next_attempt_at=None)
        )


async def open_items(database: Database, case: Case) -> set[Item]:
    """Return the items that are still open for anybody."""
    return {item for (_, item), check in (await checks_of(database, case)).items() if check.status in OPEN}
