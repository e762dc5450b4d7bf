"""Settling one line by hand: what a person of finance found out with the bank about a disputed or unknown line."""

from datetime import date
from uuid import UUID

from app.applications.conflict_queries import refuse_relative
from app.audit.commands import record_act
from app.awards.queries import get_award
from app.core.db import WriteSession
from app.core.ids import new_id
from app.disbursement.commands.deciding import require_another
from app.disbursement.commands.settling import (
    Settlement,
    is_possible_value_date,
    note_settled,
    post_payments,
    tell,
    word_of,
)
from app.disbursement.errors import (
    PayLineNotFound,
    PayLineNotOpen,
    PaymentWasReversed,
    SettlementIncomplete,
    ValueDateOutOfRange,
)
from app.disbursement.lifecycle import LIFECYCLE, Action, LineStatus
from app.disbursement.models import LineSettlement, PayLine, Payroll
from app.disbursement.queries import get_payroll, lock_lines
from app.identity.actors import SYSTEM, Actor
from app.ledger.accounts import clearing_account, household_account
from app.ledger.commands import Entry, post
from app.ledger.queries import list_postings_of
from app.partners.paying_bank.base import FailureKind, LineReceipt

REVERSAL = "reversal"  # the cause of a posting that takes a payment back
BY_HAND = "by_hand"  # our own failure code


async def settle_line(
    db: WriteSession,
    actor: Actor,
    payroll_id: UUID,
    line_id: UUID,
    *,
    paid: bool,
    reason: str,
    transaction_no: str | None,
    paid_on: date | None,
    bank: str,
) -> PayLine:
    """Say what became of a disputed or unknown line, and why that is sure; the books follow, once.

    `reason` is kept sealed. A line that was paid and turns out not to be has its payment reversed and stays owed.

    Raises:
        PayrollNotFound, PayLineNotFound: there is none, or it lies outside the actor's division.
        StepNotAllowed, RoleNotAllowed: it was not released, or not for this role.
        SamePersonNotAllowed: the actor built the payroll or handed it in.
        ConflictOfInterest: it is a close relative's.
        PayLineNotOpen: it is neither disputed nor unknown.
        SettlementIncomplete: paid without a transaction number and day, or failed with one.
        ValueDateOutOfRange: that day cannot be.
        PaymentWasReversed: what this line paid was taken back before; it is reissued instead.
    """
    payroll, line = await _get_open_line(db, actor, payroll_id, line_id)
    if (transaction_no is not None) != paid or (paid_on is not None) != paid:
        raise SettlementIncomplete
    if paid and not is_possible_value_date(db, payroll, paid_on):
        raise ValueDateOutOfRange
    _keep(db, actor, line, paid=paid, reason=reason, transaction_no=transaction_no)
    line.dispute, line.disputed_word = None, None
    outcome = Settlement()
    if paid:
        await _mark_paid(db, line, transaction_no, paid_on, outcome)
    else:
        await _mark_failed(db, payroll, line, bank, outcome)
    await db.flush()
    await post_payments(db, payroll, outcome.paid, bank)
    await tell(db, outcome)
    await note_settled(db, payroll)
    payroll.check_after = db.clock.now()
    await record_act(
        db, actor, "payroll.settle_line", "payroll", payroll.id,
        row=payroll, case=line.case, line=str(line.id), outcome="paid" if paid else "failed",
    )  # fmt: skip
    return line


async def _get_open_line(db: WriteSession, actor: Actor, payroll_id: UUID, line_id: UUID) -> tuple[Payroll, PayLine]:
    payroll = await get_payroll(db, actor, payroll_id, lock=True)
    LIFECYCLE.step(payroll.status, Action.SETTLE, actor.role)
    require_another(payroll, actor)
    line = (await lock_lines(db, payroll.id, [line_id])).get(line_id)
    if line is None:
        raise PayLineNotFound
    await refuse_relative(db, actor, (await get_award(db, SYSTEM, line.award_id)).application_id)
    if line.dispute is None and line.status != LineStatus.UNKNOWN:
        raise PayLineNotOpen
    return payroll, line


async def _mark_paid(
    db: WriteSession, line: PayLine, transaction_no: str | None, paid_on: date | None, outcome: Settlement
) -> None:
    if any(posting.cause_type == REVERSAL for posting in await list_postings_of(db, line.id)):
        raise PaymentWasReversed
    if line.status != LineStatus.PAID:
        outcome.paid.append(line)
        line.settled_at = db.clock.now()
    line.status, line.failure, line.failure_code = LineStatus.PAID, None, None
    line.transaction_no, line.paid_on = transaction_no, paid_on


async def _mark_failed(db: WriteSession, payroll: Payroll, line: PayLine, bank: str, outcome: Settlement) -> None:
    if line.status == LineStatus.FAILED:
        return
    if line.status == LineStatus.PAID:
        clearing, household = clearing_account(payroll.county, bank), household_account(line.award_id)
        await post(db, [Entry(line.county, clearing, household, line.amount_fen, REVERSAL, line.id)])
    line.status, line.settled_at = LineStatus.FAILED, db.clock.now()
    line.failure, line.failure_code = FailureKind.RETRYABLE.value, BY_HAND
    line.transaction_no, line.paid_on = None, None
    outcome.failed.append(line)


def _keep(
    db: WriteSession, actor: Actor, line: PayLine, *, paid: bool, reason: str, transaction_no: str | None
) -> None:
    settlement_id = new_id()
    db.add(
        LineSettlement(
            id=settlement_id,
            county=line.county,
            division=line.division,
            payroll_id=line.payroll_id,
            line_id=line.id,
            status_before=line.status,
            dispute=line.dispute,
            words=_words_on(line),
            outcome=LineStatus.PAID if paid else LineStatus.FAILED,
            transaction_no=transaction_no,
            reason_sealed=db.vault.seal("line_settlements.reason", settlement_id, reason, division=line.county),
            settled_by=actor.id,
            settled_at=db.clock.now(),
        )
    )


def _words_on(line: PayLine) -> list[str]:
    """Return what the bank has said of a line so far: the word it was settled by, and the one that disputes it."""
    said = [line.disputed_word] if line.disputed_word else []
    if line.status == LineStatus.PAID:
        first = LineReceipt(str(line.id), line.amount_fen, True, line.transaction_no, line.paid_on)
        said.append(word_of(first))
    elif line.failure_code is not None:
        said.append(word_of(LineReceipt(str(line.id), line.amount_fen, False, bank_code=line.failure_code)))
    return said
