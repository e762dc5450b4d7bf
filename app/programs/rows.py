"""What regional and national values have in common: they are rows, read strictly, and none is skipped.

A value that a program does not know, or cannot read, is refused: a rule left out in silence would decide money.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from app.programs.base import ParameterValue
from app.programs.canonical import Json
from app.programs.declaration import Declared
from app.programs.errors import ParameterNotUsable, RulesNotInForce

T = TypeVar("T")
Values = Mapping[str, ParameterValue]
_NATION = "000000000000"


def _ratio(value: object) -> object:
    """Read `1.5` or `3/2`, given as text: a ratio never passes through a float."""
    if isinstance(value, Fraction):
        return value
    try:
        return Fraction(value) if isinstance(value, str) else None
    except ZeroDivisionError as error:
        raise ValueError("divided by nothing") from error


Ratio = Annotated[Fraction, BeforeValidator(_ratio)]
Share = Annotated[Ratio, Field(ge=0, le=1)]
Multiple = Annotated[Ratio, Field(ge=0, le=1000)]


# What a row names an age by, and how many years later the first day comes that is no longer like the one before.
AGES_OF_ROWS: Mapping[str, int] = {"from_age": 0, "below_age": 0, "exempt_from_age": 0, "to_age": 1}


class Row(Declared):
    """Base of every value that is an object."""


def ages_in(value: Json) -> frozenset[int]:
    """Return the full years at which a value as it is published sees a member otherwise; empty of what is no row."""
    if not isinstance(value, Mapping):
        return frozenset()
    named = ((value.get(name), later) for name, later in AGES_OF_ROWS.items())
    return frozenset(age + later for age, later in named if isinstance(age, int))


def read_one(values: Values, name: str, shape: type[T] | Any) -> T | None:
    """Read the value `name`; None where nobody has set it.

    Raises:
        ParameterNotUsable: it does not fit the shape.
    """
    if name not in values:
        return None
    key: Any = shape
    try:
        read: T = _adapter(key).validate_python(values[name].value)
    except ValidationError as error:
        raise ParameterNotUsable("parameter_unreadable", names=name) from error
    return read


def read_all(values: Values, prefix: str, shape: type[T] | Any) -> dict[str, T]:
    """Read every value `<prefix><code>`: by its code, in the order of the codes.

    Raises:
        ParameterNotUsable: one does not fit the shape.
    """
    read: dict[str, T] = {}
    for name in sorted(values):
        if name.startswith(prefix):
            one = read_one(values, name, shape)
            assert one is not None
            read[name.removeprefix(prefix)] = one
    return read


def refuse_unknown(values: Values, names: Iterable[str], prefixes: tuple[str, ...]) -> None:
    """Refuse a value that nothing reads.

    Raises:
        ParameterNotUsable: naming it.
    """
    unknown = sorted(name for name in values.keys() - set(names) if not name.startswith(prefixes))
    if unknown:
        raise ParameterNotUsable("parameter_unknown", names=", ".join(unknown))


@dataclass(frozen=True)
class Dated:
    """A national value and its days."""

    value: ParameterValue
    valid_to: date | None

    def covers(self, on: date) -> bool:
        """Say whether it is in force on a date."""
        return self.value.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class National:
    """The national values of one program, and the first day its rules know."""

    program: str
    since: date
    entries: Mapping[str, tuple[Dated, ...]]

    @classmethod
    def load(cls, program: str, path: Path) -> "National":
        """Read a `parameters.yaml`: `rules_since`, then name → values with law and dates."""
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        since = content.pop("rules_since")
        return cls(program, since, {name: tuple(map(_dated, entries)) for name, entries in content.items()})

    def overlaid(self, on: date, regional: Values) -> dict[str, ParameterValue]:
        """Lay regional values over the national ones of `on`.

        Raises:
            RulesNotInForce: the rules do not reach back to `on`.
            ParameterNotUsable: a regional value is not in force yet.
        """
        if on < self.since:
            raise RulesNotInForce("rules_since", program=self.program, since=self.since.isoformat())
        late = sorted(name for name, value in regional.items() if value.valid_from > on)
        if late:
            raise ParameterNotUsable("parameter_not_in_force_yet", names=", ".join(late))
        national = {name: each.value for name, entries in self.entries.items() for each in entries if each.covers(on)}
        return {**national, **regional}


@cache
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _dated(entry: Mapping[str, Any]) -> Dated:
    value = ParameterValue(entry["value"], entry["law"], entry["valid_from"], _NATION)
    return Dated(value, entry.get("valid_to"))
