"""From an event to its deliveries, from a delivery to its attempts. At least once, always.

Claim and conclusion are two short transactions around the request. A claim moves the next attempt away by a lease: a
worker that dies in between leaves a delivery that falls due again, one attempt older.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from app.audit.commands import record_act
from app.core.db import Database, ReadSession, WriteSession
from app.core.ids import new_id
from app.events.base import Event
from app.events.commands import enqueue, enqueue_once, record_event
from app.events.queries import get_event
from app.identity.actors import SYSTEM
from app.webhooks.events import EndpointEnded
from app.webhooks.lifecycle import DELIVERY, ENDPOINT, DeliveryAction, DeliveryStatus, EndpointAction, EndpointStatus
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.webhooks.queries import (
    add_deliveries,
    drop_waiting,
    get_attempt,
    list_listening,
    lock_delivery,
    take_below_counties,
    take_due,
)
from app.webhooks.schedule import is_spent, pause_after
from app.webhooks.sending import Outcome, Parcel, WebhookSender, thin_body

DELIVER = "deliver_webhook"
_LEASE = timedelta(minutes=1)  # longer than one exchange may take
_QUEUED = timedelta(minutes=5)  # after that a job that should have run is taken to be lost
_BATCH = 200
_BELOW_COUNTIES = "below_counties"


@dataclass(frozen=True)
class _Claim:
    delivery_id: UUID
    number: int
    parcel: Parcel


async def fan_out(database: Database, event: Event) -> None:
    """Put an event on its way to every endpoint that hears it."""
    async with database.unit_of_work() as db:
        endpoints = await list_listening(db, event.county, event.type)
        now = db.clock.now()
        for delivery_id in await add_deliveries(db, endpoints, event.id, event.type, now, now + _QUEUED):
            await enqueue(db, DELIVER, {"delivery": str(delivery_id)})


async def deliver(database: Database, payload: Mapping[str, str], *, sender: WebhookSender) -> None:
    """Make one attempt at a delivery, unless it arrived, is not due or its endpoint is not active."""
    async with database.unit_of_work() as db:
        claim = await _claim(db, UUID(payload["delivery"]), sender.public_url)
    if claim is None:
        return
    outcome = await sender.send(claim.parcel)
    async with database.unit_of_work() as db:
        await _conclude(db, claim, outcome)


async def enqueue_due_deliveries(database: Database) -> None:
    """Enqueue what has fallen due: retries, redeliveries, and what a killed worker left."""
    taken = _BATCH
    while taken == _BATCH:
        async with database.unit_of_work() as db:
            now = db.clock.now()
            due = await take_due(db, now, now + _QUEUED, _BATCH)
            await enqueue_once(db, DELIVER, {str(each): {"delivery": str(each)} for each in due})
        taken = len(due)


async def end_endpoints_below_counties(database: Database) -> None:
    """End the endpoints that places below the counties had before these were refused: they heard of the whole county.
    Each is told of its end and of nothing after it; one that asked never to be called again is not."""
    taken = _BATCH
    while taken == _BATCH:
        async with database.unit_of_work() as db:
            narrow = await take_below_counties(db, _BATCH)
            for endpoint in narrow:
                await _end(db, endpoint)
        taken = len(narrow)


async def _end(db: WriteSession, endpoint: WebhookEndpoint) -> None:
    hears, now = endpoint.status != EndpointStatus.DISABLED, db.clock.now()
    endpoint.status = ENDPOINT.step(endpoint.status, EndpointAction.REMOVE, SYSTEM.role).target
    endpoint.status_since, endpoint.status_reason = now, _BELOW_COUNTIES
    await drop_waiting(db, endpoint.id)
    await record_act(
        db,
        SYSTEM,
        "webhook.end",
        "webhook_endpoint",
        endpoint.id,
        county=endpoint.county,
        row=endpoint,
        reason=_BELOW_COUNTIES,
    )
    told = EndpointEnded(subject=endpoint.id, county=endpoint.county, reason=_BELOW_COUNTIES)
    await record_event(db, told)
    if hears:
        for delivery_id in await add_deliveries(db, [endpoint], told.id, told.type, now, now + _QUEUED):
            await enqueue(db, DELIVER, {"delivery": str(delivery_id)})


def _may_hear(endpoint: WebhookEndpoint, delivery: WebhookDelivery) -> bool:
    """Say whether something may be sent: to an endpoint that has ended, that it has."""
    return endpoint.status == EndpointStatus.ACTIVE or delivery.event_type == EndpointEnded.type


async def _claim(db: WriteSession, delivery_id: UUID, public_url: str) -> _Claim | None:
    found = await lock_delivery(db, delivery_id)
    if found is None:
        return None
    endpoint, delivery = found
    now = db.clock.now()
    waiting = delivery.status == DeliveryStatus.PENDING and delivery.next_attempt_at <= now
    if not waiting or not _may_hear(endpoint, delivery):
        return None
    if is_spent(delivery.attempts - delivery.attempts_before):
        await _give_up(db, endpoint, delivery)  # its last attempt was cut off by the end of its process
        return None
    delivery.attempts += 1
    delivery.next_attempt_at = now + _LEASE
    delivery.queued_until = None
    db.add(
        WebhookAttempt(
            id=new_id(), county=delivery.county, delivery_id=delivery.id, number=delivery.attempts, started_at=now
        )
    )
    parcel = Parcel(
        url=endpoint.url,
        message_id=str(delivery.event_id),
        body=thin_body(await get_event(db, delivery.event_id), public_url),
        secrets=_secrets_of(db, endpoint),
    )
    return _Claim(delivery.id, delivery.attempts, parcel)


async def _conclude(db: WriteSession, claim: _Claim, outcome: Outcome) -> None:
    found = await lock_delivery(db, claim.delivery_id)
    if found is None:
        return
    endpoint, delivery = found
    attempt = await get_attempt(db, claim.delivery_id, claim.number)
    attempt.ended_at, attempt.status_code, attempt.error = db.clock.now(), outcome.status_code, outcome.error
    if delivery.status != DeliveryStatus.PENDING:
        return  # another attempt got through meanwhile
    if outcome.is_success:
        step = DELIVERY.step(delivery.status, DeliveryAction.DELIVER, SYSTEM.role)
        delivery.status, delivery.delivered_at = step.target, db.clock.now()
    elif outcome.is_gone:
        await _give_up(db, endpoint, delivery, gone=True)
    elif delivery.attempts == claim.number:
        await _postpone(db, endpoint, delivery, outcome)


async def _postpone(db: WriteSession, endpoint: WebhookEndpoint, delivery: WebhookDelivery, outcome: Outcome) -> None:
    failures = delivery.attempts - delivery.attempts_before
    if failures < 1:
        return  # a redelivery began a new round while this attempt was on its way
    if is_spent(failures):
        await _give_up(db, endpoint, delivery)
    else:
        delivery.next_attempt_at = db.clock.now() + pause_after(failures, outcome.wished_pause)


async def _give_up(
    db: WriteSession, endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, gone: bool = False
) -> None:
    """End a delivery, and stop its endpoint: disabled where it answered 410, else paused."""
    delivery.status = DELIVERY.step(delivery.status, DeliveryAction.GIVE_UP, SYSTEM.role).target
    action = EndpointAction.DISABLE if gone else EndpointAction.PAUSE
    if action not in ENDPOINT.actions(endpoint.status, SYSTEM.role):
        return  # stopped already by another delivery
    endpoint.status = ENDPOINT.step(endpoint.status, action, SYSTEM.role).target
    endpoint.status_since, endpoint.status_reason = db.clock.now(), "gone" if gone else "schedule_spent"
    await record_act(
        db,
        SYSTEM,
        f"webhook.{action}",
        "webhook_endpoint",
        endpoint.id,
        county=endpoint.county,
        row=endpoint,
        reason=endpoint.status_reason,
        delivery=str(delivery.id),
    )
    structlog.get_logger().info("webhook endpoint stopped", delivery_id=str(delivery.id), reason=endpoint.status_reason)


def _secrets_of(db: ReadSession, endpoint: WebhookEndpoint) -> tuple[str, ...]:
    present = db.vault.open("webhook_endpoints.secret", endpoint.id, endpoint.secret_sealed)
    until, sealed = endpoint.previous_secret_until, endpoint.previous_secret_sealed
    if sealed is None or until is None or until <= db.clock.now():
        return (present,)
    return (present, db.vault.open("webhook_endpoints.previous_secret", endpoint.id, sealed))
