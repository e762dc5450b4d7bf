"""Working days: what the notices say, how periods are counted, and what is only an estimate."""

from datetime import date, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.calendar import DueDate, WorkingCalendar
from app.reference.published import read_announced_years

KNOWN = WorkingCalendar(frozenset(read_announced_years()))

DAYS_OFF = {  # as listed in the notices: first and last day of each holiday
    2024: ["01-01/01-01", "02-10/02-17", "04-04/04-06", "05-01/05-05", "06-10/06-10", "09-15/09-17", "10-01/10-07"],
    2025: ["01-01/01-01", "01-28/02-04", "04-04/04-06", "05-01/05-05", "05-31/06-02", "10-01/10-08"],
    2026: [
        "01-01/01-03",
        "02-15/02-23",
        "04-04/04-06",
        "05-01/05-05",
        "06-19/06-21",
        "09-25/09-27",
        "10-01/10-07",
    ],
}
WORKED = {
    2024: ["02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12"],
    2025: ["01-26", "02-08", "04-27", "09-28", "10-11"],
    2026: ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
}
COUNTS = {2024: (28, 8, 251), 2025: (28, 5, 248), 2026: (33, 6, 248)}  # domain 6.6

days = st.dates(date(2007, 1, 1), date(2028, 12, 31))
counts = st.integers(1, 60)


def days_of(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(number) for number in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)]


def days_off(year: int) -> set[date]:
    spans = [[date.fromisoformat(f"{year}-{end}") for end in span.split("/")] for span in DAYS_OFF[year]]
    return {first + timedelta(number) for first, last in spans for number in range((last - first).days + 1)}


@pytest.mark.parametrize("year", COUNTS)
def test_every_day_of_the_year_is_as_the_notice_says(year):
    off = days_off(year)
    worked = {date.fromisoformat(f"{year}-{day}") for day in WORKED[year]}

    expected = {day for day in days_of(year) if day in worked or (day.weekday() < 5 and day not in off)}

    assert {day for day in days_of(year) if KNOWN.is_working(day)} == expected
    assert (len(off), len(worked), len(expected)) == COUNTS[year]


def test_the_package_carries_the_notice_of_every_year_we_call_announced_and_of_no_other():
    # A real arrangement always has weekend days that are worked; an estimate has none. When this fails because a new
    # release of the package knows a further year, add that year to data/calendar-years.csv.
    with_make_up_days = {
        year
        for year in range(2007, 2041)
        if any(day.year == year for day in holidays.country_holidays("CN", years=year).weekend_workdays)
    }

    assert with_make_up_days == set(KNOWN.announced)


def test_the_day_of_the_event_is_not_counted_and_the_last_day_is():
    friday = date(2026, 11, 20)

    assert KNOWN.add_working_days(friday, 1) == DueDate(date(2026, 11, 23), provisional=False)
    assert KNOWN.add_working_days(friday, 3) == DueDate(date(2026, 11, 25), provisional=False)


def test_a_worked_saturday_counts_and_the_spring_festival_does_not():
    assert KNOWN.add_working_days(date(2026, 2, 13), 1).on == date(2026, 2, 14)  # a Saturday
    assert KNOWN.add_working_days(date(2026, 2, 13), 2).on == date(2026, 2, 24)
    assert KNOWN.working_days_between(date(2026, 2, 13), date(2026, 2, 28)) == 6


def test_the_seven_days_of_a_notice_that_end_in_a_holiday_end_after_it():
    posted = date(2026, 9, 26)

    assert KNOWN.add_calendar_days(posted, 7) == DueDate(date(2026, 10, 8), provisional=False)
    assert KNOWN.add_calendar_days(posted, 7, roll=False) == DueDate(date(2026, 10, 3), provisional=False)
    assert KNOWN.add_calendar_days(date(2026, 11, 16), 7) == DueDate(date(2026, 11, 23), provisional=False)


