"""Webhook endpoints over HTTP, and the way from there to a receiver."""

import pytest
import pytest_asyncio
from sqlalchemy import select

from app.identity.actors import Role
from app.webhooks.jobs import deliver, fan_out
from app.webhooks.models import WebhookDelivery
from app.webhooks.sending import WebhookSender, delivery_client
from tests.builders.webhooks import COUNTY, knock
from tests.support.receiver import run_receiver

BASE = "/v1/console/webhook-endpoints"
ENDPOINT = {"url": "https://partner.example/hook", "description": "测试接收方", "event_types": ["test.knocked"]}


@pytest_asyncio.fixture
async def administrator(staff):
    return await staff(Role.ADMINISTRATOR, COUNTY)


async def test_the_secret_is_shown_once(administrator):
    added = await administrator.post(BASE, json=ENDPOINT)

    endpoint = added.json()
    assert added.status_code == 201
    assert endpoint["secret"].startswith("whsec_")
    assert (endpoint["division"], endpoint["status"]) == (COUNTY, "active")
    read = await administrator.get(added.headers["location"])
    assert "secret" not in read.json()
    assert endpoint["secret"] not in (await administrator.get(BASE)).text


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"url": "http://partner.example/hook"}, 422, "webhook_url_not_allowed"),
        ({"url": "https://10.0.0.1/hook"}, 422, "webhook_url_not_allowed"),
        ({"event_types": ["no.such"]}, 422, "event_type_unknown"),
        ({"event_types": ["application.any"]}, 422, "event_type_unknown"),
        ({"division": "530627000000"}, 403, "outside_your_division"),
        ({"division": "532500000000"}, 403, "outside_your_division"),
        ({"division": "532529103000"}, 403, "outside_your_division"),  # it would hear the whole county
        ({"url": "x"}, 422, "input_invalid"),
    ],
)
async def test_what_is_wrong_is_said(administrator, given, status, code):
    answer = await administrator.post(BASE, json={**ENDPOINT, **given})

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_administrators_change_and_only_supervisors_look(administrator, staff):
    endpoint = (await administrator.post(BASE, json=ENDPOINT)).json()
    supervisor, handler = await staff(Role.SUPERVISOR, COUNTY), await staff(Role.COUNTY_HANDLER, COUNTY)
    stranger = await staff(Role.ADMINISTRATOR, "530627000000")

    assert len((await supervisor.get(BASE)).json()["items"]) == 1
    assert (await handler.get(BASE)).json()["items"] == []
    for client in (supervisor, handler):
        assert (await client.post(BASE, json=ENDPOINT)).status_code == 403
    assert (await supervisor.delete(f"{BASE}/{endpoint['id']}")).status_code == 403
    assert (await stranger.get(f"{BASE}/{endpoint['id']}")).status_code == 404
    assert (await stranger.post(f"{BASE}/{endpoint['id']}/rotate-secret", json={})).status_code == 404


async def test_what_was_sent_is_listed_with_every_try(administrator, database):
    async with run_receiver() as receiver, delivery_client() as http:
        added = (await administrator.post(BASE, json={**ENDPOINT, "url": receiver.url})).json()
        event = await knock(database)
        await fan_out(database, event)
        async with database.reading() as db:
            delivery_id = (await db.execute(select(WebhookDelivery.id))).scalar_one()
        receiver.answer(500)
        await deliver(
            database, {"delivery": str(delivery_id)}, sender=WebhookSender(http, "https://dibao.example", sandbox=True)
        )

    (shown,) = (await administrator.get(f"{BASE}/{added['id']}/deliveries")).json()["items"]
    assert (shown["event_id"], shown["status"], shown["delivered_at"]) == (str(event.id), "pending", None)
    assert [(attempt["number"], attempt["status_code"]) for attempt in shown["attempts"]] == [(1, 500)]
    assert shown["next_attempt_at"] is not None
    delivered = await administrator.get(f"{BASE}/{added['id']}/deliveries", params={"status": "delivered"})
    assert delivered.json()["items"] == []


async def test_events_are_sent_again_by_id_and_by_time(administrator, database):
    added = (await administrator.post(BASE, json=ENDPOINT)).json()
    event = await knock(database)
    address = f"{BASE}/{added['id']}/redeliver"

    by_id = await administrator.post(address, json={"event_ids": [str(event.id)]})
    by_time = await administrator.post(
        address, json={"since": "2026-11-23T00:00:00+08:00", "until": "2026-11-24T00:00:00+08:00"}
    )
    unknown = await administrator.post(address, json={"event_ids": ["01930000-0000-7000-8000-000000000000"]})

    assert (by_id.status_code, by_id.json()) == (202, {"count": 1})
    assert by_time.json() == {"count": 1}
    assert (unknown.status_code, unknown.json()["code"]) == (404, "event_not_found")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"event_ids": []},
        {"since": "2026-11-23T00:00:00+08:00"},
        {"since": "2026-11-23T00:00:00", "until": "2026-11-24T00:00:00"},
        {
            "event_ids": ["01930000-0000-7000-8000-000000000000"],
            "since": "2026-11-23T00:00:00+08:00",
            "until": "2026-11-24T00:00:00+08:00",
        },
    ],
)
async def test_a_redelivery_names_events_or_a_time(administrator, body):
    added = (await administrator.post(BASE, json=ENDPOINT)).json()

    answer = await administrator.post(f"{BASE}/{added['id']}/redeliver", json=body)

    assert answer.status_code == 422


async def test_rotating_resuming_and_removing(administrator):
    added = (await administrator.post(BASE, json=ENDPOINT)).json()
    address = f"{BASE}/{added['id']}"

    rotated = await administrator.post(f"{address}/rotate-secret", json={"keep_previous_hours": 1})
    resumed = await administrator.post(f"{address}/resume")
    removed = await administrator.delete(address)

    assert rotated.json()["secret"] != added["secret"]
    assert rotated.json()["previous_secret_until"] == "2026-11-23T13:00:00+08:00"
    assert (resumed.status_code, resumed.json()["code"]) == (409, "step_not_allowed")
    assert removed.status_code == 204
    assert (await administrator.get(address)).status_code == 404
