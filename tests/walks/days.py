"""Counting days as the law does, apart from the product's calendar: written to contradict it where it is wrong.

What is counted with is data: the days that depart from Monday to Friday, by the notice where one has come, else by the
estimate of the package that both read. The counting is this file's own (domain 1.14): the day of the event does not
count, the last one does, and a period of calendar days that ends on a day off ends on the next working day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

import holidays

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """A last day; `sure` unless days were counted of which no notice has spoken yet."""

    on: date
    sure: bool


@cache
def _estimate(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days off and the weekend days worked, as the package has them."""
    china = holidays.country_holidays("CN", years=year)
    return frozenset(china), frozenset(china.weekend_workdays)


@dataclass(frozen=True)
class Days:
    """The days of a walk. `notice`: what was announced for 2027, day by day; None while nothing was."""

    notice: Mapping[date, bool] | None = field(default=None, hash=False)

    def worked(self, day: date) -> bool:
        """Say whether people work on a day."""
        if self.notice is not None and day.year == 2027:
            return self.notice.get(day, day.weekday() < 5)
        off, worked = _estimate(day.year)
        return day not in off and (day.weekday() < 5 or day in worked)

    def sure(self, day: date) -> bool:
        """Say whether that is announced. The last week of a year is told with the next year's notice."""
        if day < date(2026, 12, 25):
            return True
        return self.notice is not None and day < date(2027, 12, 25)

    def working(self, since: date, count: int) -> Due:
        """Return the last of so many working days after a day."""
        passed = [since + number * DAY for number in range(1, 8 * count + 40)]
        on = [day for day in passed if self.worked(day)][count - 1]
        return Due(on, all(self.sure(day) for day in passed if day <= on))

    def calendar(self, since: date, count: int) -> Due:
        """Return the last of so many calendar days after a day, or the next working day."""
        first = on = since + count * DAY
        while not self.worked(on):
            on += DAY
        return Due(on, all(self.sure(first + number * DAY) for number in range((on - first).days + 1)))

    def between(self, after: date, until: date) -> int:
        """Count the working days after a day up to another one."""
        return sum(self.worked(after + number * DAY) for number in range(1, (until - after).days + 1))
