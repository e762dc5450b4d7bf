"""What an administrator does with endpoints."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.audit.commands import record_act
from app.core.crypto import GENERAL
from app.core.db import WriteSession
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.events.base import event_types as known_event_types
from app.identity.actors import Actor, Role
from app.reference.divisions import covers, scope_of
from app.reference.errors import OutsideYourDivision
from app.webhooks.addresses import check_url
from app.webhooks.errors import EventNotFound, EventTypeUnknown, RangeTooLarge
from app.webhooks.lifecycle import ENDPOINT, EndpointAction, EndpointStatus
from app.webhooks.models import WebhookEndpoint
from app.webhooks.queries import (
    WHOLE_COUNTIES,
    begin_new_rounds,
    drop_waiting,
    get_endpoint,
    list_heard_events,
    put_deliveries,
)

MOST_PER_REDELIVERY = 1000


async def add_endpoint(
    db: WriteSession,
    actor: Actor,
    *,
    url: str,
    division: str,
    event_types: Sequence[str],
    description: str,
    sandbox: bool,
) -> tuple[WebhookEndpoint, str]:
    """Let an address hear the events of `division` (no types: all of them); returns it and its secret, shown once.

    Raises:
        RoleNotAllowed: not an administrator.
        OutsideYourDivision: the division is not theirs; or it lies below the counties, by which events are kept: there
            a part cannot be told from the whole.
        UrlNotAllowed: events cannot be sent there.
        EventTypeUnknown: one of the types does not exist.
    """
    if actor.role is not Role.ADMINISTRATOR or actor.division is None:
        raise RoleNotAllowed
    if not covers(actor.division, division) or not division.endswith(WHOLE_COUNTIES):
        raise OutsideYourDivision
    if unknown := sorted(set(event_types) - _subscribable()):
        raise EventTypeUnknown("event_types", names=", ".join(unknown))
    low, high = scope_of(division)
    secret = _new_secret()
    endpoint = WebhookEndpoint(
        id=new_id(),
        county=division[:6],
        division=division,
        county_low=low[:6],
        county_high=high[:6],
        url=check_url(url, sandbox=sandbox),
        description=description,
        event_types=sorted(set(event_types)),
        status=EndpointStatus.ACTIVE,
        status_since=db.clock.now(),
        created_by=actor.id,
        created_at=db.clock.now(),
    )
    endpoint.secret_sealed = db.vault.seal("webhook_endpoints.secret", endpoint.id, secret, division=GENERAL)
    db.add(endpoint)
    await db.flush()
    await _record(db, actor, "webhook.add", endpoint, types=endpoint.event_types)
    return endpoint, secret


async def rotate_secret(
    db: WriteSession, actor: Actor, endpoint_id: UUID, *, keep_previous: timedelta
) -> tuple[WebhookEndpoint, str]:
    """Replace the secret; the previous one signs beside it for `keep_previous`. Returns the new one, shown once.

    Raises:
        EndpointNotFound: there is none, or it is not theirs.
        StepNotAllowed, RoleNotAllowed: not an administrator.
    """
    endpoint = await _take(db, actor, endpoint_id, EndpointAction.ROTATE)
    previous = db.vault.open("webhook_endpoints.secret", endpoint.id, endpoint.secret_sealed)
    secret = _new_secret()
    endpoint.previous_secret_sealed = db.vault.seal(
        "webhook_endpoints.previous_secret", endpoint.id, previous, division=GENERAL
    )
    endpoint.previous_secret_until = db.clock.now() + keep_previous
    endpoint.secret_sealed = db.vault.seal("webhook_endpoints.secret", endpoint.id, secret, division=GENERAL)
    await _record(db, actor, "webhook.rotate_secret", endpoint)
    return endpoint, secret


async def resume_endpoint(db: WriteSession, actor: Actor, endpoint_id: UUID) -> WebhookEndpoint:
    """Send again to a paused or disabled endpoint; what waited for it goes out now. What happened while it was paused
    was not queued: redelivery of that time brings it.

    Raises:
        EndpointNotFound: there is none, or it is not theirs.
        StepNotAllowed, RoleNotAllowed: it is active, or the actor is not an administrator.
    """
    endpoint = await _take(db, actor, endpoint_id, EndpointAction.RESUME)
    await begin_new_rounds(db, endpoint.id, db.clock.now())
    await _record(db, actor, "webhook.resume", endpoint)
    return endpoint


async def remove_endpoint(db: WriteSession, actor: Actor, endpoint_id: UUID) -> None:
    """Send nothing more to an endpoint; its log is kept, it is no longer shown.

    Raises:
        EndpointNotFound: there is none, or it is not theirs.
        RoleNotAllowed: not an administrator.
    """
    endpoint = await _take(db, actor, endpoint_id, EndpointAction.REMOVE)
    await drop_waiting(db, endpoint.id)
    await _record(db, actor, "webhook.remove", endpoint)


async def redeliver(
    db: WriteSession,
    actor: Actor,
    endpoint_id: UUID,
    *,
    event_ids: Sequence[UUID] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> int:
    """Send events again, by id or by time, whether or not they arrived before; returns how many.

    Raises:
        EndpointNotFound: there is none, or it is not theirs.
        StepNotAllowed, RoleNotAllowed: it is not active, or the actor is not an administrator.
        EventNotFound: one of the ids is none this endpoint hears.
        RangeTooLarge: more than 1000 events.
    """
    endpoint = await _take(db, actor, endpoint_id, EndpointAction.REDELIVER)
    events = await list_heard_events(
        db, endpoint, ids=event_ids, since=since, until=until, limit=MOST_PER_REDELIVERY + 1
    )
    if event_ids is not None and len(events) < len(set(event_ids)):
        raise EventNotFound
    if len(events) > MOST_PER_REDELIVERY:
        raise RangeTooLarge("events_at_once", most=MOST_PER_REDELIVERY)
    await put_deliveries(db, endpoint, events, db.clock.now())
    await _record(db, actor, "webhook.redeliver", endpoint, count=len(events))
    return len(events)


async def _take(db: WriteSession, actor: Actor, endpoint_id: UUID, action: EndpointAction) -> WebhookEndpoint:
    endpoint = await get_endpoint(db, actor, endpoint_id, lock=True)
    step = ENDPOINT.step(endpoint.status, action, actor.role)
    if step.target != endpoint.status:
        endpoint.status, endpoint.status_since, endpoint.status_reason = step.target, db.clock.now(), None
    return endpoint


async def _record(db: WriteSession, actor: Actor, action: str, endpoint: WebhookEndpoint, **detail: Any) -> None:
    await record_act(db, actor, action, "webhook_endpoint", endpoint.id, county=endpoint.county, row=endpoint, **detail)


def _subscribable() -> set[str]:
    """Return the types that events can have; a common base ('application.any') is none of them."""
    return {name for name in known_event_types() if name and not name.endswith(".any")}


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
