"""How long a step takes and when that ends: what places have set about the procedure, and their working days."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ARRAY, Boolean, Date, Integer, Text, any_, cast, null, select, union_all
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from app.core.db import ReadSession
from app.core.prepared import Prepared, asked
from app.reference.calendar import WorkingCalendar
from app.reference.divisions import NATION
from app.reference.models import CalendarDay, CalendarYear, Parameter
from app.reference.procedure import PROGRAM, Local, Procedure
from app.reference.queries import areas_of, in_force

# As `list_parameters` does, in the few columns that count: every submission asks how long the acceptance may take.
_PROCEDURE = Prepared(
    select(Parameter.name, Parameter.value, Parameter.legal_basis)
    .ext(distinct_on(Parameter.name))
    .where(
        Parameter.program == PROGRAM,
        Parameter.area == any_(asked("areas", ARRAY(Text))),
        in_force(Parameter, asked("on")),
    )
    .order_by(Parameter.name, Parameter.area.desc(), Parameter.valid_from.desc())
)


async def load_procedure(db: ReadSession, division: str, on: date) -> Procedure:
    """Return what places have set about the procedure, as it holds in `division` on a date.

    Raises:
        DivisionMalformed: not a division code.
    """
    rows = await db.fetch(_PROCEDURE, areas=list(areas_of(division)), on=on)
    return Procedure({name: Local(value, basis, local=True) for name, value, basis in rows})


async def load_procedures(db: ReadSession, divisions: Collection[str], on: date) -> Mapping[str, Procedure]:
    """Return for each division what places have set about the procedure, as it holds there on a date.

    Raises:
        DivisionMalformed: one is not a division code.
    """
    areas = {division: areas_of(division) for division in divisions}
    of_area: defaultdict[str, dict[str, Local]] = defaultdict(dict)
    query = (
        select(Parameter.area, Parameter.name, Parameter.value, Parameter.legal_basis)
        .where(
            Parameter.program == PROGRAM,
            Parameter.area.in_({area for each in areas.values() for area in each}),
            in_force(Parameter, on),
        )
        .order_by(Parameter.valid_from)
    )
    for area, name, value, basis in await db.execute(query):
        of_area[area][name] = Local(value, basis, local=True)  # the latest to begin comes last
    return {
        division: Procedure({name: said for area in sorted(own) for name, said in of_area[area].items()})
        for division, own in areas.items()  # the most specific area comes last
    }


# Years and days in one statement, the days of the more specific areas later: every submission counts days.
_CALENDAR_YEARS = select(
    null().label("area"), CalendarYear.year, CalendarYear.days_from, cast(null(), Date), cast(null(), Boolean)
).where(CalendarYear.announced)
_CALENDAR_DAYS = select(CalendarDay.area, cast(null(), Integer), null(), CalendarDay.day, CalendarDay.working).where(
    CalendarDay.area == any_(asked("areas", ARRAY(Text)))
)
_CALENDAR = Prepared(union_all(_CALENDAR_YEARS, _CALENDAR_DAYS).order_by("area"))


async def load_calendar(db: ReadSession, division: str = NATION) -> WorkingCalendar:
    """Return the working-day calendar of `division`: the nation's, with the days its own areas add or take.

    The result may be kept until a year or a day is loaded.

    Raises:
        DivisionMalformed: not a division code.
    """
    return _calendar_of(await db.fetch(_CALENDAR, areas=list(areas_of(division))))


def _calendar_of(rows: Iterable[Sequence[Any]]) -> WorkingCalendar:
    rows = list(rows)
    return WorkingCalendar(
        announced=frozenset(year for _, year, *_ in rows if year is not None),
        departures={day: working for *_, day, working in rows if day is not None},  # the most specific area comes last
        replaced=frozenset(year for _, year, days_from, *_ in rows if days_from == "rows"),
    )


# Both in one round trip: with every submission it is asked how long its acceptance may take, and when that ends.
_TERMS = Prepared(
    union_all(
        _CALENDAR_YEARS.add_columns(cast(null(), Date).label("since"), null(), cast(null(), JSONB), null()),
        _CALENDAR_DAYS.add_columns(cast(null(), Date), null(), cast(null(), JSONB), null()),
        select(Parameter.area, cast(null(), Integer), null(), cast(null(), Date), cast(null(), Boolean))
        .add_columns(Parameter.valid_from, Parameter.name, Parameter.value, Parameter.legal_basis)
        .where(
            Parameter.program == PROGRAM,
            Parameter.area == any_(asked("areas", ARRAY(Text))),
            in_force(Parameter, asked("on")),
        ),
    ).order_by("area", "since")
)


async def load_terms(db: ReadSession, division: str, on: date) -> tuple[Procedure, WorkingCalendar]:
    """Return what places have set about the procedure, as it holds in `division` on a date, and its calendar.

    Raises:
        DivisionMalformed: not a division code.
    """
    rows = await db.fetch(_TERMS, areas=list(areas_of(division)), on=on)
    said = {name: Local(value, basis, local=True) for *_, name, value, basis in rows if name is not None}
    return Procedure(said), _calendar_of(row[:5] for row in rows if row[6] is None)
