"""Who has how much to do, as those see it who hand out work."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.applications.commands import (
    accept_application,
    claim_task,
    close_post,
    return_application,
    withdraw_application,
)
from app.applications.models import ApplicationStep
from app.identity.actors import Actor, Role
from tests.builders.applications import COUNTY, TOWNSHIP, build_submitted
from tests.builders.people import build_staff
from tests.builders.review import build_office

WORKLOAD = "/v1/console/workload"


async def _take(database, actor, application):
    async with database.unit_of_work() as db:
        query = select(ApplicationStep.id).where(ApplicationStep.application_id == application.id)
        await claim_task(db, actor, (await db.scalars(query)).one())


async def _submit(database):
    async with database.unit_of_work() as db:
        return await build_submitted(db)


async def _counts(client):
    items = (await client.get(WORKLOAD)).json()["items"]
    return {row["staff_id"]: tuple(row[name] for name in ("open", "due_soon", "overdue", "done")) for row in items}


async def test_open_due_soon_overdue_and_done_are_counted_for_each(sign_in, database, clock):
    office = await build_office(database)
    late = await _submit(database)  # Monday: due on Monday, 30 November
    done = await _submit(database)
    for application in (late, done):
        await _take(database, office.handler, application)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, done.id, relative_of_staff=False)
    clock.advance(timedelta(days=4))
    soon = await _submit(database)  # Friday: due on Friday, 4 December
    await _take(database, office.handler, soon)
    assert (await _counts(await sign_in(office.reviewer)))[str(office.handler.id)] == (2, 1, 0, 1)

    clock.advance(timedelta(days=5))  # Wednesday
    assert (await _counts(await sign_in(office.reviewer)))[str(office.handler.id)] == (2, 1, 1, 1)

    clock.advance(timedelta(days=30))
    counts = await _counts(await sign_in(office.reviewer))
    assert counts[str(office.handler.id)] == (2, 0, 2, 0)
    assert counts[str(office.second.id)] == (0, 0, 0, 0)


async def test_a_step_that_holds_up_a_late_decision_is_overdue_as_in_the_list_of_tasks(sign_in, database, clock):
    office = await build_office(database)
    application = await _submit(database)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application.id, relative_of_staff=False)
        query = select(ApplicationStep).where(
            ApplicationStep.application_id == application.id, ApplicationStep.closed_at.is_(None)
        )
        step = (await db.scalars(query.order_by(ApplicationStep.kind))).first()
        await claim_task(db, office.handler, step.id)
        step.due_on = clock.now().date() + timedelta(days=365)
    clock.advance(timedelta(days=200))
    client = await sign_in(office.handler)

    listed = (await client.get("/v1/console/tasks", params={"state": "overdue"})).json()["items"]
    counts = await _counts(await sign_in(office.reviewer))

    assert str(step.id) in {each["id"] for each in listed}
    assert counts[str(office.handler.id)] == (1, 0, 1, 0)


async def test_what_is_done_counts_for_who_did_it_taken_or_not(sign_in, database):
    office = await build_office(database)
    never_taken, anothers, given_back = [await _submit(database) for _ in range(3)]
    await _take(database, office.second, anothers)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, never_taken.id, relative_of_staff=False)
        await accept_application(db, office.handler, anothers.id, relative_of_staff=False)
        await return_application(db, office.handler, given_back.id, missing=["诊断证明"])

    counts = await _counts(await sign_in(office.reviewer))

    assert counts[str(office.handler.id)] == (0, 0, 0, 3)
    assert counts[str(office.second.id)] == (0, 0, 0, 0)


async def test_what_another_post_or_the_system_ends_is_no_work_of_its(sign_in, database):
    office = await build_office(database)
    taken, left = await _submit(database), await _submit(database)
    await _take(database, office.handler, taken)
    for application in (taken, left):  # withdrawn by the household: nobody has done it, and who had it keeps it
        async with database.unit_of_work() as db:
            await withdraw_application(db, Actor(application.applicant_id, Role.APPLICANT), application.id)

    counts = await _counts(await sign_in(office.reviewer))

    assert counts[str(office.handler.id)] == (0, 0, 0, 1)
    assert counts[str(office.second.id)] == (0, 0, 0, 0)


async def test_each_sees_the_staff_of_the_own_division_and_below_who_take_tasks(sign_in, database):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        administrator = await build_staff(db, Role.ADMINISTRATOR, COUNTY)
        await build_staff(db, Role.FINANCE, COUNTY)
        neighbour = await build_staff(db, Role.TOWNSHIP_HANDLER, "532529203000")
        await close_post(db, administrator, office.second.id)

    township = set(await _counts(await sign_in(office.reviewer)))
    county = set(await _counts(await sign_in(supervisor)))

    assert township == {str(each.id) for each in (office.handler, office.reviewer)}
    offices = (office.county_1, office.county_2, office.confirmer, neighbour)
    assert county == township | {str(each.id) for each in offices}


async def test_it_is_paged_without_losing_anybody(sign_in, database):
    office = await build_office(database)
    client = await sign_in(office.reviewer)

    first = (await client.get(WORKLOAD, params={"limit": 2})).json()
    second = (await client.get(WORKLOAD, params={"limit": 2, "cursor": first["next"]})).json()

    staff = [row["staff_id"] for row in first["items"] + second["items"]]
    assert staff == sorted(str(each.id) for each in (office.handler, office.second, office.reviewer))
    assert second["next"] is None


@pytest.mark.parametrize("role", [Role.TOWNSHIP_HANDLER, Role.ADMINISTRATOR])
async def test_others_do_not_see_it(staff, role):
    answer = await (await staff(role, TOWNSHIP)).get(WORKLOAD)

    assert (answer.status_code, answer.json()["code"]) == (403, "role_not_allowed")
