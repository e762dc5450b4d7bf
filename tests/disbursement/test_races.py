"""Four at once, again and again: a month is paid once."""

import asyncio
from collections import Counter

import pytest

from app.awards.commands import suspend_award
from app.awards.lifecycle import SuspendReason
from app.core.errors import DomainError, StepNotAllowed
from app.disbursement.commands import build_payroll, reissue_payroll, release_payroll, settle_receipts
from app.disbursement.errors import NothingToPay, PayrollAlreadyBuilt
from app.disbursement.jobs import settle_late_batches
from app.disbursement.lifecycle import LineStatus
from app.disbursement.models import PayLine
from app.disbursement.queries import find_discrepancies, list_payrolls
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM
from app.ledger.accounts import clearing_account
from app.ledger.queries import get_balance, list_balances
from app.partners.paying_bank.base import FailureKind
from tests.builders.awards import COUNTY, Grant, build_award
from tests.builders.payrolls import (
    DECEMBER,
    JANUARY,
    BankInMemory,
    build_approved,
    build_office,
    build_released,
    failed,
    lines_of,
    paid,
    reload,
)

BANK = "paying_bank"
AT_ONCE = 4


async def all_at_once(*attempts):
    return await asyncio.gather(*attempts, return_exceptions=True)


async def all_lines(database) -> list[PayLine]:
    async with database.reading() as db:
        payrolls = await list_payrolls(db, SYSTEM, month=None, status=None, after=None, limit=100)
    return [line for payroll in payrolls for line in await lines_of(database, payroll)]


async def test_a_month_built_by_four_is_built_once(database):
    async with database.unit_of_work() as db:
        offices = [await build_office(db) for _ in range(AT_ONCE)]
        for _ in range(20):
            await build_award(db)

    async def build(office):
        async with database.unit_of_work() as db:
            return await build_payroll(db, office.handler, program="living_allowance", month=DECEMBER)

    outcomes = await all_at_once(*map(build, offices))

    assert Counter(type(outcome).__name__ for outcome in outcomes) == {"Payroll": 1, "PayrollAlreadyBuilt": 3}
    lines = await all_lines(database)
    assert len(lines) == len({line.award_id for line in lines}) == 20


async def test_two_months_built_at_once_share_no_arrears(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        for _ in range(30):
            await build_award(db)
    database.clock.set(database.clock.now().replace(month=12))

    async def build(month):
        async with database.unit_of_work() as db:
            return await build_payroll(db, office.handler, program="living_allowance", month=month)

    outcomes = await all_at_once(*map(build, (JANUARY, DECEMBER, JANUARY, DECEMBER)))

    assert all(isinstance(o, NothingToPay | PayrollAlreadyBuilt) for o in outcomes if isinstance(o, Exception))
    lines = await all_lines(database)
    assert len(lines) == len({(line.award_id, line.month) for line in lines}) == 60


async def test_a_payroll_released_by_four_is_released_once(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_approved(db, office)

    async def release():
        async with database.unit_of_work() as db:
            await release_payroll(db, office.finance, payroll.id)

    outcomes = await all_at_once(*[release() for _ in range(AT_ONCE)])

    assert Counter(type(outcome) for outcome in outcomes) == {type(None): 1, StepNotAllowed: 3}
    async with database.reading() as db:
        assert (await list_balances(db, COUNTY))[f"fund:{COUNTY}"] == payroll.total_fen


async def test_receipts_settled_by_four_pay_once(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        for _ in range(25):
            await build_award(db, Grant(amount_fen=40_000))
        payroll = await build_released(db, office)
    lines = await lines_of(database, payroll)

    async def settle(receipts):
        async with database.unit_of_work() as db:
            outcome = await settle_receipts(db, SYSTEM, str(payroll.id), receipts, BANK)
            return len(outcome.paid)

    forwards, backwards = [paid(line) for line in lines], [paid(line) for line in reversed(lines)]
    outcomes = await all_at_once(*map(settle, (forwards, backwards, forwards, backwards)))

    assert sorted(outcomes) == [0, 0, 0, 25]
    async with database.reading() as db:
        assert await get_balance(db, clearing_account(COUNTY, BANK)) == -payroll.total_fen
        assert not await find_discrepancies(db, await reload(database, payroll), BANK)


async def test_call_backs_and_the_sweep_together_pay_once(database, clock):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        for _ in range(12):
            await build_award(db)
        payroll = await build_released(db, office)
    bank, lines = BankInMemory(), await lines_of(database, payroll)
    clock.set(clock.now().replace(month=12))
    await settle_late_batches(database, bank=bank)  # sends it
    clock.set(clock.now().replace(day=24))

    async def call_back():
        async with database.unit_of_work() as db:
            await settle_receipts(
                db, SYSTEM, str(payroll.id), [bank._result(o) for o in bank.batches[str(payroll.id)][0]], BANK
            )

    outcomes = await all_at_once(
        settle_late_batches(database, bank=bank), call_back(), settle_late_batches(database, bank=bank), call_back()
    )

    assert outcomes == [None] * 4
    assert len(lines) == 12
    async with database.reading() as db:
        assert await get_balance(db, clearing_account(COUNTY, BANK)) == -payroll.total_fen
        assert not await find_discrepancies(db, await reload(database, payroll), BANK)


async def test_a_failed_line_reissued_by_four_is_reissued_once(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_released(db, office)
    (line,) = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [failed(line, FailureKind.RETRYABLE, "R01")], BANK)

    async def reissue():
        async with database.unit_of_work() as db:
            return await reissue_payroll(db, office.handler, payroll.id)

    outcomes = await all_at_once(*[reissue() for _ in range(AT_ONCE)])

    assert sum(not isinstance(outcome, Exception) for outcome in outcomes) == 1
    assert all(isinstance(outcome, DomainError) for outcome in outcomes if isinstance(outcome, Exception))
    assert [each.cause for each in await all_lines(database)].count(str(line.id)) == 1


async def test_receipts_and_a_caseworker_do_not_get_in_each_others_way(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        awards = [await build_award(db) for _ in range(8)]
        payroll = await build_released(db, office)
    lines = await lines_of(database, payroll)

    async def settle():
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), [paid(line) for line in lines], BANK)

    async def suspend(award):
        async with database.unit_of_work() as db:
            await suspend_award(db, office.handler, award.id, reason=SuspendReason.COMPLAINT)

    outcomes = await all_at_once(settle(), *map(suspend, awards))

    assert [outcome for outcome in outcomes if outcome is not None] == []
    async with database.reading() as db:
        for award in awards:
            assert [event.sequence for event in await list_subject_events(db, award.id)] == [1, 2]


@pytest.mark.parametrize("contradiction", [True, False])
async def test_paid_and_failed_at_once_is_one_of_both(database, contradiction):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_released(db, office)
    (line,) = await lines_of(database, payroll)

    async def settle(receipt):
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll.id), [receipt], BANK)

    words = [paid(line), failed(line)] if contradiction else [paid(line), paid(line)]
    await all_at_once(*map(settle, words * 2))

    (after,) = await lines_of(database, payroll)
    assert after.status in (LineStatus.PAID, LineStatus.FAILED)
    async with database.reading() as db:
        found = await find_discrepancies(db, await reload(database, payroll), BANK)
    assert found == ({"disputed": 1} if contradiction else {})
