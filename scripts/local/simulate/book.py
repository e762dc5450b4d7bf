"""All numbers of one day in memory, and which of them hold in a place: the most specific area that has one decides.

The same order as in `reference/queries.py`, without a statement for every household.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.programs.base import ParameterValue, Standard
from app.programs.living_allowance.fast import Numbers
from app.programs.living_allowance.parameters import resolve
from app.programs.parameters import STANDARD
from app.reference.queries import FOR_ALL_CLASSES
from app.review.book import areas_of
from scripts.local.narration import Refusal
from scripts.local.simulate.change import Change

_Local = tuple[str, str]  # area and name


@dataclass(frozen=True)
class Book:
    """The standards and local values in force on a day, of every place."""

    on: date
    standards: tuple[Standard, ...]
    values: Mapping[_Local, ParameterValue]

    def changed(self, change: Change) -> "Book":
        """Return the book with the changed numbers in it, in force from the day on."""
        new = [
            Standard(each.amount_fen, each.period, each.area, each.area_class, self.on, each.source)
            for each in change.standards
        ]
        replaced = {(each.area, each.area_class) for each in new}
        kept = [each for each in self.standards if (each.area, each.area_class) not in replaced]
        values = dict(self.values)
        for each in change.parameters:
            values[each.area, each.name] = ParameterValue(each.value, each.legal_basis, self.on, each.area)
        present = {local: value for local, value in values.items() if value.value is not None}
        return replace(self, standards=(*kept, *new), values=present)

    def areas(self) -> frozenset[str]:
        """Name every area that has a number of its own."""
        return frozenset([each.area for each in self.standards] + [area for area, _ in self.values])

    def resolve(self, division: str, area_class: str) -> Numbers:
        """Return what holds in a place.

        Raises:
            Refusal: it has no standard.
            ParameterNotUsable: a value is unknown or cannot be read.
        """
        places = areas_of(division)
        regional: dict[str, ParameterValue] = {}
        for area in places:  # from the nation down: the more specific one comes later and wins
            regional.update({name: value for (at, name), value in self.values.items() if at == area})
        return Numbers(resolve(self.on, {STANDARD: self._standard(places, division, area_class)}, regional))

    def _standard(self, places: tuple[str, ...], division: str, area_class: str) -> Standard:
        order = {name: rank for rank, name in enumerate((area_class, *FOR_ALL_CLASSES))}
        fitting = [each for each in self.standards if each.area in places and each.area_class in order]
        if not fitting:
            raise Refusal(f"No standard is in force for {area_class} in {division} on {self.on}.")
        most_specific = max(each.area for each in fitting)
        return min((each for each in fitting if each.area == most_specific), key=lambda each: order[each.area_class])


@dataclass(frozen=True)
class Pair:
    """The numbers of one place before and after."""

    before: Numbers
    after: Numbers
    same_figures: bool


class Numbering:
    """The numbers of every place before and after; resolved once for all places that have the same ones."""

    def __init__(self, before: Book, after: Book) -> None:
        self._before, self._after = before, after
        self._own = before.areas() | after.areas()
        self._by_place: dict[tuple[str, str], Pair] = {}
        self._by_areas: dict[tuple[str, ...], Pair] = {}

    def of(self, division: str, area_class: str) -> Pair:
        """Return the numbers of a place."""
        pair = self._by_place.get((division, area_class))
        if pair is None:
            key = (area_class, *(area for area in areas_of(division) if area in self._own))
            pair = self._by_areas.get(key) or self._resolve(division, area_class)
            self._by_place[division, area_class] = self._by_areas[key] = pair
        return pair

    def _resolve(self, division: str, area_class: str) -> Pair:
        before, after = self._before.resolve(division, area_class), self._after.resolve(division, area_class)
        return Pair(before, after, before.same_figures_as(after))


def in_force(rows: Iterable[tuple[Standard, date | None]], on: date) -> tuple[Standard, ...]:
    """Choose of published standards, each with its last day, the one of each area and class that is in force."""
    chosen: dict[_Local, Standard] = {}
    for standard, until in rows:
        key = (standard.area, standard.area_class)
        if standard.valid_from <= on and (until is None or on <= until):
            known = chosen.get(key)
            if known is None or known.valid_from < standard.valid_from:
                chosen[key] = standard
    return tuple(chosen.values())
