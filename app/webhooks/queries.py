"""Reads of endpoints and deliveries, and the set-based writes that commands and jobs use."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import selectinload

from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.core.sql import written_out
from app.events.models import EventRecord
from app.identity.actors import Actor, Role
from app.reference.divisions import scope_of
from app.webhooks.errors import EndpointNotFound
from app.webhooks.events import EndpointEnded
from app.webhooks.lifecycle import DeliveryStatus, EndpointStatus
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

WHOLE_COUNTIES = "000000"  # what the code of a county, or of what stands above, ends with


def visible_to(actor: Actor) -> Select[WebhookEndpoint]:
    """Select the endpoints this actor may see: administrators and supervisors, below their division."""
    query = select(WebhookEndpoint).where(WebhookEndpoint.status != EndpointStatus.REMOVED)
    if actor.role not in (Role.ADMINISTRATOR, Role.SUPERVISOR) or actor.division is None:
        return query.where(false())
    return query.where(WebhookEndpoint.division.between(*scope_of(actor.division)))


async def get_endpoint(db: ReadSession, actor: Actor, endpoint_id: UUID, *, lock: bool = False) -> WebhookEndpoint:
    """Return one endpoint, locked when it is to be changed.

    Raises:
        EndpointNotFound: there is none, or it is not theirs to see.
    """
    query = visible_to(actor).where(WebhookEndpoint.id == endpoint_id)
    if lock:
        query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = (await db.execute(query)).scalar_one_or_none()
    if found is None:
        raise EndpointNotFound
    return found


async def list_endpoints(db: ReadSession, actor: Actor, *, after: UUID | None, limit: int) -> Sequence[WebhookEndpoint]:
    """Return a page of endpoints, newest first."""
    query = visible_to(actor).order_by(WebhookEndpoint.id.desc()).limit(limit)
    if after is not None:
        query = query.where(WebhookEndpoint.id < after)
    return (await db.execute(query)).scalars().all()


async def list_deliveries(
    db: ReadSession, endpoint_id: UUID, *, status: DeliveryStatus | None, after: UUID | None, limit: int
) -> Sequence[WebhookDelivery]:
    """Return a page of an endpoint's deliveries with their tries, newest first."""
    query = (
        select(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id)
        .options(selectinload(WebhookDelivery.log))
        .order_by(WebhookDelivery.id.desc())
        .limit(limit)
    )
    if status is not None:
        query = query.where(WebhookDelivery.status == status)
    if after is not None:
        query = query.where(WebhookDelivery.id < after)
    return (await db.execute(query)).scalars().all()


async def list_listening(db: ReadSession, county: str, event_type: str) -> Sequence[WebhookEndpoint]:
    """Return the active endpoints that hear a type of event of a county."""
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.status == EndpointStatus.ACTIVE,
        WebhookEndpoint.county_low <= county,
        WebhookEndpoint.county_high >= county,
    )
    found = (await db.execute(query)).scalars().all()
    return [endpoint for endpoint in found if not endpoint.event_types or event_type in endpoint.event_types]


async def list_heard_events(
    db: ReadSession,
    endpoint: WebhookEndpoint,
    *,
    ids: Sequence[UUID] | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> Sequence[EventRecord]:
    """Return events that an endpoint hears: by id, or what happened from `since` to before `until`."""
    query = select(EventRecord).where(EventRecord.county.between(endpoint.county_low, endpoint.county_high))
    if endpoint.event_types:
        query = query.where(EventRecord.type.in_(endpoint.event_types))
    if ids is not None:
        query = query.where(EventRecord.id.in_(ids))
    if since is not None and until is not None:
        query = query.where(EventRecord.occurred_at >= since, EventRecord.occurred_at < until)
    return (await db.execute(query.order_by(EventRecord.id).limit(limit))).scalars().all()


async def add_deliveries(
    db: WriteSession,
    endpoints: Sequence[WebhookEndpoint],
    event_id: UUID,
    event_type: str,
    now: datetime,
    queued: datetime,
) -> Sequence[UUID]:
    """Put one event on its way to several endpoints; returns the ids of those it was not on its way to already."""
    if not endpoints:
        return []
    rows = [_row(endpoint, event_id, event_type, now, queued) for endpoint in endpoints]
    statement = insert(WebhookDelivery).values(rows).on_conflict_do_nothing(index_elements=["endpoint_id", "event_id"])
    return (await db.execute(statement.returning(WebhookDelivery.id))).scalars().all()


async def put_deliveries(
    db: WriteSession, endpoint: WebhookEndpoint, events: Sequence[EventRecord], now: datetime
) -> None:
    """Put several events on their way to one endpoint, those that were before once more, each in a new round."""
    if not events:
        return
    statement = insert(WebhookDelivery).values([_row(endpoint, event.id, event.type, now, None) for event in events])
    again = {
        "status": DeliveryStatus.PENDING,
        "attempts_before": WebhookDelivery.attempts,
        "next_attempt_at": now,
        "queued_until": None,
    }
    await db.execute(statement.on_conflict_do_update(index_elements=["endpoint_id", "event_id"], set_=again))


async def begin_new_rounds(db: WriteSession, endpoint_id: UUID, now: datetime) -> None:
    """Make everything that waits for an endpoint due now, with a fresh schedule."""
    await db.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.status == DeliveryStatus.PENDING)
        .values(attempts_before=WebhookDelivery.attempts, next_attempt_at=now, queued_until=None)
    )


