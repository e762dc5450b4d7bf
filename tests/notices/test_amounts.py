"""What a notice tells of money from month to month, whatever was decided in which order."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.notices.amounts import Amount, in_order, told_in, written

MONTHS = [date(2026 + number // 12, number % 12 + 1, 1) for number in range(6, 24)]
DECIDED = st.lists(st.builds(Amount, st.integers(1, 10**6), st.sampled_from(MONTHS)), min_size=1, max_size=8)


def holding(decided, month):
    """Return what was decided last of what has begun, as the payroll reads it; before anything, the first to begin."""
    begun = [each for each in decided if each.from_month <= month]
    return begun[-1] if begun else None


@given(DECIDED, st.sampled_from(MONTHS))
def test_what_is_told_to_hold_is_what_is_paid(decided, month):
    *earlier, last = in_order(decided)

    told = told_in(month, written(earlier), last)

    paid = holding(decided, month)
    if paid is not None:
        assert told.now == paid
    assert all(each.from_month > month for each in told.following)
    for each in told.following:
        assert holding(decided, each.from_month) == each


@given(DECIDED)
def test_months_follow_each_other(decided):
    months = [each.from_month for each in in_order(decided)]

    assert months == sorted(set(months))
