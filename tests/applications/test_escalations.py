"""What an office does not do in time is told to its supervisors: once for each level, and never about others' time."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.commands import accept_application, return_application
from app.applications.jobs import escalate_overdue, last_day_due
from app.applications.models import Application, Escalation
from app.applications.steps import close_all_steps, close_step, open_step
from app.audit.models import AuditRecord
from app.events.models import EventRecord
from app.reference.calendar import WorkingCalendar
from tests.builders.applications import build_submitted
from tests.builders.review import build_office

DUE = date(2026, 11, 30)  # Monday: five working days after Monday, 23 November


async def _submit(database):
    async with database.unit_of_work() as db:
        return await build_submitted(db)


async def _told(database):
    async with database.reading() as db:
        rows = (await db.scalars(select(Escalation).order_by(Escalation.id))).all()
    return [(row.level, row.due_on) for row in rows]


async def test_the_county_is_told_the_day_after_and_the_prefecture_five_working_days_later(database, clock):
    await _submit(database)
    told = {}
    for day in range(7, 17):
        clock.advance(timedelta(days=7 if day == 7 else 1))
        await escalate_overdue(database)
        told[(date(2026, 11, 23) + timedelta(days=day)).isoformat()] = [level for level, _ in await _told(database)]

    assert told["2026-11-30"] == []
    assert told["2026-12-01"] == told["2026-12-07"] == ["county"]  # of Tuesday to Monday, five days are worked
    assert told["2026-12-08"] == told["2026-12-09"] == ["county", "prefecture"]
    assert {due for _, due in await _told(database)} == {DUE}


async def test_it_is_told_once_however_often_and_by_how_many_it_is_looked_for(database, clock):
    application = await _submit(database)
    clock.advance(timedelta(days=8))

    await asyncio.gather(*(escalate_overdue(database) for _ in range(3)))
    await escalate_overdue(database)

    assert await _told(database) == [("county", DUE)]
    async with database.reading() as db:
        events = (await db.scalars(select(EventRecord).where(EventRecord.type == "task.escalated"))).all()
        acts = (await db.scalars(select(AuditRecord).where(AuditRecord.action == "task.escalate"))).all()
        later = await db.get(Application, application.id)
    assert [(event.subject, event.data) for event in events] == [
        (application.id, {"step": "acceptance", "level": "county"})
    ]
    assert [act.applications for act in acts] == [[application.id]]
    assert later.version == application.version + 1


async def test_what_was_done_in_time_or_waits_for_the_applicant_is_not_told(database, clock):
    office, done, waiting = await build_office(database), await _submit(database), await _submit(database)
    clock.advance(timedelta(days=7))
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, done.id, relative_of_staff=False)
        await return_application(db, office.handler, waiting.id, missing=["诊断证明"])
    clock.advance(timedelta(days=1))
    await escalate_overdue(database)
    assert await _told(database) == []

    clock.advance(timedelta(days=90))
    await escalate_overdue(database)

    async with database.reading() as db:
        assert set((await db.scalars(select(Escalation.application_id))).all()) == {done.id}


async def test_a_decision_that_is_late_is_told_by_the_step_that_holds_it_up(database, clock):
    office, application = await build_office(database), await _submit(database)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application.id, relative_of_staff=False)
        row = await db.get(Application, application.id, populate_existing=True)
        row.decide_by = date(2026, 11, 24)  # before the survey's own three working days
    clock.advance(timedelta(days=2))

    await escalate_overdue(database)

    assert await _told(database) == [("county", date(2026, 11, 24))] * 2  # survey and verification


async def test_a_notice_that_hangs_longer_is_no_delay_of_an_office(database, clock):
    application = await _submit(database)
    async with database.unit_of_work() as db:
        row = await db.get(Application, application.id)
        await close_step(db, row, StepKind.ACCEPTANCE, "accepted")
        await open_step(db, row, StepKind.NOTICE)
    clock.advance(timedelta(days=30))

    await escalate_overdue(database)

    assert await _told(database) == []


async def test_while_only_a_notice_hangs_a_late_decision_is_told_all_the_same(database, clock):
    office, application = await build_office(database), await _submit(database)
    async with database.unit_of_work() as db:
        await accept_application(db, office.handler, application.id, relative_of_staff=False)
        row = await db.get(Application, application.id, populate_existing=True)
        await close_all_steps(db, row, "done")
        await open_step(db, row, StepKind.NOTICE)
        row.decide_by = date(2026, 11, 25)
    clock.advance(timedelta(days=3))

    await escalate_overdue(database)

    assert await _told(database) == [("county", date(2026, 11, 25))]


@pytest.mark.parametrize(
    ("by", "due"),
    [
        (date(2026, 12, 7), date(2026, 11, 30)),
        (date(2026, 12, 6), date(2026, 11, 29)),  # Sunday: Monday to Friday are over
        (date(2026, 12, 3), date(2026, 11, 26)),
    ],
)
def test_five_working_days_are_counted_back(by, due):
    assert last_day_due(WorkingCalendar(frozenset({2026})), by, 5) == due
