"""A clerk's narrowed lists are answered by index in a county of a hundred thousand applications."""

import asyncpg
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.util import await_only

from app.applications.clocks import StepKind
from app.applications.desk_queries import Wanted, list_applications
from app.applications.queues import Due, TaskState
from app.applications.task_queries import list_tasks
from app.core.ids import new_id
from app.identity.actors import Actor, Role
from tests.jurisdiction.strangers import office

COUNTY, VILLAGE, NUMBER = "532529000000", "532529103204", "DB000777"
_HANDLER = Actor(new_id(), Role.COUNTY_HANDLER, COUNTY)
# A county's hundred thousand in a thousand villages, of which every tenth waits for something, and one waits too long.
_APPLICATIONS = """
INSERT INTO applications (id, county, division, number, program, form_version, status, applicant_id, area_class,
    field_versions, relative_of_staff, created_at, submitted_at, decide_by_provisional, version)
SELECT lpad(to_hex(n), 32, '0')::uuid, '532529', '532529' || (100 + n % 10) || (100 + n / 10 % 100 + 104),
    'DB' || lpad(n::text, 6, '0'), 'living_allowance', 1, CASE WHEN n % 10 = 0 THEN 'accepted' ELSE 'awarded' END,
    gen_random_uuid(), 'rural', '{}', false, now(), now(), false, 1
FROM generate_series(1, 100000) n
"""
_STEPS = """
INSERT INTO application_steps (id, county, application_id, position, kind, responsible, opened_at, due_on, provisional,
    basis, closed_at)
SELECT gen_random_uuid(), '532529', lpad(to_hex(n * 10), 32, '0')::uuid, place,
    CASE place WHEN 1 THEN 'survey' ELSE 'opinion' END, 'township', now(), date '2027-03-01' - (n % 200), false, '',
    CASE place WHEN 1 THEN now() END
FROM generate_series(1, 10000) n, generate_series(1, 2) place
"""


@pytest_asyncio.fixture
async def a_county(database, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    try:
        await owner.execute(_APPLICATIONS)
        await owner.execute(_STEPS)
        await owner.execute("ANALYZE applications, application_steps")
    finally:
        await owner.close()


def _applications(**asked):
    return lambda db: list_applications(db, _HANDLER, **asked, after=None, limit=21)


def _tasks(state=TaskState.OPEN, **asked):
    return lambda db: list_tasks(db, _HANDLER, state=state, responsible=None, **asked, after=None, limit=21)


async def test_no_narrowed_list_reads_all_applications_or_all_steps(database, a_county):
    asked = {
        "applications of a village": _applications(wanted=Wanted(division=VILLAGE)),
        "an application by number": _applications(wanted=Wanted(number=NUMBER)),
        "applications of a program": _applications(wanted=Wanted(program="living_allowance")),
        "late applications of a village": _applications(wanted=Wanted(division=VILLAGE), due=Due.OVERDUE),
        "tasks of a village": _tasks(wanted=Wanted(division=VILLAGE)),
        "tasks of a case": _tasks(wanted=Wanted(number=NUMBER)),
        "tasks of a kind in a village": _tasks(wanted=Wanted(division=VILLAGE), kind=StepKind.OPINION),
        "late tasks of a village": _tasks(TaskState.OVERDUE, wanted=Wanted(division=VILLAGE)),
    }
    whole = {}
    for name, read in asked.items():
        plan = await _plan(database, read)
        if "Seq Scan on application" in plan:
            whole[name] = plan
    assert not whole, "\n\n".join(f"{name}\n{plan}" for name, plan in whole.items())


async def _plan(database, read) -> str:
    """Run something as a county's desk would, and return how PostgreSQL goes about what it asks of applications."""
    plans: list[str] = []
    async with database.reaching(office(COUNTY)).reading() as db:
        connection = await db.connection()
        raw = (await connection.get_raw_connection()).driver_connection

        def explain(_connection, _cursor, statement: str, parameters, *_rest) -> None:
            if "FROM applications" in statement:
                rows = await_only(raw.fetch("EXPLAIN " + statement, *parameters))
                plans.append("\n".join(row[0] for row in rows))

        event.listen(connection.sync_connection, "before_cursor_execute", explain)
        await read(db)
    [plan] = plans
    return plan
