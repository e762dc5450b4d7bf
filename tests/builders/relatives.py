"""Declarations of close relatives, made by their own commands."""

from uuid import UUID

from app.applications.commands.conflicts import Person
from app.core.db import Database
from app.identity.actors import Actor
from app.relatives.commands import Declaration, declare_own_relative
from app.relatives.kinship import Kinship, PersonKind
from app.relatives.models import DeclaredRelative
from app.review.commands import register_conflict, register_relative
from tests.builders.applications import Household


async def declare(database: Database, staff: Actor, household: Household, relation: str = "self") -> DeclaredRelative:
    """Let a member of staff declare a member of a household as a sibling, and the worker take it up."""
    details = next(details for _, details in household.members if details.relation == relation)
    async with database.unit_of_work() as db:
        declaration = Declaration(Kinship.SIBLING, details.name, details.id_number)
        row = await declare_own_relative(db, staff, declaration)
    async with database.unit_of_work() as db:
        await register_relative(db, row.id)
    return row


async def register(database: Database, county: Actor, application_id: UUID, member_id: UUID, staff: Actor) -> UUID:
    """Let the county register a case by hand; returns the registration's id."""
    async with database.unit_of_work() as db:
        row = await register_conflict(
            db, county, application_id, member_id=member_id, person=Person(PersonKind.STAFF, staff.id),
            relation=Kinship.SIBLING,
        )  # fmt: skip
    return row.id
