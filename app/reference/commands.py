"""Changes to reference data: the loader, and what an administrator may put.

Callers that load a year or a day compute their provisional due dates again: reference knows no cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.clock import today
from app.core.db import WriteSession
from app.core.errors import DomainError, Fault
from app.reference import queries
from app.reference.divisions import NATION
from app.reference.errors import CalendarYearInvalid, ParameterInvalid, StandardInvalid
from app.reference.models import Parameter, Standard
from app.reference.procedure import PROGRAM as PROCEDURE
from app.reference.procedure import fits
from app.reference.published import PublishedStandard, read_announced_years, read_divisions, read_standards
from app.reference.retention import PROGRAM, Kept, read_period, rule_on

_FEWEST_DAYS_OFF = 10  # weekdays off in a year; since 2007 no year has had fewer than 16


@dataclass(frozen=True)
class Loaded:
    """How many rows a load added."""

    divisions: int
    standards: int
    calendar_years: int


@dataclass(frozen=True)
class LocalParameter:
    """What a place sets for a program: any JSON value but null, from a first day on; `area` may be NATION."""

    program: str
    name: str
    area: str
    value: Any
    legal_basis: str
    valid_from: date
    valid_to: date | None = None


async def load_reference_data(db: WriteSession) -> Loaded:
    """Add the published facts of `data/` that are not there yet.

    Set-based and safe to repeat, also at the same moment in two processes; what is there is left as it is, so that a
    correction by an administrator survives the next start.
    """
    return Loaded(
        divisions=await queries.add_divisions(db, read_divisions()),
        standards=await queries.add_standards(db, read_standards()),
        calendar_years=await queries.add_announced_years(db, read_announced_years()),
    )


async def put_standard(db: WriteSession, standard: PublishedStandard, *, change_id: UUID | None = None) -> Standard:
    """Publish a standard from its first day on; the same program, area, class and first day again supersedes it.

    An earlier standard needs no closing: of several in force the latest to begin holds. `change_id`: what put it in
    force.

    Raises:
        DivisionMalformed: its area is not a division code.
        DivisionUnknown: there is no such division today.
        StandardInvalid: the amount is not above zero, the source is missing, or the dates are reversed.
    """
    await queries.get_division(db, standard.area, today(db.clock))
    faults = _dates(standard.valid_from, standard.valid_to) + _text("source", standard.source)
    if standard.amount_fen <= 0:
        faults.append(Fault("/amount_fen", "too_small"))
    _refuse(StandardInvalid, faults)
    return await queries.add_standing_standard(db, {**vars(standard), "change_id": change_id})


async def put_parameter(db: WriteSession, parameter: LocalParameter, *, change_id: UUID | None = None) -> Parameter:
    """Set a local parameter from its first day on; the same program, name, area and first day again supersedes it.

    Whether the name is known and the value of its kind is the program's to say; of periods and of the procedure it is
    said here.

    Raises:
        DivisionMalformed: its area is not a division code.
        DivisionUnknown: there is no such division today.
        ParameterInvalid: no value, no legal basis, or the dates are reversed; or something that no place may set.
    """
    if parameter.area != NATION:
        await queries.get_division(db, parameter.area, today(db.clock))
    faults = _dates(parameter.valid_from, parameter.valid_to) + _text("legal_basis", parameter.legal_basis)
    if parameter.value is None:
        faults.append(Fault("/value", "missing"))
    elif parameter.program == PROGRAM:
        faults.extend(_period_faults(parameter))
    elif parameter.program == PROCEDURE:
        faults.extend(_procedure_faults(parameter))
    _refuse(ParameterInvalid, faults)
    return await queries.add_standing_parameter(db, {**vars(parameter), "change_id": change_id})


async def load_calendar_year(db: WriteSession, year: int, days: Mapping[date, bool], source: str) -> None:
    """Record the announced holidays of `year`: each day off (False) and each weekend day worked (True).

    From now on these days are all that differs from Monday to Friday in that year; the package is no longer asked about
    it. Repeating corrects the days that are named. Days of the December before may be among them.

    Raises:
        CalendarYearInvalid: a day of another year, a weekday named as worked, or fewer weekdays off than any year has:
            a notice read wrongly must not become a year without holidays.
    """
    faults = _text("source", source)
    if any(day.year != year and (day.year, day.month) != (year - 1, 12) for day in days):
        faults.append(Fault("/days", "other_year", year=year))
    if any(worked and day.weekday() < 5 for day, worked in days.items()):
        faults.append(Fault("/days", "not_a_change"))
    if sum(not worked and day.weekday() < 5 for day, worked in days.items()) < _FEWEST_DAYS_OFF:
        faults.append(Fault("/days", "too_few", least=_FEWEST_DAYS_OFF))
    _refuse(CalendarYearInvalid, faults)
    await queries.upsert_calendar_days(db, NATION, days, source)
    await queries.upsert_calendar_year(db, year, source)


async def put_calendar_day(db: WriteSession, area: str, day: date, *, working: bool, basis: str) -> None:
    """Say that `day` is off or worked in `area` (NATION: everywhere), whatever the calendar above it says.

    For local festivals, which prefectures may add (Order on holidays, art. 4), and for single days announced later.

    Raises:
        DivisionMalformed: `area` is not a division code.
        DivisionUnknown: there is no such division today.
        CalendarYearInvalid: no basis is given.
    """
    if area != NATION:
        await queries.get_division(db, area, today(db.clock))
    _refuse(CalendarYearInvalid, _text("basis", basis))
    await queries.upsert_calendar_days(db, area, {day: working}, basis)


def _dates(valid_from: date, valid_to: date | None) -> list[Fault]:
    if valid_to is not None and valid_to < valid_from:
        return [Fault("/valid_to", "before_start")]
    return []


def _text(name: str, text: str) -> list[Fault]:
    return [] if text.strip() else [Fault(f"/{name}", "missing", "ground")]


def _refuse(error: type[DomainError], faults: list[Fault]) -> None:
    if faults:
        raise error(faults=tuple(faults))


def _period_faults(parameter: LocalParameter) -> list[Fault]:
    if parameter.name not in set(Kept) or not rule_on(Kept(parameter.name), parameter.valid_from).local:
        return [Fault("/name", "not_local")]
    try:
        read_period(parameter.value)
    except ValueError:
        return [Fault("/value", "not_a_period")]
    return []


def _procedure_faults(parameter: LocalParameter) -> list[Fault]:
    match fits(parameter.name, parameter.value):
        case None:
            return [Fault("/name", "not_local", "procedure")]
        case False:
            return [Fault("/value", "invalid")]
        case _:
            return []
