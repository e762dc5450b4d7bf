"""Tables of webhooks. A delivery is unique by endpoint and event: telling twice is the same row."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Integer, SmallInteger, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.crypto import sealed
from app.core.db import Base
from app.webhooks.lifecycle import DeliveryStatus, EndpointStatus

Instant = DateTime(timezone=True)


class WebhookEndpoint(Base):
    """An address that hears the events of a division; `event_types` empty means all.

    `county_low` and `county_high` are the division as a range of counties. During a rotation the previous secret signs,
    too, until `previous_secret_until`.
    """

    __tablename__ = "webhook_endpoints"
    __table_args__ = (Index(None, "division"), Index(None, "status"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    division: Mapped[str] = mapped_column(String(12))
    county_low: Mapped[str] = mapped_column(String(6))
    county_high: Mapped[str] = mapped_column(String(6))
    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    event_types: Mapped[list[str]] = mapped_column(JSONB)
    secret_sealed: Mapped[bytes] = sealed(division=None)
    previous_secret_sealed: Mapped[bytes | None] = sealed(division=None)
    previous_secret_until: Mapped[datetime | None] = mapped_column(Instant)
    status: Mapped[EndpointStatus] = mapped_column(String(16))
    status_reason: Mapped[str | None] = mapped_column(String(32))
    status_since: Mapped[datetime] = mapped_column(Instant)
    created_by: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it as it stands)


class WebhookDelivery(Base):
    """One event on its way to one endpoint.

    `attempts` counts all tries, `attempts_before` those before the present round: a redelivery begins a new round.
    `queued_until` keeps the sweep from enqueuing what already waits in the queue.
    """

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index("webhook_deliveries_endpoint_id_event_id_key", "endpoint_id", "event_id", unique=True),
        Index(None, "created_at"),
        Index("webhook_deliveries_due_idx", "next_attempt_at", postgresql_where=text("status = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoints.id"))
    event_id: Mapped[UUID]
    event_type: Mapped[str] = mapped_column(String(64))
    status: Mapped[DeliveryStatus] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(Integer)
    attempts_before: Mapped[int] = mapped_column(Integer)
    next_attempt_at: Mapped[datetime] = mapped_column(Instant)
    queued_until: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    delivered_at: Mapped[datetime | None] = mapped_column(Instant)

    log: Mapped[list["WebhookAttempt"]] = relationship(lazy="raise", order_by="WebhookAttempt.number")


class WebhookAttempt(Base):
    """One try, written before the request leaves: one without an outcome was cut off by the end of its process."""

    __tablename__ = "webhook_attempts"
    __table_args__ = (Index("webhook_attempts_delivery_id_number_key", "delivery_id", "number", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    county: Mapped[str] = mapped_column(String(6))
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_deliveries.id"))
    number: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    status_code: Mapped[int | None] = mapped_column(SmallInteger)
    error: Mapped[str | None] = mapped_column(String(32))
