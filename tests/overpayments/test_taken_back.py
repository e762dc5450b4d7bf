"""What the bank took back itself, after the household was ordered to pay it back, is asked of the household no more."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step
from app.awards.lifecycle import StopGround
from app.core.clock import today
from app.disbursement.commands import settle_line, settle_receipts
from app.disbursement.events import PaymentFailed
from app.disbursement.models import PayLine
from app.events.models import EventRecord
from app.identity.actors import SYSTEM
from app.ledger.accounts import fund_account
from app.ledger.queries import get_balance, list_postings_of, sum_of_balances
from app.letters.contents import open_letter
from app.letters.models import Letter
from app.overpayments.accounts import recovery_account
from app.overpayments.commands import (
    Claimed,
    Instalment,
    hear_about_recovery,
    order_recovery,
    propose_recovery,
    propose_write_off,
    receive_repayment,
    write_off,
)
from app.overpayments.errors import RecoveryOutdated, RepaymentTooMuch
from app.overpayments.events import RecoveryCorrected
from app.overpayments.jobs import correct_recovery, write_letter_of_recovery
from app.overpayments.lifecycle import Ground, Status
from app.overpayments.models import Recovery, RecoveryMonth
from app.overpayments.queries import get_recovery, list_months
from tests.builders.hearings import hear_and_stop
from tests.builders.payrolls import build_office, build_released, failed, lines_of, paid
from tests.builders.standards import build_judged

AMOUNT, COUNTY, BANK = 68_750, "532529", "paying_bank"
SEPTEMBER, OCTOBER, NOVEMBER = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database, office):
    """An award paid for October and November, and stopped as of September for fraud."""
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=OCTOBER)
    for month in (OCTOBER, NOVEMBER):
        async with database.unit_of_work() as db:
            payroll = await build_released(db, office, month)
        for line in await lines_of(database, payroll):
            await _say(database, line, paid(line))
    async with database.unit_of_work() as db:
        await hear_and_stop(db, office.handler, office.confirmer, award.id, StopGround.FRAUD, last_month=SEPTEMBER)
    return award


async def _say(database, line, receipt):
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(line.payroll_id), [receipt], BANK)


async def _ordered(database, office, award, months=()):
    async with database.unit_of_work() as db:
        ground = Ground.FRAUD if months else Ground.AFTER_STOP
        recovery = await propose_recovery(db, office.handler, award.id, ground, months, "停发后仍有发放（测试）")
        on = today(db.clock)
        await hear_about_recovery(db, office.handler, recovery.id, opinion="同意退回（测试）", heard_on=on)
    async with database.unit_of_work() as db:
        whole = [Instalment(today(db.clock) + timedelta(days=30), recovery.total_fen)]
        return await order_recovery(db, office.confirmer, recovery.id, whole)


async def _taken_back(database, office, award, month):
    """Let the bank take one month's payment back, and finance find that it is so; what is told of it is told twice."""
    async with database.reading() as db:
        query = select(PayLine).where(PayLine.award_id == award.id, PayLine.month == month)
        line = (await db.scalars(query)).one()
    await _say(database, line, failed(line))
    async with database.unit_of_work() as db:
        told = {"paid": False, "reason": "银行退回（测试）", "transaction_no": None, "paid_on": None, "bank": BANK}
        await settle_line(db, office.finance, line.payroll_id, line.id, **told)
    event = PaymentFailed(
        subject=award.id,
        county=COUNTY,
        applicant_id=award.beneficiary_id,
        application_id=award.application_id,
        line_id=line.id,
        month=f"{month:%Y-%m}",
        failure="retryable",
    )
    for _ in range(2):
        await correct_recovery(database, event)
    return line


async def _look(database, recovery):
    """Return the recovery and its months, once the books are seen to say the same."""
    async with database.reading() as db:
        row, _ = await get_recovery(db, SYSTEM, recovery.id)
        assert await sum_of_balances(db) == 0
        owed = await get_balance(db, recovery_account(recovery.id))
        assert owed == (row.outstanding_fen if row.decided_at else 0)
        return row, (await list_months(db, [recovery.id]))[recovery.id]


async def _receive(database, office, recovery, fen, reference="R1"):
    async with database.unit_of_work() as db:
        return await receive_repayment(
            db, office.finance, recovery.id, amount_fen=fen, received_on=today(db.clock), reference=reference
        )


async def _told(database, kind):
    async with database.reading() as db:
        return (await db.scalars(select(EventRecord.data).where(EventRecord.type == kind))).all()


async def test_a_month_that_the_bank_took_back_is_off_the_claim_once(database, office, award):
    recovery = await _ordered(database, office, award)
    async with database.reading() as db:
        fund = await get_balance(db, fund_account(COUNTY))

    line = await _taken_back(database, office, award, OCTOBER)

    row, (october, november) = await _look(database, recovery)
    assert (row.status, row.total_fen, row.taken_back_fen, row.outstanding_fen) == (
        Status.ORDERED, 2 * AMOUNT, AMOUNT, AMOUNT,
    )  # fmt: skip
    assert (october.taken_back_fen, october.live) == (AMOUNT, False)
    assert (november.taken_back_fen, november.live) == (0, True)
    async with database.reading() as db:
        causes = [posting.cause_type for posting in await list_postings_of(db, line.id)]
        assert await get_balance(db, fund_account(COUNTY)) == fund + AMOUNT
        assert await find_open_step(db, award.application_id, StepKind.REPAYMENT) is not None
    assert causes == ["accrual", "payment", "reversal", "taken_back"]
    assert len(await _told(database, "recovery.corrected")) == 1
    # More than the rest is taken in from nobody.
    with pytest.raises(RepaymentTooMuch):
        await _receive(database, office, recovery, AMOUNT + 1)
    assert (await _receive(database, office, recovery, AMOUNT)).status == Status.REPAID


