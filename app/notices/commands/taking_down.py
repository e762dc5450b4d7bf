"""Taking a notice down: its seven days are over, or there is nothing to tell any more."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from app.applications.clocks import LIMITS, StepKind
from app.applications.lifecycle import Status as ApplicationStatus
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.core.clock import today
from app.core.db import WriteSession
from app.events.commands import record_event
from app.identity.actors import SYSTEM
from app.notices.events import NoticeEnded
from app.notices.lifecycle import LIFECYCLE, Action, Kind
from app.notices.models import Notice
from app.notices.queries import claim_due, list_up
from app.reference.term_queries import load_calendar
from app.review.commands import send_to_county


async def end_notice(db: WriteSession, notice_id: UUID) -> Notice | None:
    """End a notice whose last day has passed: an opinion's without objection, which hands the papers to the county (D57
    art. 19), or that of an award that was stopped.

    None where it is not due, or another worker is at it. A last day that was only an estimate is worked out again
    first: nobody loses a day because a year's holidays were announced late.
    """
    notice = await claim_due(db, notice_id, today(db.clock))
    if notice is None or not await _is_over(db, notice):
        return None
    application = await get_application(db, SYSTEM, notice.application_id, lock=True)
    if notice.kind == Kind.AWARD:
        _end(db, notice)
        await record_act(db, SYSTEM, "notice.end", "notice", notice.id, row=notice, case=application.case)
        return notice
    if application.status != ApplicationStatus.ACCEPTED:
        return None  # withdrawn meanwhile: the notice goes down for that
    _end(db, notice)
    await close_step(db, application, StepKind.NOTICE, "no_objection")
    await send_to_county(db, application.id)
    await record_act(db, SYSTEM, "notice.end", "notice", notice.id, row=notice, case=application.case)
    await record_event(
        db,
        NoticeEnded(
            subject=application.id,
            county=application.county,
            applicant_id=application.applicant_id,
            notice_id=notice.id,
        ),
    )
    return notice


def _end(db: WriteSession, notice: Notice) -> None:
    notice.status = LIFECYCLE.step(notice.status, Action.END, SYSTEM.role).target
    notice.closed_at = db.clock.now()


async def take_down(
    db: WriteSession,
    application_id: UUID,
    kinds: Sequence[Kind] = (Kind.OPINION, Kind.AWARD),
    *,
    until_round: int | None = None,
) -> Sequence[Notice]:
    """Take down what still hangs about an application; a second time changes nothing.

    `until_round`: only what tells of this round of opinions or one before it.

    Raises:
        ApplicationNotFound: there is none.
    """
    application = await get_application(db, SYSTEM, application_id, lock=True)
    up = await list_up(db, application_id, kinds)
    notices = [notice for notice in up if until_round is None or notice.round <= until_round]
    for notice in notices:
        notice.status = LIFECYCLE.step(notice.status, Action.WITHDRAW, SYSTEM.role).target
        notice.closed_at = db.clock.now()
        await record_act(db, SYSTEM, "notice.withdraw", "notice", notice.id, row=notice, case=application.case)
    await db.flush()
    return notices


async def take_down_award(db: WriteSession, application_id: UUID) -> Sequence[Notice]:
    """Take down the notice of an award that has ended.

    Raises:
        ApplicationNotFound: there is none.
    """
    return await take_down(db, application_id, (Kind.AWARD,))


async def limit_award(db: WriteSession, application_id: UUID, last_day: date) -> Sequence[Notice]:
    """Let the notice of an award that was stopped hang through the last day that the award is in force, and not after;
    one whose last day has passed goes down at once. A second time changes nothing.

    Raises:
        ApplicationNotFound: there is none.
    """
    if last_day < today(db.clock):
        return await take_down_award(db, application_id)
    application = await get_application(db, SYSTEM, application_id, lock=True)
    notices = [notice for notice in await list_up(db, application_id, (Kind.AWARD,)) if notice.ends_on != last_day]
    for notice in notices:
        notice.ends_on = last_day
        await record_act(
            db,
            SYSTEM,
            "notice.limit",
            "notice",
            notice.id,
            row=notice,
            case=application.case,
            last_day=last_day.isoformat(),
        )
    await db.flush()
    return notices


async def _is_over(db: WriteSession, notice: Notice) -> bool:
    if notice.ends_provisional:
        calendar = await load_calendar(db, notice.division)
        due = calendar.add_calendar_days(notice.posted_on, LIMITS[StepKind.NOTICE].days or 0)
        notice.ends_on, notice.ends_provisional = due.on, due.provisional
        await db.flush()
    return notice.ends_on is not None and notice.ends_on < today(db.clock)
