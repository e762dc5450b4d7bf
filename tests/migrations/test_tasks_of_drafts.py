"""What an earlier version gave to the county of a draft is ended; what it has to enter of a case stays its task."""

import asyncio
from uuid import uuid4

import asyncpg

from tests.support.postgres import build_database
from tests.support.schema import migrate

_APPLICATION = """
    INSERT INTO applications (id, county, division, program, form_version, status, applicant_id, area_class,
        field_versions, relative_of_staff, created_at, decide_by_provisional, version)
    VALUES ($1, '532529', '532529103204', 'living_allowance', 1, $2, $1, 'rural', '{}', false, now(), false, 1)
"""
_STEP = """
    INSERT INTO application_steps (id, county, application_id, position, kind, responsible, opened_at, provisional,
        basis)
    VALUES (gen_random_uuid(), '532529', $1, $2, $3, 'county', now(), false, '测试规程')
"""
_LEFT = """
    SELECT kind, outcome, version FROM application_steps JOIN applications ON applications.id = application_id
    WHERE application_id = $1 ORDER BY position
"""


_CASES = {
    "draft": ("given_up", 2),
    "submitted": ("given_up", 2),
    "accepted": (None, 1),
    "approved": (None, 1),
}


def test_only_the_task_of_what_is_before_no_agency_is_ended():
    cases = {status: uuid4() for status in _CASES}
    with build_database() as url:
        migrate(url, "downgrade", "r0921")
        for status, case in cases.items():
            asyncio.run(_run(url, _APPLICATION, case, status))
            asyncio.run(_run(url, _STEP, case, 1, "manual_entry"))
            asyncio.run(_run(url, _STEP, case, 2, "acceptance"))
        migrate(url, "upgrade", "head")

        left = {status: asyncio.run(_run(url, _LEFT, case)) for status, case in cases.items()}

    assert {status: [tuple(row) for row in rows] for status, rows in left.items()} == {
        status: [("manual_entry", outcome, version), ("acceptance", None, version)]
        for status, (outcome, version) in _CASES.items()
    }


async def _run(url: str, statement: str, *values: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(statement, *values)
    finally:
        await connection.close()
