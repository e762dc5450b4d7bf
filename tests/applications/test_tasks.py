"""Who sees to a task: one person at a time, and nobody who has left the post."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from app.applications.clocks import LIMITS, Responsible, StepKind
from app.applications.commands import (
    accept_application,
    assign_task,
    change_post,
    claim_task,
    close_post,
    release_task,
    return_application,
    withdraw_application,
)
from app.applications.errors import ConflictOfInterest, TaskClosed, TaskNotForPerson, TaskNotFound, TaskTaken
from app.applications.models import ApplicationStep
from app.applications.queues import TAKERS, TaskState
from app.applications.steps import close_all_steps, open_step
from app.applications.task_queries import list_tasks
from app.audit.models import AuditRecord
from app.core.db import Database
from app.core.errors import RoleNotAllowed
from app.core.ids import new_id
from app.identity.actors import SYSTEM, Actor, Role
from app.identity.errors import StaffNotFound, TokenRejected
from tests.builders.applications import COUNTY, TOWNSHIP, build_accepted, build_household, build_submitted
from tests.builders.people import build_staff
from tests.builders.relatives import declare
from tests.builders.review import Office, build_office
from tests.support.waiting import until_it_waits

ELSEWHERE = "532529203000"


async def _submitted(database: Database) -> UUID:
    """Hand in an application; returns its one task, the acceptance."""
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        return (
            await db.scalars(select(ApplicationStep.id).where(ApplicationStep.application_id == application.id))
        ).one()


async def _do(database: Database, command, *args):
    async with database.unit_of_work() as db:
        return await command(db, *args)


async def _listed(database: Database, actor: Actor, state: TaskState, queue: str | None = None) -> list[UUID]:
    async with database.reading() as db:
        tasks = await list_tasks(db, actor, state=state, responsible=queue, after=None, limit=100)
    return [task.step.id for task in tasks]


async def _acts(database: Database, task: UUID) -> list[tuple[str, UUID, str | None, str | None]]:
    async with database.reading() as db:
        query = select(AuditRecord).where(AuditRecord.object_id == task).order_by(AuditRecord.id)
        rows = (await db.scalars(query)).all()
    return [(row.action, row.actor_id, row.detail["from_staff"], row.detail["to_staff"]) for row in rows]


async def test_a_claimed_task_is_mine_and_stays_visible_to_colleagues(database):
    office, task = await build_office(database), await _submitted(database)

    claimed = await _do(database, claim_task, office.handler, task)

    assert (claimed.step.taken_by, claimed.step.taken_at) == (office.handler.id, database.clock.now())
    assert await _listed(database, office.handler, TaskState.MINE) == [task]
    assert await _listed(database, office.second, TaskState.MINE) == []
    assert await _listed(database, office.second, TaskState.OPEN) == [task]


async def test_of_two_who_claim_at_once_one_gets_it(database):
    office, task = await build_office(database), await _submitted(database)

    async with database.unit_of_work() as db:
        await claim_task(db, office.handler, task)
        rival = asyncio.create_task(_do(database, claim_task, office.second, task))
        await until_it_waits(database, rival)
    outcome = (await asyncio.gather(rival, return_exceptions=True))[0]

    assert isinstance(outcome, TaskTaken)
    assert [(act, by) for act, by, _, _ in await _acts(database, task)] == [("task.claim", office.handler.id)]


async def test_claiming_again_changes_nothing(database, clock):
    office, task = await build_office(database), await _submitted(database)
    first = await _do(database, claim_task, office.handler, task)
    clock.advance(timedelta(hours=1))

    second = await _do(database, claim_task, office.handler, task)

    assert second.step.taken_at == first.step.taken_at
    assert len(await _acts(database, task)) == 1


async def test_every_change_of_hands_is_on_record(database):
    office, task = await build_office(database), await _submitted(database)
    first, second = str(office.handler.id), str(office.second.id)

    await _do(database, claim_task, office.handler, task)
    await _do(database, assign_task, office.reviewer, task, office.second.id)
    await _do(database, release_task, office.second, task)
    await _do(database, release_task, office.second, task)

    assert await _acts(database, task) == [
        ("task.claim", office.handler.id, None, first),
        ("task.assign", office.reviewer.id, first, second),
        ("task.release", office.second.id, second, None),
    ]


async def test_only_who_has_it_or_hands_out_work_releases_a_task(database):
    office, task = await build_office(database), await _submitted(database)
    await _do(database, claim_task, office.handler, task)

    with pytest.raises(TaskTaken):
        await _do(database, release_task, office.second, task)

    assert (await _do(database, release_task, office.reviewer, task)).step.taken_by is None


async def test_a_task_is_claimed_by_the_post_it_is_for(database):
    office, task = await build_office(database), await _submitted(database)

    for actor in (office.reviewer, office.helper, office.county_1, office.confirmer):
        with pytest.raises(RoleNotAllowed):
            await _do(database, claim_task, actor, task)


async def test_nobody_finds_a_task_of_another_division(database):
    task = await _submitted(database)
    async with database.unit_of_work() as db:
        stranger = await build_staff(db, Role.TOWNSHIP_HANDLER, ELSEWHERE)

    with pytest.raises(TaskNotFound):
        await _do(database, claim_task, stranger, task)
    with pytest.raises(TaskNotFound):
        await _do(database, claim_task, stranger, new_id())


async def test_what_is_done_is_neither_claimed_nor_released_nor_given(database):
    office, task = await build_office(database), await _submitted(database)
    async with database.unit_of_work() as db:
        step = await db.get(ApplicationStep, task)
        await return_application(db, office.handler, step.application_id, missing=["诊断证明"])

    for command, args in ((claim_task, ()), (release_task, ())):
        with pytest.raises(TaskClosed):
            await _do(database, command, office.handler, task, *args)
    with pytest.raises(TaskClosed):
        await _do(database, assign_task, office.reviewer, task, office.handler.id)


async def test_a_close_relative_gets_no_task_of_the_case_in_any_way(database):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        household = await build_household(db)
        application = await build_submitted(db, household)
        query = select(ApplicationStep.id).where(ApplicationStep.application_id == application.id)
        task = (await db.scalars(query)).one()
    await declare(database, office.handler, household)

    with pytest.raises(ConflictOfInterest):
        await _do(database, claim_task, office.handler, task)
    with pytest.raises(TaskNotForPerson):
        await _do(database, assign_task, office.reviewer, task, office.handler.id)


async def test_a_task_is_given_to_who_may_act_on_it_and_to_nobody_else(database):
    office, task = await build_office(database), await _submitted(database)
    async with database.unit_of_work() as db:
        supervisor = await build_staff(db, Role.SUPERVISOR, COUNTY)
        neighbour = await build_staff(db, Role.TOWNSHIP_HANDLER, ELSEWHERE)

    for actor in (office.handler, office.county_1, office.confirmer):
        with pytest.raises(RoleNotAllowed):
            await _do(database, assign_task, actor, task, office.second.id)
    for person in (office.reviewer.id, office.county_1.id, neighbour.id):
        with pytest.raises(TaskNotForPerson):
            await _do(database, assign_task, supervisor, task, person)
    for person in (office.county_1.id, neighbour.id, new_id()):
        with pytest.raises(StaffNotFound):
            await _do(database, assign_task, office.reviewer, task, person)

    given = await _do(database, assign_task, supervisor, task, office.second.id)
    assert given.step.taken_by == office.second.id


async def test_who_leaves_a_post_leaves_his_tasks(database):
    office, tasks = await build_office(database), [await _submitted(database) for _ in range(3)]
    async with database.unit_of_work() as db:
        administrator = await build_staff(db, Role.ADMINISTRATOR, COUNTY)
    await _do(database, claim_task, office.handler, tasks[0])
    await _do(database, claim_task, office.second, tasks[1])

    await _do(database, close_post, administrator, office.handler.id)
    await _do(database, change_post, administrator, office.second.id, Role.TOWNSHIP_REVIEWER, TOWNSHIP)

    async with database.reading() as db:
        holders = (await db.scalars(select(ApplicationStep.taken_by).where(ApplicationStep.id.in_(tasks)))).all()
    assert holders == [None] * 3
    assert [act[:2] for act in await _acts(database, tasks[0])][1:] == [("task.release", administrator.id)]
    with pytest.raises(TokenRejected):
        await _do(database, claim_task, office.handler, tasks[2])
    with pytest.raises(TokenRejected):
        await _do(database, claim_task, office.second, tasks[2])
    with pytest.raises(StaffNotFound):
        await _do(database, assign_task, office.reviewer, tasks[2], office.handler.id)


async def test_what_was_done_stays_with_who_did_it(database):
    office, task = await build_office(database), await _submitted(database)
    async with database.unit_of_work() as db:
        administrator = await build_staff(db, Role.ADMINISTRATOR, COUNTY)
    done = await _do(database, claim_task, office.handler, task)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, done.application.id, relative_of_staff=False)

    await _do(database, close_post, administrator, office.handler.id)

    async with database.reading() as db:
        assert (await db.get(ApplicationStep, task)).taken_by == office.handler.id


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (0, None),  # Monday; due on Monday the week after, five working days on
        (3, TaskState.DUE_SOON),  # Thursday: two working days are left, and a weekend
        (7, TaskState.DUE_SOON),
        (8, TaskState.OVERDUE),
    ],
)
async def test_a_task_is_due_soon_two_working_days_ahead_and_overdue_the_day_after(database, clock, day, state):
    office, task = await build_office(database), await _submitted(database)
    clock.advance(timedelta(days=day))

    states = {each: await _listed(database, office.handler, each) for each in (TaskState.DUE_SOON, TaskState.OVERDUE)}

    assert {each for each, listed in states.items() if listed == [task]} == ({state} if state else set())


@pytest.mark.parametrize(
    ("day", "state"), [(0, None), (1, TaskState.DUE_SOON), (3, TaskState.DUE_SOON), (4, TaskState.OVERDUE)]
)
async def test_while_only_a_notice_hangs_the_decisions_own_day_counts(database, clock, day, state):
    office: Office = await build_office(database)
    async with database.unit_of_work() as db:
        row = await build_accepted(db)
        await close_all_steps(db, row, "done")
        notice = await open_step(db, row, StepKind.NOTICE)  # until 30 November
        row.decide_by = date(2026, 11, 26)
    clock.advance(timedelta(days=day))

    states = {each: await _listed(database, office.reviewer, each) for each in (TaskState.DUE_SOON, TaskState.OVERDUE)}

    assert {each for each, listed in states.items() if listed == [notice.id]} == ({state} if state else set())


async def test_what_waits_for_the_applicant_is_never_overdue(database, clock):
    office: Office = await build_office(database)
    async with database.unit_of_work() as db:
        application = await build_submitted(db)
        await return_application(db, office.handler, application.id, missing=["诊断证明"])
    clock.advance(timedelta(days=90))

    async with database.reading() as db:
        (waiting,) = await list_tasks(db, office.handler, state=TaskState.OPEN, responsible=None, after=None, limit=10)
    assert (waiting.step.kind, waiting.step.due_on) == (StepKind.SUPPLEMENT, None)
    assert await _listed(database, office.handler, TaskState.OVERDUE) == []
    assert await _listed(database, office.handler, TaskState.DUE_SOON) == []


async def test_every_open_step_is_in_exactly_one_queue(database):
    office = await build_office(database)
    async with database.unit_of_work() as db:
        await build_submitted(db)
        await build_accepted(db)
        returned, withdrawn = await build_submitted(db), await build_submitted(db)
        await return_application(db, office.handler, returned.id, missing=["诊断证明"])
        await withdraw_application(db, Actor(withdrawn.applicant_id, Role.APPLICANT), withdrawn.id)
        is_open = select(ApplicationStep.id).where(ApplicationStep.closed_at.is_(None))
        steps = (await db.scalars(is_open)).all()

    queued = [task for queue in Responsible for task in await _listed(database, SYSTEM, TaskState.OPEN, queue)]

    assert len(steps) == 4
    assert sorted(queued) == sorted(steps)
    assert sorted(await _listed(database, SYSTEM, TaskState.OPEN)) == sorted(steps)


def test_each_kind_of_step_says_who_takes_it_and_whose_own_time_runs_nobody_takes():
    assert set(TAKERS) == set(StepKind)
    office_work = {Responsible.TOWNSHIP, Responsible.COUNTY, Responsible.AGENCIES}
    done_at_once = {StepKind.AWARD_DECISION}
    assert {kind for kind, limit in LIMITS.items() if limit.responsible in office_work} - done_at_once <= {
        kind for kind, takers in TAKERS.items() if takers
    }
    levels = {Responsible.TOWNSHIP: "township", Responsible.COUNTY: "county"}
    for kind, limit in LIMITS.items():
        if limit.responsible in levels:
            assert all(levels[limit.responsible] in role for role in TAKERS[kind])
