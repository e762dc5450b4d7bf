"""What the bank that pays must be able to do. A payment whose outcome is not known is *unknown*: ask, never send again.

Sending the same batch again is safe only because the bank itself knows a batch by its number and digest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Protocol


@dataclass(frozen=True)
class PaymentOrder:
    """One line of a batch: pay this amount to this account of this person."""

    line_id: str  # ours, unique in the batch
    payee_name: str
    account: str
    amount_fen: int


class FailureKind(StrEnum):
    """What a bank's failure code means for us (domain 4.4)."""

    RETRYABLE = "retryable"  # nothing was booked; the same line may go into a later batch
    NEED_CITIZEN_FIX = "need_citizen_fix"  # the account is wrong, closed, frozen …
    NEED_OFFICE_FIX = "need_office_fix"  # our line is wrong
    UNKNOWN = "unknown"  # may or may not have been booked: reconcile before any further payment


@dataclass(frozen=True)
class LineReceipt:
    """What became of one line. Paid has a transaction number and a value date, failed a code and what it means."""

    line_id: str
    amount_fen: int
    paid: bool
    transaction_no: str | None = None
    value_date: date | None = None
    failure: FailureKind | None = None
    bank_code: str | None = None


@dataclass(frozen=True)
class Receipts:
    """Results of lines of one batch; a large batch comes in several parts, and each part may come more than once."""

    batch_id: str
    lines: tuple[LineReceipt, ...]


class BatchState(StrEnum):
    """What the bank says about a batch."""

    UNKNOWN = "unknown"  # the bank never took it: sending it (again) is safe
    RECEIVED = "received"
    DONE = "done"


@dataclass(frozen=True)
class BatchStatus:
    """State of a batch, with the results of every line once it is done."""

    batch_id: str
    state: BatchState
    lines: tuple[LineReceipt, ...] = ()


class BatchRefused(Exception):
    """The bank understood the batch and will not carry it out: nothing of it is paid.

    `reason`: 'wrong_totals' | 'other_content' (the number is taken by a batch with another digest) | 'malformed' |
    'unwritable' (a line that cannot be written into the file; never sent). `line_id` where one line is to blame.
    """

    def __init__(self, batch_id: str, reason: str, line_id: str | None = None) -> None:
        super().__init__(f"{batch_id}: {reason}")
        self.batch_id = batch_id
        self.reason = reason
        self.line_id = line_id


class PayingBank(Protocol):
    """A bank that takes batches of payments."""

    code: ClassVar[str]

    async def submit_batch(self, batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> None:
        """Hand over a batch; the same batch again is accepted again and paid once.

        Raises:
            BatchRefused: the bank will not carry it out.
            PartnerUnavailable: the outcome is unknown: ask `query_batch` before anything else.
        """
        ...

    async def query_batch(self, batch_id: str) -> BatchStatus:
        """Ask what became of a batch.

        Raises:
            PartnerUnavailable: no usable answer.
        """
        ...

    def read_receipts(self, body: bytes) -> Receipts:
        """Read a receipts call-back.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        ...
