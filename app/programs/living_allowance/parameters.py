"""The numbers the rules judge by: national defaults of a date, overlaid by what the region has set.

A value is kept as it was given, with the order it rests on; what the rules read is derived from it by one reader per
name, both when a case is first judged and when a stored decision is judged again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from app.programs.base import ParameterValue, Standard
from app.programs.canonical import Json
from app.programs.declaration import Listed
from app.programs.errors import ParameterNotUsable, RulesNotInForce
from app.programs.living_allowance.limits import LimitRow
from app.reference.errors import StandardMissing

STANDARD = "living_allowance"
NOT_COUNTED = "income_not_counted."
PROPERTY = "property."
_NATION = "000000000000"


class AmountMethod(StrEnum):
    """How the amount is fixed."""

    DIFFERENCE = "difference"


@dataclass(frozen=True)
class PropertyLimit:
    """One regional limit, by the name of its row."""

    name: str
    row: LimitRow


@dataclass(frozen=True)
class Parameters:
    """Everything one assessment reads beside the case. `values` is the whole truth; the rest is derived from it."""

    on: date
    standard: Standard
    values: Mapping[str, ParameterValue]
    amount_method: AmountMethod
    edge_ratio: Fraction
    not_counted: Mapping[str, str]  # code or name on the form → code
    property_limits: tuple[PropertyLimit, ...]

    def source(self, name: str) -> dict[str, Json]:
        """Return a value with its law, for a finding to show."""
        return self.values[name].as_json()

    def as_json(self) -> dict[str, Json]:
        """Write what a replay needs."""
        return {
            "on": self.on.isoformat(),
            "standard": self.standard.as_json(),
            "values": {name: value.as_json() for name, value in sorted(self.values.items())},
        }


def resolve(on: date, standards: Mapping[str, Standard], regional: Mapping[str, ParameterValue]) -> Parameters:
    """Lay regional values over the national defaults of `on`.

    Raises:
        RulesNotInForce: `on` lies before the first day of the national rules.
        StandardMissing: no living-allowance standard in force is given.
        ParameterNotUsable: a regional value is unknown, unreadable or not in force yet.
    """
    national = {name: entry.value for name, entries in _NATIONAL.items() for entry in entries if entry.covers(on)}
    if "amount_method" not in national:
        raise RulesNotInForce(f"living_allowance on {on.isoformat()}")
    standard = standards.get(STANDARD)
    if standard is None or standard.valid_from > on:
        raise StandardMissing
    late = sorted(name for name, value in regional.items() if value.valid_from > on)
    if late:
        raise ParameterNotUsable(f"not in force yet: {', '.join(late)}")
    return _read(on, standard, {**national, **regional})


def parameters_from_json(stored: Mapping[str, Any]) -> Parameters:
    """Read back what `Parameters.as_json` wrote."""
    return _read(
        date.fromisoformat(stored["on"]),
        Standard.from_json(stored["standard"]),
        {name: ParameterValue.from_json(value) for name, value in stored["values"].items()},
    )


def _read(on: date, standard: Standard, values: Mapping[str, ParameterValue]) -> Parameters:
    not_counted: dict[str, str] = {}
    limits: list[PropertyLimit] = []
    for name, entry in sorted(values.items()):
        try:
            if name.startswith(NOT_COUNTED):
                code = name.removeprefix(NOT_COUNTED)
                not_counted |= dict.fromkeys((code, *_NAMES.validate_python(entry.value)), code)
            elif name.startswith(PROPERTY):
                limits.append(PropertyLimit(name, LimitRow.model_validate(entry.value)))
            elif name not in _SINGLE_VALUES:
                raise ParameterNotUsable(f"unknown: {name}")
        except ValidationError as error:
            raise ParameterNotUsable(f"unreadable: {name}") from error
    return Parameters(
        on=on,
        standard=standard,
        values=values,
        amount_method=_amount_method(values["amount_method"].value),
        edge_ratio=_ratio(values["edge_ratio"].value),
        not_counted=not_counted,
        property_limits=tuple(limits),
    )


_SINGLE_VALUES = frozenset({"amount_method", "edge_ratio"})
_NAMES = TypeAdapter(Listed[Annotated[str, Field(strict=True, min_length=1, max_length=50)]])


def _amount_method(value: Json) -> AmountMethod:
    try:
        return AmountMethod(str(value))
    except ValueError as error:
        raise ParameterNotUsable("unreadable: amount_method") from error


def _ratio(value: Json) -> Fraction:
    """Read `1.5` or `3/2`, given as text: a ratio never passes through a float."""
    try:
        ratio = Fraction(value) if isinstance(value, str) else None
    except (ValueError, ZeroDivisionError) as error:
        raise ParameterNotUsable("unreadable: edge_ratio") from error
    if ratio is None or not 1 <= ratio <= 10:
        raise ParameterNotUsable("unreadable: edge_ratio")
    return ratio


@dataclass(frozen=True)
class _Dated:
    """A national value and its days."""

    value: ParameterValue
    valid_to: date | None

    def covers(self, on: date) -> bool:
        return self.value.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def _load_national() -> dict[str, tuple[_Dated, ...]]:
    content = yaml.safe_load(Path(__file__).with_name("parameters.yaml").read_text(encoding="utf-8"))
    return {name: tuple(_dated(entry) for entry in entries) for name, entries in content.items()}


def _dated(entry: Mapping[str, Any]) -> _Dated:
    value = ParameterValue(entry["value"], entry["law"], entry["valid_from"], _NATION)
    return _Dated(value, entry.get("valid_to"))


_NATIONAL = _load_national()
