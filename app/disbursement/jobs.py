"""Talking to the bank, keeping an eye on the books, and giving households free whose money has ended.

Never a transaction open while the bank is asked. A payroll's id is its batch number, and its lines are the same bytes
in the same order whenever they are sent, so that sending again after a lost answer is the same batch to the bank. What
the bank has once accepted is never sent again: it is asked about. Receipts may be there before the bank's answer to the
batch is: then it is asked first, and gets the whole batch, settled lines and all, only if it does not know it.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from app.awards.commands import free_household
from app.core.clock import today
from app.core.db import Database, ReadSession
from app.core.months import first_of_month
from app.disbursement.accounts import account_of, paid_to
from app.disbursement.commands import note_accepted, note_refused, settle_receipts
from app.disbursement.events import PayrollReleased
from app.disbursement.lifecycle import UNSETTLED, LineStatus, Status
from app.disbursement.queries import (
    BatchLine,
    claim_payroll_to_ask,
    claim_payroll_to_check,
    digest_of,
    find_discrepancies,
    find_payroll,
    list_awards_to_free,
    list_batch,
)
from app.identity.actors import SYSTEM
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.base import BatchRefused, BatchState, BatchStatus, LineReceipt, PayingBank, PaymentOrder

_ASK_AGAIN = timedelta(minutes=10)
_CHECK_AGAIN = timedelta(hours=1)
_AT_A_TIME = 50  # payrolls in one round of a sweep
_LINES_IN_ONE_GO = 500  # receipts settled in one transaction


async def send_batch(database: Database, event: PayrollReleased, *, bank: PayingBank) -> None:
    """Hand a released payroll to the bank; again, if need be, under the same number and with the same content.

    Raises:
        PartnerUnavailable: the outcome is unknown; the job runs again, and then the sweep asks.
    """
    await _send(database, bank, event.subject)


async def settle_late_batches(database: Database, *, bank: PayingBank) -> None:
    """Ask the bank about released payrolls whose receipts are late; send what it never got."""
    for _ in range(_AT_A_TIME):
        async with database.unit_of_work() as db:
            payroll_id = await claim_payroll_to_ask(db, db.clock.now(), _ASK_AGAIN)
        if payroll_id is None:
            return
        try:
            await _ask(database, bank, payroll_id)
        except PartnerUnavailable as error:
            structlog.get_logger().warning(
                "bank did not answer", payroll_id=str(payroll_id), partner=error.partner, reason=error.reason
            )


async def check_books(database: Database, *, bank: str) -> None:
    """Compare released payrolls with the books, each once an hour and once more when it is closed."""
    for _ in range(_AT_A_TIME):
        async with database.unit_of_work() as db:
            payroll = await claim_payroll_to_check(db, db.clock.now(), _CHECK_AGAIN)
            if payroll is None:
                return
            found = await find_discrepancies(db, payroll, bank)
        for what, count in found.items():
            structlog.get_logger().error("books disagree", payroll_id=str(payroll.id), reason=what, count=count)


async def free_households(database: Database) -> None:
    """Let the households of stopped awards apply again, once the last month that was paid to them is over."""
    async with database.reading() as db:
        awards = await list_awards_to_free(db, first_of_month(today(db.clock)), _AT_A_TIME)
    for award_id in awards:
        async with database.unit_of_work() as db:
            await free_household(db, award_id)


async def _send(database: Database, bank: PayingBank, payroll_id: UUID) -> None:
    async with database.reading() as db:
        lines = await _batch(db, payroll_id)
        orders = [_order(db, line) for line in lines]
    if not orders:
        return
    if any(line.status != LineStatus.SENT for line in lines):
        status = await bank.query_batch(str(payroll_id))
        if status.state is not BatchState.UNKNOWN:
            await _take_word(database, bank, payroll_id, status)
            return
    try:
        await bank.submit_batch(str(payroll_id), orders, sum(order.amount_fen for order in orders))
    except BatchRefused as refusal:
        await _on_refusal(database, bank, payroll_id, refusal)
        return
    async with database.unit_of_work() as db:
        await note_accepted(db, payroll_id)


async def _batch(db: ReadSession, payroll_id: UUID) -> Sequence[BatchLine]:
    """Return the whole batch; nothing where the bank has it already, or nothing in it is to be ordered any more."""
    payroll = await find_payroll(db, payroll_id)
    if payroll is None or payroll.status != Status.RELEASED or payroll.accepted_at is not None:
        return []
    lines = await list_batch(db, payroll_id)
    if not any(line.status in UNSETTLED for line in lines):
        return []
    if await digest_of(db, payroll_id) != payroll.digest:
        structlog.get_logger().error("batch is not what was approved", payroll_id=str(payroll_id))
        return []
    return lines


def _order(db: ReadSession, line: BatchLine) -> PaymentOrder:
    return PaymentOrder(str(line.id), paid_to(db, line), account_of(db, line), line.amount_fen)


async def _on_refusal(database: Database, bank: PayingBank, payroll_id: UUID, refusal: BatchRefused) -> None:
    """Free the lines of a batch that the bank does not have. One that it may have, in another form, is left to people.

    Raises:
        PartnerUnavailable: whether the bank has it is not known; the job runs again.
    """
    structlog.get_logger().error("batch refused", payroll_id=str(payroll_id), reason=refusal.reason)
    status = await bank.query_batch(str(payroll_id))
    if status.state is not BatchState.UNKNOWN:
        return
    async with database.unit_of_work() as db:
        await note_refused(db, payroll_id, refusal.reason, UUID(refusal.line_id) if refusal.line_id else None)


async def _ask(database: Database, bank: PayingBank, payroll_id: UUID) -> None:
    status = await bank.query_batch(str(payroll_id))
    if status.state is BatchState.UNKNOWN:
        await _send_again(database, bank, payroll_id)
    else:
        await _take_word(database, bank, payroll_id, status)


async def _take_word(database: Database, bank: PayingBank, payroll_id: UUID, status: BatchStatus) -> None:
    """Keep that the bank knows the batch, and what became of its lines once it is done."""
    async with database.unit_of_work() as db:
        await note_accepted(db, payroll_id)
    await _settle(database, bank, payroll_id, status.lines)


async def _send_again(database: Database, bank: PayingBank, payroll_id: UUID) -> None:
    async with database.reading() as db:
        payroll = await find_payroll(db, payroll_id)
    if payroll is not None and payroll.accepted_at is not None:
        # It had the batch and says that it never did: people must ask, paying again might pay twice.
        structlog.get_logger().error("bank lost a batch", payroll_id=str(payroll_id))
        return
    await _send(database, bank, payroll_id)


async def _settle(database: Database, bank: PayingBank, payroll_id: UUID, lines: Sequence[LineReceipt]) -> None:
    for start in range(0, len(lines), _LINES_IN_ONE_GO):
        part = lines[start : start + _LINES_IN_ONE_GO]
        async with database.unit_of_work() as db:
            await settle_receipts(db, SYSTEM, str(payroll_id), part, bank.code)
