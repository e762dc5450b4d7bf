"""What the bank says became of the lines: each settles once, whatever is said again, later or by two at a time.

The payroll's row lock lets one receipt in after the other; the unique posting of each line would stop a second payment
even without it. A word that does not go with a line settles nothing: the line is marked as disputed, is not paid again,
and a person of finance looks into it (`reconciling`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import close_step
from app.audit.commands import record_act
from app.audit.queries import was_done_since
from app.core.clock import legal_date, today
from app.core.db import WriteSession
from app.core.months import write_month
from app.disbursement.errors import BatchUnknown
from app.disbursement.events import PaymentFailed, PaymentMade
from app.disbursement.lifecycle import SETTLED, Dispute, LineStatus, Status
from app.disbursement.models import PayLine, Payroll
from app.disbursement.queries import (
    find_payroll,
    has_unsettled,
    list_applications_awaiting_first_payment,
    list_applications_of,
    list_words_looked_into,
    lock_awards,
    lock_lines,
)
from app.events.commands import record_events
from app.identity.actors import SYSTEM, Actor
from app.ledger.accounts import clearing_account, household_account
from app.ledger.commands import Entry, post
from app.partners.paying_bank.base import FailureKind, LineReceipt

# Banks book on the working day before or after; what lies further off is a mistake, in the receipt or in the clock.
_BEFORE_RELEASE = timedelta(days=5)
_AHEAD = timedelta(days=31)
_UNSIGNED = "payroll.unsigned_receipts"
_UNSIGNED_EVERY = timedelta(hours=1)


@dataclass
class Settlement:
    """What came of one set of receipts: lines paid, failed and left unknown by it, repeats, and contradictions."""

    paid: list[PayLine] = field(default_factory=list)
    failed: list[PayLine] = field(default_factory=list)
    unknown: int = 0
    repeated: int = 0
    disputed: list[tuple[str, Dispute]] = field(default_factory=list)  # line as named by the bank, why


async def settle_receipts(
    db: WriteSession, actor: Actor, batch_id: str, receipts: Sequence[LineReceipt], bank: str
) -> Settlement:
    """Take the bank's word on lines of one batch. Paid lines are posted; failed ones stay owed.

    Raises:
        BatchUnknown: no batch of this number was sent.
    """
    payroll_id = _read_id(batch_id)
    payroll = await find_payroll(db, payroll_id, lock=True) if payroll_id else None
    if payroll is None or payroll.status not in (Status.RELEASED, Status.CLOSED):
        raise BatchUnknown
    ids = [line_id for receipt in receipts if (line_id := _read_id(receipt.line_id))]
    lines = await lock_lines(db, payroll.id, ids)
    looked_into = await list_words_looked_into(db, ids)
    outcome = Settlement()
    for receipt in receipts:
        line = lines.get(_read_id(receipt.line_id) or payroll.id)
        if line is not None and (line.id, word_of(receipt)) in looked_into:
            outcome.repeated += 1
            continue
        _settle(db, payroll, line, receipt, outcome)
    await db.flush()
    await post_payments(db, payroll, outcome.paid, bank)
    await tell(db, outcome)
    # Receipts are no proof that the bank has the batch: only its answer to the batch, or to a question about it, is.
    await note_settled(db, payroll)
    if outcome.disputed:
        payroll.check_after = db.clock.now()
    await _record(db, actor, payroll, outcome)
    return outcome


async def note_unsigned_receipts(db: WriteSession, actor: Actor, batch_id: str) -> None:
    """Put on record that receipts came which the bank has not signed; nothing of them is taken.

    Once an hour and payroll at most: who sends again and again, each time with the wrong key, fills no table.
    """
    payroll_id = _read_id(batch_id)
    payroll = await find_payroll(db, payroll_id) if payroll_id else None
    if payroll is None or await was_done_since(db, _UNSIGNED, payroll.id, db.clock.now() - _UNSIGNED_EVERY):
        return
    await record_act(db, actor, _UNSIGNED, "payroll", payroll.id, county=payroll.county)


def _settle(
    db: WriteSession, payroll: Payroll, line: PayLine | None, receipt: LineReceipt, outcome: Settlement
) -> None:
    if line is None:
        outcome.disputed.append((receipt.line_id, Dispute.UNKNOWN_LINE))
        return
    objection = _objection(db, payroll, line, receipt)
    if objection is not None:
        _dispute(line, receipt, objection, outcome)
    elif line.status in SETTLED:
        outcome.repeated += 1
    elif receipt.paid:
        line.status, line.failure, line.failure_code = LineStatus.PAID, None, None
        line.transaction_no, line.paid_on = receipt.transaction_no, receipt.value_date
        line.settled_at, line.dispute, line.disputed_word = db.clock.now(), None, None
        outcome.paid.append(line)
    else:
        _fail(db, line, receipt, outcome)


def _dispute(line: PayLine, receipt: LineReceipt, objection: Dispute, outcome: Settlement) -> None:
    word = word_of(receipt)
    if line.dispute is not None and line.disputed_word == word:
        outcome.repeated += 1
        return
    line.dispute, line.disputed_word = objection, word
    outcome.disputed.append((receipt.line_id, objection))


def _fail(db: WriteSession, line: PayLine, receipt: LineReceipt, outcome: Settlement) -> None:
    failure = receipt.failure or FailureKind.UNKNOWN
    if failure is FailureKind.UNKNOWN and line.status == LineStatus.UNKNOWN:
        outcome.repeated += 1
        return
    line.failure, line.failure_code = failure.value, receipt.bank_code
    if failure is FailureKind.UNKNOWN:
        line.status = LineStatus.UNKNOWN
        outcome.unknown += 1
        return
    line.status, line.settled_at = LineStatus.FAILED, db.clock.now()
    line.dispute, line.disputed_word = None, None
    outcome.failed.append(line)


def _objection(db: WriteSession, payroll: Payroll, line: PayLine, receipt: LineReceipt) -> Dispute | None:
    """Say what keeps a receipt from being believed."""
    if line.amount_fen != receipt.amount_fen:
        return Dispute.AMOUNT_DIFFERS
    if line.status == LineStatus.PAID:
        return Dispute.WAS_PAID if line.transaction_no != receipt.transaction_no else None
    if line.status == LineStatus.FAILED and receipt.paid:
        return Dispute.WAS_FAILED
    if receipt.paid and not is_possible_value_date(db, payroll, receipt.value_date):
        return Dispute.VALUE_DATE_OUT_OF_RANGE
    return None


def is_possible_value_date(db: WriteSession, payroll: Payroll, day: date | None) -> bool:
    """Say whether a payment can bear this day: not long before the release, nor long after today."""
    if day is None or payroll.released_at is None:
        return False
    return legal_date(payroll.released_at) - _BEFORE_RELEASE <= day <= today(db.clock) + _AHEAD


def word_of(receipt: LineReceipt) -> str:
    """Return what the bank says of a line, in short."""
    if receipt.paid:
        return f"paid:{receipt.transaction_no}:{receipt.amount_fen}:{receipt.value_date}"
    return f"failed:{receipt.bank_code}:{receipt.amount_fen}"


async def note_settled(db: WriteSession, payroll: Payroll) -> None:
    """Ask the bank no more once it has said of every line what became of it."""
    if not await has_unsettled(db, payroll.id):
        payroll.ask_after = None


async def post_payments(db: WriteSession, payroll: Payroll, paid: Sequence[PayLine], bank: str) -> None:
    """Post what was paid: the bank paid for us, the household is owed that much less."""
    clearing = clearing_account(payroll.county, bank)
    entries = [
        Entry(line.county, household_account(line.award_id), clearing, line.amount_fen, "payment", line.id)
        for line in paid
    ]
    await post(db, entries)


async def tell(db: WriteSession, outcome: Settlement) -> None:
    """Close the timeline of those who waited for their first money, and record an event for each line."""
    awards = {line.award_id for line in (*outcome.paid, *outcome.failed)}
    applications = await list_applications_of(db, awards)
    first = {applications[line.award_id] for line in outcome.paid}
    for application_id in await list_applications_awaiting_first_payment(db, first):
        application = await get_application(db, SYSTEM, application_id, lock=True)
        await close_step(db, application, StepKind.FIRST_PAYMENT, "paid")
    # Applications before awards, as everywhere. Whoever tells something of an award holds its row, so that two who do
    # at once do not give their events the same number.
    await lock_awards(db, awards)
    paid = [PaymentMade(**_told(line, applications)) for line in outcome.paid]
    failed = [PaymentFailed(**_told(line, applications), failure=line.failure or "") for line in outcome.failed]
    await record_events(db, [*paid, *failed])


def _told(line: PayLine, applications: dict[UUID, UUID]) -> dict[str, Any]:
    return {
        "subject": line.award_id,
        "county": line.county,
        "applicant_id": line.beneficiary_id,
        "application_id": applications[line.award_id],
        "line_id": line.id,
        "month": write_month(line.month),
    }


async def _record(db: WriteSession, actor: Actor, payroll: Payroll, outcome: Settlement) -> None:
    for line_id, why in outcome.disputed:
        structlog.get_logger().error("receipt disputed", payroll_id=str(payroll.id), reason=why)
        known = _read_id(line_id)
        await record_act(
            db,
            actor,
            "receipt.dispute",
            "payroll",
            payroll.id,
            county=payroll.county,
            row=payroll,
            reason=why,
            line=str(known),
        )
    await record_act(
        db,
        actor,
        "payroll.settle",
        "payroll",
        payroll.id,
        county=payroll.county,
        row=payroll,
        paid=len(outcome.paid),
        failed=len(outcome.failed),
        unknown=outcome.unknown,
        repeated=outcome.repeated,
        disputed=len(outcome.disputed),
    )


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
