"""Many rows, one request: each is done or told why not, and sent again it is done once."""

import pytest
from sqlalchemy import select

from app.applications.models import Application, ApplicationStep
from app.audit.models import AuditRecord
from app.events.models import EventRecord
from app.identity.actors import Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_household, build_submitted
from tests.builders.people import build_staff
from tests.builders.relatives import declare

ELSEWHERE = "532529203204"
ACCEPTANCES, ASSIGNMENTS = "/v1/console/acceptances", "/v1/console/task-assignments"


@pytest.fixture
async def people(database):
    async with database.unit_of_work() as db:
        handler = await build_staff(db, Role.TOWNSHIP_HANDLER, TOWNSHIP)
        return handler, await build_staff(db, Role.TOWNSHIP_REVIEWER, TOWNSHIP)


@pytest.fixture
async def rows(database, people):
    """Two that can be accepted, and between them one of a relative and one of another township."""
    async with database.unit_of_work() as db:
        household = await build_household(db)
        made = [
            await build_submitted(db),
            await build_submitted(db, household),
            await build_submitted(db, village=ELSEWHERE),
            await build_submitted(db),
        ]
    await declare(database, people[0], household)
    return [row.id for row in made]


def _accept(rows):
    return {"applications": [{"application_id": str(row)} for row in rows]}


async def _statuses(client):
    return {row["id"]: row["status"] for row in (await client.get("/v1/console/applications")).json()["items"]}


async def test_rows_that_are_refused_keep_no_other_from_being_accepted(sign_in, people, rows, database):
    client = await sign_in(people[0])

    answer = await client.post(ACCEPTANCES, json=_accept(reversed(rows)), headers={"Accept-Language": "en"})

    assert answer.status_code == 200, answer.text
    items = answer.json()["items"]
    assert [row["id"] for row in items] == [str(row) for row in reversed(rows)]
    assert [row["done"] for row in items] == [True, False, False, True]
    problems = [row["problem"] and (row["problem"]["code"], row["problem"]["status"]) for row in items]
    assert problems == [None, ("application_not_found", 404), ("conflict_of_interest", 403), None]
    assert items[1]["problem"]["title"] == "Application not found"
    statuses = await _statuses(client)
    assert [statuses[str(row)] for row in (rows[0], rows[1], rows[3])] == ["accepted", "submitted", "accepted"]
    async with database.reading() as db:
        told = select(EventRecord.subject).where(EventRecord.type == "application.accepted")
        acts = select(AuditRecord.object_id).where(AuditRecord.action == "application.accept")
        assert sorted((await db.scalars(told)).all()) == sorted((await db.scalars(acts)).all()) == [rows[0], rows[3]]


async def test_the_same_request_again_gives_the_same_answer_and_does_nothing(sign_in, people, rows, database):
    client, key = await sign_in(people[0]), {"Idempotency-Key": "accept-them-all-1"}

    first = await client.post(ACCEPTANCES, json=_accept(rows), headers=key)
    again = await client.post(ACCEPTANCES, json=_accept(rows), headers=key)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    later = (await client.post(ACCEPTANCES, json=_accept(rows))).json()["items"]
    assert [row["problem"]["code"] for row in (later[0], later[3])] == ["step_not_allowed"] * 2


async def test_who_is_named_twice_is_accepted_once_and_a_relative_said_once_counts(sign_in, people, rows, database):
    client, row = await sign_in(people[0]), str(rows[0])
    body = {"applications": [{"application_id": row, "relative_of_staff": True}, {"application_id": row}]}

    items = (await client.post(ACCEPTANCES, json=body)).json()["items"]

    assert [item["done"] for item in items] == [True, True]
    async with database.reading() as db:
        found = await db.get(Application, rows[0])
    assert (found.status, found.relative_of_staff) == ("accepted", True)


async def test_a_post_that_accepts_nothing_is_refused_as_a_whole(staff, rows):
    client = await staff(Role.TOWNSHIP_REVIEWER, TOWNSHIP)

    answer = await client.post(ACCEPTANCES, json=_accept(rows))

    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")


async def test_tasks_are_given_to_one_person_and_each_refusal_is_told(sign_in, people, rows, database):
    handler, reviewer = people
    client = await sign_in(reviewer)
    async with database.reading() as db:
        query = select(ApplicationStep.application_id, ApplicationStep.id)
        tasks = {case: str(task) for case, task in (await db.execute(query)).all()}
    body = {"tasks": [tasks[row] for row in rows], "staff_id": str(handler.id)}

    items = (await client.post(ASSIGNMENTS, json=body)).json()["items"]

    codes = [row["problem"] and row["problem"]["code"] for row in items]
    assert codes == [None, "task_not_for_person", "task_not_found", None]
    mine = (await (await sign_in(handler)).get("/v1/console/tasks?state=mine")).json()["items"]
    assert {row["id"] for row in mine} == {tasks[rows[0]], tasks[rows[3]]}


async def test_nobody_gives_tasks_to_who_is_not_below_him_and_no_handler_gives_any(sign_in, people, rows, database):
    handler, reviewer = people
    async with database.unit_of_work() as db:
        county = await build_staff(db, Role.COUNTY_HANDLER, COUNTY)
    task = "01890000-0000-7000-8000-000000000000"

    above = await (await sign_in(reviewer)).post(ASSIGNMENTS, json={"tasks": [task], "staff_id": str(county.id)})
    by_handler = await (await sign_in(handler)).post(ASSIGNMENTS, json={"tasks": [task], "staff_id": str(handler.id)})

    assert (above.status_code, above.json()["code"]) == (404, "staff_not_found")
    assert (by_handler.status_code, by_handler.json()["code"]) == (403, "role_not_allowed")


async def test_a_batch_has_at_most_a_hundred_rows(sign_in, people, rows):
    client = await sign_in(people[0])

    for body in (_accept([rows[0]] * 101), _accept([])):
        assert (await client.post(ACCEPTANCES, json=body)).status_code == 422
