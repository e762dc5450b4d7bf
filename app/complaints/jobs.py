"""Telling the reporter that there is an answer."""

from app.complaints.events import ComplaintAnswered
from app.complaints.queries import find_reporter, get_complaint
from app.core.db import Database
from app.identity.actors import SYSTEM
from app.notifications.commands import tell_phone


async def tell_reporter(database: Database, event: ComplaintAnswered) -> None:
    """Queue a message to the phone the reporter gave; nothing for an anonymous one.

    To the phone and not to the account: a message row must not say which citizen complained.
    """
    async with database.unit_of_work() as db:
        complaint = await get_complaint(db, SYSTEM, event.subject)
        reporter = await find_reporter(db, complaint.id)
        if reporter is not None:
            phone = db.vault.open("complaint_reporters.phone", reporter.id, reporter.phone_sealed)
            await tell_phone(db, event, phone, complaint.number)
