"""Birthdays that are known beforehand: from the month after one on the rules may give less to the same household.

An amount that is worked out today would else go on past it, and nobody would have a task.
"""

from collections.abc import Iterable
from datetime import date

from app.core.months import first_of_month, next_month


def birthdays(born: str, ages: Iterable[int]) -> list[date]:
    """Return the days on which somebody reaches ages; who was born on 29 February reaches them on 1 March."""
    day = date.fromisoformat(born)
    leap = (day.month, day.day) == (2, 29)
    return [date(day.year + age, 3, 1) if leap else day.replace(year=day.year + age) for age in ages]


def month_of(day: date) -> date:
    """Return the first month that is judged by what begins on a day: a month goes by the numbers of its first day."""
    month = first_of_month(day)
    return month if month == day else next_month(month)


def latest_month(on: date) -> date:
    """Return the last month that less may be decided for on a day, and birthdays are looked for: that of a year after
    the next one."""
    soonest = next_month(first_of_month(on))
    return date(soonest.year + 1, soonest.month, 1)
