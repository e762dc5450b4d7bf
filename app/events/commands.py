"""Recording an event: the row and the job that will spread it, in the transaction of the change it tells of."""

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from sqlalchemy import ScalarSelect

from app.core.db import WriteSession
from app.events.base import Event
from app.events.models import EventRecord
from app.events.queries import last_sequences, next_sequence

DISPATCH = "dispatch_event"  # the job that turns one event into one job per handler


async def record_event(db: WriteSession, event: Event) -> UUID:
    """Keep `event` and enqueue its dispatch, both or neither. Returns the event's id."""
    record = _record_of(event, next_sequence(event.subject).scalar_subquery(), db.clock.now())
    db.add(record)
    # The driver opens the transaction with the first statement: the row must be sent before the job is enqueued,
    # or the job would be committed on its own and survive a rollback.
    await db.flush()
    await enqueue(db, DISPATCH, {"event": str(record.id)})
    return record.id


async def record_events(db: WriteSession, events: Sequence[Event]) -> None:
    """Keep many events as `record_event` keeps one, in three statements however many they are."""
    if not events:
        return
    sequences = await last_sequences(db, {event.subject for event in events})
    records = []
    for event in events:
        sequences[event.subject] = sequences.get(event.subject, 0) + 1
        records.append(_record_of(event, sequences[event.subject], db.clock.now()))
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


async def _queue(db: WriteSession) -> Queries:
    connection = await (await db.connection()).get_raw_connection()
    return Queries(AsyncpgDriver(connection.driver_connection))


def _record_of(event: Event, sequence: int | ScalarSelect[int], now: datetime) -> EventRecord:
    return EventRecord(
        id=event.id,
        type=event.type,
        subject=event.subject,
        sequence=sequence,
        county=event.county,
        occurred_at=now,
        data=event.data(),
    )
