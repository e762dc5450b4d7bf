"""With every condition of the code stripped, the database alone returns no row of another division or another citizen,
and lets none be changed."""

import asyncpg
import pytest

from app.core.db import Base
from tests.jurisdiction.strangers import (
    AWAY,
    HERE,
    NEIGHBOUR,
    OPEN,
    PLACES,
    SIGHTS,
    insertion,
    places_seen,
    row_of,
    ruled_tables,
    serve,
    three_places,
)

COUNTY_ONLY = {"audit_records", "postings", "complaint_reporters"}  # below the county nobody sees them by place


async def test_every_table_has_a_rule_on_its_rows_or_a_reason(database_url: str):
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch("SELECT relname FROM pg_class WHERE relrowsecurity")
    finally:
        await connection.close()

    assert {row["relname"] for row in rows} == set(Base.metadata.tables) - set(OPEN)


@pytest.mark.parametrize("by_statements", [False, True], ids=["one call", "a statement for each setting"])
async def test_a_statement_without_conditions_finds_what_is_within_reach_and_no_more(
    database_url: str, by_statements: bool
):
    async with three_places(database_url) as connection:
        found = {}
        for who, reach in SIGHTS.items():
            await serve(connection, reach, by_statements=by_statements)
            for table in ruled_tables():
                found[table.name, who] = await places_seen(connection, table)

    assert found
    for (table, who), places in found.items():
        assert places <= _may_see(who), f"{who} finds rows of {places} in {table}"
    for table in {table for table, _ in found}:
        assert found[table, "the system"] == set(PLACES), table
        assert found[table, "the county"] | found[table, "the citizen"] >= {HERE}, f"nobody finds anything in {table}"
        assert bool(found[table, "the township"]) <= (table not in COUNTY_ONLY)


def _may_see(who: str) -> set[str]:
    return {
        "the system": set(PLACES),
        "nobody": set(),
        "the township": {HERE},
        "the county": {HERE, NEIGHBOUR},
        "the citizen": {HERE},
    }[who]


@pytest.mark.parametrize("who", ["nobody", "the township", "the county", "the citizen"])
async def test_nothing_out_of_reach_is_changed_removed_or_added(database_url: str, who: str):
    async with three_places(database_url) as connection:
        await serve(connection, SIGHTS[who])
        for table in ruled_tables():
            key = next(iter(table.primary_key.columns)).name
            row = row_of(table, AWAY)
            for statement in (
                f'UPDATE "{table.name}" SET "{key}" = "{key}" WHERE "{key}" = $1',
                f'DELETE FROM "{table.name}" WHERE "{key}" = $1',
            ):
                assert await _outcome(connection, statement, row[key]) in ("UPDATE 0", "DELETE 0", "refused")
            if table.name not in ("audit_records", "postings"):  # to these, whoever acts adds
                assert await _outcome(connection, insertion(table.name, row), *row.values()) == "refused", table.name


async def _outcome(connection: asyncpg.Connection, statement: str, *values: object) -> str:
    try:
        async with connection.transaction():
            return str(await connection.execute(statement, *values))
    except asyncpg.InsufficientPrivilegeError:
        return "refused"


async def test_the_application_cannot_step_out_of_the_rules(database_url: str):
    async with three_places(database_url) as connection:
        role = await connection.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname = 'dibao_app'"
        )
        owned = await connection.fetchval(
            "SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) IN ('dibao_app', 'dibao_hot')"
        )
        await serve(connection, SIGHTS["nobody"])
        outcomes = [
            await _outcome(connection, statement)
            for statement in (
                "ALTER TABLE applications DISABLE ROW LEVEL SECURITY",
                "DROP POLICY reach ON applications",
                "CREATE POLICY mine ON applications TO dibao_app USING (true)",
                "ALTER ROLE dibao_app BYPASSRLS",
            )
        ]
        await connection.execute("SET LOCAL row_security = off")
        unruled = await _outcome(connection, "SELECT * FROM applications")

    assert role is not None
    assert not any(role)
    assert owned == 0
    assert outcomes == ["refused"] * 4
    assert unruled == "refused"
