"""Whether a change can be right: looked at when it is drafted, and again when it is put in force."""

from typing import get_args

from app.core.clock import today
from app.core.db import ReadSession
from app.core.errors import DomainError, Fault
from app.facts import Item
from app.partners.registry import AGENCIES
from app.partners.ways import is_offered
from app.programs.base import ParameterValue
from app.programs.base import Standard as StandardOfRules
from app.programs.declaration import AreaClass, yearly
from app.programs.errors import ProgramUnknown
from app.programs.parameters import STANDARD
from app.programs.registry import PROGRAMS, get_program
from app.reference.divisions import Level, level_of, lineage
from app.reference.errors import ParameterInvalid, StandardInvalid
from app.reference.models import Parameter
from app.reference.procedure import CAMPAIGN_AT_ONCE, CAMPAIGN_HOURLY, FRESH_OF, MODE_OF, Mode, Setting, fits
from app.reference.procedure import PROGRAM as PROCEDURE
from app.reference.queries import FOR_ALL_CLASSES, get_division, list_parameters, list_published_above
from app.reference.retention import PROGRAM as RETENTION
from app.standards.errors import StandardBelowGuidance
from app.standards.lifecycle import Kind
from app.standards.models import Change

_SETTING = (Level.PROVINCE, Level.PREFECTURE, Level.COUNTY)  # where numbers hold; townships have none of their own
_ITEMS = frozenset(item.value for agency in AGENCIES for item in agency.items) - {Item.IDENTITY}
_PARTNERS = frozenset(agency.code for agency in AGENCIES)
_CLASSES = frozenset({*get_args(AreaClass), *FOR_ALL_CLASSES})


async def check(db: ReadSession, change: Change) -> None:
    """Refuse a change that cannot be right.

    Raises:
        DivisionMalformed, DivisionUnknown: there is no such place.
        StandardInvalid, ParameterInvalid: see the faults.
        ProgramUnknown: nothing is judged by it.
        ParameterNotUsable, RulesNotInForce: the rules cannot read the value, or do not reach back so far.
        StandardBelowGuidance: a place above published a higher standard (社会救助法 art. 19).
    """
    await get_division(db, change.area, today(db.clock))
    faults = _faults(db, change)
    error: type[DomainError] = StandardInvalid if change.kind == Kind.STANDARD else ParameterInvalid
    if faults:
        raise error(faults=tuple(faults))
    if change.kind == Kind.STANDARD:
        await _check_guidance(db, change)
    elif change.program == PROCEDURE:
        _check_procedure(change)
    elif change.program != RETENTION:  # whose periods `put_parameter` reads itself
        await _check_readable(db, change)


def _faults(db: ReadSession, change: Change) -> list[Fault]:
    faults = []
    if level_of(change.area) not in _places_of(change):
        faults.append(Fault("/area", "sets_no_numbers"))
    if change.valid_to is not None and change.valid_to < change.valid_from:
        faults.append(Fault("/valid_to", "before_start"))
    if change.published_on > today(db.clock):
        faults.append(Fault("/document/published_on", "in_future"))
    if change.kind == Kind.STANDARD:
        classes = _classes_of(change.program)
        if not classes:
            raise ProgramUnknown
        if change.name not in classes:
            faults.append(Fault("/area_class", "literal_error"))
    elif change.value is None:
        faults.append(Fault("/value", "missing"))
    return faults


def _classes_of(standard: str) -> frozenset[str]:
    """Return the classes of a standard that a program reads; none where no program measures by it.

    Those that stand in for every class are refused where a program asks for classes of its own, such as how far care is
    needed: one amount for all of them is never meant.
    """
    classes: set[str] = set()
    for program in PROGRAMS.values():
        if standard in program.standards:
            classes |= _CLASSES
        for sought in program.further_standards.values():
            if sought.standard == standard:
                classes |= {sought.area_class} if sought.area_class else _CLASSES
    return frozenset(classes)


def _places_of(change: Change) -> tuple[Level, ...]:
    """Return for what places it may be said: one township may be let confirm, as well as all of a county
    (社会救助法 art. 44)."""
    entrusts = change.program == PROCEDURE and change.name == Setting.CONFIRMED_BY
    return (*_SETTING, Level.TOWNSHIP) if entrusts and change.kind == Kind.PARAMETER else _SETTING


async def _check_guidance(db: ReadSession, change: Change) -> None:
    """Compare with what was published here for the places above; what ships are averages, and guide nobody."""
    if change.program != STANDARD:
        return
    above = [area for area in lineage(change.area) if area != change.area]
    classes = (change.name, *FOR_ALL_CLASSES)
    own = yearly(change.value["amount_fen"], change.value["period"])
    for row in await list_published_above(db, change.program, above, classes, change.valid_from):
        if own < yearly(row.amount_fen, "year" if row.period == "year" else "month"):
            raise StandardBelowGuidance(
                "standard_above",
                area=row.area,
                fen=row.amount_fen,
                period=row.period,
                faults=(Fault("/amount_fen", "below_guidance"),),
            )


def _check_procedure(change: Change) -> None:
    """Let a place say what is its to say about the procedure, and ask in no way that the agency does not offer."""
    usable = fits(change.name, change.value)
    item = change.name.removeprefix(MODE_OF).removeprefix(FRESH_OF)
    partner = change.name.removeprefix(CAMPAIGN_HOURLY).removeprefix(CAMPAIGN_AT_ONCE)
    unknown = (item != change.name and item not in _ITEMS) or (partner != change.name and partner not in _PARTNERS)
    if usable is None or unknown:
        raise ParameterInvalid(faults=(Fault("/name", "not_local", "procedure"),))
    if not usable or (change.name.startswith(MODE_OF) and not is_offered(Mode(change.value), Item(item))):
        raise ParameterInvalid(faults=(Fault("/value", "invalid"),))


async def _check_readable(db: ReadSession, change: Change) -> None:
    """Let the program read the value beside those that hold in the place on its first day.

    What a standard amounts to is nothing to that: any does.
    """
    program, on = get_program(change.program), change.valid_from
    rows = await list_parameters(db, program.code, change.area, on)
    values = {row.name: _value_of(row) for row in rows}
    values[change.name] = ParameterValue(change.value, change.law, on, change.area)
    standards = {name: StandardOfRules(1, "month", change.area, "any", on, "") for name in program.standards}
    program.resolve(on, standards, values)


def _value_of(row: Parameter) -> ParameterValue:
    return ParameterValue(row.value, row.legal_basis, row.valid_from, row.area)
