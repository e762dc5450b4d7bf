"""Events for partners to fetch: what a webhook tells, for those who cannot be called or missed a call."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from app.api.common.callers import PartnerCode, partner_actor
from app.api.common.deps import ReadDb
from app.api.common.paging import CursorRejected, Limit, read_cursor, write_cursor
from app.api.common.problems import problems
from app.api.common.routing import Router
from app.api.common.schemas import Moment, Out
from app.core.db import ReadSession
from app.events.models import EventRecord
from app.events.queries import find_event, list_feed
from app.identity.errors import TokenRejected
from app.webhooks.errors import EventNotFound

router = Router(prefix="/v1/partner/events", tags=["partner"])

_FEED = "partner-events"
_LOWEST, _HIGHEST = "000000", "999999"  # counties; partners hear the whole installation for now

After = Annotated[
    str | None, Query(max_length=200, pattern=r"^[A-Za-z0-9_-]+$", description="`next` of the answer before")
]


class EventOut(Out):
    """That something happened, and to which record; nothing about whom. `sequence` counts the events of a `subject`."""

    id: UUID
    type: str
    time: Moment
    subject: UUID
    sequence: int
    county: str

    @classmethod
    def of(cls, row: EventRecord) -> "EventOut":
        """Shape one event."""
        return cls(
            id=row.id,
            type=row.type,
            time=row.occurred_at,
            subject=row.subject,
            sequence=row.sequence,
            county=row.county,
        )


class FeedOut(Out):
    """Events in an order that never changes. Keep `next` and ask with it again later, also when `items` is empty; null
    as long as nothing has ever happened. `more`: there are further events now."""

    items: list[EventOut]
    next: str | None
    more: bool


@router.get(
    "",
    operation_id="list_partner_events",
    summary="Fetch events",
    responses=problems(TokenRejected, CursorRejected),
)
async def feed(partner: PartnerCode, db: ReadDb, after: After = None, limit: Limit = 100) -> FeedOut:
    """Everything that happened after a mark; without one from the beginning. Nothing is left out, whatever the order
    in which transactions end."""
    actor = partner_actor(partner)
    rows = await list_feed(db, _read_mark(read_cursor(db.vault, actor, _FEED, after)), _LOWEST, _HIGHEST, limit + 1)
    last = rows[:limit][-1] if rows else None
    following = write_cursor(db.vault, actor, _FEED, f"{last.txid}:{last.id}") if last else after
    return FeedOut(items=[EventOut.of(row) for row in rows[:limit]], next=following, more=len(rows) > limit)


@router.get(
    "/{event_id}",
    operation_id="get_partner_event",
    summary="Read one event",
    responses=problems(TokenRejected, EventNotFound),
)
async def get(event_id: UUID, partner: PartnerCode, db: ReadDb) -> EventOut:
    """The event a webhook's `link` names."""
    return EventOut.of(await _get(db, event_id))


async def _get(db: ReadSession, event_id: UUID) -> EventRecord:
    found = await find_event(db, event_id)
    if found is None:
        raise EventNotFound
    return found


def _read_mark(position: str | None) -> tuple[int, UUID] | None:
    if position is None:
        return None
    txid, _, event_id = position.partition(":")
    return int(txid), UUID(event_id)
