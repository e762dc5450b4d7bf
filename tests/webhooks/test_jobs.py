"""From an event to its arrival, through failures, kills and pauses."""

import asyncio
import json
from datetime import timedelta

import asyncpg
from sqlalchemy import select
from standardwebhooks import Webhook

from app.audit.models import AuditRecord
from app.events.queries import get_event
from app.webhooks.commands import redeliver, resume_endpoint, rotate_secret
from app.webhooks.jobs import deliver, end_endpoints_below_counties, enqueue_due_deliveries, fan_out
from app.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from app.webhooks.schedule import TRIES
from tests.builders.webhooks import build_endpoint, knock


async def _deliveries(database):
    async with database.reading() as db:
        return (await db.execute(select(WebhookDelivery).order_by(WebhookDelivery.id))).scalars().all()


async def _attempts(database):
    async with database.reading() as db:
        return (await db.execute(select(WebhookAttempt).order_by(WebhookAttempt.number))).scalars().all()


async def _endpoint(database):
    async with database.reading() as db:
        return (await db.execute(select(WebhookEndpoint))).scalar_one()


async def _jobs(url):
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("DELETE FROM pgqueuer WHERE entrypoint = 'deliver_webhook' RETURNING payload")
        return [json.loads(row["payload"]) for row in rows]
    finally:
        await connection.close()


async def _on_its_way(database, url, **options):
    """Make an endpoint and one event on its way to it."""
    async with database.unit_of_work() as db:
        administrator, endpoint, secret = await build_endpoint(db, url, **options)
    event = await knock(database)
    await fan_out(database, event)
    (delivery,) = await _deliveries(database)
    return administrator, endpoint, secret, event, {"delivery": str(delivery.id)}


async def test_an_event_arrives_signed_and_says_nothing_about_anybody(database, receiver, sender):
    _, _, secret, event, job = await _on_its_way(database, receiver.url)

    await deliver(database, job, sender=sender)

    (request,) = receiver.received
    async with database.reading() as db:
        stored = await get_event(db, event.id)
    assert Webhook(secret).verify(request.body, request.headers) == {
        "id": str(event.id),
        "type": "test.knocked",
        "time": "2026-11-23T12:00:00+08:00",
        "subject": str(event.subject),
        "sequence": stored.sequence,
        "link": f"https://dibao.example/v1/partner/events/{event.id}",
    }
    assert request.headers["webhook-id"] == str(event.id)
    (delivery,), (attempt,) = await _deliveries(database), await _attempts(database)
    assert (delivery.status, attempt.status_code) == ("delivered", 204)


async def test_hearing_of_an_event_twice_makes_one_delivery_and_one_job(database, database_url, receiver):
    _, _, _, event, job = await _on_its_way(database, receiver.url)

    await fan_out(database, event)

    assert len(await _deliveries(database)) == 1
    assert await _jobs(database_url) == [job]


async def test_an_endpoint_hears_only_its_counties_and_types(database, receiver):
    async with database.unit_of_work() as db:
        await build_endpoint(db, receiver.url, division="532500000000", event_types=())
        await build_endpoint(db, receiver.url, division="530102000000", event_types=())
        await build_endpoint(db, receiver.url, division="532500000000", event_types=("application.submitted",))

    await fan_out(database, await knock(database, "532529"))
    await fan_out(database, await knock(database, "530103"))

    (delivery,) = await _deliveries(database)
    assert delivery.county == "532500"


async def test_a_delivered_event_is_not_sent_again_by_a_job_that_runs_twice(database, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)

    await deliver(database, job, sender=sender)
    await deliver(database, job, sender=sender)

    assert len(receiver.received) == 1


async def test_two_workers_with_the_same_job_send_once(database, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)
    receiver.answer(200, wait=0.1)

    await asyncio.gather(*(deliver(database, job, sender=sender) for _ in range(4)))

    assert len(receiver.received) == 1


async def test_a_failure_is_tried_again_when_due_and_not_before(database, database_url, clock, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)
    await _jobs(database_url)
    receiver.answer(500)
    await deliver(database, job, sender=sender)

    await enqueue_due_deliveries(database)
    before = await _jobs(database_url)
    clock.advance(timedelta(seconds=7))
    await enqueue_due_deliveries(database)
    await enqueue_due_deliveries(database)
    after = await _jobs(database_url)
    await deliver(database, job, sender=sender)

    assert (before, after) == ([], [job])
    assert [attempt.status_code for attempt in await _attempts(database)] == [500, 204]
    assert (await _deliveries(database))[0].status == "delivered"


