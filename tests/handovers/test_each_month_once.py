"""Each month is paid by one county, once: whenever the household moved, however far the payrolls are."""

import asyncio
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.awards.models import Award
from app.core.ids import new_id
from app.core.months import next_month
from app.disbursement.commands import approve_payroll, build_payroll, reject_payroll, release_payroll, submit_payroll
from app.disbursement.errors import NothingToPay, PayrollAlreadyBuilt, PayrollOutdated
from app.disbursement.models import ENTITLEMENT, PayLine
from app.handovers.commands import confirm_handover
from app.handovers.lifecycle import Status
from app.handovers.months import first_month_there
from tests.builders.awards import COUNTY
from tests.builders.handovers import MOVE, THERE, accept, build_counties, confirm, hand_over, moved, seen_by
from tests.builders.payrolls import build_released
from tests.builders.standards import build_judged
from tests.support.waiting import until_it_waits

OCTOBER, NOVEMBER, DECEMBER, JANUARY = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
MOVES = (date(2025, 12, 31), date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 31))
# How far the county that pays is with its payrolls when the other one confirms, on 23 November: the last month it has
# laid lines for, and what becomes of that payroll.
PREPARED = {
    "nothing": (None, ""),
    "last month, paid": (OCTOBER, "released"),
    "this month, drawn up": (NOVEMBER, "draft"),
    "this month, paid": (NOVEMBER, "released"),
    "next month, drawn up": (DECEMBER, "draft"),
    "next month, paid": (DECEMBER, "released"),
    "next month, rejected after": (DECEMBER, "rejected"),
}


async def build(database, office, month):
    """Build a county's payroll of a month, as its handler; None where it is there already or nobody is due."""
    try:
        async with seen_by(database, office.handler).unit_of_work() as db:
            return await build_payroll(db, office.handler, program="living_allowance", month=month)
    except (NothingToPay, PayrollAlreadyBuilt):
        return None


async def paid_months(database, beneficiary) -> list[tuple[date, str]]:
    async with database.reading() as db:
        query = select(PayLine.month, PayLine.county).where(
            PayLine.beneficiary_id == beneficiary, PayLine.cause == ENTITLEMENT
        )
        return sorted((row[0], row[1]) for row in (await db.execute(query)).all())


def months_until(last: date) -> list[date]:
    months = [OCTOBER]
    while months[-1] < last:
        months.append(next_month(months[-1]))
    return months


@pytest.mark.parametrize("state", PREPARED)
async def test_each_month_is_paid_once_and_none_is_left_out(database, clock, state):
    month, fate = PREPARED[state]
    async with database.unit_of_work() as db:
        counties = await build_counties(db)
        awards = [await build_judged(db, from_month=OCTOBER) for _ in MOVES]
    payroll = None
    if month is not None:
        if fate == "released":
            async with database.unit_of_work() as db:
                await build_released(db, counties.here, month)
        else:
            payroll = await build(database, counties.here, month)
    done = [
        await hand_over(database, counties, award.id, moved(moved_on=day))
        for award, day in zip(awards, MOVES, strict=True)
    ]
    if fate == "rejected" and payroll is not None:
        async with database.unit_of_work() as db:
            await reject_payroll(db, counties.here.handler, payroll.id, reason="重新编制。（测试）")

    last = date(2027, 3, 1)
    for month_after in months_until(last)[1:]:  # from November on, each in its own month
        clock.set(max(clock.now(), datetime(month_after.year, month_after.month, 5, 4, tzinfo=UTC)))
        in_turn = [counties.here, counties.there] if month_after.month % 2 else [counties.there, counties.here]
        for office in in_turn:  # whichever is the first
            await build(database, office, month_after)

    for award, handover, day in zip(awards, done, MOVES, strict=True):
        first = handover.first_month
        expected = [(each, COUNTY if each < first else THERE) for each in months_until(last)]
        assert await paid_months(database, award.beneficiary_id) == expected, (state, day)
        assert first > day.replace(day=1)
        assert first == max(DECEMBER, next_month(month or OCTOBER), next_month(day.replace(day=1)))


