"""The list of what waits, and taking from it, as a caseworker's client sees them."""

import pytest

from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted


@pytest.fixture
async def submitted(database):
    async with database.unit_of_work() as db:
        return [await build_submitted(db) for _ in range(3)]


async def _tasks(client, **asked):
    answer = await client.get("/v1/console/tasks", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_claimed_task_says_so_and_not_by_whom(staff, submitted):
    one, other = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    task = (await _tasks(one))["items"][0]["id"]

    claimed = await one.post(f"/v1/console/tasks/{task}/claim")
    second = await other.post(f"/v1/console/tasks/{task}/claim")

    assert (claimed.status_code, claimed.json()["taken"], claimed.json()["mine"]) == (200, True, True)
    assert (second.status_code, second.json()["code"]) == (409, "task_taken")
    assert second.json()["detail"] is None
    seen = {row["id"]: (row["taken"], row["mine"]) for row in (await _tasks(other, queue="township"))["items"]}
    assert (len(seen), seen[task]) == (3, (True, False))
    assert [row["id"] for row in (await _tasks(one, state="mine"))["items"]] == [task]

    released = await one.post(f"/v1/console/tasks/{task}/release")
    assert (released.json()["taken"], released.json()["taken_at"]) == (False, None)


async def test_a_cursor_is_good_for_its_own_list_only(staff, submitted):
    client = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    first = await _tasks(client, limit=2)

    second = await _tasks(client, limit=2, cursor=first["next"])
    elsewhere = await client.get("/v1/console/tasks", params={"state": "overdue", "cursor": first["next"]})

    assert len({row["id"] for row in first["items"] + second["items"]}) == 3
    assert second["next"] is None
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "cursor_rejected")


async def test_who_is_moved_sees_his_tasks_go_back(staff, sign_in, submitted, database):
    from tests.builders.people import build_staff

    async with database.unit_of_work() as db:
        clerk = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
    client, administrator = await sign_in(clerk), await staff(Role.ADMINISTRATOR, COUNTY)
    task = (await _tasks(client))["items"][0]["id"]
    await client.post(f"/v1/console/tasks/{task}/claim")

    answer = await administrator.post(f"/v1/console/staff/{clerk.id}/disable")

    assert answer.status_code == 200, answer.text
    colleague = await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)
    assert not any(row["taken"] for row in (await _tasks(colleague))["items"])
    assert (await colleague.post(f"/v1/console/tasks/{task}/claim")).status_code == 200


async def test_a_post_without_casework_sees_no_task(staff, submitted):
    for role in (Role.FINANCE, Role.ADMINISTRATOR):
        assert (await _tasks(await staff(role, COUNTY)))["items"] == []