def test_a_due_date_in_a_year_not_yet_announced_is_provisional_and_honours_the_estimate():
    due = KNOWN.add_working_days(date(2026, 12, 18), 10)

    assert due == DueDate(date(2027, 1, 4), provisional=True)  # 1 January is off in any arrangement
    assert not KNOWN.is_working(date(2027, 2, 8))  # the estimate knows the Spring Festival


def test_the_last_week_of_december_waits_for_the_next_year_because_its_notice_may_reach_back():
    assert not KNOWN.add_working_days(date(2026, 12, 21), 3).provisional
    assert KNOWN.add_working_days(date(2026, 12, 21), 4) == DueDate(date(2026, 12, 25), provisional=True)
    assert not KNOWN.add_working_days(date(2025, 12, 25), 4).provisional
    assert KNOWN.is_working(date(2018, 12, 29))
    assert not KNOWN.is_working(date(2018, 12, 31))


def test_calendar_days_depend_on_the_year_only_where_they_roll():
    assert not KNOWN.add_calendar_days(date(2026, 12, 28), 7, roll=False).provisional
    assert KNOWN.add_calendar_days(date(2026, 12, 28), 7).provisional


def test_years_far_away_never_fail():
    assert KNOWN.add_working_days(date(2150, 1, 1), 5) == DueDate(date(2150, 1, 8), provisional=True)
    assert KNOWN.add_working_days(date(1990, 1, 5), 1).provisional


def test_a_local_festival_is_off_in_its_place_only():
    festival = date(2026, 4, 13)
    local = WorkingCalendar(KNOWN.announced, {festival: False})

    assert KNOWN.is_working(festival)
    assert not local.is_working(festival)
    assert local.add_working_days(date(2026, 4, 10), 1) == DueDate(date(2026, 4, 14), provisional=False)


def test_a_year_loaded_as_rows_is_not_asked_of_the_package_any_more():
    estimated_off = date(2027, 2, 10)
    loaded = WorkingCalendar(KNOWN.announced | {2027}, {date(2027, 1, 1): False}, frozenset({2027}))

    assert not KNOWN.is_working(estimated_off)
    assert loaded.is_working(estimated_off)
    assert loaded.add_working_days(date(2026, 12, 30), 2) == DueDate(date(2027, 1, 4), provisional=False)


@pytest.mark.parametrize("count", [0, -1])
def test_a_period_without_days_is_refused(count):
    with pytest.raises(ValueError, match="at least one day"):
        KNOWN.add_working_days(date(2026, 1, 5), count)
    with pytest.raises(ValueError, match="at least one day"):
        KNOWN.add_calendar_days(date(2026, 1, 5), count)


@given(days, counts)
def test_a_period_ends_on_a_working_day_with_as_many_between(day, count):
    due = KNOWN.add_working_days(day, count)

    assert KNOWN.is_working(due.on)
    assert KNOWN.working_days_between(day, due.on) == count


@given(days, counts, counts)
def test_two_periods_in_a_row_are_one_of_their_sum(day, first, second):
    halfway = KNOWN.add_working_days(day, first)
    whole = KNOWN.add_working_days(day, first + second)

    rest = KNOWN.add_working_days(halfway.on, second)

    assert rest.on == whole.on
    assert whole.provisional == (halfway.provisional or rest.provisional)


@given(days, st.integers(1, 40))
def test_a_longer_period_and_a_later_start_never_end_earlier(day, count):
    ends = [KNOWN.add_working_days(day, number) for number in range(1, count + 1)]

    assert all(before.on < after.on and before.provisional <= after.provisional for before, after in pairwise(ends))
    assert KNOWN.add_working_days(day + timedelta(1), count).on >= ends[-1].on


@given(days, counts)
def test_calendar_days_roll_forward_to_the_first_working_day_and_no_further(day, count):
    due = KNOWN.add_calendar_days(day, count)
    plain = day + timedelta(count)

    assert KNOWN.is_working(due.on)
    assert due.on >= plain
    assert KNOWN.working_days_between(plain - timedelta(1), due.on) == 1


@given(days, days)
def test_counting_from_the_later_day_gives_nothing(one, other):
    later, earlier = max(one, other), min(one, other)

    assert KNOWN.working_days_between(later, earlier) == 0
