"""Queuing messages, in the transaction of what they tell of."""

from datetime import timedelta
from uuid import UUID

from app.core.db import WriteSession
from app.core.ids import new_id
from app.events.base import Event
from app.events.commands import enqueue
from app.notifications.queries import add_message

SEND_CODE = "send_one_time_code"
SEND_MESSAGE = "send_message"
QUEUED = timedelta(minutes=5)  # after that a job that should have run is taken to be lost


async def send_code_later(db: WriteSession, code_id: UUID, *, use: str = "sign_in") -> None:
    """Enqueue the sending of a one-time code; the job carries its row id, and which text says what it is for."""
    await enqueue(db, SEND_CODE, {"code": str(code_id), "use": use})


async def tell_citizen(db: WriteSession, event: Event, citizen_id: UUID, number: str) -> None:
    """Queue the message an event's type names to an account's phone; a second time changes nothing."""
    await _queue(db, event.id, event.type, event.county, number, citizen_id=citizen_id)


async def tell_concerned(db: WriteSession, template: str, cause: UUID, county: str, citizen_id: UUID) -> None:
    """Queue a message to somebody whom another's matter concerns, once for each `cause`, by its id. It has no number:
    with the one of another's matter its state could be looked up."""
    await _queue(db, cause, template, county, "", citizen_id=citizen_id)


async def tell_phone(db: WriteSession, event: Event, phone: str, number: str) -> None:
    """Queue it to a phone that belongs to no account, or whose account is not to be tied to the matter."""
    await _queue(db, event.id, event.type, event.county, number, phone=phone)


async def _queue(
    db: WriteSession,
    cause: UUID,
    template: str,
    county: str,
    number: str,
    *,
    citizen_id: UUID | None = None,
    phone: str | None = None,
) -> None:
    row, now = new_id(), db.clock.now()
    added = await add_message(
        db,
        id=row,
        county=county,
        citizen_id=citizen_id,
        phone_sealed=db.vault.seal("messages.phone", row, phone, division=county) if phone is not None else None,
        event_id=cause,
        template=template,
        number=number,
        created_at=now,
        next_attempt_at=now,
        queued_until=now + QUEUED,
    )
    if added:
        await enqueue(db, SEND_MESSAGE, {"message": str(row)})
