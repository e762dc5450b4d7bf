"""Until when agencies are waited for that have been asked to correct something: a ticket without an answer stays open
to one, but holds nothing up for ever."""

from dataclasses import dataclass
from datetime import date

from app.applications.models import Application
from app.core.clock import today
from app.core.db import ReadSession
from app.reference.term_queries import load_calendar
from app.verification.commands.disputing import ANSWER_DAYS
from app.verification.dispute_queries import list_pending


@dataclass(frozen=True)
class Awaited:
    """How many disputed fields agencies have time to answer about, and the last day of it; `until` is None while the
    letter about one of them has not gone out."""

    fields: int
    until: date | None


async def find_awaited(db: ReadSession, application: Application) -> Awaited | None:
    """Return what agencies are waited for in a case; None where nothing is disputed, or each of them has let its time
    pass. They have until the day that was told to the citizen, and not less than 10 working days from the letter
    (政务数据共享条例 art. 26): what lay at the county must not be taken from them. The application is locked by whoever
    calls."""
    pending = await list_pending(db, application.id)
    if not pending:
        return None
    calendar, on = await load_calendar(db, application.division), today(db.clock)
    sent = [
        max(each.due_on, calendar.add_working_days(each.sent_on, ANSWER_DAYS).on)
        for each in pending
        if each.sent_on is not None
    ]
    unsent, awaited = len(pending) - len(sent), [last for last in sent if last >= on]
    if not unsent and not awaited:
        return None
    return Awaited(unsent + len(awaited), None if unsent else max(awaited))
