"""Periods to the day: what the law counts, what places put in its stead."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.commands import LocalParameter, put_parameter
from app.reference.errors import ParameterInvalid
from app.reference.retention import Kept, Period, read_period, rule_on
from app.retention.periods import load_periods

ON = date(2026, 11, 23)
PERIODS = st.one_of(
    st.builds(Period, years=st.integers(1, 30)),
    st.builds(Period, months=st.integers(1, 30)),
    st.builds(Period, days=st.integers(1, 400)),
)


@pytest.mark.parametrize(
    ("period", "start", "last"),
    [
        (Period(years=3), date(2027, 5, 31), date(2030, 5, 31)),
        (Period(years=3), date(2028, 2, 29), date(2031, 2, 28)),
        (Period(months=6), date(2026, 8, 31), date(2027, 2, 28)),
        (Period(days=90), date(2026, 11, 23), date(2027, 2, 21)),
    ],
)
def test_the_last_day_of_a_period(period, start, last):
    assert period.after(start) == last


@given(PERIODS, st.dates(date(2020, 1, 1), date(2060, 1, 1)))
def test_what_began_on_the_latest_start_is_over_and_what_began_a_day_later_is_not(period, today):
    start = period.latest_start(today)

    assert period.after(start) < today <= period.after(start + timedelta(days=1))


def test_every_class_has_a_rule_with_its_law():
    for kept in Kept:
        assert rule_on(kept, ON).basis
        assert rule_on(kept, ON).starts


def test_before_the_law_there_was_no_rule():
    with pytest.raises(KeyError):
        rule_on(Kept.DRAFT, date(2021, 10, 31))


@pytest.mark.parametrize("value", [None, 3, {}, {"years": 0}, {"years": True}, {"years": 1, "days": 1}, {"weeks": 1}])
def test_what_is_no_period_is_refused(value):
    with pytest.raises(ValueError, match="a period is"):
        read_period(value)


def _local(kept: Kept, area: str, value: object) -> LocalParameter:
    return LocalParameter("retention", kept, area, value, "测试文件〔2026〕1号", date(2026, 1, 1))


async def test_the_nearest_place_that_says_something_decides(db):
    await put_parameter(db, _local(Kept.UNSUCCESSFUL, "530000000000", {"years": 2}))
    await put_parameter(db, _local(Kept.UNSUCCESSFUL, "532529000000", {"months": 18}))

    periods = await load_periods(db, ON)

    assert str(periods.period(Kept.UNSUCCESSFUL, "532529")) == "P18M"
    assert str(periods.period(Kept.UNSUCCESSFUL, "530102")) == "P2Y"
    assert str(periods.period(Kept.UNSUCCESSFUL)) == "P1Y"


@pytest.mark.parametrize(
    ("kept", "value"), [(Kept.APPROVAL_FILE, {"years": 1}), (Kept.DRAFT, {"years": -1}), ("no_class", {"years": 1})]
)
async def test_no_place_shortens_what_the_nation_fixes(db, kept, value):
    with pytest.raises(ParameterInvalid):
        await put_parameter(db, _local(kept, "532529000000", value))
