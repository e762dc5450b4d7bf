"""Months that were paid before their award was raised: the difference is paid, to the fen, once."""

import asyncio
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.disbursement.commands import (
    build_payroll,
    reissue_payroll,
    reject_payroll,
    release_payroll,
    settle_receipts,
    submit_payroll,
)
from app.disbursement.commands.deciding import approve_payroll
from app.disbursement.lifecycle import LineKind, LineStatus
from app.disbursement.models import PayLine
from app.disbursement.queries import find_discrepancies, sum_raises
from app.identity.actors import SYSTEM
from app.ledger.accounts import household_account
from app.ledger.queries import get_balance
from app.partners.paying_bank.base import FailureKind
from app.reference.divisions import Level
from app.reference.published import read_divisions
from tests.builders.payrolls import build_approved, build_office, build_released, failed, lines_of, paid, reload
from tests.builders.standards import JULY, build_judged, put_in_force, standard_draft

BANK = "paying_bank"
AMOUNT, RAISED, HIGHER = 68_750, 80_000, 92_500  # of build_judged by 4,550, 5,000 and 5,500 yuan a year
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (date(2026, month, 1) for month in (8, 9, 10, 11))
DECEMBER = date(2026, 12, 1)


async def pay(database, office, month, *, word=paid):
    async with database.unit_of_work() as db:
        payroll = await build_released(db, office, month)
    lines = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [word(line) for line in lines], BANK)
    async with database.reading() as db:
        assert not await find_discrepancies(db, await reload(database, payroll), BANK)
    return lines


def told(lines):
    return sorted((line.month, line.kind, line.amount_fen) for line in lines)


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


async def test_a_standard_published_in_november_pays_what_july_to_november_lacked(database, office):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    for month in (JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER):
        await pay(database, office, month)

    change = await put_in_force(database, standard_draft())
    async with database.reading() as db:
        owed = await sum_raises(db, change.id)
    lines = await pay(database, office, DECEMBER)

    lacking = RAISED - AMOUNT
    assert owed == {("532529", "living_allowance"): (5 * lacking, 0)}
    assert told(lines) == [
        *((month, LineKind.ARREARS, lacking) for month in (JULY, AUGUST, SEPTEMBER, OCTOBER, NOVEMBER)),
        (DECEMBER, LineKind.REGULAR, RAISED),
    ]
    async with database.reading() as db:
        assert await sum_raises(db, change.id) == {("532529", "living_allowance"): (5 * lacking, 5 * lacking)}
        assert await get_balance(db, household_account(award.id)) == 0
        total = sum((await db.scalars(select(PayLine.amount_fen).where(PayLine.award_id == award.id))).all())
    assert total == 6 * RAISED


async def test_two_raises_of_a_month_are_paid_each_once(database, office):
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=NOVEMBER)
    await pay(database, office, NOVEMBER)
    await put_in_force(database, standard_draft())
    await put_in_force(database, standard_draft(550_000))

    assert told(await pay(database, office, DECEMBER)) == [
        (NOVEMBER, LineKind.ARREARS, RAISED - AMOUNT),
        (NOVEMBER, LineKind.ARREARS, HIGHER - RAISED),
        (DECEMBER, LineKind.REGULAR, HIGHER),
    ]


async def test_a_draft_is_no_payment_and_its_months_are_laid_anew_by_the_higher_amount(database, office):
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=NOVEMBER)
        draft = await build_payroll(db, office.handler, program="living_allowance", month=NOVEMBER)
    await put_in_force(database, standard_draft())

    december = await pay(database, office, DECEMBER)
    assert told(december) == [(DECEMBER, LineKind.REGULAR, RAISED)]
    async with database.unit_of_work() as db:
        await reject_payroll(db, office.handler, draft.id, reason="标准已调整（测试）")

    november = await pay(database, office, NOVEMBER)

    assert told(november) == [(NOVEMBER, LineKind.REGULAR, RAISED)]


async def test_a_draft_that_goes_out_by_the_lower_amount_is_made_up_for(database, office):
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=NOVEMBER)
        approved = await build_approved(db, office, NOVEMBER)
    await put_in_force(database, standard_draft())
    async with database.unit_of_work() as db:
        await release_payroll(db, office.finance, approved.id)

    assert told(await pay(database, office, DECEMBER)) == [
        (NOVEMBER, LineKind.ARREARS, RAISED - AMOUNT),
        (DECEMBER, LineKind.REGULAR, RAISED),
    ]


async def test_arrears_of_a_rejected_payroll_are_due_again(database, office):
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=NOVEMBER)
    await pay(database, office, NOVEMBER)
    await put_in_force(database, standard_draft())
    async with database.unit_of_work() as db:
        draft = await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)
        await reject_payroll(db, office.handler, draft.id, reason="重新编制（测试）")

    assert (NOVEMBER, LineKind.ARREARS, RAISED - AMOUNT) in told(await pay(database, office, DECEMBER))


