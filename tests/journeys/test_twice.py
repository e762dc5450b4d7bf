"""A worker that is killed does its last jobs again: whatever is done twice must change nothing."""

import json
from collections.abc import Mapping
from datetime import date

import asyncpg
import pytest
from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries

from app import worker
from tests.journeys import acts
from tests.support.dump import differences, dump

_EVERY_KIND = {
    "send_one_time_code",
    "dispatch_event",
    "fan_out",
    "deliver_webhook",
    "notify_applicant",
    "send_message",
    "open_checks",
    "start_review",
    "ask_checks",
    "take_up_report",
    "post_notice",
    "take_decided_notices_down",
    "open_award",
    "post_award",
    "send_batch",
}


@pytest.fixture
def done(monkeypatch) -> list[tuple[str, Mapping[str, str]]]:
    """Every job the worker has done, in order."""
    jobs: list[tuple[str, Mapping[str, str]]] = []
    register = worker._register

    def noting(queue, name, job, database):
        async def noted(database, payload):
            await job(database, payload)
            jobs.append((name, payload))

        register(queue, name, noted, database)

    monkeypatch.setattr(worker, "_register", noting)
    return jobs


async def test_every_job_of_the_whole_path_done_a_second_time_changes_nothing(world, done):
    subscription = {"url": "http://127.0.0.1/hook", "event_types": [], "description": "测试接收方"}
    await world.at("admin").post("/v1/console/webhook-endpoints", subscription)
    case = await acts.reach_the_award(world, world.family(0))
    await world.on(date(2027, 1, 1))
    await acts.pay(world, "2027-01")
    await world.drain()
    assert {payment[-1] for payment in await case.payments()} == {"paid"}
    assert len(world.outside.subscriber.received) > 10
    first = list(done)
    assert {name for name, _ in first} >= _EVERY_KIND
    before, sent = await dump(world.database_url), _what_went_outside(world)

    connection = await asyncpg.connect(world.database_url)
    await Queries(AsyncpgDriver(connection)).enqueue(
        [name for name, _ in first], [json.dumps(dict(payload)).encode() for _, payload in first], [0] * len(first)
    )
    await connection.close()
    await world.drain()

    assert len(done) >= 2 * len(first)
    assert differences(before, await dump(world.database_url)) == {}
    assert _what_went_outside(world) == sent


def _what_went_outside(world) -> tuple[int, ...]:
    outside = world.outside
    asked = sum(len(agency.asked) for agency in outside.agencies.by_code.values())
    return (
        asked,
        len(outside.sms.sent),
        len(outside.subscriber.received),
        sum(outside.bank.submissions.values()),
        sum(outside.bank.credited.values()),
    )
