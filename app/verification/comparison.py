"""Declared beside found, field by field. Pure.

What is compared is what the form asks. A field that the form does not ask about (accounts, areas, benefits in force) is
shown as it was found and compared with nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.facts import QUANTITIES, UNITS, FactKey, Value
from app.programs.declaration import Disability, Income, IncomeKind, Property, PropertyKind


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
    takes_in_more: bool = False  # the form's line is wider than the register: less found is no difference


_OWNED: Mapping[FactKey, PropertyKind] = {
    FactKey.VEHICLE_COUNT: "vehicle",
    FactKey.DWELLING_COUNT: "dwelling",
    FactKey.BUSINESS_COUNT: "business",
    FactKey.MACHINERY_COUNT: "machinery",
}
_WORTH: Mapping[FactKey, tuple[PropertyKind, ...]] = {
    FactKey.DEPOSIT_BALANCE: ("deposit",),
    FactKey.SECURITIES_VALUE: ("security", "fund"),  # depositories keep both
    FactKey.INSURANCE_CASH_VALUE: ("insurance",),
    FactKey.WALLET_BALANCE: ("wallet",),
}
_EARNED: Mapping[FactKey, IncomeKind] = {
    FactKey.TAXED_WAGES_YEAR: "wage",
    FactKey.INVOICED_YEAR: "business",
    FactKey.TAXED_PROPERTY_YEAR: "property",
}


def stated_about(
    ref: str,
    name: str,
    birth_date: date,
    relation: str,
    division: str,
    relations: Iterable[str],
    property_lines: Iterable[Property] | None,
    income_lines: Iterable[Income] | None = None,
    disability: Disability | None = None,
) -> dict[FactKey, Stated]:
    """Return what the form says about one member; fields it does not ask about are left out.

    `relations`: those of all members; `property_lines`, `income_lines`: None where the program's form does not ask.
    """
    stated = {
        FactKey.REGISTERED_NAME: Stated(name),
        FactKey.BIRTH_DATE: Stated(birth_date),
        FactKey.HUKOU_DIVISION: Stated(division),
        FactKey.DECEASED_ON: Stated(None),
        FactKey.DISABILITY_KIND: Stated(disability.kind if disability else None),
        FactKey.DISABILITY_GRADE: Stated(disability.grade if disability else None),
    }
    if relation == "spouse" or (relation == "self" and "spouse" in relations):
        stated[FactKey.MARITAL_STATUS] = Stated("married")
    if property_lines is not None:
        stated.update(_stated_property([line for line in property_lines if line.owner == ref]))
    if income_lines is not None:
        stated.update(_stated_income([line for line in income_lines if line.member == ref]))
    return stated


def _stated_income(lines: list[Income]) -> dict[FactKey, Stated]:
    """Say what was earned in the classes of the law. Wages without tax, sales without invoice are earned as well."""
    return {
        key: Stated(sum(line.year_fen for line in lines if line.kind == kind), takes_in_more=True)
        for key, kind in _EARNED.items()
    }


def _stated_property(lines: list[Property]) -> dict[FactKey, Stated]:
    counts = {key: Stated(sum(line.count for line in lines if line.kind == kind)) for key, kind in _OWNED.items()}
    return counts | {key: _worth([line for line in lines if line.kind in kinds]) for key, kinds in _WORTH.items()}


def _worth(lines: list[Property]) -> Stated:
    held = [line for line in lines if line.count]
    if any(line.value_fen is None for line in held):
        return Stated(None, known=False)
    return Stated(sum(line.value_fen or 0 for line in held))


def compare(key: FactKey, stated: Stated | None, found: Value | None, *, answered: bool) -> Difference | None:
    """Compare one field. `found` None: no record, or none of this field; None comes back where the form asks nothing.

    `answered` False is silence: nothing can be said, whatever was declared.
    """
    if stated is None:
        return None
    if not answered or not stated.known:
        return Difference.UNKNOWN
    if found is None:
        return Difference.MISSING if stated.value and not stated.takes_in_more else Difference.MATCH
    if found == stated.value or (not found and not stated.value):
        return Difference.MATCH
    if not stated.value:
        return Difference.NOT_DECLARED
    if UNITS[key] in QUANTITIES and isinstance(found, int) and isinstance(stated.value, int):
        if found > stated.value:
            return Difference.MORE
        return Difference.MATCH if stated.takes_in_more else Difference.LESS
    return Difference.DIFFERS
