"""Declared beside found, field by field. Pure.

What is compared is what the form asks. A field that the form does not ask about (accounts, areas, benefits in force) is
shown as it was found and compared with nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.facts import FactKey, Value
from app.programs.declaration import Property, PropertyKind
from app.verification.values import NUMBERS, UNITS


class Difference(StrEnum):
    """How what was found stands to what was declared. Never a reason for refusal by itself."""

    MATCH = "match"
    MORE = "more"  # more was found than declared
    LESS = "less"
    DIFFERS = "differs"  # another name, date or code
    MISSING = "missing"  # declared, and the source has no record of it
    NOT_DECLARED = "not_declared"  # found, and declared as nothing
    UNKNOWN = "unknown"  # the source did not answer, or the owner could not say


@dataclass(frozen=True)
class Stated:
    """What the household said. `value` None or 0: there is none; `known` False: the owner could not say."""

    value: Value | None
    known: bool = True


_OWNED: Mapping[FactKey, PropertyKind] = {FactKey.VEHICLE_COUNT: "vehicle", FactKey.DWELLING_COUNT: "dwelling"}


def stated_about(
    ref: str,
    name: str,
    birth_date: date,
    relation: str,
    division: str,
    relations: Iterable[str],
    property_lines: Iterable[Property] | None,
) -> dict[FactKey, Stated]:
    """Return what the form says about one member; fields it does not ask about are left out.

    `relations`: those of all members; `property_lines`: None where the program's form does not ask about property.
    """
    stated = {
        FactKey.REGISTERED_NAME: Stated(name),
        FactKey.BIRTH_DATE: Stated(birth_date),
        FactKey.HUKOU_DIVISION: Stated(division),
        FactKey.DECEASED_ON: Stated(None),
    }
    if relation == "spouse" or (relation == "self" and "spouse" in relations):
        stated[FactKey.MARITAL_STATUS] = Stated("married")
    if property_lines is not None:
        stated.update(_stated_property([line for line in property_lines if line.owner == ref]))
    return stated


def _stated_property(lines: list[Property]) -> dict[FactKey, Stated]:
    counts = {key: Stated(sum(line.count for line in lines if line.kind == kind)) for key, kind in _OWNED.items()}
    deposits = [line for line in lines if line.kind == "deposit" and line.count]
    if any(line.value_fen is None for line in deposits):
        return {**counts, FactKey.DEPOSIT_BALANCE: Stated(None, known=False)}
    return {**counts, FactKey.DEPOSIT_BALANCE: Stated(sum(line.value_fen or 0 for line in deposits))}


def compare(key: FactKey, stated: Stated | None, found: Value | None, *, answered: bool) -> Difference | None:
    """Compare one field. `found` None: no record, or none of this field; None comes back where the form asks nothing.

    `answered` False is silence: nothing can be said, whatever was declared.
    """
    if stated is None:
        return None
    if not answered or not stated.known:
        return Difference.UNKNOWN
    if found is None:
        return Difference.MISSING if stated.value else Difference.MATCH
    if found == stated.value:
        return Difference.MATCH
    if not stated.value:
        return Difference.NOT_DECLARED
    if UNITS[key] in NUMBERS and isinstance(found, int) and isinstance(stated.value, int):
        return Difference.MORE if found > stated.value else Difference.LESS
    return Difference.DIFFERS
