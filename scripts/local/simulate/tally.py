"""What became of the households of each county: counts and sums, which add up over chunks and processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(slots=True)
class County:
    """One county. Money is fen a month."""

    households: int = 0
    more: int = 0  # get something before and after, and then more
    less: int = 0
    unchanged: int = 0
    newly: int = 0  # nothing before, something after
    lost: int = 0
    without: int = 0  # nothing either way
    open: int = 0  # of these: by the changed numbers a person would have to look
    before_fen: int = 0
    after_fen: int = 0

    def add(self, before_fen: int, after_fen: int, *, is_open: bool) -> None:
        """Count one household by what it gets before and after."""
        self.households += 1
        self.open += is_open
        self.before_fen += before_fen
        self.after_fen += after_fen
        if before_fen and after_fen:
            self.more += after_fen > before_fen
            self.less += after_fen < before_fen
            self.unchanged += after_fen == before_fen
        else:
            self.newly += bool(after_fen)
            self.lost += bool(before_fen)
            self.without += not (before_fen or after_fen)

    def merge(self, other: "County") -> None:
        """Add what was counted elsewhere."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def as_json(self) -> dict[str, Any]:
        """Write all of it by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


@dataclass(slots=True)
class Tally:
    """All counties, by their six digits."""

    counties: dict[str, County] = field(default_factory=dict)

    def of(self, county: str) -> County:
        """Return a county, new if nothing was counted there yet."""
        return self.counties.setdefault(county, County())

    def merge(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        for county, counted in other.counties.items():
            self.of(county).merge(counted)

    def total(self) -> County:
        """Return the sum of all."""
        total = County()
        for counted in self.counties.values():
            total.merge(counted)
        return total

    def by_code(self) -> Mapping[str, County]:
        """Return the counties in order."""
        return dict(sorted(self.counties.items()))