async def take_below_counties(db: WriteSession, limit: int) -> Sequence[WebhookEndpoint]:
    """Lock endpoints of places below the counties, by which events are kept; none is added since there is the rule."""
    standing = (EndpointStatus.ACTIVE, EndpointStatus.PAUSED, EndpointStatus.DISABLED)
    query = select(WebhookEndpoint).where(
        WebhookEndpoint.status.in_(standing), ~WebhookEndpoint.division.endswith(WHOLE_COUNTIES)
    )
    query = query.order_by(WebhookEndpoint.id).limit(limit)
    return (await db.execute(query.with_for_update(key_share=True, skip_locked=True))).scalars().all()


async def drop_waiting(db: WriteSession, endpoint_id: UUID) -> None:
    """Give up everything that waits for an endpoint, when it is removed."""
    await db.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.endpoint_id == endpoint_id, WebhookDelivery.status == DeliveryStatus.PENDING)
        .values(status=DeliveryStatus.FAILED)
    )


async def take_due(db: WriteSession, now: datetime, queued: datetime, limit: int) -> Sequence[UUID]:
    """Mark deliveries that are due as queued until `queued`, and return their ids."""
    due = (
        select(WebhookDelivery.id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(or_(WebhookEndpoint.status == EndpointStatus.ACTIVE, WebhookDelivery.event_type == EndpointEnded.type))
        .where(WebhookDelivery.status == written_out(DeliveryStatus.PENDING), WebhookDelivery.next_attempt_at <= now)
        .where(WebhookDelivery.queued_until.is_(None) | (WebhookDelivery.queued_until <= now))
        .order_by(WebhookDelivery.next_attempt_at)
        .limit(limit)
        .with_for_update(of=WebhookDelivery, skip_locked=True)
    )
    statement = (
        update(WebhookDelivery)
        .where(WebhookDelivery.id.in_(due.scalar_subquery()))
        .values(queued_until=queued)
        .returning(WebhookDelivery.id)
    )
    return (await db.execute(statement)).scalars().all()


async def lock_delivery(db: WriteSession, delivery_id: UUID) -> tuple[WebhookEndpoint, WebhookDelivery] | None:
    """Return a delivery and its endpoint, both locked; always the endpoint first, so that nobody deadlocks."""
    of = select(WebhookDelivery.endpoint_id).where(WebhookDelivery.id == delivery_id).scalar_subquery()
    endpoint = (
        await db.execute(
            select(WebhookEndpoint)
            .where(WebhookEndpoint.id == of)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).scalar_one_or_none()
    delivery = await db.get(WebhookDelivery, delivery_id, with_for_update=True, populate_existing=True)
    return None if endpoint is None or delivery is None else (endpoint, delivery)


async def get_attempt(db: ReadSession, delivery_id: UUID, number: int) -> WebhookAttempt:
    """Return one try of a delivery."""
    query = select(WebhookAttempt).where(WebhookAttempt.delivery_id == delivery_id, WebhookAttempt.number == number)
    return (await db.execute(query)).scalar_one()


def _row(
    endpoint: WebhookEndpoint, event_id: UUID, event_type: str, now: datetime, queued: datetime | None
) -> dict[str, object]:
    return {
        "id": new_id(),
        "county": endpoint.county,
        "endpoint_id": endpoint.id,
        "event_id": event_id,
        "event_type": event_type,
        "status": DeliveryStatus.PENDING,
        "attempts": 0,
        "attempts_before": 0,
        "next_attempt_at": now,
        "queued_until": queued,
        "created_at": now,
    }
