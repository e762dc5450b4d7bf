"""What this stage does when others have moved: each may run twice, and the second time changes nothing."""

from collections.abc import Mapping
from uuid import UUID

from app.applications.events import ApplicationAccepted, ApplicationTerminated, ApplicationWithdrawn
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.core.db import Database
from app.identity.actors import SYSTEM
from app.review import commands
from app.verification.events import VerificationCompleted


async def start_review(database: Database, event: ApplicationAccepted) -> None:
    """Begin the review of an application that was accepted."""
    async with database.unit_of_work() as db:
        await commands.begin_review(db, event.subject)


async def register_relative(database: Database, payload: Mapping[str, str]) -> None:
    """Register the cases of somebody who was just declared as a close relative of staff or of a committee member."""
    async with database.unit_of_work() as db:
        await commands.register_relative(db, UUID(payload["relative"]))


async def take_up_report(database: Database, event: VerificationCompleted) -> None:
    """Start the opinion's clock, if the household was visited already."""
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, event.subject, lock=True)
        if application.status == ApplicationStatus.ACCEPTED:
            await commands.open_opinion_step(db, *await commands.lock_review(db, SYSTEM, event.subject))


async def stop_review(database: Database, event: ApplicationWithdrawn | ApplicationTerminated) -> None:
    """End the review of an application that ended without a decision."""
    async with database.unit_of_work() as db:
        await commands.end_review(db, event.subject)
