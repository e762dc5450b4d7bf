"""Who did or saw what: read by supervisors and administrators of the place."""

import pytest

from app.identity.actors import STAFF_ROLES, Role
from tests.builders.applications import COUNTY, TOWNSHIP
from tests.builders.complaints import build_assigned, reporter

BASE = "/v1/console/audit"
READERS = {Role.SUPERVISOR, Role.ADMINISTRATOR}


async def test_a_supervisor_reads_what_was_done_in_the_county(staff, database):
    async with database.unit_of_work() as db:
        complaint, _, county = await build_assigned(db, by=reporter(name="测试庚", phone="19000007777"))
    supervisor = await staff(Role.SUPERVISOR, COUNTY)

    every = await supervisor.get(BASE)
    by_object = (await supervisor.get(BASE, params={"object_id": str(complaint.id)})).json()["items"]
    by_actor = (await supervisor.get(BASE, params={"actor_id": str(county.id)})).json()["items"]
    by_action = (await supervisor.get(BASE, params={"action": "complaint.assign"})).json()["items"]

    assert [item["action"] for item in by_object] == ["complaint.assign", "complaint.file"]
    assert [item["action"] for item in by_actor] == ["complaint.assign"]
    assert by_action == by_actor
    assert "测试庚" not in every.text
    assert "19000007777" not in every.text


async def test_pages_and_times(staff, database):
    async with database.unit_of_work() as db:
        for _ in range(2):
            await build_assigned(db)
    supervisor = await staff(Role.SUPERVISOR, COUNTY)
    since = {"since": "2026-11-23T12:00:00+08:00"}

    first = (await supervisor.get(BASE, params={**since, "limit": 3})).json()
    second = (await supervisor.get(BASE, params={**since, "limit": 3, "cursor": first["next"]})).json()
    before = (await supervisor.get(BASE, params={"until": since["since"]})).json()

    assert (len(first["items"]), len(second["items"]), before["items"]) == (3, 1, [])


@pytest.mark.parametrize(
    ("division", "count"), [("530000000000", 2), ("532500000000", 2), ("530627000000", 0), (TOWNSHIP, 0)]
)
async def test_a_view_ends_where_the_division_ends(staff, database, division, count):
    async with database.unit_of_work() as db:
        await build_assigned(db)

    answer = await (await staff(Role.SUPERVISOR, division)).get(BASE)

    assert len(answer.json()["items"]) == count


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
async def test_only_who_oversees_reads(staff, role):
    answer = await (await staff(role, COUNTY)).get(BASE)

    assert answer.status_code == (200 if role in READERS else 403)


async def test_a_time_needs_its_offset(staff):
    answer = await (await staff(Role.SUPERVISOR, COUNTY)).get(BASE, params={"since": "2026-11-23T12:00:00"})

    assert answer.status_code == 422
