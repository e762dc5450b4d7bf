"""The seven days of a notice, which no objection makes shorter: others may object as well, to the last of them."""

from app.applications.clocks import LIMITS, StepKind
from app.applications.models import Application
from app.applications.queries import list_steps
from app.core.clock import legal_date, today
from app.core.db import ReadSession
from app.reference.term_queries import load_calendar
from app.review.errors import NoticeRunning
from app.review.notice_skipping import NOT_POSTED

_DAYS = LIMITS[StepKind.NOTICE].days or 0


async def require_notice_over(db: ReadSession, application: Application) -> None:
    """Let nothing be granted before the village had its days (D57 art. 19, 20), also where the household was surveyed
    again meanwhile. A last day that was only an estimate is worked out again.

    Raises:
        NoticeRunning: they are not over.
    """
    posted = [step for step in await list_steps(db, application.id) if step.kind == StepKind.NOTICE]
    if not posted or (posted[-1].outcome or "").startswith(NOT_POSTED):
        return
    last = posted[-1].due_on
    if posted[-1].provisional:
        calendar = await load_calendar(db, application.division)
        last = calendar.add_calendar_days(legal_date(posted[-1].opened_at), _DAYS).on
    if last is not None and last >= today(db.clock):
        raise NoticeRunning("notice_until", until=last.isoformat())
