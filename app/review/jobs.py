"""What this stage does when others have moved: each may run twice, and the second time changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from app.applications.events import (
    ApplicationAccepted,
    ApplicationTerminated,
    ApplicationWithdrawn,
    AuthorisationWithdrawn,
)
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.core.clock import SHANGHAI, today
from app.core.db import Database
from app.core.errors import StepNotAllowed
from app.identity.actors import SYSTEM
from app.review import commands
from app.review.check_result_queries import list_unopposed
from app.review.evidence_queries import list_lapsed
from app.review.queries import is_replayed, list_sample, take_replay_run
from app.verification.events import VerificationCompleted

SAMPLE = 200  # decisions judged again each night
_AT_ONCE = 200
_FROM_HOUR = 1  # in China


async def start_review(database: Database, event: ApplicationAccepted) -> None:
    """Begin the review of an application that was accepted."""
    async with database.unit_of_work() as db:
        await commands.begin_review(db, event.subject)


async def register_relative(database: Database, payload: Mapping[str, str]) -> None:
    """Register the cases of somebody who was just declared as a close relative of staff or of a committee member."""
    async with database.unit_of_work() as db:
        await commands.register_relative(db, UUID(payload["relative"]))


async def take_up_report(database: Database, event: VerificationCompleted) -> None:
    """Tell the household what speaks against it; else start the opinion's clock, if it was visited already."""
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, event.subject, lock=True)
        if application.status == ApplicationStatus.ACCEPTED:
            await commands.weigh_report(db, event.subject)
            await commands.open_opinion_step(db, *await commands.lock_review(db, SYSTEM, event.subject))


async def let_results_stand(database: Database) -> None:
    """Let stand what no household has objected to in time; each in a transaction of its own."""
    async with database.reading() as db:
        due = await list_unopposed(db, today(database.clock), _AT_ONCE)
    for application_id, result_id in due:
        try:
            async with database.unit_of_work() as db:
                await commands.let_stand(db, application_id, result_id)
        except StepNotAllowed:  # withdrawn, ended or objected to in this very moment
            continue


async def stop_review(database: Database, event: ApplicationWithdrawn | ApplicationTerminated) -> None:
    """End the review of an application that ended without a decision."""
    async with database.unit_of_work() as db:
        await commands.end_review(db, event.subject)
        await commands.cancel_evidence_letters(db, event.subject)


async def cancel_letters_about(database: Database, event: AuthorisationWithdrawn) -> None:
    """Ask nobody outside any more about a member who withdrew the authorisation."""
    async with database.unit_of_work() as db:
        await commands.cancel_evidence_letters(db, event.subject, about=event.member_id)


async def note_silent_letters(database: Database) -> None:
    """Put before townships the evidence letters whose days have passed; each in a transaction of its own."""
    async with database.reading() as db:
        due = await list_lapsed(db, today(database.clock), _AT_ONCE)
    for application_id, letter_id in due:
        async with database.unit_of_work() as db:
            await commands.note_silence(db, application_id, letter_id)


async def replay_sample(database: Database, *, size: int = SAMPLE) -> None:
    """Once a night, judge a sample of all decisions again, one in a transaction; a killed run goes on where it was."""
    day = today(database.clock)
    if database.clock.now().astimezone(SHANGHAI).hour < _FROM_HOUR:
        return
    async with database.reading() as db:
        if await is_replayed(db, day):
            return
        sample = await list_sample(db, day, size)
    while await _take_next(database, day, sample):
        pass


async def _take_next(database: Database, day: date, sample: Sequence[UUID]) -> bool:
    """Take the next one, unless all were taken meanwhile; say whether there may be another."""
    async with database.unit_of_work("replay") as db:
        run = await take_replay_run(db, day, db.clock.now())
        if run.finished_at is not None:
            return False
        if run.checked < len(sample):
            await commands.replay_next(db, run, sample[run.checked])
            return True
        run.finished_at = db.clock.now()
        return False
