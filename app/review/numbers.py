"""The numbers a case is judged by: published standards and regional values, resolved for one place and one day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.db import ReadSession
from app.programs.base import Parameters, ParameterValue, Program, Standard
from app.programs.canonical import canonical_bytes
from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.reference.errors import StandardMissing
from app.reference.models import Parameter
from app.reference.models import Standard as PublishedStandard
from app.reference.queries import find_standard, list_parameters, resolve_standard


async def resolve_parameters(
    db: ReadSession, program: Program[Any, Any], division: str, area_class: str, on: date
) -> Parameters:
    """Return what a program judges by in a place on a day.

    Raises:
        DivisionMalformed: not a division code.
        StandardMissing, ParameterNotUsable, RulesNotInForce: the numbers of this place and day cannot be used.
    """
    standards = {
        name: standard_of(await resolve_standard(db, name, division, area_class, on)) for name in program.standards
    }
    for name, sought in program.further_standards.items():
        row = await find_standard(db, sought.standard, division, sought.area_class or area_class, on)
        if row is not None:
            standards[name] = standard_of(row)
    regional = {row.name: value_of(row) for row in await list_parameters(db, program.code, division, on)}
    resolved: Parameters = program.resolve(on, standards, regional)
    return resolved


async def are_current(
    db: ReadSession, program: Program[Any, Any], kept: Mapping[str, Any], division: str, area_class: str, on: date
) -> bool:
    """Say whether a place is judged on a day by just the numbers that were kept; not where none can be used any more.

    Raises:
        DivisionMalformed: not a division code.
    """
    try:
        now = await resolve_parameters(db, program, division, area_class, on)
    except (StandardMissing, ParameterNotUsable, RulesNotInForce):
        return False
    return canonical_bytes({**kept, "on": None}) == canonical_bytes({**now.as_json(), "on": None})


def standard_of(row: PublishedStandard) -> Standard:
    """Return a published standard as the rules see it."""
    period: Mapping[str, Any] = {"period": row.period}
    return Standard(
        amount_fen=row.amount_fen,
        area=row.area,
        area_class=row.area_class,
        valid_from=row.valid_from,
        source=row.source,
        **period,
    )


def value_of(row: Parameter) -> ParameterValue:
    """Return a regional value as the rules see it."""
    return ParameterValue(row.value, row.legal_basis, row.valid_from, row.area)
