"""What the bank says settles each line once; the books, the timeline and the events follow."""

from dataclasses import replace
from datetime import date

import pytest

from app.applications.clocks import StepKind
from app.applications.commands import put_payout_account
from app.applications.models import ApplicationStep
from app.applications.queries import find_open_step, get_application, list_steps
from app.applications.steps import open_step_until
from app.core.clock import today
from app.core.ids import new_id
from app.disbursement.commands import (
    approve_payroll,
    note_accepted,
    reissue_payroll,
    release_payroll,
    settle_receipts,
    submit_payroll,
)
from app.disbursement.errors import BatchUnknown, NothingToPay
from app.disbursement.lifecycle import LineKind, LineStatus, PayrollKind
from app.disbursement.queries import count_exclusions, find_discrepancies, list_payments, list_totals
from app.events.queries import list_subject_events
from app.identity.actors import SYSTEM
from app.ledger.accounts import clearing_account, household_account
from app.ledger.queries import get_balance, list_balances, list_postings_of, sum_of_balances
from app.partners.paying_bank.base import FailureKind, LineReceipt
from tests.builders.awards import COUNTY, Grant, build_award, recipient_of
from tests.builders.payrolls import build_approved, build_office, build_released, failed, lines_of, paid, reload

BANK = "paying_bank"


