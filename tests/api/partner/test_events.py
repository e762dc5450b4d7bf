"""Fetching events instead of being called.

The feed shows nothing newer than the oldest transaction still running on the whole server, whatever its database: on a
busy one an event is there a moment later.
"""

import asyncio

from tests.api.conftest import INBOUND_SECRET
from tests.builders.webhooks import knock

BASE = "/v1/partner/events"
BANKING = {"X-Partner": "banking", "Authorization": f"Bearer {INBOUND_SECRET}"}


async def _read(anyone, count, **params):
    """Read the feed once it has at least `count` events behind the mark."""
    async with asyncio.timeout(20):
        while True:
            answer = (await anyone.get(BASE, params=params, headers=BANKING)).json()
            if len(answer["items"]) >= count:
                return answer
            await asyncio.sleep(0.05)


async def test_a_partner_reads_on_from_where_it_was(anyone, database):
    events = [await knock(database) for _ in range(3)]

    await _read(anyone, 3)
    first = await _read(anyone, 2, limit=2)
    second = await _read(anyone, 1, limit=2, after=first["next"])
    nothing = await _read(anyone, 0, after=second["next"])
    later = await knock(database)
    third = await _read(anyone, 1, after=nothing["next"])

    assert [item["id"] for item in first["items"] + second["items"]] == [str(event.id) for event in events]
    assert (first["more"], second["more"], nothing["items"]) == (True, False, [])
    assert [item["id"] for item in third["items"]] == [str(later.id)]


async def test_an_event_says_that_and_not_about_whom(anyone, database):
    event = await knock(database)

    (item,) = (await _read(anyone, 1))["items"]
    one = (await anyone.get(f"{BASE}/{event.id}", headers=BANKING)).json()

    assert item == one
    assert set(item) == {"id", "type", "time", "subject", "sequence", "county"}


async def test_before_anything_happened_there_is_nothing_to_keep(anyone, database):
    assert (await anyone.get(BASE, headers=BANKING)).json() == {"items": [], "next": None, "more": False}


async def test_a_mark_of_another_partner_or_a_forged_one_is_refused(anyone, database):
    await knock(database)
    mark = (await _read(anyone, 1))["next"]

    for headers, after in (
        ({**BANKING, "X-Partner": "natural_resources"}, mark),
        (BANKING, mark[:-2] + "AA"),
        (BANKING, "AAAA"),
    ):
        answer = await anyone.get(BASE, params={"after": after}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "cursor_rejected")


async def test_a_partner_proves_who_it_is(anyone, phone, database):
    event = await knock(database)

    for address in (BASE, f"{BASE}/{event.id}"):
        assert (await anyone.get(address, headers={"X-Partner": "banking"})).status_code == 401
        assert (await anyone.get(address, headers={**BANKING, "Authorization": "Bearer no"})).status_code == 401
        assert (await anyone.get(address, headers={**BANKING, "X-Partner": "nobody"})).status_code == 401
        assert (await phone.get(address, headers={"X-Partner": "banking"})).status_code == 401


async def test_an_unknown_event_is_not_found(anyone, database):
    answer = await anyone.get(f"{BASE}/01930000-0000-7000-8000-000000000000", headers=BANKING)

    assert (answer.status_code, answer.json()["code"]) == (404, "event_not_found")
