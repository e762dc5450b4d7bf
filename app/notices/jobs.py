"""What this stage does when others have moved, or when days have passed; a second time changes nothing."""

import structlog

from app.applications.events import ApplicationTerminated, ApplicationWithdrawn
from app.core.clock import today
from app.core.db import Database
from app.notices import commands
from app.notices.lifecycle import Kind
from app.notices.queries import list_due
from app.review.events import DecisionMade, OpinionGiven, ReviewSentBack

_AT_ONCE = 500  # what is left over comes with the next sweep


async def post_notice(database: Database, event: OpinionGiven) -> None:
    """Post a favourable opinion in the household's village."""
    if not event.favourable:
        return
    async with database.unit_of_work() as db:
        await commands.post_opinion(db, event.subject, round_=event.round, assessment_id=event.assessment_id)


async def take_decided_notices_down(database: Database, event: DecisionMade) -> None:
    """Take down what still hangs about the opinion; a grant is posted when its award opens."""
    async with database.unit_of_work() as db:
        await commands.take_down(db, event.subject, (Kind.OPINION,))


async def take_void_notices_down(database: Database, event: ReviewSentBack) -> None:
    """Take down what hangs about an opinion that is none any more: an objection to it would meet the next one."""
    async with database.unit_of_work() as db:
        await commands.take_down(db, event.subject, (Kind.OPINION,), until_round=event.round)


async def take_notices_down(database: Database, event: ApplicationWithdrawn | ApplicationTerminated) -> None:
    """Take down what hangs about a matter that ended without a decision."""
    async with database.unit_of_work() as db:
        await commands.take_down(db, event.subject)


async def end_notices(database: Database) -> None:
    """End the notices whose last day has passed, one transaction each; one that fails does not hold up the others."""
    async with database.reading() as db:
        due = await list_due(db, today(database.clock), limit=_AT_ONCE)
    for notice_id in due:
        try:
            async with database.unit_of_work() as db:
                await commands.end_notice(db, notice_id)
        except Exception as error:
            structlog.get_logger().exception(
                "notice could not be ended", subject=str(notice_id), error_type=type(error).__name__
            )