@pytest.fixture
async def released(database):
    """A released payroll of two lines, its office and its awards by line."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        awards = [await build_award(db, Grant(amount_fen=fen)) for fen in (52_000, 37_917)]
        payroll = await build_released(db, office)
        await note_accepted(db, payroll.id)
    lines = await lines_of(database, payroll)
    by_award = {award.id: award for award in awards}
    return payroll, office, [(line, by_award[line.award_id]) for line in lines]


async def settle(database, payroll, *receipts):
    async with database.unit_of_work() as db:
        return await settle_receipts(db, SYSTEM, str(payroll.id), receipts, BANK)


async def books_agree(database, payroll, *, disputed: int = 0) -> bool:
    async with database.reading() as db:
        found = await find_discrepancies(db, await reload(database, payroll), BANK)
        return found == ({"disputed": disputed} if disputed else {}) and not await sum_of_balances(db)


async def test_a_paid_line_is_posted_and_told_once_however_often_the_bank_says_so(database, released):
    payroll, _, [(line, award), _] = released

    first = await settle(database, payroll, paid(line), paid(line))
    second = await settle(database, payroll, paid(line))

    assert (len(first.paid), first.repeated, len(second.paid), second.repeated) == (1, 1, 0, 1)
    async with database.reading() as db:
        assert await get_balance(db, household_account(award.id)) == 0
        assert await get_balance(db, clearing_account(COUNTY, BANK)) == -line.amount_fen
        assert [posting.cause_type for posting in await list_postings_of(db, line.id)] == ["accrual", "payment"]
        assert [event.type for event in await list_subject_events(db, award.id)] == ["payment.made"]
        (payment,) = await list_payments(db, recipient_of(award), after=None, limit=10)
    assert (payment.status, payment.paid_on) == (LineStatus.PAID, date(2026, 12, 8))
    assert await books_agree(database, payroll)


async def test_a_failed_line_stays_owed(database, released):
    payroll, _, [(line, award), _] = released

    await settle(database, payroll, failed(line))

    async with database.reading() as db:
        assert await get_balance(db, household_account(award.id)) == -line.amount_fen
        (event,) = await list_subject_events(db, award.id)
    assert (event.type, event.data["failure"]) == ("payment.failed", "need_citizen_fix")
    assert await books_agree(database, payroll)


async def test_sent_is_paid_and_failed_and_pending(database, released):
    payroll, _, [(line, _), _] = released

    await settle(database, payroll, paid(line))

    async with database.reading() as db:
        totals = await list_totals(db, payroll.id)
    assert sum(each.total_fen for each in totals) == payroll.total_fen
    assert {each.status for each in totals} == {LineStatus.PAID, LineStatus.SENT}


async def test_the_first_payment_ends_the_timeline(database, released):
    payroll, _, [(line, award), _] = released
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, award.application_id, lock=True)
        await open_step_until(db, application, StepKind.FIRST_PAYMENT, "county", None, "规则")

    await settle(database, payroll, paid(line))

    async with database.reading() as db:
        (step,) = await list_steps(db, award.application_id)
        assert await find_open_step(db, award.application_id, StepKind.FIRST_PAYMENT) is None
    assert isinstance(step, ApplicationStep)
    assert step.outcome == "paid"


@pytest.mark.parametrize(
    ("distort", "why"),
    [
        (lambda r: LineReceipt(r.line_id, r.amount_fen + 1, True, r.transaction_no, r.value_date), "amount_differs"),
        (lambda r: LineReceipt(str(new_id()), r.amount_fen, True, r.transaction_no, r.value_date), "unknown_line"),
        (lambda r: LineReceipt("not-an-id", r.amount_fen, True, r.transaction_no, r.value_date), "unknown_line"),
        (lambda r: replace(r, value_date=date(1, 1, 1)), "value_date_out_of_range"),
        (lambda r: replace(r, value_date=date(2026, 11, 17)), "value_date_out_of_range"),  # released on the 23rd
        (lambda r: replace(r, value_date=date(2026, 12, 25)), "value_date_out_of_range"),
        (lambda r: replace(r, value_date=date(9999, 12, 31)), "value_date_out_of_range"),
    ],
)
async def test_a_receipt_that_does_not_fit_changes_nothing(database, released, distort, why, caplog):
    payroll, _, [(line, _), _] = released

    outcome = await settle(database, payroll, distort(paid(line)))

    assert [reason for _, reason in outcome.disputed] == [why]
    assert {each.status for each in await lines_of(database, payroll)} == {LineStatus.SENT}
    marked = [each.dispute for each in await lines_of(database, payroll) if each.dispute]
    assert marked == ([] if why == "unknown_line" else [why])
    assert await books_agree(database, payroll, disputed=len(marked))


@pytest.mark.parametrize("day", [date(2026, 11, 18), date(2026, 12, 24)])
async def test_a_payment_may_bear_a_day_around_the_release(database, released, day):
    payroll, _, [(line, _), _] = released

    outcome = await settle(database, payroll, paid(line, day))

    assert [each.paid_on for each in outcome.paid] == [day]


async def test_a_word_that_fits_ends_the_dispute_about_an_open_line(database, released):
    payroll, _, [(line, _), _] = released
    await settle(database, payroll, replace(paid(line), amount_fen=line.amount_fen + 1))

    outcome = await settle(database, payroll, paid(line))

    assert [(each.status, each.dispute) for each in outcome.paid] == [(LineStatus.PAID, None)]
    assert await books_agree(database, payroll)


async def test_a_word_that_contradicts_a_settled_line_changes_nothing(database, released):
    payroll, _, [(one, _), (two, _)] = released
    await settle(database, payroll, paid(one), failed(two))
    other = LineReceipt(str(one.id), one.amount_fen, True, "T-ANOTHER", date(2026, 12, 9))

    outcome = await settle(database, payroll, failed(one), paid(two), other)

    assert [reason for _, reason in outcome.disputed] == ["was_paid", "was_failed", "was_paid"]
    assert {line.id: line.status for line in await lines_of(database, payroll)} == {
        one.id: LineStatus.PAID,
        two.id: LineStatus.FAILED,
    }
    assert await books_agree(database, payroll, disputed=2)


async def test_a_line_the_bank_does_not_know_about_is_settled_by_a_later_word(database, released):
    payroll, office, [(line, _), (other, _)] = released
    unknown = failed(line, FailureKind.UNKNOWN, "T01")
    await settle(database, payroll, unknown, paid(other))
    with pytest.raises(NothingToPay):
        async with database.unit_of_work() as db:
            await reissue_payroll(db, office.handler, payroll.id)

    outcome = await settle(database, payroll, unknown, paid(line))

    assert (outcome.repeated, len(outcome.paid)) == (1, 1)
    assert (await reload(database, payroll)).ask_after is None
    assert await books_agree(database, payroll)


@pytest.mark.parametrize("batch", ["01a20186-0000-7000-8000-000000000000", "not-an-id", ""])
async def test_a_batch_nobody_sent_is_refused(database, batch):
    with pytest.raises(BatchUnknown):
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, batch, [], BANK)


async def test_receipts_for_a_payroll_that_was_not_released_are_refused(database):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db)
        payroll = await build_approved(db, office)
    (line,) = await lines_of(database, payroll)

    with pytest.raises(BatchUnknown):
        await settle(database, payroll, paid(line))


async def test_a_failed_line_is_reissued_once_the_citizen_put_the_account_right(database, released, clock):
    payroll, office, [(line, award), (other, _)] = released
    await settle(database, payroll, failed(line), paid(other))
    with pytest.raises(NothingToPay, match="'account_not_corrected': 1"):
        async with database.unit_of_work() as db:
            await reissue_payroll(db, office.handler, payroll.id)
    clock.set(clock.now().replace(month=12))
    async with database.unit_of_work() as db:
        await put_payout_account(db, recipient_of(award), bank_code="RCC", account="990000777788889999")

    async with database.unit_of_work() as db:
        again = await reissue_payroll(db, office.handler, payroll.id)
        await submit_payroll(db, office.handler, again.id)
        await approve_payroll(db, office.confirmer, again.id)
        await release_payroll(db, office.finance, again.id)
    (reissued,) = await lines_of(database, again)
    await settle(database, again, paid(reissued, today(clock)))

    assert (again.kind, again.of_payroll_id) == (PayrollKind.REISSUE, payroll.id)
    assert (reissued.kind, reissued.cause, reissued.month) == (LineKind.REISSUE, str(line.id), line.month)
    assert (
        database.vault.open("payout_accounts.account", reissued.beneficiary_id, reissued.account_sealed)
        == "990000777788889999"
    )
    async with database.reading() as db:
        assert await get_balance(db, household_account(award.id)) == 0
        assert [posting.cause_type for posting in await list_postings_of(db, reissued.id)] == ["payment"]
    assert await books_agree(database, payroll)
    assert await books_agree(database, again)
    with pytest.raises(NothingToPay):
        async with database.unit_of_work() as db:
            await reissue_payroll(db, office.handler, payroll.id)


async def test_what_was_not_the_citizens_fault_is_reissued_at_once(database, released):
    payroll, office, [(line, _), (other, _)] = released
    await settle(database, payroll, failed(line, FailureKind.RETRYABLE, "R01"), failed(other))

    async with database.unit_of_work() as db:
        again = await reissue_payroll(db, office.handler, payroll.id)

    assert [each.cause for each in await lines_of(database, again)] == [str(line.id)]
    async with database.reading() as db:
        assert await count_exclusions(db, again.id) == {"account_not_corrected": 1}


async def test_balances_of_a_county_add_up_to_nothing(database, released):
    payroll, _, [(one, _), (two, _)] = released
    await settle(database, payroll, paid(one), failed(two))

    async with database.reading() as db:
        balances = await list_balances(db, COUNTY)
    assert sum(balances.values()) == 0
    assert balances[clearing_account(COUNTY, BANK)] == -one.amount_fen
