"""A clerk with three hundred cases finds the one at the counter: by village, kind of step, program or number."""

from datetime import timedelta

import pytest

from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, VILLAGE, build_accepted, build_submitted

OTHER_VILLAGE, OTHER_TOWNSHIP, ABROAD = "532529103202", "532529203000", "532502203202"


@pytest.fixture
async def cases(database):
    """One accepted and one handed in in a village, one handed in beside it, and one in another township's village."""
    async with database.unit_of_work() as db:
        accepted = await build_accepted(db)
        here = await build_submitted(db)
        beside = await build_submitted(db, village=OTHER_VILLAGE)
        elsewhere = await build_submitted(db, village="532529203202")
        return {
            "accepted": (accepted.id, accepted.number),
            "here": (here.id, here.number),
            "beside": (beside.id, beside.number),
            "elsewhere": (elsewhere.id, elsewhere.number),
        }


async def _names(client, cases, address, **asked):
    answer = await client.get(address, params={"limit": 100, **asked})
    assert answer.status_code == 200, answer.text
    member = "application_id" if address.endswith("tasks") else "id"
    names = {str(case): name for name, (case, _) in cases.items()}
    return {names[row[member]] for row in answer.json()["items"]}


@pytest.mark.parametrize("address", ["/v1/console/applications", "/v1/console/tasks"])
async def test_a_list_is_narrowed_by_place_program_and_number(staff, cases, address):
    county, township = await staff(Role.COUNTY_HANDLER, COUNTY), await staff(Role.TOWNSHIP_HANDLER, TOWNSHIP)

    async def seen(client, **asked):
        return await _names(client, cases, address, **asked)

    assert await seen(county) == {*cases}
    assert await seen(county, division=VILLAGE) == {"accepted", "here"}
    assert await seen(county, division=TOWNSHIP) == {"accepted", "here", "beside"}
    assert await seen(county, division=OTHER_TOWNSHIP) == {"elsewhere"}
    assert await seen(county, program="living_allowance", division=OTHER_VILLAGE) == {"beside"}
    assert await seen(county, program="temporary_aid") == set()
    assert await seen(county, number=cases["here"][1].lower()) == {"here"}
    assert await seen(county, number=cases["here"][1], division=OTHER_VILLAGE) == set()
    # A filter takes away and never adds: neither a place above one's own nor another's case by its number.
    assert await seen(township, division=COUNTY) == {"accepted", "here", "beside"}
    assert await seen(township, division=ABROAD) == set()
    assert await seen(township, number=cases["elsewhere"][1]) == set()


@pytest.mark.parametrize("address", ["/v1/console/applications", "/v1/console/tasks"])
async def test_what_no_division_can_be_is_an_error(staff, cases, address):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    nowhere = await client.get(address, params={"division": "000000000000"})
    short = await client.get(address, params={"division": "5325"})

    assert (nowhere.status_code, nowhere.json()["code"]) == (400, "division_malformed")
    assert short.status_code == 422


async def test_tasks_are_narrowed_by_kind(staff, cases):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)

    assert await _names(client, cases, "/v1/console/tasks", kind="acceptance") == {"here", "beside", "elsewhere"}
    assert await _names(client, cases, "/v1/console/tasks", kind="survey") == {"accepted"}
    assert (await client.get("/v1/console/tasks", params={"kind": "no_step"})).status_code == 422


async def test_applications_are_found_by_what_is_late_or_soon_due_with_them(staff, cases, clock):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)
    listed = "/v1/console/applications"
    before = await _names(client, cases, listed, due="overdue")
    tasks = {due: await _names(client, cases, "/v1/console/tasks", state=due) for due in ("due_soon", "overdue")}
    assert before == tasks["overdue"] == set()
    assert await _names(client, cases, listed, due="due_soon") == tasks["due_soon"]

    clock.advance(timedelta(days=20))
    late = await staff(Role.COUNTY_HANDLER, COUNTY)
    assert await _names(late, cases, listed, due="overdue") == {*cases}
    assert await _names(late, cases, listed, due="overdue", division=OTHER_VILLAGE) == {"beside"}
    assert await _names(late, cases, listed, due="overdue", status="accepted") == {"accepted"}
    assert await _names(late, cases, listed, due="due_soon") == set()


@pytest.mark.parametrize("address", ["/v1/console/applications", "/v1/console/tasks"])
@pytest.mark.parametrize("other", [{"division": TOWNSHIP}, {"program": "living_allowance"}, {}])
async def test_a_cursor_goes_on_in_the_list_it_was_made_for_alone(staff, cases, address, other):
    client = await staff(Role.COUNTY_HANDLER, COUNTY)
    asked = {"division": COUNTY, "limit": 2}
    first = (await client.get(address, params=asked)).json()

    second = await client.get(address, params={**asked, "limit": 100, "cursor": first["next"]})
    elsewhere = await client.get(address, params={**other, "limit": 2, "cursor": first["next"]})

    rows = first["items"] + second.json()["items"]
    assert len({row["id"] for row in rows}) == len(rows) == len((await client.get(address)).json()["items"])
    assert second.json()["next"] is None
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (400, "cursor_rejected")
