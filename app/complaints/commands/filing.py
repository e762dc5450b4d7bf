"""Taking a complaint in."""

import re
from dataclasses import dataclass, field
from uuid import UUID

from app.applications.models import Application
from app.applications.queries import find_by_number
from app.audit.commands import record_act
from app.complaints.clocks import limit_of
from app.complaints.errors import NumberMalformed, PlaceMissing, PlaceTooHigh
from app.complaints.events import ComplaintReceived
from app.complaints.lifecycle import OUTCOMES, Action, Category, Status
from app.complaints.models import Complaint, ComplaintReporter
from app.complaints.queries import citizen_index
from app.core.clock import today
from app.core.db import WriteSession
from app.core.ids import county_of_number, new_id, new_number, new_secret_code, number_is_valid
from app.events.commands import record_event
from app.identity.actors import SYSTEM
from app.identity.numbers import read_name, read_phone
from app.reference.divisions import Level, level_of
from app.reference.queries import get_division
from app.reference.term_queries import load_calendar
from app.review.commands import require_county_visit

PREFIX = "TS"
_NUMBER = re.compile(r"[A-Z]{2}[1-9][0-9]{11}[0-9A-Z]{9}")  # prefix, county, date, random part, check character
_HANDLED_AT = frozenset({Level.COUNTY, Level.TOWNSHIP, Level.VILLAGE})


@dataclass(frozen=True)
class ReporterDetails:
    """Who complains. With a name it is a real-name report (实名举报); without one there is a phone to answer to."""

    name: str | None = field(repr=False)
    phone: str = field(repr=False)
    citizen_id: UUID | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Filed:
    """A complaint taken in, and its code, which is shown now and never again."""

    complaint: Complaint
    code: str = field(repr=False)


async def file_complaint(
    db: WriteSession,
    *,
    category: Category,
    text: str,
    division: str | None,
    application_number: str | None,
    reporter: ReporterDetails | None,
) -> Filed:
    """Take a complaint in. About an application on which the county has yet to decide, it obliges the county to visit
    the household (D57 art. 20).

    Raises:
        PlaceMissing, PlaceTooHigh: no place, or one above the counties.
        DivisionUnknown: no such place.
        NumberMalformed: no receipt number.
        NameMalformed, PhoneMalformed: of the reporter.
    """
    async with db.wider():  # it is about others, and who complains sees of it what the receipt says
        return await _file(db, category, text, division, application_number, reporter)


async def _file(
    db: WriteSession,
    category: Category,
    text: str,
    division: str | None,
    application_number: str | None,
    reporter: ReporterDetails | None,
) -> Filed:
    number = _read_number(application_number) if application_number else None
    # A number that names nothing is kept as told: a refusal would tell strangers which numbers exist.
    application = await find_by_number(db, number) if number else None
    place = await _place(db, application, number, division)
    named = reporter is not None and reporter.name is not None
    complaint, code = await _build(db, category, place, named=named)
    complaint.application_number = number
    complaint.application_id = application.id if application else None
    complaint.text_sealed = db.vault.seal("complaints.text", complaint.id, text, division=complaint.county)
    db.add(complaint)
    await db.flush()
    if reporter is not None:
        await _keep_reporter(db, complaint, reporter)
    if application is not None and Action.UPHOLD in OUTCOMES[category]:
        await require_county_visit(db, application.id, category)
    # SYSTEM also where a citizen is signed in: the record would say who complained.
    await record_act(
        db, SYSTEM, "complaint.file", "complaint", complaint.id, county=complaint.county, row=complaint, named=named
    )
    await record_event(db, ComplaintReceived(subject=complaint.id, county=complaint.county, category=category))
    return Filed(complaint, code)


def code_text(number: str, code: str) -> str:
    """Return what the code's blind index is made of: the same code of another complaint is another index."""
    return f"{number}:{code}"


def _read_number(text: str) -> str:
    number = text.strip().upper()
    if not _NUMBER.fullmatch(number) or not number_is_valid(number):
        raise NumberMalformed
    return number


async def _place(db: WriteSession, application: Application | None, number: str | None, division: str | None) -> str:
    if application is not None:
        return application.division
    if division is None and number is None:
        raise PlaceMissing
    place = division or county_of_number(number or "") + "000000"
    await get_division(db, place, today(db.clock))
    if level_of(place) not in _HANDLED_AT:
        raise PlaceTooHigh
    return place


async def _build(db: WriteSession, category: Category, place: str, *, named: bool) -> tuple[Complaint, str]:
    on, code = today(db.clock), new_secret_code()
    number = new_number(PREFIX, place[:6], on)
    limit, due = limit_of(category, named=named), None
    if limit is not None:
        calendar = await load_calendar(db, place)
        count = calendar.add_calendar_days if limit.calendar else calendar.add_working_days
        due = count(on, limit.days)
    return Complaint(
        id=new_id(),
        county=place[:6],
        division=place,
        number=number,
        code_index=db.vault.index("complaints.code", code_text(number, code)),
        category=category,
        status=Status.RECEIVED,
        named=named,
        received_at=db.clock.now(),
        due_on=due.on if due else None,
        due_provisional=due.provisional if due else False,
        due_basis=limit.basis if limit else None,
    ), code


async def _keep_reporter(db: WriteSession, complaint: Complaint, reporter: ReporterDetails) -> None:
    row, name = new_id(), reporter.name
    db.add(
        ComplaintReporter(
            id=row,
            county=complaint.county,
            complaint_id=complaint.id,
            name_sealed=db.vault.seal("complaint_reporters.name", row, read_name(name), division=complaint.county)
            if name
            else None,
            phone_sealed=db.vault.seal(
                "complaint_reporters.phone", row, read_phone(reporter.phone), division=complaint.county
            ),
            citizen_index=citizen_index(db.vault, reporter.citizen_id) if reporter.citizen_id else None,
        )
    )
    await db.flush()
