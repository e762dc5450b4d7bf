"""Where the paying bank sends its receipts."""

from contextlib import suppress

from fastapi import Request

from app.api.common.callers import PartnerCode, partner_actor
from app.api.common.deps import Db
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Out
from app.api.partner.signing import Signed
from app.core.db import WriteSession
from app.disbursement.commands import note_unsigned_receipts, settle_receipts
from app.disbursement.errors import BatchUnknown, NotThePayingBank, ReceiptsUnreadable
from app.identity.errors import TokenRejected
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.adapter import HttpPayingBank, read_receipt_file
from app.partners.paying_bank.base import Receipts
from app.verification.errors import CallbackNotSigned

router = Router(prefix="/v1/partner", tags=["partner"])


class ReceiptsOut(Out):
    """Received: send it no further. `disputed` lines contradict what was settled before, or name no line of the batch;
    they changed nothing and are looked into by people."""

    paid: int
    failed: int
    unknown: int
    repeated: int
    disputed: int


@router.post(
    "/receipts",
    operation_id="take_receipts",
    summary="Deliver receipts of a payment batch",
    responses=problems(TokenRejected, CallbackNotSigned, NotThePayingBank, ReceiptsUnreadable, BatchUnknown),
    openapi_extra={
        **retry_safe(),  # every line settles once, whatever is sent again
        "requestBody": {
            "required": True,
            "description": "Results of up to 1000 lines of one batch, in the bank's own agreed form.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    },
)
async def take(request: Request, partner: PartnerCode, signature: Signed, db: Db) -> ReceiptsOut:
    """Say what became of lines of a batch. Parts may come in any order and more than once: each line settles once."""
    if partner != HttpPayingBank.code:
        raise NotThePayingBank
    body = await request.body()

    async def note(db: WriteSession) -> None:
        with suppress(ReceiptsUnreadable):
            await note_unsigned_receipts(db, partner_actor(partner), _read(body).batch_id)

    await signature.require_or_note(request, partner, body, note)
    receipts = _read(body)
    outcome = await settle_receipts(db, partner_actor(partner), receipts.batch_id, receipts.lines, partner)
    return ReceiptsOut(
        paid=len(outcome.paid),
        failed=len(outcome.failed),
        unknown=outcome.unknown,
        repeated=outcome.repeated,
        disputed=len(outcome.disputed),
    )


def _read(body: bytes) -> Receipts:
    try:
        return read_receipt_file(body)
    except PartnerUnavailable:
        raise ReceiptsUnreadable from None
