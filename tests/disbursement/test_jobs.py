"""Between us and the bank: nothing is sent under two numbers, nothing is lost, and the books are watched."""

from datetime import timedelta

import pytest
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import update

from app.applications.commands import put_payout_account
from app.awards.queries import get_award
from app.disbursement.commands import reissue_payroll, settle_receipts
from app.disbursement.errors import PayrollNotSettled
from app.disbursement.events import PayrollReleased
from app.disbursement.jobs import check_books, send_batch, settle_late_batches
from app.disbursement.lifecycle import LineStatus, Status
from app.disbursement.models import PayLine, Payroll
from app.identity.actors import SYSTEM
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.base import FailureKind
from tests.builders.awards import Grant, build_award, recipient_of
from tests.builders.payrolls import BankInMemory, build_office, build_released, failed, lines_of, paid, reload

LATER = timedelta(minutes=3)


@pytest.fixture
async def payroll(database) -> Payroll:
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await build_award(db, Grant(amount_fen=52_000, account="990000111100000001"))
        await build_award(db, Grant(amount_fen=37_917, account="990000111100000002"))
        return await build_released(db, office)


def released(payroll) -> PayrollReleased:
    return PayrollReleased(subject=payroll.id, county=payroll.county)


async def statuses(database, payroll) -> set[str]:
    return {line.status for line in await lines_of(database, payroll)}


async def test_a_released_payroll_is_sent_once_however_often_the_job_runs(database, payroll):
    bank = BankInMemory()

    for _ in range(3):
        await send_batch(database, released(payroll), bank=bank)

    assert bank.submissions == [str(payroll.id)]
    orders, total = bank.batches[str(payroll.id)]
    assert (len(orders), total) == (2, 89_917)
    assert {order.account for order in orders} == {"990000111100000001", "990000111100000002"}
    assert (await reload(database, payroll)).accepted_at is not None


async def test_after_a_lost_answer_the_same_batch_is_sent_again(database, payroll):
    bank = BankInMemory(loses_answers=True)
    with pytest.raises(PartnerUnavailable):
        await send_batch(database, released(payroll), bank=bank)
    async with database.unit_of_work() as db:  # meanwhile the citizen changes the account
        line = (await lines_of(database, payroll))[0]
        actor = recipient_of(await get_award(db, SYSTEM, line.award_id))
        await put_payout_account(db, actor, bank_code="RCC", account="990000999999999999")

    bank.loses_answers = False
    await send_batch(database, released(payroll), bank=bank)

    assert bank.submissions == [str(payroll.id)] * 2
    assert len(bank.batches) == 1  # the bank took it for what it is: the same


async def test_late_receipts_are_asked_for(database, payroll, clock):
    bank = BankInMemory(bad_accounts=frozenset({"990000111100000002"}))
    await send_batch(database, released(payroll), bank=bank)
    await settle_late_batches(database, bank=bank)
    assert await statuses(database, payroll) == {LineStatus.SENT}  # not late yet

    clock.advance(LATER)
    await settle_late_batches(database, bank=bank)

    assert await statuses(database, payroll) == {LineStatus.PAID, LineStatus.FAILED}
    assert (await reload(database, payroll)).ask_after is None


async def test_a_bank_that_is_still_at_it_is_asked_again_later(database, payroll, clock):
    bank = BankInMemory(working=True)
    await send_batch(database, released(payroll), bank=bank)
    clock.advance(LATER)
    await settle_late_batches(database, bank=bank)
    assert await statuses(database, payroll) == {LineStatus.SENT}

    bank.working = False
    clock.advance(timedelta(minutes=11))
    await settle_late_batches(database, bank=bank)

    assert await statuses(database, payroll) == {LineStatus.PAID}


async def test_a_batch_the_bank_never_got_is_sent_by_the_sweep(database, payroll, clock):
    bank = BankInMemory()
    clock.advance(LATER)

    await settle_late_batches(database, bank=bank)

    assert bank.submissions == [str(payroll.id)]


async def test_a_batch_the_bank_had_and_lost_is_not_sent_again(database, payroll, clock):
    bank = BankInMemory()
    await send_batch(database, released(payroll), bank=bank)
    bank.batches.clear()
    clock.advance(LATER)

    with structlog.testing.capture_logs() as logs:
        await settle_late_batches(database, bank=bank)

    assert bank.submissions == [str(payroll.id)]
    assert [(log["log_level"], log["event"]) for log in logs] == [("error", "bank lost a batch")]


async def test_a_receipt_before_the_banks_answer_does_not_strand_the_batch(database, payroll, clock):
    bank = BankInMemory(silent=True)
    with pytest.raises(PartnerUnavailable):
        await send_batch(database, released(payroll), bank=bank)
    one, _ = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [paid(one)], bank.code)

    bank.silent = False
    clock.advance(LATER)
    await settle_late_batches(database, bank=bank)
    clock.advance(timedelta(minutes=11))
    await settle_late_batches(database, bank=bank)

    orders, total = bank.batches[str(payroll.id)]
    assert (len(orders), total, list(bank.batches)) == (2, payroll.total_fen, [str(payroll.id)])
    assert await statuses(database, payroll) == {LineStatus.PAID}


