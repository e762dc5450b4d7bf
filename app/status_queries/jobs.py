"""Answering messages of the DCI standard that came for later: worked out once, sent until it arrived.

Working out and sending are transactions of their own; a claim moves the next attempt away by a lease, so that a worker
that dies in between leaves an answer that falls due again. Each attempt is signed anew: a signature is short-lived.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from app.core.clock import Clock, SystemClock
from app.core.db import Database, WriteSession
from app.events.commands import enqueue_once
from app.identity.envelopes import Form, sign_content
from app.identity.keys import KeyRing
from app.status_queries.commands.messages import ANSWER, Content, answer_kept, content_of
from app.status_queries.lifecycle import MessageDelivery, PartnerStatus
from app.status_queries.registry.wire import REGISTRY
from app.status_queries.registry_queries import get_partner_of, lock_message, take_due_messages
from app.webhooks.schedule import is_spent, pause_after
from app.webhooks.sending import Outcome, Parcel, WebhookSender

_LEASE = timedelta(minutes=1)  # longer than one exchange may take
_QUEUED = timedelta(minutes=5)  # after that a job that should have run is taken to be lost
_BATCH = 200
_PATHS = {"search": "/registry/on-search", "txn-status": "/registry/txn/on-status"}


@dataclass(frozen=True)
class _Claim:
    row_id: UUID
    number: int
    url: str
    form: Form
    content: Content


async def answer_registry_message(
    database: Database,
    payload: Mapping[str, str],
    *,
    sender: WebhookSender,
    keys: KeyRing,
    wall: Clock | None = None,
) -> None:
    """Work an answer out, if that was not done, and make one attempt at sending it, if it has not arrived."""
    row_id = UUID(payload["message"])
    async with database.unit_of_work() as db:
        await answer_kept(db, row_id)
    async with database.unit_of_work() as db:
        claim = await _claim(db, row_id)
        key = keys.signing(db.clock.now())
    if claim is None:
        return
    signed = claim.content.signed()
    signature = sign_content(claim.form, signed, REGISTRY, key, (wall or SystemClock()).now())
    body = json.dumps({"signature": signature, **signed}, ensure_ascii=False, separators=(",", ":"))
    outcome = await sender.send(Parcel(claim.url, str(claim.row_id), body, ()))
    async with database.unit_of_work() as db:
        await _conclude(db, claim, outcome)


async def enqueue_due_answers(database: Database) -> None:
    """Enqueue what has fallen due: retries, and what a killed worker left."""
    taken = _BATCH
    while taken == _BATCH:
        async with database.unit_of_work() as db:
            now = db.clock.now()
            due = await take_due_messages(db, now, now + _QUEUED, _BATCH)
            await enqueue_once(db, ANSWER, {str(each): {"message": str(each)} for each in due})
        taken = len(due)


async def _claim(db: WriteSession, row_id: UUID) -> _Claim | None:
    row = await lock_message(db, row_id)
    if row is None or row.delivery != MessageDelivery.WAITING or row.answer_sealed is None:
        return None
    partner = await get_partner_of(db, row.partner_id)
    let_in = partner.status == PartnerStatus.ACTIVE
    if not let_in or partner.callback_url is None or partner.sender_id is None or is_spent(row.attempts):
        row.delivery, row.next_attempt_at = MessageDelivery.FAILED, None
        return None
    row.attempts += 1
    row.next_attempt_at = db.clock.now() + _LEASE
    url = partner.callback_url.rstrip("/") + _PATHS[row.action]
    return _Claim(row.id, row.attempts, url, Form(row.form), content_of(db, partner.sender_id, row))


async def _conclude(db: WriteSession, claim: _Claim, outcome: Outcome) -> None:
    row = await lock_message(db, claim.row_id)
    if row is None or row.delivery != MessageDelivery.WAITING:
        return  # another attempt got through meanwhile
    if outcome.is_success:
        row.delivery, row.delivered_at, row.next_attempt_at = MessageDelivery.DELIVERED, db.clock.now(), None
    elif outcome.is_gone or is_spent(row.attempts):
        row.delivery, row.next_attempt_at = MessageDelivery.FAILED, None
        structlog.get_logger().info("registry answer given up", delivery_id=str(row.id))
    elif row.attempts == claim.number:
        row.next_attempt_at = db.clock.now() + pause_after(row.attempts, outcome.wished_pause)
