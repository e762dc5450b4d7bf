"""One row of three places in every table with a rule on its rows, made by type, for what the database lets be seen.

All in one transaction of the owner's that is rolled back. Foreign keys and checks are lifted in it: it is the rules on
rows that are looked at, and they must hold for whatever stands in the rest of a row.
"""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

import asyncpg
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from app.core.db import Base
from app.core.reach import EVERYTHING, NOTHING, Reach
from app.reference.divisions import scope_of

HERE, NEIGHBOUR, AWAY = "532529103204", "532529203204", "530622001203"  # the second in the same county as the first
PLACES = (HERE, NEIGHBOUR, AWAY)
_SEED = UUID("7b0d2d0e-0c6a-4d0e-9f5e-5d2f3f0a9c11")
_MOMENT = datetime(2026, 11, 23, 4, tzinfo=UTC)
# Tables without a rule on their rows, and why.
OPEN = {
    "divisions": "public",
    "standards": "public",
    "parameters": "public",
    "number_changes": "public once in force; drafts name staff and places, nobody who applies",
    "calendar_days": "public",
    "calendar_years": "public",
    "claims": "who is in a case already must be found in every county; holds keyed indexes and ids",
    "asked_needs": "who is being asked about must be found in every county; holds keyed indexes and ids",
    "events": "holds codes and ids; who adds one numbers it after those before",
    "audit_leaves": "hashes, published by the checkpoints",
    "audit_tiles": "hashes, published by the checkpoints",
    "audit_checkpoints": "published",
    "audit_keys": "published",
    "staff": "who works where is asked before it is known who asks: at sign-in, and with every token",
    "second_factors": "asked at sign-in; sealed",
    "recovery_codes": "asked at sign-in; keyed indexes",
    "sessions": "asked before it is known who asks",
    "session_epochs": "asked before it is known who asks",
    "refresh_tokens": "asked before it is known who asks; holds no token",
    "one_time_codes": "asked at sign-in; sealed",
    "limit_counts": "counts by keyed index",
    "kept_answers": "found by the digest of caller and key; sealed",
    "data_keys": "wrapped; needed to open anything at all",
    "resealings": "counts of tables",
    "replay_runs": "dates and counts",
    "number_sets": "public: the numbers of a place and day",
    "retention_runs": "dates",
    "campaign_paces": "how much agencies are given just now, whoever asks",
}
# Whose column it is where no foreign key says so: the product keeps none across its stages.
_POINTS_AT = {
    "applicant_id": "citizens",
    "beneficiary_id": "citizens",
    "citizen_id": "citizens",
    "owner_id": "citizens",
    "subject_id": "citizens",
    "application_id": "applications",
    "award_id": "awards",
    "complaint_id": "complaints",
    "decision_id": "decisions",
    "delivery_id": "webhook_deliveries",
    "endpoint_id": "webhook_endpoints",
    "notice_id": "notices",
    "upload_id": "uploads",
}


def _mark(place: str) -> bytes:
    return f"mark of {place}".encode()


def id_of(table: str, place: str) -> UUID:
    """Return the id of the row a table has of a place."""
    return uuid5(_SEED, f"{table} {place}")


def citizen_of(place: str) -> Reach:
    """Return how far the citizen of a place sees."""
    citizen = id_of("citizens", place)
    return Reach(EVERYTHING.low, EVERYTHING.high, owner=citizen, actor=citizen, reporter=_mark(place))


def office(division: str) -> Reach:
    """Return how far somebody at an office sees."""
    return Reach(*scope_of(division), actor=uuid5(_SEED, division))


SIGHTS = {
    "the system": EVERYTHING,
    "nobody": NOTHING,
    "the township": office("532529103000"),
    "the county": office("532529000000"),
    "the citizen": citizen_of(HERE),
}


def ruled_tables() -> list[sa.Table]:
    """Return every table that has a rule on its rows."""
    return [table for table in Base.metadata.sorted_tables if table.name not in OPEN]


@asynccontextmanager
async def three_places(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Open the owner's transaction with a row of each place in every table that has a rule; nothing of it stays."""
    connection = await asyncpg.connect(url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        await _lift_constraints(connection)
        for table in ruled_tables():
            for place in PLACES:
                await _insert(connection, table, row_of(table, place))
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def serve(connection: asyncpg.Connection, reach: Reach, *, by_statements: bool = False) -> None:
    """Work as the application from now on and see so far: told by one call, or by a statement for each setting."""
    await connection.execute("SET LOCAL ROLE dibao_app")
    settings = reach.settings()
    if by_statements:
        for name, value in settings.items():
            await connection.execute(f"SET LOCAL {name} = '{value}'")
    else:
        calls = ", ".join(f"set_config('{name}', '{value}', true)" for name, value in settings.items())
        await connection.execute(f"SELECT {calls}")


async def places_seen(connection: asyncpg.Connection, table: sa.Table) -> set[str]:
    """Return the places whose rows a statement without any condition finds."""
    key = next(iter(table.primary_key.columns))
    found = {row[0] for row in await connection.fetch(f'SELECT "{key.name}" FROM "{table.name}"')}
    return {place for place in PLACES if row_of(table, place)[key.name] in found}


def row_of(table: sa.Table, place: str) -> dict[str, Any]:
    """Return the row a table has of a place."""
    return {column.name: _value(table, column, place) for column in table.columns if column.computed is None}


def _value(table: sa.Table, column: sa.Column[Any], place: str) -> Any:
    known = {
        "division": place,
        "county": place[:6],
        "citizen_index": _mark(place),
        "citizens": [id_of("citizens", place)],
        "applications": [id_of("applications", place)],
    }
    if column.name in known:
        return known[column.name]
    if column.name in _POINTS_AT:
        return id_of(_POINTS_AT[column.name], place)
    if isinstance(column.type, sa.Uuid):
        return id_of(table.name if column.name == "id" else f"{table.name}.{column.name}", place)
    return _of_type(column.type, place)


def _of_type(type_: sa.types.TypeEngine[Any], place: str) -> Any:
    number = PLACES.index(place)
    match type_:
        case sa.Boolean():
            return False
        case sa.DateTime():
            return _MOMENT
        case sa.Date():
            return date(2026, 11, 23 + number)
        case sa.LargeBinary():
            return _mark(place)
        case ARRAY():
            return []
        case JSONB():
            return "{}"
        case sa.Integer():
            return 10_000 + number
        case sa.String():
            return (f"{number}" * 200)[: min(type_.length or 12, 40)]
    raise AssertionError(f"no value for {type_!r}")


async def _lift_constraints(connection: asyncpg.Connection) -> None:
    rows = await connection.fetch(
        "SELECT conname, conrelid::regclass::text AS name FROM pg_constraint "
        "WHERE contype IN ('c', 'f') AND connamespace = 'public'::regnamespace ORDER BY contype DESC"
    )
    for row in rows:
        await connection.execute(f'ALTER TABLE {row["name"]} DROP CONSTRAINT "{row["conname"]}"')


async def _insert(connection: asyncpg.Connection, table: sa.Table, row: dict[str, Any]) -> None:
    await connection.execute(insertion(table.name, row), *row.values())


def insertion(table: str, columns: Iterable[str]) -> str:
    """Return the statement that adds a row."""
    names = list(columns)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    quoted = ", ".join(f'"{name}"' for name in names)
    return f'INSERT INTO "{table}" ({quoted}) VALUES ({places})'
