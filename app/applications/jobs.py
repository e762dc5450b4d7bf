"""What this stage does when days have passed, or something was handed in; a second time changes nothing."""

from datetime import date, timedelta
from uuid import UUID, uuid5

import structlog

from app.applications.commands.entrustments import CONFIRM_WITHIN, let_lapse
from app.applications.commands.escalations import escalate_task
from app.applications.entrustment_queries import get_entrustment, list_forgotten
from app.applications.escalation_queries import list_late, list_late_prefectures
from app.applications.events import ApplicationSubmitted, ApplicationSupplemented, Entrusted
from app.applications.household import id_number_of, name_of
from app.applications.models import GUARDIAN, Member
from app.applications.queries import get_whole_application
from app.applications.queues import PREFECTURE_AFTER_DAYS, EscalationLevel
from app.applications.supporter_queries import list_consents, list_supporters
from app.applications.supporters import Consent, consent_of
from app.core.clock import today
from app.core.db import Database, ReadSession
from app.identity.actors import SYSTEM
from app.identity.commands import phone_of
from app.identity.queries import find_citizen_by_id_number, get_citizen
from app.identity.real_names import real_name_of
from app.notifications.commands import tell_citizen, tell_concerned
from app.notifications.texts import SIGNED_BY_GUARDIAN, SUPPORTER_NAMED
from app.reference.calendar import WorkingCalendar
from app.reference.term_queries import load_calendar

_AT_ONCE = 500  # what is left over comes with the next sweep
_DAY = timedelta(days=1)


async def tell_principal(database: Database, event: Entrusted) -> None:
    """Tell somebody that another may apply for her, where she has a telephone; on paper she is told with the
    receipt."""
    async with database.unit_of_work() as db:
        entrustment = await get_entrustment(db, SYSTEM, event.subject)
        if phone_of(db, await get_citizen(db, event.principal_id)) is not None:
            await tell_citizen(db, event, event.principal_id, entrustment.number)


async def tell_concerned_by(database: Database, event: ApplicationSubmitted | ApplicationSupplemented) -> None:
    """Tell who is named as a supporter in what was handed in that he is asked, and whom a guardian signed for that this
    was done, each once; only who has proved on an account of his own that name and number are his. A draft tells
    nobody: it may still change, or never be handed in."""
    async with database.unit_of_work() as db:
        for person, cause, template in await _concerned(db, event.subject):
            citizen = await find_citizen_by_id_number(db, id_number_of(db, person))
            if citizen is not None and real_name_of(db.vault, citizen) == name_of(db, person):
                await tell_concerned(db, template, cause, event.county, citizen.id)


async def _concerned(db: ReadSession, application_id: UUID) -> list[tuple[Member, UUID, str]]:
    """Return who is concerned, of what he is told, and which message. Another person under the id that the phone chose
    for a supporter is told anew, so the cause is of person and number."""
    application = await get_whole_application(db, SYSTEM, application_id)
    people = {member.id: member for member in application.members}
    signed = [each for each in application.authorisations if each.method == GUARDIAN and each.withdrawn_at is None]
    wards = [(people[each.member_id], each.id, SIGNED_BY_GUARDIAN) for each in signed if each.member_id in people]
    supporters = await list_supporters(db, application_id)
    consents = await list_consents(db, [each.id for each in supporters])
    asked = [each for each in supporters if consent_of(each, consents) is Consent.ASKED]
    return wards + [(each, uuid5(each.id, each.id_number_index.hex()), SUPPORTER_NAMED) for each in asked]


async def forget_unconfirmed(database: Database) -> None:
    """Forget whom an agent named where nobody has confirmed it within a week."""
    async with database.reading() as db:
        forgotten = await list_forgotten(db, database.clock.now() - CONFIRM_WITHIN, _AT_ONCE)
    for entrustment_id in forgotten:
        async with database.unit_of_work() as db:
            await let_lapse(db, entrustment_id)


async def escalate_overdue(database: Database) -> None:
    """Tell the county's supervisors the day after a legal date, the prefecture's some working days later."""
    yesterday = today(database.clock) - _DAY
    await _escalate(database, EscalationLevel.COUNTY, yesterday)
    async with database.reading() as db:
        late = await list_late_prefectures(db, yesterday)
        calendars = {prefecture: await load_calendar(db, prefecture + "0" * 8) for prefecture in late}
    for prefecture, calendar in calendars.items():
        until = last_day_due(calendar, yesterday, PREFECTURE_AFTER_DAYS)
        await _escalate(database, EscalationLevel.PREFECTURE, until, prefecture=prefecture)


def last_day_due(calendar: WorkingCalendar, by: date, days: int) -> date:
    """Return the last day since which `days` working days are over, the day `by` included."""
    due = by - days * _DAY
    while calendar.working_days_between(due, by) < days:
        due -= _DAY
    return due


async def _escalate(database: Database, level: EscalationLevel, until: date, *, prefecture: str = "") -> None:
    """Escalate each in a transaction of its own; one that fails does not hold up the others."""
    async with database.reading() as db:
        late = await list_late(db, level, until, prefecture=prefecture, limit=_AT_ONCE)
    for each in late:
        try:
            async with database.unit_of_work() as db:
                await escalate_task(db, each, level, until)
        except Exception as error:
            structlog.get_logger().exception(
                "task could not be escalated", subject=str(each.step_id), error_type=type(error).__name__
            )
