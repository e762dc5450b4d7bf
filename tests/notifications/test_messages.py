"""One row per event; the gateway over a real connection; late, lost and refused messages."""

import asyncio
import json
import re
from datetime import timedelta

import asyncpg
import httpx
import pytest
import pytest_asyncio
from sqlalchemy import select

from app.applications.events import (
    ApplicationAccepted,
    ApplicationExtended,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    SupplementRequested,
)
from app.applications.queries import find_receipt_number
from app.core.connections import Connection
from app.core.ids import new_id
from app.notifications.jobs import enqueue_due_messages, notify_applicant, send_message
from app.notifications.models import Message
from app.notifications.sms import SmsGateway
from app.notifications.texts import SIGNED_BY_GUARDIAN, SUPPORTER_NAMED, TEMPLATES, render
from tests.builders.applications import build_household, build_submitted
from tests.support.receiver import run_receiver


@pytest_asyncio.fixture
async def operator():
    """The SMS operator's end."""
    async with run_receiver() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def gateway(operator):
    async with httpx.AsyncClient() as http:
        yield SmsGateway(Connection(operator.url.removesuffix("/hook"), "our-secret", "their-secret"), http)


async def _notify(database, event):
    await notify_applicant(database, event, number_of=find_receipt_number)


async def _messages(database):
    async with database.reading() as db:
        return (await db.execute(select(Message))).scalars().all()


async def _jobs(url):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("DELETE FROM pgqueuer WHERE entrypoint = 'send_message' RETURNING payload")
        return [json.loads(row["payload"]) for row in rows]
    finally:
        await connection.close()


async def _waiting(database, database_url):
    """Make an application and the message of its acceptance; returns both and the job."""
    async with database.unit_of_work() as db:
        application = await build_submitted(db, await build_household(db))
    event = ApplicationAccepted(
        subject=application.id, county=application.county, applicant_id=application.applicant_id
    )
    await _notify(database, event)
    (job,) = await _jobs(database_url)
    return application, event, job


async def test_an_event_heard_twice_makes_one_message_and_one_job(database, database_url):
    _, event, _ = await _waiting(database, database_url)

    await _notify(database, event)

    (message,) = await _messages(database)
    assert (message.event_id, message.template, message.status) == (event.id, "application.accepted", "waiting")
    assert await _jobs(database_url) == []


@pytest.mark.parametrize("kind", [ApplicationSubmitted, SupplementRequested, ApplicationAccepted])
async def test_the_news_of_an_application_has_words(database, kind):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)

    await _notify(
        database, kind(subject=application.id, county=application.county, applicant_id=application.applicant_id)
    )

    (message,) = await _messages(database)
    assert message.number == application.number


async def test_more_time_to_decide_is_news_and_its_reason_is_not_in_the_message(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    given = {"county": application.county, "applicant_id": application.applicant_id}

    await _notify(database, ApplicationExtended(subject=application.id, reason="lives_elsewhere", **given))

    (message,) = await _messages(database)
    text = render(message.template, message.number)
    assert text.startswith(f"【低保掌上办】您的低保申请（受理号{application.number}）的决定期限已依法延长")
    assert "分离" not in text


async def test_events_without_words_or_without_a_number_make_no_message(database):
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
    given = {"county": application.county, "applicant_id": application.applicant_id}

    await _notify(database, ApplicationWithdrawn(subject=application.id, **given))
    await _notify(database, ApplicationAccepted(subject=new_id(), **given))

    assert await _messages(database) == []


async def test_the_message_reaches_the_phone_of_the_account(database, database_url, operator, gateway):
    application, _, job = await _waiting(database, database_url)

    await send_message(database, job, gateway=gateway)
    await send_message(database, job, gateway=gateway)

    (request,) = operator.received
    body = json.loads(request.body)
    assert request.headers["authorization"] == "Bearer our-secret"
    assert re.fullmatch(r"1900000\d{4}", body["phone"])
    assert body["text"] == f"【低保掌上办】您的低保申请（受理号{application.number}）已受理，可随时查询办理进度。"
    (message,) = await _messages(database)
    assert message.status == "sent"


async def test_two_workers_send_once(database, database_url, operator, gateway):
    *_, job = await _waiting(database, database_url)
    operator.answer(202, wait=0.1)

    await asyncio.gather(*(send_message(database, job, gateway=gateway) for _ in range(3)))

    assert len(operator.received) == 1


async def test_a_message_the_gateway_does_not_take_is_tried_again(database, database_url, clock, operator, gateway):
    *_, job = await _waiting(database, database_url)
    operator.answer(503)
    await send_message(database, job, gateway=gateway)
    await enqueue_due_messages(database)
    too_early = await _jobs(database_url)

    clock.advance(timedelta(minutes=1))
    await enqueue_due_messages(database)
    assert (too_early, await _jobs(database_url)) == ([], [job])
    await send_message(database, job, gateway=gateway)

    (message,) = await _messages(database)
    assert (message.status, message.attempts) == ("sent", 2)


async def test_after_three_days_news_is_no_news(database, database_url, clock, operator, gateway):
    *_, job = await _waiting(database, database_url)
    for _ in range(20):
        operator.answer(503)
        await send_message(database, job, gateway=gateway)
        clock.advance(timedelta(hours=40))

    (message,) = await _messages(database)
    assert message.status == "failed"
    assert len(operator.received) == 8


@pytest.mark.parametrize("template", TEMPLATES)
def test_no_text_says_more_than_a_number(template):
    text = render(template, "DB53252926112300000000")

    others = {SUPPORTER_NAMED, SIGNED_BY_GUARDIAN}  # with the number of another's matter its state could be looked up
    assert ("DB53252926112300000000" in text) == (template not in others)
    assert not re.search(r"元|金额|通过|拒绝|不予|先生|女士|残疾|疾病", text)
    assert len(text) <= 70 * 2
