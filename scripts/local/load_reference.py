"""Loads divisions, standards and the calendar into the database that DATABASE_URL names. Safe to repeat."""

import asyncio

from app.core.clock import SystemClock
from app.core.crypto import load_vault
from app.core.db import Database, make_engine
from app.reference.commands import load_reference_data
from app.settings import load_settings


async def load() -> None:
    """Load what is missing and print how much that was."""
    settings = load_settings()
    engine = make_engine(settings.database_url, 1, role=None)
    try:
        async with Database(engine, SystemClock(), load_vault(settings.vault_file)).unit_of_work("reference") as db:
            print(await load_reference_data(db))
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(load())
