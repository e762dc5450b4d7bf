"""Taking messages of the DCI standard, each once, and answering them: at once, or later by call-back."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.audit.commands import record_act
from app.core.canonical import canonical_text
from app.core.clock import SHANGHAI
from app.core.crypto import GENERAL
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.events.commands import enqueue
from app.identity.envelopes import Form, SenderKey, SignatureUnfit, check_signature
from app.identity.errors import PartnerRejected, TokenRejected
from app.status_queries.commands.asking import reread_status
from app.status_queries.commands.registering import actor_of, secret_fits
from app.status_queries.errors import EnvelopeRefused, SignatureRefused
from app.status_queries.lifecycle import MessageDelivery
from app.status_queries.models import QueryPartner, RegistryMessage
from app.status_queries.registry.heading import refusal_of
from app.status_queries.registry.searching import search
from app.status_queries.registry.wire import REGISTRY, VERSION, Header, SearchMessage, StatusMessage
from app.status_queries.registry_queries import (
    add_message,
    find_message,
    find_partner_of_sender,
    get_partner_of,
    list_searches,
    lock_message,
)

ANSWER = "answer_registry_message"
_REQUEST, _ANSWER = "registry_messages.request", "registry_messages.answer"
_QUERIES = "queries"  # beside what is answered, and never sent
_MESSAGES: Mapping[str, type[SearchMessage] | type[StatusMessage]] = {
    "search": SearchMessage,
    "txn-status": StatusMessage,
}
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ACTIONS = {"search": "on-search", "txn-status": "txn-on-status"}


@dataclass(frozen=True)
class Received:
    """A message whose sender is known, and how he signs; `content`: header and message as they came."""

    partner: QueryPartner
    form: Form
    header: Header
    message: SearchMessage | StatusMessage
    content: Mapping[str, Any]

    @property
    def requests(self) -> int:
        """How many requests there are in it."""
        return len(self.message.search_request) if isinstance(self.message, SearchMessage) else 1


@dataclass(frozen=True)
class Content:
    """What is signed and sent: `header` and `message`."""

    header: dict[str, Any]
    message: dict[str, Any]

    def signed(self) -> dict[str, Any]:
        """Return it as the signature covers it."""
        return {"header": self.header, "message": self.message}


@dataclass(frozen=True)
class Acknowledged:
    """A message that is answered later under `correlation_id`, or the code for why it is not."""

    correlation_id: UUID
    refusal: str | None = None


async def find_sender(
    db: ReadSession, sender: str, secret: str, signature: str, content: Mapping[str, Any], wall: datetime
) -> tuple[QueryPartner, Form]:
    """Return the partner that sent a message: by its name, its secret and its signature, all three.

    Raises:
        PartnerRejected: not a partner that is let in, or not its secret.
        SignatureRefused: no signature, or not one of its registered key over this message.
    """
    async with db.wider():
        partner = await find_partner_of_sender(db, sender)
    if not secret_fits(db.vault, partner, secret) or partner is None or partner.public_key is None:
        raise PartnerRejected("partner_secret")
    if not signature:
        raise SignatureRefused(faults=(Fault("/signature", "err.signature.missing"),))
    key = SenderKey(sender, partner.key_id or "", partner.public_key)
    try:
        return partner, check_signature(signature, content, key, wall)
    except SignatureUnfit:
        raise SignatureRefused(faults=(Fault("/signature", "err.signature.invalid"),)) from None


async def answer_at_once(db: WriteSession, received: Received, action: str, wall: datetime) -> Content:
    """Answer a message; the same message again gets the same answer, which is one more look at those in it.

    Raises:
        EnvelopeRefused: it is encrypted, or meant for somebody else.
    """
    _refuse_misdirected(received)
    refusal = refusal_of(received.header, action, received.requests, wall)
    if refusal is not None:
        return _refused(db, received, action, refusal)
    row, is_new = await _take(db, received, action, later=False)
    if row is None:
        return _refused(db, received, action, "rjct.message_id.duplicate")
    if is_new:
        await _answer(db, received.partner, row, received.message)
    else:
        for query in _queries_of(db, row):
            await reread_status(db, received.partner, query)
    return content_of(db, received.header.sender_id, row)


async def answer_later(db: WriteSession, received: Received, action: str, wall: datetime) -> Acknowledged:
    """Take a message that a job answers; the same message again changes nothing.

    Raises:
        EnvelopeRefused: it is encrypted, meant for somebody else, or there is nowhere to answer to.
    """
    _refuse_misdirected(received)
    base = received.partner.callback_url
    if base is None or not _is_below(received.header.sender_uri or base, base):
        raise EnvelopeRefused(faults=(Fault("/header/sender_uri", "err.sender_uri.invalid"),))
    refusal = refusal_of(received.header, action, received.requests, wall)
    if refusal is not None:
        return Acknowledged(new_id(), refusal)
    row, is_new = await _take(db, received, action, later=True)
    if row is None:
        return Acknowledged(new_id(), "rjct.message_id.duplicate")
    if is_new:
        await enqueue(db, ANSWER, {"message": str(row.id)})
    return Acknowledged(row.id)


async def answer_kept(db: WriteSession, message_id: UUID) -> RegistryMessage | None:
    """Answer a message that was taken for later, unless it was answered; a partner that is not let in any more gets
    none. Returns the row where there is an answer to send."""
    row = await lock_message(db, message_id)
    if row is None or row.request_sealed is None:
        return row if row is not None and row.answer_sealed is not None else None
    message = _MESSAGES[row.action].model_validate_json(db.vault.open(_REQUEST, row.id, row.request_sealed))
    partner = await get_partner_of(db, row.partner_id)
    row.request_sealed = None  # the numbers of those asked about are not needed any more
    try:
        await _answer(db, partner, row, message)
    except TokenRejected:
        row.delivery, row.next_attempt_at = MessageDelivery.FAILED, None
        return None
    return row


def content_of(db: ReadSession, sender: str, row: RegistryMessage) -> Content:
    """Return the answer to a message as it is signed: the same as often as it is asked for."""
    assert row.answer_sealed is not None
    assert row.answered_at is not None
    kept = json.loads(db.vault.open(_ANSWER, row.id, row.answer_sealed))
    kept.pop(_QUERIES, None)
    at = row.answered_at.astimezone(SHANGHAI).isoformat(timespec="seconds")
    return _content(sender, row.id, row.action, at, kept, row.requests, None)


def _is_below(address: str, base: str) -> bool:
    """Say whether an address is the registered one, or below it: another host may begin with the same letters."""
    return address == base or address.startswith(base.rstrip("/") + "/")


def _queries_of(db: ReadSession, row: RegistryMessage) -> list[UUID]:
    """Return the queries that were made for a message; those answered by a release before do not say."""
    if row.answer_sealed is None:
        return []
    return [UUID(each) for each in json.loads(db.vault.open(_ANSWER, row.id, row.answer_sealed)).get(_QUERIES, ())]


async def _take(
    db: WriteSession, received: Received, action: str, *, later: bool
) -> tuple[RegistryMessage | None, bool]:
    """Keep a message unless there is one of its id: then that one, if it is the same, else none. Sent once to be
    answered at once and once for later it is not the same: what was acknowledged would never come, or what is to come
    is not there yet."""
    digest = db.vault.index("registry_messages.digest", canonical_text(received.content))
    row_id, now = new_id(), db.clock.now()
    partner, header = received.partner, received.header
    asked = canonical_text(received.content["message"])
    values = {
        "id": row_id,
        "county": partner.county,
        "division": partner.division,
        "partner_id": partner.id,
        "message_id": header.message_id,
        "action": action,
        "transaction_id": received.message.transaction_id,
        "requests": received.requests,
        "digest": digest,
        "form": received.form,
        "request_sealed": db.vault.seal(_REQUEST, row_id, asked, division=GENERAL) if later else None,
        "received_at": now,
        "delivery": MessageDelivery.WAITING if later else MessageDelivery.NONE,
        "attempts": 0,
        "next_attempt_at": now if later else None,
    }
    row = await add_message(db, values)
    if row is not None:
        await record_act(
            db, actor_of(partner), "status_query.message", "registry_message", row.id, county=row.county,
            said=action, requests=row.requests,
        )  # fmt: skip
        return row, True
    known = await find_message(db, partner.id, header.message_id)
    same = known is not None and known.digest == digest and known.action == action
    same = same and known is not None and (known.delivery != MessageDelivery.NONE) == later
    return (known, False) if same else (None, False)


async def _answer(
    db: WriteSession, partner: QueryPartner, row: RegistryMessage, message: SearchMessage | StatusMessage
) -> None:
    if isinstance(message, SearchMessage):
        searched = await search(db, partner, message)
        told: dict[str, Any] = {"search_response": searched.answers, _QUERIES: [str(each) for each in searched.queries]}
    else:
        told = {"txnstatus_response": await _status(db, partner, message)}
    body = {"transaction_id": message.transaction_id, "correlation_id": str(row.id), **told}
    row.answer_sealed = db.vault.seal(_ANSWER, row.id, canonical_text(body), division=GENERAL)
    row.answered_at = db.clock.now()


async def _status(db: WriteSession, partner: QueryPartner, message: StatusMessage) -> dict[str, Any]:
    """Say what became of earlier searches of the partner: each reference with its status, and no data."""
    asked = message.txnstatus_request
    rows = await _about(db, partner, message)
    found = []
    for row in rows:
        kept = json.loads(db.vault.open(_ANSWER, row.id, row.answer_sealed)) if row.answer_sealed else None
        found += [
            {name: each[name] for name in ("reference_id", "timestamp", "status") if name in each}
            for each in (kept or {}).get("search_response", ())
        ]
    if asked.attribute_type == "reference_id_list" and isinstance(asked.attribute_value, list):
        found = [each for each in found if each["reference_id"] in asked.attribute_value]
    pending = any(row.answer_sealed is None for row in rows)
    status = {
        "transaction_id": message.transaction_id,
        "correlation_id": str(rows[0].id) if rows else "",
        "search_response": found,
    }
    return {"txn_type": "search", "txn_status": status | ({"status": "pdng"} if pending else {})}


async def _about(db: ReadSession, partner: QueryPartner, message: StatusMessage) -> Sequence[RegistryMessage]:
    kind, value = message.txnstatus_request.attribute_type, message.txnstatus_request.attribute_value
    if kind == "correlation_id" and isinstance(value, str) and _ID.fullmatch(value):
        return await list_searches(db, partner.id, row_id=UUID(value))
    if kind == "transaction_id" and isinstance(value, str):
        return await list_searches(db, partner.id, transaction_id=value)
    if kind == "reference_id_list":
        return await list_searches(db, partner.id, transaction_id=message.transaction_id)
    return ()


def _refuse_misdirected(received: Received) -> None:
    if received.header.is_msg_encrypted:
        raise EnvelopeRefused(faults=(Fault("/header/is_msg_encrypted", "err.encryption.invalid"),))
    if received.header.receiver_id not in (None, "", REGISTRY):
        raise EnvelopeRefused(faults=(Fault("/header/receiver_id", "err.receiver_id.invalid"),))


def _refused(db: ReadSession, received: Received, action: str, code: str) -> Content:
    """Refuse a message as a whole: nothing of it was done, and its id can be used for another."""
    answer_id = new_id()
    message: dict[str, Any] = {"transaction_id": received.message.transaction_id, "correlation_id": str(answer_id)}
    if isinstance(received.message, SearchMessage):
        message["search_response"] = []
    at = db.clock.now().astimezone(SHANGHAI).isoformat(timespec="seconds")
    return _content(received.header.sender_id, answer_id, action, at, message, received.requests, code)


def _content(
    sender: str, message_id: UUID, action: str, at: str, message: dict[str, Any], requests: int, refusal: str | None
) -> Content:
    header: dict[str, Any] = {
        "version": VERSION,
        "message_id": str(message_id),
        "message_ts": at,
        "action": _ACTIONS[action],
        "status": "succ" if refusal is None else "rjct",
        "total_count": requests,
        "completed_count": requests if refusal is None else 0,
        "sender_id": REGISTRY,
        "receiver_id": sender,
        "is_msg_encrypted": False,
    }
    if refusal is not None:
        header["status_reason_code"] = refusal
    return Content(header, message)