async def test_where_all_was_taken_back_nothing_is_asked_any_more(database, office, award):
    recovery = await _ordered(database, office, award)
    async with database.unit_of_work() as db:
        await propose_write_off(db, office.handler, recovery.id, reason="无力退回（测试）")

    await _taken_back(database, office, award, OCTOBER)
    await _taken_back(database, office, award, NOVEMBER)

    row, _ = await _look(database, recovery)
    assert (row.status, row.repaid_fen, row.taken_back_fen, row.outstanding_fen) == (Status.REPAID, 0, 2 * AMOUNT, 0)
    async with database.reading() as db:
        assert await find_open_step(db, award.application_id, StepKind.REPAYMENT) is None
    assert [event["outcome"] for event in await _told(database, "recovery.ended")] == ["repaid"]


async def test_what_the_household_has_repaid_stays_repaid_and_only_the_rest_is_taken_off(database, office, award):
    recovery = await _ordered(database, office, award, [Claimed(OCTOBER, AMOUNT)])
    await _receive(database, office, recovery, 20_000)

    await _taken_back(database, office, award, OCTOBER)

    row, (october,) = await _look(database, recovery)
    assert (row.status, row.repaid_fen, row.taken_back_fen) == (Status.REPAID, 20_000, AMOUNT - 20_000)
    assert (october.taken_back_fen, october.live) == (AMOUNT - 20_000, True)


async def test_of_a_month_that_was_claimed_in_part_only_what_is_no_longer_covered_is_taken_off(database, office, award):
    recovery = await _ordered(database, office, award, [Claimed(OCTOBER, 10_000), Claimed(NOVEMBER, 20_000)])

    await _taken_back(database, office, award, NOVEMBER)

    row, (october, november) = await _look(database, recovery)
    assert (row.taken_back_fen, row.outstanding_fen) == (20_000, 10_000)
    assert (october.taken_back_fen, november.taken_back_fen) == (0, 20_000)


async def test_a_claim_that_nobody_has_ordered_yet_is_left_to_be_proposed_anew(database, office, award):
    async with database.unit_of_work() as db:
        recovery = await propose_recovery(db, office.handler, award.id, Ground.AFTER_STOP, (), "测试")
        on = today(db.clock)
        await hear_about_recovery(db, office.handler, recovery.id, opinion="同意（测试）", heard_on=on)

    await _taken_back(database, office, award, OCTOBER)

    row, _ = await _look(database, recovery)
    assert (row.status, row.taken_back_fen) == (Status.PROPOSED, 0)
    parts = [Instalment(today(database.clock) + timedelta(days=30), recovery.total_fen)]
    with pytest.raises(RecoveryOutdated):
        async with database.unit_of_work() as db:
            await order_recovery(db, office.confirmer, recovery.id, parts)


async def test_what_has_been_repaid_or_written_off_is_not_opened_again(database, office, award):
    first = await _ordered(database, office, award, [Claimed(OCTOBER, AMOUNT)])
    await _receive(database, office, first, AMOUNT)
    second = await _ordered(database, office, award, [Claimed(NOVEMBER, AMOUNT)])
    async with database.unit_of_work() as db:
        await propose_write_off(db, office.handler, second.id, reason="无力退回（测试）")
        await write_off(db, office.confirmer, second.id)

    for month in (OCTOBER, NOVEMBER):
        await _taken_back(database, office, award, month)

    for recovery, status in ((first, Status.REPAID), (second, Status.WRITTEN_OFF)):
        row, _ = await _look(database, recovery)
        assert (row.status, row.taken_back_fen) == (status, 0)
    assert await _told(database, "recovery.corrected") == []


async def test_a_line_that_only_failed_takes_nothing_off(database, office, award):
    recovery = await _ordered(database, office, award)
    async with database.reading() as db:
        line = (await db.scalars(select(PayLine).where(PayLine.month == OCTOBER))).one()
    await _say(database, line, replace(paid(line), transaction_no="T-OTHER"))  # disputed, and paid all the same
    event = PaymentFailed(
        subject=award.id, county=COUNTY, applicant_id=award.beneficiary_id, application_id=award.application_id,
        line_id=line.id, month="2026-10", failure="retryable",
    )  # fmt: skip

    await correct_recovery(database, event)

    row, _ = await _look(database, recovery)
    assert row.taken_back_fen == 0


async def test_the_household_is_told_in_writing_once_what_is_asked_no_more(database, office, award):
    recovery = await _ordered(database, office, award)
    line = await _taken_back(database, office, award, OCTOBER)
    event = RecoveryCorrected(
        subject=award.id, county=COUNTY, applicant_id=award.beneficiary_id, application_id=award.application_id,
        recovery_id=recovery.id, line_id=line.id,
    )  # fmt: skip

    for _ in range(2):
        await write_letter_of_recovery(database, event)

    async with database.reading() as db:
        letters = (await db.scalars(select(Letter))).all()
        (said,) = (open_letter(db, letter) for letter in letters)
    assert said["points"][-1] == (
        "银行已退回原发放款项687.50元，该部分不再要求退回，原决定相应更正；尚应退回687.50元。"
    )


async def test_the_database_takes_no_fen_more_off_than_was_claimed(database, office, award):
    recovery = await _ordered(database, office, award)
    await _receive(database, office, recovery, 1)
    for model, fen in ((Recovery, recovery.total_fen), (Recovery, -1), (RecoveryMonth, AMOUNT + 1)):
        with pytest.raises(IntegrityError):
            async with database.unit_of_work() as db:
                await db.execute(update(model).values(taken_back_fen=fen))