async def test_arrears_that_fail_are_reissued_once_and_the_month_itself_is_not(database, office):
    async with database.unit_of_work() as db:
        await build_judged(db, from_month=NOVEMBER)
    await pay(database, office, NOVEMBER)
    await put_in_force(database, standard_draft())
    async with database.unit_of_work() as db:
        payroll = await build_released(db, office, DECEMBER)
    lines = await lines_of(database, payroll)
    words = [
        failed(line, FailureKind.RETRYABLE, "R01") if line.kind == LineKind.ARREARS else paid(line) for line in lines
    ]
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), words, BANK)
        again = await reissue_payroll(db, office.handler, payroll.id)
        await submit_payroll(db, office.handler, again.id)
        await approve_payroll(db, office.confirmer, again.id)
        await release_payroll(db, office.finance, again.id)
    reissued = await lines_of(database, again)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(again.id), [paid(line) for line in reissued], BANK)

    assert told(reissued) == [(NOVEMBER, LineKind.REISSUE, RAISED - AMOUNT)]
    async with database.reading() as db:
        for each in (payroll, again):
            assert not await find_discrepancies(db, await reload(database, each), BANK)


async def test_two_payrolls_built_at_once_take_each_difference_once(database, office):
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=SEPTEMBER)
    await pay(database, office, SEPTEMBER)
    await put_in_force(database, standard_draft())

    async def build(month):
        async with database.unit_of_work() as db:
            await build_payroll(db, office.handler, program="living_allowance", month=month)

    await asyncio.gather(*map(build, (OCTOBER, NOVEMBER, DECEMBER)), return_exceptions=True)

    async with database.reading() as db:
        rows = (await db.scalars(select(PayLine).where(PayLine.award_id == award.id))).all()
    assert sorted((row.month, row.amount_fen) for row in rows if row.month == SEPTEMBER) == [
        (SEPTEMBER, RAISED - AMOUNT),
        (SEPTEMBER, AMOUNT),
    ]
    assert len({row.month for row in rows}) == 4
    assert len(rows) == 5


@dataclass(frozen=True)
class Act:
    """A month that is paid, or a standard put in force from a month on."""

    month: date
    yuan: int | None = None


MONTHS = [SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER]
FEW = settings(
    max_examples=5,
    deadline=None,
    # The database is emptied after the test; every example works in a county of its own.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
_counties = (row.code for row in read_divisions() if row.level == Level.COUNTY and row.code[:6] != "532529")


@st.composite
def half_years(draw: st.DrawFn) -> list[Act]:
    """Draw some months: each is paid, or passed over; in between standards are put in force from whatever month, later
    ones higher than those before them, so that nobody ever gets less."""
    acts, set_before = [], dict.fromkeys(MONTHS, 0)
    for month in MONTHS:
        for since in draw(st.lists(st.sampled_from(MONTHS), max_size=2)):
            set_before[since] += 1
            acts.append(Act(since, 4_500 + 200 * (MONTHS.index(since) + 1) + 10 * set_before[since]))
        if month == DECEMBER or draw(st.integers(0, 3)):
            acts.append(Act(month))
    return acts


@FEW
@given(acts=half_years(), income=st.integers(0, 1_200_000))
async def test_what_was_paid_and_arrears_are_what_would_have_been_paid_had_it_been_known_on_time(
    database, acts, income
):
    county = next(_counties)
    async with database.unit_of_work() as db:
        office = await build_office(db, county[:6])
        award = await build_judged(db, income, from_month=SEPTEMBER, village=f"{county[:6]}100200")
    standards: dict[date, int] = {}
    for act in acts:
        if act.yuan is None:
            await pay(database, office, act.month)
        else:
            await put_in_force(database, standard_draft(act.yuan * 100, area=county, valid_from=act.month))
            standards[act.month] = act.yuan
    async with database.reading() as db:
        rows = (await db.scalars(select(PayLine).where(PayLine.award_id == award.id))).all()

    assert len(rows) == len({(row.month, row.cause) for row in rows})
    for month in MONTHS:
        got = sum(row.amount_fen for row in rows if row.month == month and row.status == LineStatus.PAID)
        assert got == due_in(month, standards, income), month


def due_in(month: date, standards: dict[date, int], income: int) -> int:
    """Work out by hand what a month is worth: three twelfths of the standard in force, less a twelfth of the income."""
    begun = {since: yuan for since, yuan in standards.items() if since <= month}
    yuan = begun[max(begun)] if begun else 4_550
    return (3 * yuan * 100 - income + 6) // 12
