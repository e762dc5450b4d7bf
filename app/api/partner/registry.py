"""The social registry by the DCI standard (SPDCI v1): status queries in signed envelopes, at once or by call-back."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from app.api.common.callers import Credentials, partner_scheme
from app.api.common.deps import Db, ToolsDep
from app.api.common.limits import LimitsDep
from app.api.common.problems import problems
from app.api.common.routing import Router, retry_safe
from app.core.clock import SHANGHAI, SystemClock
from app.core.db import WriteSession
from app.core.reach import Reach
from app.identity.envelopes import sign_content
from app.identity.errors import TokenRejected
from app.limits.errors import TooManyRequests
from app.limits.policies import PARTNER, STATUS_QUERIES
from app.status_queries.commands.messages import Content, Received, answer_at_once, answer_later, find_sender
from app.status_queries.errors import EnvelopeRefused, SignatureRefused
from app.status_queries.registry.wire import REGISTRY, SearchEnvelope, StatusEnvelope

router = Router(prefix="/v1/partner/dci/registry", tags=["partner"])

_WALL = SystemClock()  # signatures are made by the partner's clock, also where the sandbox has moved ours
_RESPONSES = problems(TokenRejected, SignatureRefused, EnvelopeRefused, TooManyRequests)
_ONCE = retry_safe()  # the sender's message_id is the key


class Answer(BaseModel):
    """Base of what the standard has answered: what has no value is left out, not null."""

    model_config = ConfigDict(frozen=True)


class AnswerHeader(Answer):
    """The header of an answer. Refused as a whole: `status` is `rjct`, and `status_reason_code` says why."""

    version: str
    message_id: str
    message_ts: str
    action: Literal["on-search", "txn-on-status"]
    status: Literal["succ", "rjct"]
    status_reason_code: str | None = None
    total_count: int
    completed_count: int
    sender_id: str
    receiver_id: str
    is_msg_encrypted: bool


class RecordOut(Answer):
    """What one person receives: the program, since when (the first day of a month), the county."""

    context: Annotated[dict[str, str], Field(alias="@context")]
    type: Annotated[str, Field(alias="@type")]
    programme_identifier: str
    enrolment_date: str
    sub_region_code: str


class RecordsOut(Answer):
    """Nothing received, another name and an unknown number are all an empty list."""

    version: str
    reg_records: list[RecordOut]


class PagesOut(Answer):
    """There is one page."""

    page_size: int
    page_number: int
    total_count: int


class SearchedOut(Answer):
    """The answer to one request; `rjct` with a code of the standard and words where it was none."""

    reference_id: str
    timestamp: str
    status: Literal["succ", "rjct"]
    status_reason_code: str | None = None
    status_reason_message: str | None = None
    data: RecordsOut | None = None
    pagination: PagesOut | None = None


class FoundOut(Answer):
    """The answers to the requests of a message, in its order."""

    transaction_id: str
    correlation_id: str
    search_response: list[SearchedOut]


class SearchAnswer(Answer):
    """A signed answer: `signature` over `header` and `message`, of a key at `/.well-known/jwks.json`."""

    signature: Annotated[str, Field(max_length=2000)]
    header: AnswerHeader
    message: FoundOut


class TxnOut(Answer):
    """The searches of a transaction: each reference with its status. `status` is `pdng` while some are not answered."""

    transaction_id: str
    correlation_id: str
    status: Literal["pdng"] | None = None
    search_response: list[SearchedOut]


class TxnStatusOut(Answer):
    """What became of what was asked about."""

    txn_type: str
    txn_status: TxnOut


class StatusOut(Answer):
    """The answer to a question about a transaction; absent where the message was refused."""

    transaction_id: str
    correlation_id: str
    txnstatus_response: TxnStatusOut | None = None


class StatusAnswer(Answer):
    """A signed answer about a transaction."""

    signature: Annotated[str, Field(max_length=2000)]
    header: AnswerHeader
    message: StatusOut


class ErrorOut(Answer):
    """Why a message is not answered: the standard's code, and the header's reason in `message`."""

    code: str
    message: str


class AckOut(Answer):
    """`ACK`: the answer comes by call-back, under `correlation_id`. `ERR`: there will be none."""

    ack_status: Literal["ACK", "ERR"]
    timestamp: str
    correlation_id: UUID
    error: ErrorOut | None = None


class Acknowledgement(Answer):
    """What the standard has answered to a message that is answered later."""

    message: AckOut


async def _received(
    request: Request,
    envelope: SearchEnvelope | StatusEnvelope,
    credentials: Credentials,
    limits: LimitsDep,
    db: WriteSession,
) -> Received:
    """Find out who sent an envelope: its signature is over the members as they came, not as they were read.

    Raises:
        TokenRejected, SignatureRefused: see `find_sender`.
    """
    raw: Mapping[str, Any] = json.loads(await request.body())
    content = {"header": raw["header"], "message": raw["message"]}
    secret = credentials.credentials if credentials else ""
    partner, form = await find_sender(db, envelope.header.sender_id, secret, envelope.signature, content, _WALL.now())
    limits.use_turn(PARTNER, partner.code)
    await limits.use((STATUS_QUERIES, str(partner.id)))
    await db.reach_to(Reach(actor=partner.id))
    return Received(partner, form, envelope.header, envelope.message, content)


Bearer = Annotated[Credentials, Depends(partner_scheme)]


def _signed(tools: ToolsDep, received: Received, content: Content) -> dict[str, Any]:
    key = tools.keys.signing(tools.database.clock.now())
    signature = sign_content(received.form, content.signed(), REGISTRY, key, _WALL.now())
    return {"signature": signature, **content.signed()}


@router.post(
    "/sync/search",
    operation_id="dci_sync_search",
    summary="Search the social registry, answered at once (DCI)",
    responses=_RESPONSES,
    response_model_exclude_none=True,
    openapi_extra=_ONCE,
)
async def sync_search(
    body: SearchEnvelope, request: Request, credentials: Bearer, tools: ToolsDep, limits: LimitsDep, db: Db
) -> SearchAnswer:
    """The same as `POST /v1/partner/status-queries` in the words of the DCI standard: `sender_id` and key are those
    registered with your secret. Up to a hundred requests; each names a person by number and name, a purpose
    (`authorize.purpose.code`) and an article (`ref_uri`, `urn:basis:…`). The same message again is answered the
    same."""
    received = await _received(request, body, credentials, limits, db)
    content = await answer_at_once(db, received, "search", _WALL.now())
    return SearchAnswer.model_validate(_signed(tools, received, content))


@router.post(
    "/sync/txn/status",
    operation_id="dci_sync_txn_status",
    summary="Ask what became of a transaction (DCI)",
    responses=_RESPONSES,
    response_model_exclude_none=True,
    openapi_extra=_ONCE,
)
async def sync_status(
    body: StatusEnvelope, request: Request, credentials: Bearer, tools: ToolsDep, limits: LimitsDep, db: Db
) -> StatusAnswer:
    """By `transaction_id`, `correlation_id`, or references of the transaction; of your own searches alone."""
    received = await _received(request, body, credentials, limits, db)
    content = await answer_at_once(db, received, "txn-status", _WALL.now())
    return StatusAnswer.model_validate(_signed(tools, received, content))


@router.post(
    "/search",
    operation_id="dci_search",
    summary="Search the social registry, answered by call-back (DCI)",
    responses=_RESPONSES,
    response_model_exclude_none=True,
    openapi_extra=_ONCE,
)
async def search(
    body: SearchEnvelope, request: Request, credentials: Bearer, limits: LimitsDep, db: Db
) -> Acknowledgement:
    """Acknowledged now, answered at `/registry/on-search` below your registered address: signed, and sent again for
    three days until you take it."""
    return await _acknowledge(await _received(request, body, credentials, limits, db), "search", db)


@router.post(
    "/txn/status",
    operation_id="dci_txn_status",
    summary="Ask what became of a transaction, answered by call-back (DCI)",
    responses=_RESPONSES,
    response_model_exclude_none=True,
    openapi_extra=_ONCE,
)
async def status(
    body: StatusEnvelope, request: Request, credentials: Bearer, limits: LimitsDep, db: Db
) -> Acknowledgement:
    """Answered at `/registry/txn/on-status` below your registered address."""
    return await _acknowledge(await _received(request, body, credentials, limits, db), "txn-status", db)


async def _acknowledge(received: Received, action: str, db: WriteSession) -> Acknowledgement:
    taken = await answer_later(db, received, action, _WALL.now())
    now = db.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
    error = None if taken.refusal is None else ErrorOut(code="err.request.bad", message=taken.refusal)
    ack = AckOut(
        ack_status="ACK" if error is None else "ERR", timestamp=now, correlation_id=taken.correlation_id, error=error
    )
    return Acknowledgement(message=ack)
