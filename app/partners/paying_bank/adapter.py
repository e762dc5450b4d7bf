"""The paying bank over HTTP."""

import re
from collections.abc import Sequence
from typing import ClassVar
from urllib.parse import quote

import httpx

from app.core.connections import Connection
from app.partners.exchange import Limits, Reply, exchange, limits_of, read_json, require_status, unavailable
from app.partners.paying_bank import wire
from app.partners.paying_bank.base import (
    BatchRefused,
    BatchState,
    BatchStatus,
    FailureKind,
    LineReceipt,
    PaymentOrder,
    Receipts,
)

_BATCH_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")

# Every code that is not here is UNKNOWN: whether money moved must then be reconciled with the bank (domain 4.4).
_FAILURES = {
    "A01": FailureKind.NEED_CITIZEN_FIX,  # name and account do not belong together
    "A02": FailureKind.NEED_CITIZEN_FIX,  # no such account
    "A03": FailureKind.NEED_CITIZEN_FIX,  # closed
    "A04": FailureKind.NEED_CITIZEN_FIX,  # frozen
    "A05": FailureKind.NEED_CITIZEN_FIX,  # dormant
    "A06": FailureKind.NEED_CITIZEN_FIX,  # reported lost
    "A07": FailureKind.NEED_CITIZEN_FIX,  # limit of a class II or III account
    "A08": FailureKind.NEED_CITIZEN_FIX,  # identity document expired
    "B01": FailureKind.NEED_OFFICE_FIX,  # amount wrong
    "B02": FailureKind.NEED_OFFICE_FIX,  # the line is in the file twice
    "R01": FailureKind.RETRYABLE,  # bank busy, not booked
    "T01": FailureKind.UNKNOWN,  # time-out inside the bank
}


class HttpPayingBank:
    """Submits files, asks after them, reads receipts."""

    code: ClassVar[str] = "paying_bank"

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())

    async def submit_batch(self, batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> None:
        """Hand over a batch; the same batch again is accepted again and paid once.

        Raises:
            BatchRefused: the bank will not carry it out, or a line cannot be written.
            PartnerUnavailable: the outcome is unknown: ask `query_batch` before anything else.
        """
        if not _BATCH_ID.fullmatch(batch_id):
            raise BatchRefused(batch_id, "unwritable")
        content = wire.write_batch(batch_id, lines, total_fen)
        reply = await self._send("PUT", f"/batches/{batch_id}", content)
        require_status(self.code, reply, 200, 202, 409, 422)
        verdict = read_json(self.code, wire.Verdict, reply.body)
        if verdict.batchNo != batch_id:
            unavailable(self.code, "garbage")
        if reply.status in (409, 422):
            reason = wire.REFUSALS.get(verdict.retCode)
            if reason is None:
                unavailable(self.code, "error")
            raise BatchRefused(batch_id, reason, verdict.lineNo)
        if verdict.retCode != wire.ACCEPTED:
            unavailable(self.code, "error")

    async def query_batch(self, batch_id: str) -> BatchStatus:
        """Ask what became of a batch; fetch all parts of the results.

        Raises:
            PartnerUnavailable: no usable answer.
        """
        first = await self._progress(batch_id, 1)
        if first is None:
            return BatchStatus(batch_id, BatchState.UNKNOWN)
        if first.status == "RECEIVED":
            return BatchStatus(batch_id, BatchState.RECEIVED)
        results = list(first.results)
        for part in range(2, first.parts + 1):
            further = await self._progress(batch_id, part)
            if further is None or further.status != "DONE" or further.parts != first.parts:
                unavailable(self.code, "garbage")
            results += further.results
        return BatchStatus(batch_id, BatchState.DONE, tuple(_line(result) for result in results))

    def read_receipts(self, body: bytes) -> Receipts:
        """Read a receipts call-back. Who sent it is for the edge to establish.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return read_receipt_file(body)

    async def _progress(self, batch_id: str, part: int) -> wire.Progress | None:
        path = f"/batches/{quote(batch_id, safe='')}?part={part}"
        reply = await self._send("GET", path, b"")
        require_status(self.code, reply, 200, 404)
        if reply.status == 404:
            # 'Never taken' makes sending again safe, so a stray 404 of some proxy must not be read as that.
            verdict = read_json(self.code, wire.Verdict, reply.body)
            if verdict.retCode != wire.NO_SUCH_BATCH or verdict.batchNo != batch_id:
                unavailable(self.code, "garbage")
            return None
        progress = read_json(self.code, wire.Progress, reply.body)
        if progress.retCode != wire.ACCEPTED or progress.batchNo != batch_id or progress.part != part:
            unavailable(self.code, "garbage")
        return progress

    async def _send(self, method: str, path: str, content: bytes) -> Reply:
        signature = wire.sign(self._connection.secret, method, path, content)
        request = self._http.build_request(
            method,
            self._connection.base_url.rstrip("/") + path,
            headers={"Content-Type": wire.MEDIA_TYPE, "X-Mac": signature},
            content=content,
        )
        return await exchange(self.code, self._http, request, self._limits)


def read_receipt_file(body: bytes) -> Receipts:
    """Turn a call-back body into results.

    Raises:
        PartnerUnavailable: reason 'garbage'.
    """
    file = read_json(HttpPayingBank.code, wire.ReceiptFile, body)
    return Receipts(file.batchNo, tuple(_line(result) for result in file.results))


def _line(result: wire.Result) -> LineReceipt:
    if result.status == "S":
        if result.serialNo is None or result.valueDate is None:
            unavailable(HttpPayingBank.code, "garbage")
        return LineReceipt(result.lineNo, result.amt, True, result.serialNo, result.valueDate)
    if result.errCode is None:
        unavailable(HttpPayingBank.code, "garbage")
    failure = _FAILURES.get(result.errCode, FailureKind.UNKNOWN)
    return LineReceipt(result.lineNo, result.amt, False, failure=failure, bank_code=result.errCode)
