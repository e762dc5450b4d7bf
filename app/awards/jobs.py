"""Reaction to a decision: an approval opens the award, once."""

from app.awards.commands import open_award_of
from app.core.db import Database
from app.review.events import DecisionMade


async def open_award(database: Database, event: DecisionMade) -> None:
    """Open the award of an approved application; a refusal, and a second time, change nothing."""
    if event.outcome != "approved":
        return
    async with database.unit_of_work() as db:
        await open_award_of(db, event.subject, event.decision_id)
