"""Working days in China, make-up working days included, and which of them are known for sure.

Each autumn the State Council announces which days of the next year are off and which weekend days are worked. Until
then a year is an estimate: a due date that needs it is *provisional*, and is computed again once the year is loaded. It
never fails and never silently becomes Monday to Friday. Which years are announced is said by the database, not here.

Counting (domain 1.14; from memory, to be confirmed): the day of the event is not counted, the last day is. A period of
calendar days whose last day is no working day ends on the next working day; a program may switch that off.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

import holidays
import holidays.countries  # else the first request that needs a date imports it, and all others wait

_DAY = timedelta(days=1)
_NOTHING: Mapping[date, bool] = MappingProxyType({})
# The notice for a year has reached back as far as 29 December of the year before (2018: Saturday the 29th worked,
# Monday the 31st off), so the last week of a year is certain only when the next year is announced, too.
_LAST_WEEK = (12, 25)


@dataclass(frozen=True)
class DueDate:
    """A day something is due on; `provisional` while a year it depends on is not announced."""

    on: date
    provisional: bool


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of one place. Immutable, free of the database, safe to keep and share.

    `announced`: the years known for sure. `departures`: days that differ from Monday to Friday by a row of ours (True:
    worked, False: off), stronger than all else. `replaced`: years for which such rows are the whole notice, so that the
    package's own idea of the year is not asked.
    """

    announced: frozenset[int]
    departures: Mapping[date, bool] = field(default_factory=lambda: _NOTHING)
    replaced: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether `day` is worked, as far as is known today."""
        known = self.departures.get(day)
        if known is None and day.year not in self.replaced:
            known = _departures(day.year).get(day)
        return day.weekday() < 5 if known is None else known

    def is_certain(self, day: date) -> bool:
        """Say whether the notices that decide about `day` have been announced."""
        if (day.month, day.day) >= _LAST_WEEK and day.year + 1 not in self.announced:
            return False
        return day.year in self.announced

    def add_working_days(self, day: date, count: int) -> DueDate:
        """Return the last day of a period of `count` (at least 1) working days that an event on `day` starts.

        Raises:
            ValueError: `count` is below 1.
        """
        if count < 1:
            raise ValueError(f"a period has at least one day, not {count}")
        certain = True
        while count:
            day += _DAY
            certain = certain and self.is_certain(day)
            count -= self.is_working(day)
        return DueDate(day, not certain)

    def add_calendar_days(self, day: date, count: int, *, roll: bool = True) -> DueDate:
        """Return the last day of a period of `count` (at least 1) calendar days that an event on `day` starts.

        With `roll` a last day that is not worked moves to the next working day. Only a day whose being worked matters
        can make the result provisional.

        Raises:
            ValueError: `count` is below 1.
        """
        if count < 1:
            raise ValueError(f"a period has at least one day, not {count}")
        day += count * _DAY
        if not roll:
            return DueDate(day, provisional=False)
        certain = self.is_certain(day)
        while not self.is_working(day):
            day += _DAY
            certain = certain and self.is_certain(day)
        return DueDate(day, not certain)

    def working_days_between(self, after: date, until: date) -> int:
        """Count the working days later than `after` up to and including `until`; 0 when `until` is not later."""
        days = range(1, (until - after).days + 1)
        return sum(self.is_working(after + number * _DAY) for number in days)


@lru_cache(maxsize=256)
def _departures(year: int) -> Mapping[date, bool]:
    """Return the days of `year` on which the package departs from Monday to Friday; an estimate for a later year."""
    known = holidays.country_holidays("CN", years=year)
    off = {day: False for day in known if day.year == year}
    worked = {day: True for day in known.weekend_workdays if day.year == year}
    return MappingProxyType(off | worked)
