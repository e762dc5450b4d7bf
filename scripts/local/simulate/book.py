"""The numbers of one day before and after a change, of every place; each is resolved once for all that share it."""

from dataclasses import dataclass, replace
from datetime import date

from app.programs.base import ParameterValue, Standard
from app.programs.living_allowance.fast import Numbers
from app.programs.living_allowance.parameters import Parameters
from app.programs.parameters import STANDARD
from app.reference.errors import StandardMissing
from app.review.book import Book, Dated, areas_of
from scripts.local.narration import Refusal
from scripts.local.simulate.change import Change


@dataclass(frozen=True)
class Day:
    """The book of numbers, opened at a day."""

    on: date
    book: Book

    def changed(self, change: Change) -> "Day":
        """Return the day with the changed numbers, in force from it on; a local value of nothing is taken away."""
        standards = [
            Standard(each.amount_fen, each.period, each.area, each.area_class, self.on, each.source)
            for each in change.standards
        ]
        values = {
            (each.area, each.name): ParameterValue(each.value, each.legal_basis, self.on, each.area)
            for each in change.parameters
        }
        replaced = {(each.area, each.area_class) for each in standards} | values.keys()
        numbers = [each for each in self.book.numbers if each.holds(self.on) and _place_of(each) not in replaced]
        numbers += [Dated(STANDARD, each, None) for each in standards]
        numbers += [Dated(name, value, None) for (_, name), value in values.items() if value.value is not None]
        return replace(self, book=Book(self.book.program, tuple(numbers)))

    def areas(self) -> frozenset[str]:
        """Name every area that has a number of its own."""
        return frozenset(each.number.area for each in self.book.numbers)

    def resolve(self, division: str, area_class: str) -> Numbers:
        """Return what holds in a place.

        Raises:
            Refusal: it has no standard.
            ParameterNotUsable: a value is unknown or cannot be read.
        """
        try:
            parameters = self.book.resolve(division, area_class, self.on)
        except StandardMissing:
            raise Refusal(f"No standard is in force for {area_class} in {division} on {self.on}.") from None
        assert isinstance(parameters, Parameters)
        return Numbers(parameters)


@dataclass(frozen=True)
class Pair:
    """The numbers of one place before and after."""

    before: Numbers
    after: Numbers
    same_figures: bool


class Numbering:
    """The numbers of every place before and after; resolved once for all places that have the same ones."""

    def __init__(self, before: Day, after: Day) -> None:
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


def _place_of(dated: Dated) -> tuple[str, str]:
    """Return what a changed number takes the place of: of a standard area and class, of a local value area and name."""
    number = dated.number
    return number.area, number.area_class if isinstance(number, Standard) else dated.name
