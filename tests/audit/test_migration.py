"""Records of before the tree: they say whom they are about, keep their words, and are sealed like all others."""

import os
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest

from tests.support.postgres import drop_database
from tests.support.schema import migrate

_OLD = """
    INSERT INTO audit_records (id, at, actor_id, actor_role, action, object_type, object_id, purpose, detail, trace)
    VALUES (gen_random_uuid(), now(), gen_random_uuid(), 'township_handler', $1, $2, $3, $4, '{"a": 1}', 'old')
"""
_APPLICATION = """
    INSERT INTO applications (id, county, division, program, form_version, status, applicant_id, applicant_name,
        area_class, answers, field_versions, relative_of_staff, created_at, decide_by_provisional, version)
    VALUES ($1, '532529', '532529103204', 'living_allowance', 1, 'draft', $2, '测试甲', 'rural', '{}', '{}', false,
        now(), false, 1)
"""
_BACK = "SELECT action, look, purpose, detail::text, citizens, applications FROM audit_records ORDER BY action"


@pytest.fixture
async def url():
    """A database of its own, without a schema."""
    server, name = os.environ["TEST_DATABASE_URL"], f"test_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    await connection.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    await drop_database(connection, name)
    await connection.close()


async def test_up_with_old_records_down_and_up_again(url):
    migrate(url, "upgrade", "r0001")
    case, citizen = uuid4(), uuid4()
    connection = await asyncpg.connect(url)
    await connection.execute(_APPLICATION, case, citizen)
    await connection.execute(_OLD, "report.read", "application", case, None)
    await connection.execute(_OLD, "complaint.view_reporter", "complaint", uuid4(), "电话核实")
    await connection.execute(_OLD, "checks.open", "application", case, "living_allowance")

    migrate(url, "upgrade", "r0040")

    assert [tuple(row) for row in await connection.fetch(_BACK)] == [
        ("checks.open", False, "verification", '{"a": 1, "program": "living_allowance"}', [citizen], [case]),
        ("complaint.view_reporter", True, "complaint_handling", '{"a": 1, "words": "电话核实"}', [], []),
        ("report.read", True, "casework", '{"a": 1}', [citizen], [case]),
    ]
    await connection.close()
    migrate(url, "downgrade", "r0001")
    migrate(url, "upgrade", "head")


async def test_what_the_version_before_writes_meanwhile_is_taken(url):
    migrate(url, "upgrade", "r0040")
    connection = await asyncpg.connect(url)

    await connection.execute(_OLD, "application.accept", "application", uuid4(), None)

    row = await connection.fetchrow("SELECT citizens, applications, look, txid > 0 AS ordered FROM audit_records")
    assert tuple(row) == ([], [], False, True)
    await connection.close()
