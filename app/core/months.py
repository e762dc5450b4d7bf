"""Benefit months. A month is the plain date of its first day; people and interfaces write it '2026-12'."""

import re
from datetime import date, timedelta

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


def first_of_month(day: date) -> date:
    """Return the month that `day` lies in."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def last_day_of(month: date) -> date:
    """Return the last day of a month."""
    return next_month(month) - timedelta(days=1)


def previous_month(month: date) -> date:
    """Return the month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def read_month(text: str) -> date:
    """Read '2026-12'.

    Raises:
        ValueError: not a month.
    """
    found = _MONTH.fullmatch(text)
    if found is None:
        raise ValueError("a month is written YYYY-MM")
    return date(int(found[1]), int(found[2]), 1)


def write_month(month: date) -> str:
    """Write a month, e.g. '2026-12'."""
    return f"{month:%Y-%m}"