async def test_retry_after_is_honoured(database, clock, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)
    receiver.answer(503, {"Retry-After": "3600"})

    await deliver(database, job, sender=sender)

    (delivery,) = await _deliveries(database)
    assert delivery.next_attempt_at == clock.now() + timedelta(hours=1)


async def test_what_a_killed_worker_left_falls_due_again_one_attempt_older(
    database, database_url, clock, receiver, sender
):
    *_, job = await _on_its_way(database, receiver.url)
    await _jobs(database_url)
    receiver.answer(200, wait=30)
    killed = asyncio.create_task(deliver(database, job, sender=sender))
    await receiver.called.wait()
    killed.cancel()
    await asyncio.gather(killed, return_exceptions=True)

    clock.advance(timedelta(minutes=2))
    await enqueue_due_deliveries(database)
    assert await _jobs(database_url) == [job]
    await deliver(database, job, sender=sender)

    first, second = await _attempts(database)
    assert (first.ended_at, second.status_code) == (None, 204)


async def test_when_the_schedule_is_spent_the_endpoint_is_paused_and_it_is_on_record(database, clock, receiver, sender):
    _, endpoint, _, _, job = await _on_its_way(database, receiver.url)
    for _ in range(TRIES):
        receiver.answer(500)
        await deliver(database, job, sender=sender)
        clock.advance(timedelta(hours=30))
    await deliver(database, job, sender=sender)

    (delivery,), stopped = await _deliveries(database), await _endpoint(database)
    assert len(receiver.received) == TRIES
    assert delivery.status == "failed"
    assert (stopped.status, stopped.status_reason) == ("paused", "schedule_spent")
    async with database.reading() as db:
        of_endpoint = select(AuditRecord.action).where(AuditRecord.object_id == endpoint.id).order_by(AuditRecord.at)
        acts = (await db.execute(of_endpoint)).scalars().all()
    assert acts == ["webhook.add", "webhook.pause"]


async def test_a_delivery_that_kills_its_worker_every_time_comes_to_an_end(database, clock, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)
    async with database.unit_of_work() as db:
        (delivery,) = (await db.execute(select(WebhookDelivery))).scalars().all()
        delivery.attempts = TRIES

    await deliver(database, job, sender=sender)

    assert receiver.received == []
    assert (await _deliveries(database))[0].status == "failed"
    assert (await _endpoint(database)).status == "paused"


async def test_nothing_is_sent_to_a_paused_endpoint_and_all_that_waits_when_it_resumes(
    database, database_url, clock, receiver, sender
):
    administrator, endpoint, _, _, job = await _on_its_way(database, receiver.url)
    async with database.unit_of_work() as db:
        row = await db.get(WebhookEndpoint, endpoint.id)
        row.status = "paused"
    await deliver(database, job, sender=sender)
    await _jobs(database_url)
    clock.advance(timedelta(days=2))
    await enqueue_due_deliveries(database)
    assert (receiver.received, await _jobs(database_url)) == ([], [])

    async with database.unit_of_work() as db:
        await resume_endpoint(db, administrator, endpoint.id)
    await enqueue_due_deliveries(database)

    assert await _jobs(database_url) == [job]
    await deliver(database, job, sender=sender)
    assert len(receiver.received) == 1


async def test_gone_disables_the_endpoint_at_once(database, receiver, sender):
    *_, job = await _on_its_way(database, receiver.url)
    receiver.answer(410)

    await deliver(database, job, sender=sender)
    await fan_out(database, await knock(database))

    stopped = await _endpoint(database)
    assert (stopped.status, stopped.status_reason) == ("disabled", "gone")
    assert [delivery.status for delivery in await _deliveries(database)] == ["failed"]


