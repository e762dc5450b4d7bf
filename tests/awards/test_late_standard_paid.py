"""Whatever a person decides of a standard published late, each month is paid what it comes to, once."""

from datetime import date
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.awards.errors import AdjustmentInvalid
from app.core.errors import StepNotAllowed
from app.core.months import read_month, write_month
from tests.awards.amounts import amounts_in, reduce
from tests.awards.standard_by_hand import (
    AMOUNT,
    APRIL,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    MARCH,
    MAY,
    NOVEMBER,
    by_standard,
    is_a_task,
    pay,
    raise_by_standard,
    stop,
    waiting,
)
from tests.builders.payrolls import build_office
from tests.builders.standards import build_judged, put_in_force, standard_draft

MONTHS = (DECEMBER, JANUARY, FEBRUARY, MARCH, APRIL)
_counties = count(530_301)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    by_hand=st.sets(st.sampled_from(MONTHS[:4]), min_size=1, max_size=3),
    step=st.integers(1, 8_000),
    since=st.sampled_from(MONTHS[:3]),
    raises=st.lists(st.tuples(st.sampled_from(MONTHS), st.integers(55_000, 80_000)), min_size=1, max_size=4),
    last=st.one_of(st.none(), st.sampled_from(MONTHS)),
)
async def test_whatever_is_decided_of_a_late_standard_no_month_is_paid_less_or_twice_or_passed_over(
    database, clock, by_hand, step, since, raises, last
):
    county, lowest, decided = str(next(_counties)), AMOUNT, set(by_hand)
    clock.set(clock.now().replace(year=2026, month=11, day=23))
    async with database.unit_of_work() as db:
        office = await build_office(db, county)
        award = await build_judged(db, from_month=NOVEMBER, village=f"{county}103204")
    for month in sorted(by_hand):
        lowest -= step
        await reduce(database, office, award, month, fen=lowest)
    paid = await pay(database, clock, office, award, MONTHS[:4])
    clock.set(clock.now().replace(month=3, day=10))
    await put_in_force(database, standard_draft(valid_from=since))
    if last is not None:
        await stop(database, office, award, last)
    months = [month for month in (NOVEMBER, *MONTHS) if last is None or month <= last]
    holds = dict(zip(months, await amounts_in(database, award, *months), strict=True))

    for month, fen in raises:
        waited = await waiting(database, award)
        try:
            await raise_by_standard(database, office, award, by_standard(from_month=month, amount_fen=fen))
        except (AdjustmentInvalid, StepNotAllowed):
            continue
        assert write_month(month) >= waited[0][0]
        now = dict(zip(months, await amounts_in(database, award, *months), strict=True))
        until = min((each for each in decided if each > month), default=date.max)  # what was decided then stands
        assert now == holds | {each: fen for each in months if month <= each < until}
        decided.add(month)
        assert [each for each in months if now[each] < holds[each]] == []
        waits = await waiting(database, award)
        assert [first for first, fen in waits] == sorted({first for first, fen in waits})
        assert all(now[read_month(first)] == fen for first, fen in waits)
        assert await is_a_task(database, award) == bool(waits)
        holds = now

    clock.set(clock.now().replace(month=4, day=1))
    owed = holds | {month: fen for month, fen in paid.items() if month not in holds}
    paid += await pay(database, clock, office, award, [APRIL, MAY])
    assert dict(paid) == owed | ({MAY: holds[APRIL]} if last is None else {})
