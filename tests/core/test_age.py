"""Full years, to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.age import full_months, full_years


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2008, 11, 23), date(2026, 11, 22), 17),
        (date(2008, 11, 23), date(2026, 11, 23), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 28), 19),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 12, 31), date(2009, 1, 1), 0),
        (date(2026, 11, 23), date(2026, 11, 22), -1),
    ],
)
def test_a_birthday_is_reached_on_its_day(since: date, on: date, years: int):
    assert full_years(since, on) == years


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_years_never_go_back_and_change_once_a_year(since: date, on: date):
    tomorrow = full_years(since, on + timedelta(days=1))

    assert tomorrow - full_years(since, on) in (0, 1)


@pytest.mark.parametrize(
    ("since", "on", "months"),
    [
        (date(2026, 5, 23), date(2026, 11, 22), 5),
        (date(2026, 5, 23), date(2026, 11, 23), 6),
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2025, 12, 31), date(2026, 12, 31), 12),
        (date(2026, 11, 24), date(2026, 11, 23), -1),
    ],
)
def test_a_month_is_full_on_its_day(since: date, on: date, months: int):
    assert full_months(since, on) == months