async def test_a_receipt_before_the_banks_answer_makes_the_job_ask_first(database, payroll):
    bank = BankInMemory(loses_answers=True)
    with pytest.raises(PartnerUnavailable):
        await send_batch(database, released(payroll), bank=bank)
    one, _ = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        await settle_receipts(db, SYSTEM, str(payroll.id), [paid(one)], bank.code)

    await send_batch(database, released(payroll), bank=bank)

    assert bank.submissions == [str(payroll.id)]  # it has it
    assert (await reload(database, payroll)).accepted_at is not None
    assert await statuses(database, payroll) == {LineStatus.PAID}


async def test_a_batch_that_is_not_what_was_approved_is_not_sent(database, payroll):
    bank = BankInMemory()
    async with database.unit_of_work() as db:
        await db.execute(update(PayLine).values(bank_code="ABC"))

    with structlog.testing.capture_logs() as logs:
        await send_batch(database, released(payroll), bank=bank)

    assert bank.submissions == []
    assert [log["log_level"] for log in logs] == ["error"]


async def test_a_payee_of_another_award_opens_in_no_line(database, payroll):
    bank = BankInMemory()
    one, other = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        changed = update(PayLine).where(PayLine.id == one.id)
        await db.execute(changed.values(payee_name_sealed=other.payee_name_sealed))

    with pytest.raises(InvalidTag):
        await send_batch(database, released(payroll), bank=bank)

    assert bank.submissions == []


async def test_what_failed_is_not_reissued_while_its_batch_may_still_be_sent(database, payroll):
    one, _ = await lines_of(database, payroll)
    async with database.unit_of_work() as db:
        office = await build_office(db)
        await settle_receipts(
            db, SYSTEM, str(payroll.id), [failed(one, FailureKind.RETRYABLE, "R01")], BankInMemory.code
        )

    with pytest.raises(PayrollNotSettled):
        async with database.unit_of_work() as db:
            await reissue_payroll(db, office.handler, payroll.id)


async def test_a_silent_bank_leaves_everything_as_it_is(database, payroll, clock):
    bank = BankInMemory(silent=True)
    with pytest.raises(PartnerUnavailable):
        await send_batch(database, released(payroll), bank=bank)
    clock.advance(LATER)

    with structlog.testing.capture_logs() as logs:
        await settle_late_batches(database, bank=bank)

    assert await statuses(database, payroll) == {LineStatus.SENT}
    assert [log["log_level"] for log in logs] == ["warning"]


async def test_a_batch_that_is_refused_frees_its_lines(database, payroll):
    guilty = (await lines_of(database, payroll))[0]
    bank = BankInMemory(refuses="unwritable", guilty=str(guilty.id))

    with structlog.testing.capture_logs():
        await send_batch(database, released(payroll), bank=bank)

    assert {line.id: (line.status, line.failure) for line in await lines_of(database, payroll)} == {
        line.id: (LineStatus.FAILED, "need_office_fix" if line.id == guilty.id else "retryable")
        for line in await lines_of(database, payroll)
    }


async def test_a_refusal_of_a_batch_that_the_bank_may_have_changes_nothing(database, payroll):
    bank = BankInMemory()
    bank.batches[str(payroll.id)] = ((), 0)  # the number is taken by something else

    with structlog.testing.capture_logs() as logs:
        await send_batch(database, released(payroll), bank=bank)

    assert await statuses(database, payroll) == {LineStatus.SENT}
    assert [log["event"] for log in logs] == ["batch refused"]


async def test_books_that_agree_are_passed_over_in_silence(database, payroll, clock):
    bank = BankInMemory()
    await send_batch(database, released(payroll), bank=bank)
    clock.advance(LATER)
    await settle_late_batches(database, bank=bank)

    with structlog.testing.capture_logs() as logs:
        await check_books(database, bank=bank.code)

    assert logs == []
    assert (await reload(database, payroll)).check_after == clock.now() + timedelta(hours=1)


@pytest.mark.parametrize(
    ("tamper", "what"),
    [
        (update(PayLine).values(amount_fen=PayLine.amount_fen + 1), {"header_differs", "accrual_wrong"}),
        (
            update(PayLine).values(status="paid", transaction_no="T", paid_on=PayLine.month),
            {"payment_wrong"},
        ),
        (update(PayLine).values(status="pending"), {"not_reconciled"}),
        (update(Payroll).values(status=Status.CLOSED), {"not_reconciled"}),
    ],
)
async def test_books_that_disagree_are_told_of(database, payroll, clock, tamper, what):
    async with database.unit_of_work() as db:
        await db.execute(tamper)
    clock.advance(LATER)

    with structlog.testing.capture_logs() as logs:
        await check_books(database, bank="paying_bank")

    assert {(log["log_level"], log["event"]) for log in logs} == {("error", "books disagree")}
    assert {log["reason"] for log in logs} == what
