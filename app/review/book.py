"""All standards and local values of a program in memory, and which of them hold in a place on a day.

The same order as in `reference/queries.py` (the most specific area that has one decides, then the class asked for, then
the latest to begin), without a statement for every household.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.core.db import ReadSession
from app.programs.base import Parameters, ParameterValue, Program, Standard
from app.programs.rows import ages_in
from app.reference.divisions import NATION, lineage
from app.reference.errors import StandardMissing
from app.reference.queries import FOR_ALL_CLASSES, list_standing_parameters, list_standing_standards
from app.review.numbers import standard_of, value_of

_Areas = tuple[str, ...]
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dated:
    """A standard or a local value under its name, and its last day. `change_id` none: it shipped."""

    name: str
    number: Standard | ParameterValue
    until: date | None
    change_id: UUID | None = None

    def holds(self, on: date) -> bool:
        """Say whether it is in force on a day."""
        return self.number.valid_from <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Book:
    """The numbers of one program. What was resolved is kept: places with the same areas of their own share it."""

    program: Program[Any, Any]
    numbers: tuple[Dated, ...]
    _resolved: dict[tuple[_Areas, str, date], Parameters] = field(default_factory=dict, compare=False)
    _own: dict[str, _Areas] = field(default_factory=dict, compare=False)
    _ages: dict[_Areas, frozenset[int]] = field(default_factory=dict, compare=False)

    def days_of_change(self, division: str) -> Sequence[date]:
        """List the days on which a number of a place begins, or is the first without it."""
        here = [each for each in self.numbers if each.number.area in areas_of(division)]
        days = {each.number.valid_from for each in here} | {each.until + _DAY for each in here if each.until}
        return sorted(days)

    def ages(self, division: str) -> frozenset[int]:
        """Return the full years at which the rules of a place see a member otherwise, whenever they hold."""
        areas = self._areas_with_numbers(division)
        found = self._ages.get(areas)
        if found is None:
            here = [each.number for each in self.numbers if each.number.area in areas]
            named = [ages_in(each.value) for each in here if isinstance(each, ParameterValue)]
            found = self._ages[areas] = self.program.ages.union(*named)
        return found

    def resolve(self, division: str, area_class: str, on: date) -> Parameters:
        """Return what a household of a place is judged by on a day.

        Raises:
            StandardMissing, ParameterNotUsable, RulesNotInForce: the numbers of this place and day cannot be used.
        """
        key = (self._areas_with_numbers(division), area_class, on)
        found = self._resolved.get(key)
        if found is None:
            found = self._resolved[key] = self._resolve(key[0], area_class, on)
        return found

    def governing(self, division: str, area_class: str, on: date) -> Sequence[Dated]:
        """List the numbers that a household of a place is judged by on a day, out of all that are in force there."""
        here = self._in_force(self._areas_with_numbers(division), on)
        return [*self._standards(here, area_class).values(), *_values(here).values()]

    def without(self, number: Dated) -> "Book":
        """Return the book as it would be had one number never been published."""
        return Book(self.program, tuple(each for each in self.numbers if each is not number))

    def _resolve(self, areas: _Areas, area_class: str, on: date) -> Parameters:
        here = self._in_force(areas, on)
        standards = {name: _standard_in(each) for name, each in self._standards(here, area_class).items()}
        if not standards.keys() >= set(self.program.standards):
            raise StandardMissing
        values = {name: _value_in(each) for name, each in _values(here).items()}
        resolved: Parameters = self.program.resolve(on, standards, values)
        return resolved

    def _in_force(self, areas: _Areas, on: date) -> Sequence[Dated]:
        return [each for each in self.numbers if each.number.area in areas and each.holds(on)]

    def _standards(self, here: Sequence[Dated], area_class: str) -> dict[str, Dated]:
        sought = {name: (name, area_class) for name in self.program.standards}
        further = self.program.further_standards.items()
        sought |= {name: (each.standard, each.area_class or area_class) for name, each in further}
        found = {name: _find_standard(here, *wanted) for name, wanted in sought.items()}
        return {name: each for name, each in found.items() if each is not None}

    def _areas_with_numbers(self, division: str) -> _Areas:
        known = self._own.get(division)
        if known is None:
            having = {each.number.area for each in self.numbers}
            known = self._own[division] = tuple(area for area in areas_of(division) if area in having)
        return known


async def read_book(db: ReadSession, program: Program[Any, Any]) -> Book:
    """Return all numbers of a program as they stand now, those of the past and of the future among them."""
    standards = await list_standing_standards(db, sorted(program.measured_by))
    values = await list_standing_parameters(db, program.code)
    numbers = [Dated(row.program, standard_of(row), row.valid_to, row.change_id) for row in standards]
    numbers += [Dated(row.name, value_of(row), row.valid_to, row.change_id) for row in values]
    return Book(program, tuple(numbers))


def areas_of(division: str) -> _Areas:
    """Name the areas whose numbers hold in a place, the nation first and the place itself last."""
    return (NATION, *lineage(division))


def _values(here: Iterable[Dated]) -> dict[str, Dated]:
    values: dict[str, Dated] = {}
    for each in sorted(here, key=lambda each: (each.number.area, each.number.valid_from)):
        if isinstance(each.number, ParameterValue):
            values[each.name] = each  # the more specific, then the later one comes last and wins
    return values


def _find_standard(here: Iterable[Dated], name: str, area_class: str) -> Dated | None:
    better, worse = FOR_ALL_CLASSES
    rank = {worse: 0, better: 1, area_class: 2}
    fitting = [
        (each.number.area, rank[each.number.area_class], each.number.valid_from, each)
        for each in here
        if each.name == name and isinstance(each.number, Standard) and each.number.area_class in rank
    ]
    return max(fitting, key=lambda each: each[:3])[-1] if fitting else None


def _standard_in(each: Dated) -> Standard:
    assert isinstance(each.number, Standard), "it was looked for among the standards"
    return each.number


def _value_in(each: Dated) -> ParameterValue:
    assert isinstance(each.number, ParameterValue), "it was looked for among the values"
    return each.number
