"""Benefit months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.months import first_of_month, next_month, previous_month, read_month, write_month

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days)
def test_next_and_previous_undo_each_other(day):
    month = first_of_month(day)
    assert previous_month(next_month(month)) == next_month(previous_month(month)) == month
    assert next_month(month).day == 1
    assert 28 <= (next_month(month) - month).days <= 31


@given(days)
def test_a_written_month_reads_back(day):
    month = first_of_month(day)
    assert read_month(write_month(month)) == month


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "2026-1", "2026-12-01", "２０２６-12", " 2026-12"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match="YYYY-MM"):
        read_month(text)
