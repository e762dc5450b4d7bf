"""The paying bank in memory: takes batches, pays when a test says so, and may lose its answers."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from app.partners.base import PartnerUnavailable
from app.partners.paying_bank import wire
from app.partners.paying_bank.adapter import HttpPayingBank, read_receipt_file
from app.partners.paying_bank.base import (
    BatchRefused,
    BatchState,
    BatchStatus,
    PaymentOrder,
    Receipts,
)


@dataclass
class _Batch:
    content: bytes
    lines: tuple[PaymentOrder, ...]
    receipts: bytes | None = None


class FakePayingBank:
    """Keeps the promise of `PayingBank`. `credited` counts fen by account."""

    code: ClassVar[str] = HttpPayingBank.code

    def __init__(self) -> None:
        self.credited: Counter[str] = Counter()
        self.submissions: Counter[str] = Counter()
        self._batches: dict[str, _Batch] = {}
        self._failing: str | None = None
        self._failing_after = False

    def fail(self, reason: str | None, *, after: bool = False) -> None:
        """Fail every call from now on; with `after`, the work is done and only the answer gets lost."""
        self._failing = reason
        self._failing_after = after

    async def submit_batch(self, batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> None:
        """Hand over a batch; the same batch again is accepted again and paid once.

        Raises:
            BatchRefused: the bank will not carry it out.
            PartnerUnavailable: it was told to fail.
        """
        self._stumble(after=False)
        content = wire.write_batch(batch_id, lines, total_fen)
        self.submissions[batch_id] += 1
        self._take(batch_id, content, tuple(lines), total_fen)
        self._stumble(after=True)

    async def query_batch(self, batch_id: str) -> BatchStatus:
        """Ask what became of a batch.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        self._stumble(after=False)
        self._stumble(after=True)
        batch = self._batches.get(batch_id)
        if batch is None:
            return BatchStatus(batch_id, BatchState.UNKNOWN)
        if batch.receipts is None:
            return BatchStatus(batch_id, BatchState.RECEIVED)
        return BatchStatus(batch_id, BatchState.DONE, read_receipt_file(batch.receipts).lines)

    def read_receipts(self, body: bytes) -> Receipts:
        """Read a receipts call-back.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return read_receipt_file(body)

    def settle(self, batch_id: str, on: date, failures: Mapping[str, str] | None = None) -> bytes:
        """Carry a batch out and return the call-back body; `failures` names bank codes by line. Pays only once."""
        batch = self._batches[batch_id]
        if batch.receipts is None:
            results = [_result(batch_id, line, (failures or {}).get(line.line_id), on) for line in batch.lines]
            for line, result in zip(batch.lines, results, strict=True):
                self.credited[line.account] += line.amount_fen if result["status"] == "S" else 0
            batch.receipts = json.dumps({"batchNo": batch_id, "results": results}).encode()
        return batch.receipts

    def _take(self, batch_id: str, content: bytes, lines: tuple[PaymentOrder, ...], total_fen: int) -> None:
        known = self._batches.get(batch_id)
        if not lines or len({line.line_id for line in lines}) != len(lines):
            raise BatchRefused(batch_id, "malformed")
        for line in lines:
            if line.amount_fen <= 0:
                raise BatchRefused(batch_id, "malformed", line.line_id)
        if sum(line.amount_fen for line in lines) != total_fen:
            raise BatchRefused(batch_id, "wrong_totals")
        if known is not None and known.content != content:
            raise BatchRefused(batch_id, "other_content")
        if known is None:
            self._batches[batch_id] = _Batch(content, lines)

    def _stumble(self, *, after: bool) -> None:
        if self._failing and self._failing_after is after:
            raise PartnerUnavailable(self.code, self._failing)


def _result(batch_id: str, line: PaymentOrder, code: str | None, on: date) -> dict[str, Any]:
    result: dict[str, Any] = {"lineNo": line.line_id, "amt": line.amount_fen, "status": "F" if code else "S"}
    if code:
        return result | {"errCode": code}
    return result | {"serialNo": f"FK-{batch_id}-{line.line_id}", "valueDate": f"{on:%Y%m%d}"}
