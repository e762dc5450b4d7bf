"""The register of conflicts is whole from its first day: cases flagged before it get what their flag stood for."""

import asyncio
from uuid import uuid4

import asyncpg

from tests.support.postgres import build_database
from tests.support.schema import migrate

_INSERT = """
    INSERT INTO applications (id, county, division, program, form_version, status, applicant_id, applicant_name,
        area_class, answers, field_versions, relative_of_staff, created_at, accepted_at, decide_by_provisional, version)
    VALUES ($1, '532529', '532529103204', 'living_allowance', 1, 'accepted', $1, '测试甲', 'rural', '{}', '{}', $2,
        now(), now(), false, 1)
"""


def test_a_case_flagged_before_is_registered_and_others_are_not():
    flagged, other = uuid4(), uuid4()
    with build_database() as url:
        migrate(url, "downgrade", "r0001")
        asyncio.run(_run(url, _INSERT, (flagged, True), (other, False)))
        migrate(url, "upgrade", "head")

        [row] = asyncio.run(_run(url, "SELECT application_id, found, division FROM conflict_registrations", ()))

    assert tuple(row) == (flagged, "acceptance", "532529103204")


async def _run(url: str, statement: str, *given: tuple[object, ...]) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return [row for values in given for row in await connection.fetch(statement, *values)]
    finally:
        await connection.close()
