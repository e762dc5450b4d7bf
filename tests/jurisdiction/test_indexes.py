"""The rules on rows keep no index from serving: among tens of thousands of records, a person's few are looked up."""

from uuid import UUID

import asyncpg
import pytest_asyncio
from sqlalchemy import event
from sqlalchemy.util import await_only

from app.audit.queries import Wanted, list_looks_at, list_on_case, list_records
from app.core.db import ReadSession
from app.core.ids import new_id
from app.core.reach import EVERYTHING, Reach
from app.identity.actors import Actor, Role
from tests.jurisdiction.strangers import office

_CITIZEN, _CASE = UUID(int=7), UUID(int=9)
_SUPERVISOR = Actor(new_id(), Role.SUPERVISOR, "532529000000")
_RECORDS = r"""
INSERT INTO audit_records (id, at, county, actor_id, actor_role, action, look, object_type, object_id, purpose,
    citizens, applications, detail, salt, trace)
SELECT gen_random_uuid(), now(), '532529', gen_random_uuid(), 'township_handler', 'application.read', true,
    'application', gen_random_uuid(), 'review',
    ARRAY[CASE WHEN n % 8000 = 0 THEN $1::uuid ELSE gen_random_uuid() END],
    ARRAY[CASE WHEN n % 8000 = 0 THEN $2::uuid ELSE gen_random_uuid() END], '{}', '\x00', ''
FROM generate_series(1, 40000) n
"""


@pytest_asyncio.fixture
async def many_records(database, database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    try:
        await owner.execute(_RECORDS, _CITIZEN, _CASE)
        await owner.execute("ANALYZE audit_records")
    finally:
        await owner.close()


async def test_the_records_of_one_are_looked_up(database, many_records):
    citizen = Reach(EVERYTHING.low, EVERYTHING.high, owner=_CITIZEN, actor=_CITIZEN)
    county = office("532529000000")
    of_citizen, of_case = "audit_records_citizens_idx", "audit_records_applications_idx"
    asked = [
        (citizen, of_citizen, lambda db: list_looks_at(db, Actor(_CITIZEN, Role.APPLICANT), after=None, limit=20)),
        (citizen, of_case, lambda db: list_on_case(db, _CASE, after=None, limit=20)),
        (county, of_citizen, lambda db: list_records(db, _SUPERVISOR, Wanted(citizen_id=_CITIZEN), limit=20)),
        (county, of_case, lambda db: list_records(db, _SUPERVISOR, Wanted(application_id=_CASE), limit=20)),
    ]
    for reach, index, read in asked:
        async with database.reaching(reach).reading() as db:
            [plan] = await _plans(db, read)
        assert index in plan


async def _plans(db: ReadSession, read) -> list[str]:
    """Run something and return how PostgreSQL goes about each of its statements on the evidence."""
    plans: list[str] = []
    connection = await db.connection()
    raw = (await connection.get_raw_connection()).driver_connection

    def explain(_connection, _cursor, statement: str, parameters, *_rest) -> None:
        if "FROM audit_records" in statement:
            rows = await_only(raw.fetch("EXPLAIN " + statement, *parameters))
            plans.append("\n".join(row[0] for row in rows))

    event.listen(connection.sync_connection, "before_cursor_execute", explain)
    found = await read(db)
    assert len(found) == 5
    return plans
