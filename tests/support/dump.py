"""What a database holds, as something two moments of it can be compared by."""

import asyncpg

# The queue and its logs tell what was worked on, and the counts of limits how often somebody asked, not what is so.
_WORKINGS = (
    "pgqueuer",
    "pgqueuer_log",
    "pgqueuer_statistics",
    "pgqueuer_schedules",
    "alembic_version",
    "limit_counts",
)


async def dump(url: str, *, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Return every row of every table as text, but for the queue's own tables and those named."""
    connection = await asyncpg.connect(url)
    try:
        names = await connection.fetch(
            "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = sorted({row["name"] for row in names} - {*_WORKINGS, *without, "divisions"})
        return {name: await _rows(connection, name) for name in tables}
    finally:
        await connection.close()


def differences(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return by table the rows that are in one of two dumps only; empty when they are the same."""
    changed = {name: set(before[name]) ^ set(after[name]) for name in before}
    return {name: rows for name, rows in changed.items() if rows}


async def _rows(connection: asyncpg.Connection, table: str) -> list[str]:
    return [row["text"] for row in await connection.fetch(f'SELECT t::text AS text FROM "{table}" t ORDER BY 1')]
