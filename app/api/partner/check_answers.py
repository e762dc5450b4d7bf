"""Where agencies that answer later call back."""

from typing import Any

from fastapi import HTTPException, Request

from app.api.common.callers import PartnerCode, partner_actor
from app.api.common.deps import Db, ToolsDep
from app.api.common.problems import MEDIA_TYPE, Problem, problems
from app.api.common.routing import Router, retry_safe
from app.api.common.schemas import Out
from app.identity.errors import TokenRejected
from app.partners.base import LateAnswer, Partner, PartnerUnavailable
from app.verification.commands import take_late_answer
from app.verification.errors import CallbackUnreadable, CheckNotFound, NoCallbacksExpected

router = Router(prefix="/v1/partner", tags=["partner"])

_MAX_BYTES = 64 * 1024
_TOO_LARGE: dict[int | str, dict[str, Any]] = {
    413: {"model": Problem, "description": "Refused: body_too_large", "content": {MEDIA_TYPE: {}}}
}


class CheckAnswerOut(Out):
    """Received. `changed` is false for a repeated answer, and for one that nobody waits for any more: send it no
    further."""

    changed: bool


@router.post(
    "/check-answers",
    operation_id="take_check_answer",
    summary="Answer a check by call-back",
    responses={**problems(TokenRejected, NoCallbacksExpected, CallbackUnreadable, CheckNotFound), **_TOO_LARGE},
    # The reference of the question is the key: no other is needed to send an answer twice.
    openapi_extra={
        **retry_safe(),
        "requestBody": {
            "required": True,
            "description": "The answer in the partner's own agreed form, at most 64 kB.",
            "content": {"application/json": {"schema": {"type": "object"}}},
        },
    },
)
async def take_answer(request: Request, partner: PartnerCode, tools: ToolsDep, db: Db) -> CheckAnswerOut:
    """Deliver an answer to a question we put under a reference. It may come early, late, out of order or several times:
    the first one stands, and every further one is received without effect."""
    late = _read(tools.partners.get(partner), await _body(request))
    return CheckAnswerOut(changed=await take_late_answer(db, partner_actor(partner), partner, late))


async def _body(request: Request) -> bytes:
    """Return the body, counted while it comes in.

    Raises:
        HTTPException: it is longer than agreed.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BYTES:
            raise HTTPException(413)
    return bytes(body)


def _read(partner: Partner | None, body: bytes) -> LateAnswer:
    read_callback = getattr(partner, "read_callback", None)
    if read_callback is None:
        raise NoCallbacksExpected
    try:
        late: LateAnswer = read_callback(body)
    except PartnerUnavailable:
        raise CallbackUnreadable from None
    return late