async def test_redelivery_sends_what_arrived_and_what_was_missed(database, database_url, clock, receiver, sender):
    administrator, endpoint, _, event, job = await _on_its_way(database, receiver.url)
    await deliver(database, job, sender=sender)
    missed = await knock(database)  # never fanned out: as if the endpoint had been paused
    await _jobs(database_url)

    async with database.unit_of_work() as db:
        count = await redeliver(
            db,
            administrator,
            endpoint.id,
            since=clock.now() - timedelta(hours=1),
            until=clock.now() + timedelta(hours=1),
        )
    await enqueue_due_deliveries(database)
    for queued in await _jobs(database_url):
        await deliver(database, queued, sender=sender)

    assert count == 2
    assert sorted(request.headers["webhook-id"] for request in receiver.received) == sorted(
        [str(event.id), str(event.id), str(missed.id)]
    )


async def test_a_redelivery_ordered_while_an_attempt_fails_still_has_its_whole_round(database, receiver, sender):
    administrator, endpoint, _, event, job = await _on_its_way(database, receiver.url)
    receiver.answer(500, wait=0.3)
    running = asyncio.create_task(deliver(database, job, sender=sender))
    await receiver.called.wait()

    async with database.unit_of_work() as db:
        await redeliver(db, administrator, endpoint.id, event_ids=[event.id])
    await running
    await deliver(database, job, sender=sender)

    (delivery,) = await _deliveries(database)
    assert (delivery.status, delivery.attempts, delivery.attempts_before) == ("delivered", 2, 1)


async def test_after_a_rotation_both_secrets_verify_until_the_old_one_ends(database, clock, receiver, sender):
    administrator, endpoint, old, event, job = await _on_its_way(database, receiver.url)
    async with database.unit_of_work() as db:
        _, new = await rotate_secret(db, administrator, endpoint.id, keep_previous=timedelta(hours=24))
    await deliver(database, job, sender=sender)
    clock.advance(timedelta(hours=25))
    async with database.unit_of_work() as db:
        await redeliver(db, administrator, endpoint.id, event_ids=[event.id])
    await deliver(database, job, sender=sender)

    first, second = receiver.received
    assert Webhook(old).verify(first.body, first.headers)
    assert Webhook(new).verify(first.body, first.headers)
    assert Webhook(new).verify(second.body, second.headers)
    assert len(second.headers["webhook-signature"].split(" ")) == 1


async def _as_of_a_township(database, **changes):
    """Put an endpoint where none may be any more."""
    async with database.unit_of_work() as db:
        endpoint = (await db.execute(select(WebhookEndpoint))).scalar_one()
        endpoint.division = "532529103000"
        for name, value in changes.items():
            setattr(endpoint, name, value)


async def test_an_endpoint_below_the_counties_ends_and_hears_of_its_end_and_of_nothing_else(
    database, clock, receiver, sender
):
    _, endpoint, secret, _, waiting = await _on_its_way(database, receiver.url)
    await _as_of_a_township(database)

    await end_endpoints_below_counties(database)
    await end_endpoints_below_counties(database)
    await knock(database)
    receiver.answer(500)
    jobs = [{"delivery": str(each.id)} for each in await _deliveries(database)]
    for job in [waiting, *jobs]:
        await deliver(database, job, sender=sender)
    clock.advance(timedelta(minutes=10))
    await enqueue_due_deliveries(database)
    for job in jobs:
        await deliver(database, job, sender=sender)

    told = [Webhook(secret).verify(each.body, each.headers) for each in receiver.received]
    assert [(each["type"], each["subject"]) for each in told] == [("webhook.endpoint_ended", str(endpoint.id))] * 2
    ended = await _endpoint(database)
    assert (ended.status, ended.status_reason) == ("removed", "below_counties")
    async with database.reading() as db:
        acts = select(AuditRecord.action).where(AuditRecord.object_id == endpoint.id).order_by(AuditRecord.id)
        assert (await db.execute(acts)).scalars().all() == ["webhook.add", "webhook.end"]
    assert [each.status for each in await _deliveries(database)] == ["failed", "delivered"]


async def test_who_asked_never_to_be_called_again_is_not_told(database, receiver):
    async with database.unit_of_work() as db:
        await build_endpoint(db, receiver.url)
    await _as_of_a_township(database, status="disabled", status_reason="gone")

    await end_endpoints_below_counties(database)

    assert (await _endpoint(database)).status == "removed"
    assert await _deliveries(database) == []


async def test_an_endpoint_of_a_county_stays(database, receiver):
    async with database.unit_of_work() as db:
        await build_endpoint(db, receiver.url)

    await end_endpoints_below_counties(database)

    assert (await _endpoint(database)).status == "active"
