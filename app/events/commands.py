"""Recording an event: the row and the job that will spread it, in the transaction of the change it tells of."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from app.core.db import WriteSession
from app.events.base import Event
from app.events.models import EventRecord
from app.events.queries import insert_event, last_sequences

DISPATCH = "dispatch_event"  # the job that turns one event into one job per handler


async def record_event(db: WriteSession, event: Event) -> UUID:
    """Keep `event` and enqueue its dispatch, both or neither. Returns the event's id."""
    # The row before the job: as the transaction's first statement, the job would be committed on its own and survive
    # a rollback.
    await insert_event(db, **_values_of(event, db.clock.now()))
    await enqueue(db, DISPATCH, {"event": str(event.id)})
    return event.id


async def record_events(db: WriteSession, events: Sequence[Event]) -> None:
    """Keep many events as `record_event` keeps one, in three statements however many they are."""
    if not events:
        return
    sequences = await last_sequences(db, {event.subject for event in events})
    records = []
    for event in events:
        sequences[event.subject] = sequences.get(event.subject, 0) + 1
        records.append(EventRecord(sequence=sequences[event.subject], **_values_of(event, db.clock.now())))
    db.add_all(records)
    await db.flush()  # before the jobs, as above
    await (await _queue(db)).enqueue(
        [DISPATCH] * len(records),
        [json.dumps({"event": str(record.id)}).encode() for record in records],
        [0] * len(records),
    )


async def enqueue(db: WriteSession, job: str, payload: dict[str, str]) -> None:
    """Enqueue one job in the present transaction; a statement must have run in it before."""
    await (await _queue(db)).enqueue(job, json.dumps(payload).encode())


async def enqueue_many(db: WriteSession, job: str, payloads: Sequence[dict[str, str]]) -> None:
    """Enqueue the same job with many payloads, in one statement; as with `enqueue`, another must have run before."""
    if payloads:
        bodies: list[bytes | None] = [json.dumps(payload).encode() for payload in payloads]
        await (await _queue(db)).enqueue([job] * len(bodies), bodies, [0] * len(bodies))


async def enqueue_once(db: WriteSession, job: str, payloads: Mapping[str, dict[str, str]]) -> frozenset[str]:
    """Enqueue the same job with a payload for each key, but not where one of that key waits or is under way; returns
    the keys of those that were enqueued. As with `enqueue`, a statement must have run before."""
    if not payloads:
        return frozenset()
    bodies: list[bytes | None] = [json.dumps(payload).encode() for payload in payloads.values()]
    keys: list[str | None] = [f"{job}:{key}" for key in payloads]
    queue = await _queue(db)
    added = await queue.enqueue([job] * len(bodies), bodies, [0] * len(bodies), dedupe_key=keys, on_conflict="skip")
    return frozenset(key for key, one in zip(payloads, added, strict=True) if one is not None)


async def _queue(db: WriteSession) -> Queries:
    return Queries(AsyncpgDriver(await db.driver()))


def _values_of(event: Event, now: datetime) -> dict[str, Any]:
    return {
        "id": event.id,
        "type": event.type,
        "subject": event.subject,
        "county": event.county,
        "occurred_at": now,
        "data": event.data(),
    }
