"""Endpoints and events for them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.core.db import Database, WriteSession
from app.core.ids import new_id
from app.events.base import Event
from app.events.commands import record_event
from app.identity.actors import Actor, Role
from app.webhooks.commands import add_endpoint
from app.webhooks.models import WebhookEndpoint
from tests.builders.people import build_staff

COUNTY = "532529000000"


@dataclass(frozen=True, kw_only=True)
class Knocked(Event):
    type: ClassVar[str] = "test.knocked"


async def build_administrator(db: WriteSession, division: str = COUNTY) -> Actor:
    """Make an administrator of a division."""
    return await build_staff(db, Role.ADMINISTRATOR, division)


async def build_endpoint(
    db: WriteSession, url: str, *, division: str = COUNTY, event_types: tuple[str, ...] = ("test.knocked",)
) -> tuple[Actor, WebhookEndpoint, str]:
    """Make an endpoint; returns its administrator, itself and its secret."""
    administrator = await build_administrator(db, division)
    endpoint, secret = await add_endpoint(
        db,
        administrator,
        url=url,
        division=division,
        event_types=event_types,
        description="测试接收方",
        sandbox=True,
    )
    return administrator, endpoint, secret


async def knock(database: Database, county: str = COUNTY[:6], subject: UUID | None = None) -> Knocked:
    """Let something happen."""
    event = Knocked(subject=subject or new_id(), county=county)
    async with database.unit_of_work() as db:
        await record_event(db, event)
    return event
