"""Sending what was queued. At least once: a message may arrive twice, never silently not at all."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.core.db import Database, ReadSession, WriteSession
from app.events.base import Event
from app.events.commands import enqueue_once
from app.identity.actors import SYSTEM
from app.identity.commands import phone_of
from app.identity.models import OneTimeCode
from app.identity.queries import get_citizen
from app.notifications.commands import QUEUED, SEND_MESSAGE, tell_citizen
from app.notifications.lifecycle import LIFECYCLE, Action, Status
from app.notifications.models import Message
from app.notifications.queries import find_message, take_due
from app.notifications.sms import GatewayUnavailable, SmsGateway
from app.notifications.texts import TEMPLATES, render, render_code

NumberOf = Callable[[ReadSession, UUID], Awaitable[str | None]]  # application id → its receipt number

_LEASE = timedelta(minutes=1)
_BATCH = 200
# News that is three days old is no news: the citizen sees it when he signs in.
_PAUSES = (
    timedelta(seconds=10),
    timedelta(minutes=2),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=36),
)


@dataclass(frozen=True)
class _Claim:
    message_id: UUID
    number: int
    phone: str
    text: str
    template: str


async def send_one_time_code(database: Database, gateway: SmsGateway, code_id: UUID, *, use: str = "sign_in") -> None:
    """Send a code by SMS, unless it was sent, used or has expired meanwhile.

    Raises:
        GatewayUnavailable: the job is tried again.
    """
    async with database.reading() as db:
        row = await db.get(OneTimeCode, code_id)
        if row is None or row.sent_at is not None or row.used_at is not None or row.expires_at <= db.clock.now():
            return
        phone = db.vault.open("one_time_codes.phone", row.id, row.phone_sealed)
        code = db.vault.open("one_time_codes.code", row.id, row.code_sealed)
    await gateway.send(phone, render_code(code, use), "one_time_code")
    async with database.unit_of_work() as db:
        row = await db.get(OneTimeCode, code_id)
        if row is not None:
            row.sent_at = db.clock.now()


async def notify_applicant(database: Database, event: Event, *, number_of: NumberOf) -> None:
    """Queue the news of an event to the applicant it names, where there is a text for its type.

    This ring knows no applications: which number belongs to the matter is told by `number_of`.
    """
    data = event.data()
    if event.type not in TEMPLATES or "applicant_id" not in data:
        return
    async with database.unit_of_work() as db:
        matter = UUID(data["application_id"]) if "application_id" in data else event.subject
        number = await number_of(db, matter)
        if number is not None:
            await tell_citizen(db, event, UUID(data["applicant_id"]), number)


async def send_message(database: Database, payload: Mapping[str, str], *, gateway: SmsGateway) -> None:
    """Make one attempt at a message; one that the gateway does not take falls due again later."""
    async with database.unit_of_work() as db:
        claim = await _claim(db, UUID(payload["message"]))
    if claim is None:
        return
    try:
        await gateway.send(claim.phone, claim.text, claim.template)
        taken = True
    except GatewayUnavailable:
        taken = False
    async with database.unit_of_work() as db:
        await _conclude(db, claim, taken)


async def enqueue_due_messages(database: Database) -> None:
    """Enqueue messages that have fallen due: retries, and what a killed worker left."""
    taken = _BATCH
    while taken == _BATCH:
        async with database.unit_of_work() as db:
            now = db.clock.now()
            due = await take_due(db, now, now + QUEUED, _BATCH)
            await enqueue_once(db, SEND_MESSAGE, {str(each): {"message": str(each)} for each in due})
        taken = len(due)


async def _claim(db: WriteSession, message_id: UUID) -> _Claim | None:
    message = await find_message(db, message_id)
    now = db.clock.now()
    if message is None or message.status != Status.WAITING or message.next_attempt_at > now:
        return None
    if message.attempts > len(_PAUSES):
        message.status = LIFECYCLE.step(message.status, Action.GIVE_UP, SYSTEM.role).target
        return None
    phone = await _phone_of(db, message)
    if not phone:  # an account without one, or that lost it meanwhile: what is to be told is told on paper
        message.status = LIFECYCLE.step(message.status, Action.GIVE_UP, SYSTEM.role).target
        return None
    message.attempts += 1
    message.next_attempt_at, message.queued_until = now + _LEASE, None
    text = render(message.template, message.number)
    return _Claim(message.id, message.attempts, phone, text, message.template)


async def _conclude(db: WriteSession, claim: _Claim, taken: bool) -> None:
    message = await find_message(db, claim.message_id)
    if message is None or message.status != Status.WAITING:
        return
    if taken:
        message.status = LIFECYCLE.step(message.status, Action.SEND, SYSTEM.role).target
        message.sent_at = db.clock.now()
    elif message.attempts > len(_PAUSES):
        message.status = LIFECYCLE.step(message.status, Action.GIVE_UP, SYSTEM.role).target
    elif message.attempts == claim.number:
        message.next_attempt_at = db.clock.now() + _PAUSES[message.attempts - 1]


async def _phone_of(db: ReadSession, message: Message) -> str:
    if message.citizen_id is None:
        return db.vault.open("messages.phone", message.id, message.phone_sealed or b"")
    citizen = await get_citizen(db, message.citizen_id)
    return phone_of(db, citizen) or ""