def test_the_first_month_there_is_after_all_that_is_the_first_countys():
    """Every combination of what it depends on, beside what the law and the payroll say of each."""
    months = [date(2026, month, 1) for month in (9, 10, 11, 12)] + [JANUARY]
    for decided in (date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 31)):
        for moved_on in (date(2026, 10, 15), date(2026, 11, 30), JANUARY):
            for begins in months:
                for prepared in (None, *months):
                    for adjusted in (None, *months):
                        first = first_month_there(
                            decided_on=decided, moved_on=moved_on, award_from=begins, prepared=prepared,
                            adjusted=adjusted,
                        )  # fmt: skip
                        bounds = {begins, next_month(decided.replace(day=1)), next_month(moved_on.replace(day=1))}
                        bounds |= {next_month(month) for month in (prepared, adjusted) if month is not None}
                        assert first == max(bounds)


async def test_a_payroll_that_is_being_built_is_waited_for_and_keeps_its_month(database):
    async with database.unit_of_work() as db:
        counties, award = await build_counties(db), await build_judged(db, from_month=OCTOBER)
    handover_id = await accept(database, counties, award.id)

    async with database.unit_of_work() as db:
        await build_payroll(db, counties.here.handler, program="living_allowance", month=DECEMBER)
        confirming = asyncio.create_task(confirm(database, counties, handover_id))
        await until_it_waits(database, confirming)
        assert not confirming.done()
    done = await confirming

    assert (done.last_month, done.first_month) == (DECEMBER, JANUARY)


async def test_a_line_laid_from_an_older_sight_is_paid_by_nobody_a_second_time(database, clock):
    """A county's statement may have read the award before the hand-over was committed, and write after."""
    async with database.unit_of_work() as db:
        counties, award = await build_counties(db), await build_judged(db, from_month=OCTOBER)
    payroll = await build(database, counties.here, NOVEMBER)
    done = await hand_over(database, counties, award.id, MOVE)
    assert done.first_month == DECEMBER
    await _lay_as_before(database, award, payroll, DECEMBER)

    clock.set(datetime(2026, 12, 5, 4, tzinfo=UTC))
    assert await build(database, counties.there, DECEMBER) is None  # the month is the person's once, in the whole
    async with database.unit_of_work() as db:
        await submit_payroll(db, counties.here.handler, payroll.id)
        await approve_payroll(db, counties.here.confirmer, payroll.id)
    with pytest.raises(PayrollOutdated):
        async with database.unit_of_work() as db:
            await release_payroll(db, counties.here.finance, payroll.id)
    async with database.unit_of_work() as db:
        await reject_payroll(db, counties.here.finance, payroll.id, reason="重新编制。（测试）")
    await build(database, counties.here, DECEMBER)
    await build(database, counties.there, DECEMBER)

    assert await paid_months(database, award.beneficiary_id) == [
        (OCTOBER, COUNTY),
        (NOVEMBER, COUNTY),
        (DECEMBER, THERE),
    ]


async def _lay_as_before(database, award, payroll, month) -> None:
    async with database.unit_of_work() as db:
        laid = (await db.execute(select(PayLine).where(PayLine.award_id == award.id))).scalars().all()[0]
        values = {column.key: getattr(laid, column.key) for column in PayLine.__mapper__.column_attrs}
        db.add(PayLine(**{**values, "id": new_id(), "month": month, "kind": "arrears", "payroll_id": payroll.id}))


async def test_a_hand_over_that_is_killed_half_way_has_not_happened(database):
    async with database.unit_of_work() as db:
        counties, award = await build_counties(db), await build_judged(db, from_month=OCTOBER)
    handover_id = await accept(database, counties, award.id)

    class Killed(Exception):
        pass

    async def die_before_the_commit() -> None:
        async with seen_by(database, counties.there.confirmer).unit_of_work() as db:
            await confirm_handover(db, counties.there.confirmer, handover_id)
            raise Killed

    with pytest.raises(Killed):
        await die_before_the_commit()

    async with database.reading() as db:
        rows = (await db.execute(select(Award.county, Award.status, Award.to_month))).all()
    assert [tuple(row) for row in rows] == [(COUNTY, "active", None)]
    done = await confirm(database, counties, handover_id)
    assert done.status == Status.COMPLETED
    assert Counter([row.county for row in await _awards(database)]) == {COUNTY: 1, THERE: 1}


async def _awards(database):
    async with database.reading() as db:
        return (await db.execute(select(Award))).scalars().all()
