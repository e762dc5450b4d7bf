"""What this stage tells the others. `subject` is the change, `county` the first six digits of its area: who hears a
whole prefecture or province hears of what it sets."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from app.events.base import Event


@dataclass(frozen=True, kw_only=True)
class NumbersChanged(Event):
    """A number is in force from `valid_from` on, which may lie in the past or in the future."""

    type: ClassVar[str] = "numbers.any"
    program: str
    area: str
    code: str  # of a standard the class of people, of a parameter its name
    valid_from: date


@dataclass(frozen=True, kw_only=True)
class StandardChanged(NumbersChanged):
    type: ClassVar[str] = "standard.changed"


@dataclass(frozen=True, kw_only=True)
class ParameterChanged(NumbersChanged):
    type: ClassVar[str] = "parameter.changed"
