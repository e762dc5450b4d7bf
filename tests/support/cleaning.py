"""Empties what a test filled. Reference data are loaded once per process and stay.

DELETE, children first, and not TRUNCATE: a truncated table gets new files, which costs ten times as much as the few
rows of a test.
"""

import importlib
import pkgutil
from functools import cache

import asyncpg

import app
from app.core.db import Base

KEPT = frozenset({"divisions", "standards", "calendar_years", "calendar_days"})
# Standards that a test put in force go, and those they superseded stand again.
_AS_SHIPPED = (
    "DELETE FROM standards WHERE change_id IS NOT NULL; "
    "UPDATE standards SET superseded_by = NULL WHERE superseded_by IS NOT NULL"
)
QUEUE = ("pgqueuer", "pgqueuer_log", "pgqueuer_statistics", "pgqueuer_schedules")


async def empty_tables(url: str) -> None:
    """Empty every table that has rows, but those of reference data."""
    connection = await asyncpg.connect(url)
    try:
        await sweep(connection)
    finally:
        await connection.close()


async def sweep(owner: asyncpg.Connection) -> None:
    """Empty the tables over a connection that stays: a fresh one has to read the catalogue of all tables first."""
    filled = [row["name"] for row in await owner.fetch(_which_are_filled())]
    if filled:
        await owner.execute("; ".join(f"DELETE FROM {name}" for name in _tables() if name in filled))
    if "number_changes" in filled:
        await owner.execute(_AS_SHIPPED)


def load_models() -> None:
    """Make all tables known."""
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if module.name.endswith(".models"):
            importlib.import_module(module.name)


@cache
def _tables() -> tuple[str, ...]:
    """Name all tables, those that refer to others before those they refer to."""
    load_models()
    ours = (table.name for table in reversed(Base.metadata.sorted_tables) if table.name not in KEPT)
    return (*ours, *QUEUE)


@cache
def _which_are_filled() -> str:
    return " UNION ALL ".join(f"(SELECT '{name}' AS name FROM {name} LIMIT 1)" for name in _tables())
