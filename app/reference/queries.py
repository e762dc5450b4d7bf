"""Reads about places, standards, parameters and the calendar, and at the end the upserts that the commands use.

Public facts: there is no `visible_to` here, because everybody may see them. "Most specific wins" relies on one property
of the codes: within one lineage the more specific code is the greater one, and NATION is the smallest of all.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BindParameter,
    Boolean,
    ColumnElement,
    CursorResult,
    Select,
    Text,
    and_,
    case,
    column,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, distinct_on, insert

from app.core.db import Base, ReadSession, WriteSession
from app.core.ids import new_id
from app.reference.divisions import NATION, lineage, parse_division
from app.reference.errors import DivisionUnknown, StandardMissing
from app.reference.models import CalendarDay, CalendarYear, Division, Parameter, Standard
from app.reference.published import DIVISIONS_SINCE, DIVISIONS_SOURCE, PublishedDivision, PublishedStandard

FOR_ALL_CLASSES = ("unified", "any")  # classes that stand in for the one asked for, better one first
_PREFECTURE_DIGITS = 4
StandardKey = tuple[str, str, str]  # program, area, class


def in_force(model: Any, on: date | BindParameter[date]) -> ColumnElement[bool]:
    dated = and_(model.valid_from <= on, or_(model.valid_to.is_(None), model.valid_to >= on))
    return dated if model is Division else and_(dated, model.superseded_by.is_(None))


def division_on(code: str | BindParameter[str], on: date | BindParameter[date]) -> Select[Division]:
    """Select the division that has a code on a date."""
    query = select(Division).where(Division.code == code, in_force(Division, on))
    return query.order_by(Division.valid_from.desc()).limit(1)


async def get_division(db: ReadSession, code: str, on: date) -> Division:
    """Return the division that has `code` on a date.

    Raises:
        DivisionMalformed: not a division code.
        DivisionUnknown: no division has it on that date.
    """
    found = await db.scalar(division_on(parse_division(code), on))
    if found is None:
        raise DivisionUnknown("no_division", code=code, on=on.isoformat())
    return found


async def list_children(
    db: ReadSession, parent: str | None, on: date, *, after: str = "", limit: int = 100
) -> Sequence[Division]:
    """List the divisions directly below `parent` (None: the provinces) on a date, by code, later than `after`.

    Raises:
        DivisionMalformed: `parent` is not a division code.
        DivisionUnknown: there is no such parent on that date.
    """
    if parent is not None:
        await get_division(db, parent, on)
    below = Division.parent_code.is_(None) if parent is None else Division.parent_code == parent
    query = select(Division).ext(distinct_on(Division.code))
    query = query.where(below, Division.code > after, in_force(Division, on))
    found = await db.scalars(query.order_by(Division.code, Division.valid_from.desc()).limit(limit))
    return found.all()


async def ancestors(db: ReadSession, code: str, on: date) -> Sequence[Division]:
    """Return the divisions above `code` on a date from the province down, and last the division itself.

    Raises:
        DivisionMalformed: not a division code.
        DivisionUnknown: no division has it on that date.
    """
    query = select(Division).ext(distinct_on(Division.code))
    query = query.where(Division.code.in_(lineage(code)), in_force(Division, on))
    found = (await db.scalars(query.order_by(Division.code, Division.valid_from.desc()))).all()
    if not found or found[-1].code != code:
        raise DivisionUnknown("no_division", code=code, on=on.isoformat())
    return found


async def require_place(db: ReadSession, code: str, on: date) -> None:
    """Refuse a code that no division has on a date, of a province that is on the register; of others nobody knows.

    Raises:
        DivisionMalformed: not a division code.
        DivisionUnknown: there is no such division.
    """
    wanted = {code, lineage(code)[0]}
    query = select(Division.code).where(Division.code.in_(wanted), in_force(Division, on)).distinct()
    found = set((await db.scalars(query)).all())
    if found and code not in found:
        raise DivisionUnknown("no_division", code=code, on=on.isoformat())


async def name_place(db: ReadSession, code: str, on: date) -> str | None:
    """Return the name of a place with those above it, from the county down; None where it is not on the register."""
    query = select(Division.code, Division.name).ext(distinct_on(Division.code))
    query = query.where(Division.code.in_(lineage(code)), in_force(Division, on))
    found = (await db.execute(query.order_by(Division.code, Division.valid_from.desc()))).all()
    if not found or found[-1].code != code:
        return None
    return "".join(name for above, name in found if len(above.rstrip("0")) > _PREFECTURE_DIGITS)


async def resolve_standard(db: ReadSession, program: str, division: str, area_class: str, on: date) -> Standard:
    """Return the standard that holds in `division` for `area_class` on a date, found as by `find_standard`.

    Raises:
        DivisionMalformed: not a division code.
        StandardMissing: no area from the division up to the nation has one.
    """
    found = await find_standard(db, program, division, area_class, on)
    if found is None:
        raise StandardMissing(
            "no_standard", program=program, area_class=area_class, division=division, on=on.isoformat()
        )
    return found


async def find_standard(db: ReadSession, program: str, division: str, area_class: str, on: date) -> Standard | None:
    """Return the standard that holds in `division` for `area_class` on a date; None where nobody published one.

    The most specific area that has one decides; within it the class asked for, else 'unified', else 'any'; within that
    the latest to begin. The division need not exist on that date: a past standard outlives a merger.

    Raises:
        DivisionMalformed: not a division code.
    """
    by_class = case((Standard.area_class == area_class, 0), (Standard.area_class == FOR_ALL_CLASSES[0], 1), else_=2)
    query = select(Standard).where(
        Standard.program == program,
        Standard.area.in_(areas_of(division)),
        Standard.area_class.in_({area_class, *FOR_ALL_CLASSES}),
        in_force(Standard, on),
    )
    return await db.scalar(query.order_by(Standard.area.desc(), by_class, Standard.valid_from.desc()).limit(1))


async def list_standards(
    db: ReadSession,
    on: date,
    *,
    division: str | None = None,
    program: str | None = None,
    after: StandardKey = ("", "", ""),
    limit: int = 100,
) -> Sequence[Standard]:
    """List the standards in force on a date, one for each program, area and class, ordered by these three.

    With `division`: those of the division and of all areas above it; `after` continues behind the last one seen.

    Raises:
        DivisionMalformed: `division` is not a division code.
        DivisionUnknown: no such division on that date: a filter that names nothing must not look like "none".
    """
    key = (Standard.program, Standard.area, Standard.area_class)
    query = select(Standard).ext(distinct_on(*key))
    query = query.where(in_force(Standard, on), tuple_(*key) > tuple_(*map(literal, after)))
    if program is not None:
        query = query.where(Standard.program == program)
    if division is not None:
        await get_division(db, division, max(on, DIVISIONS_SINCE))
        query = query.where(Standard.area.in_(areas_of(division)))
    found = await db.scalars(query.order_by(*key, Standard.valid_from.desc()).limit(limit))
    return found.all()


async def list_standing_standards(db: ReadSession, programs: Sequence[str]) -> Sequence[Standard]:
    """List all standards of programs that nothing superseded, of every place and day."""
    query = select(Standard).where(Standard.program.in_(programs), Standard.superseded_by.is_(None))
    return (await db.scalars(query)).all()


async def list_standing_parameters(db: ReadSession, program: str) -> Sequence[Parameter]:
    """List all local parameters of a program that nothing superseded, of every place and day."""
    query = select(Parameter).where(Parameter.program == program, Parameter.superseded_by.is_(None))
    return (await db.scalars(query)).all()


async def list_published_above(
    db: ReadSession, program: str, areas: Sequence[str], classes: Sequence[str], on: date
) -> Sequence[Standard]:
    """List the standards in force on a date that some of these areas put in force by a change, for any of the classes;
    of several of one area and class the latest to begin."""
    key = (Standard.area, Standard.area_class)
    query = select(Standard).ext(distinct_on(*key))
    query = query.where(Standard.program == program, Standard.area.in_(areas), Standard.area_class.in_(classes))
    query = query.where(in_force(Standard, on), Standard.change_id.is_not(None))
    return (await db.scalars(query.order_by(*key, Standard.valid_from.desc()))).all()


async def list_parameters(db: ReadSession, program: str, division: str, on: date) -> Sequence[Parameter]:
    """List the local parameters of a program that hold in `division` on a date, one for each name, by name.

    Of several the most specific area wins, then the latest to begin. A name without a row has the national default,
    which is the program's to say. `division` may be NATION.

    Raises:
        DivisionMalformed: not a division code.
    """
    query = (
        select(Parameter)
        .ext(distinct_on(Parameter.name))
        .where(Parameter.program == program, Parameter.area.in_(areas_of(division)), in_force(Parameter, on))
        .order_by(Parameter.name, Parameter.area.desc(), Parameter.valid_from.desc())
    )
    return (await db.scalars(query)).all()


async def list_all_parameters(db: ReadSession, program: str, on: date) -> Sequence[Parameter]:
    """List the local parameters of a program that hold on a date, of every place; of several the latest to begin."""
    query = select(Parameter).ext(distinct_on(Parameter.name, Parameter.area))
    query = query.where(Parameter.program == program, in_force(Parameter, on))
    query = query.order_by(Parameter.name, Parameter.area, Parameter.valid_from.desc())
    return (await db.scalars(query)).all()


async def add_divisions(db: WriteSession, rows: Sequence[PublishedDivision]) -> int:
    """Add the divisions that are not there yet, all rows as five arrays in one statement; return how many."""
    columns: dict[str, tuple[Any, list[Any]]] = {
        "code": (Text, [row.code for row in rows]),
        "name": (Text, [row.name for row in rows]),
        "level": (Text, [row.level for row in rows]),
        "parent_code": (Text, [row.parent_code for row in rows]),
        "urban": (Boolean, [row.urban for row in rows]),
    }
    arrays = [literal(values, ARRAY(kind)) for kind, values in columns.values()]
    named = [column(name, kind) for name, (kind, _) in columns.items()]
    published = func.unnest(*arrays).table_valued(*named, name="published").render_derived()
    source = select(*published.c, literal(DIVISIONS_SINCE), literal(DIVISIONS_SOURCE))
    return await _add(db, insert(Division).from_select([*columns, "valid_from", "source"], source))


async def add_standards(db: WriteSession, rows: Sequence[PublishedStandard]) -> int:
    """Add the published standards that are not there yet; return how many."""
    return await _add(db, insert(Standard).values([{"id": new_id(), **vars(row)} for row in rows]))


async def add_announced_years(db: WriteSession, years: Mapping[int, str]) -> int:
    """Add the years that the holidays package knows for sure; return how many."""
    rows = [{"year": year, "announced": True, "days_from": "package", "source": text} for year, text in years.items()]
    return await _add(db, insert(CalendarYear).values(rows))


async def add_standing_standard(db: WriteSession, values: Mapping[str, Any]) -> Standard:
    """Add a standard, in place of the one with the same program, area, class and first day if there is one.

    Raises:
        sqlalchemy.exc.IntegrityError: another transaction did so at this moment.
    """
    row = Standard(id=new_id(), **values)
    await _stand_in(db, Standard, row, ("program", "area", "area_class", "valid_from"))
    return row


async def add_standing_parameter(db: WriteSession, values: Mapping[str, Any]) -> Parameter:
    """Add a parameter, in place of the one with the same program, area, name and first day if there is one.

    Raises:
        sqlalchemy.exc.IntegrityError: another transaction did so at this moment.
    """
    row = Parameter(id=new_id(), **values)
    await _stand_in(db, Parameter, row, ("program", "name", "area", "valid_from"))
    return row


async def upsert_calendar_days(db: WriteSession, area: str, days: Mapping[date, bool], basis: str) -> None:
    """Add or correct the departures of one area."""
    rows = [{"area": area, "day": day, "working": working, "basis": basis} for day, working in days.items()]
    await db.execute(_upsert(CalendarDay, ("area", "day"), rows))


async def upsert_calendar_year(db: WriteSession, year: int, source: str) -> None:
    """Record that a year is announced and that its days are rows of `calendar_days`."""
    values = {"year": year, "announced": True, "days_from": "rows", "source": source}
    await db.execute(_upsert(CalendarYear, ("year",), [values]))


async def _add(db: WriteSession, statement: Insert) -> int:
    result = await db.execute(statement.on_conflict_do_nothing())
    return cast("CursorResult[Any]", result).rowcount


async def _stand_in(
    db: WriteSession, model: type[Standard | Parameter], row: Standard | Parameter, key: Sequence[str]
) -> None:
    same = [getattr(model, name) == getattr(row, name) for name in key]
    await db.execute(update(model).where(*same, model.superseded_by.is_(None)).values(superseded_by=row.id))
    db.add(row)
    await db.flush()


def _upsert(model: type[Base], key: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> Insert:
    statement = insert(model).values(rows)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in {"id", *key}}
    return statement.on_conflict_do_update(index_elements=list(key), set_=changed)


def areas_of(division: str) -> tuple[str, ...]:
    return (NATION,) if division == NATION else (NATION, *lineage(division))
