"""Loads divisions, standards and the calendar into the database that DATABASE_URL names, and makes the data keys of
counties that have none. Safe to repeat."""

import asyncio

from app.core.clock import SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.keys.commands import make_first_keys
from app.reference.commands import load_reference_data
from app.settings import load_settings


async def load() -> None:
    """Load what is missing and print how much that was."""
    settings = load_settings()
    engine = make_engine(settings.database_url, 1, role=None)
    try:
        clock = SystemClock()
        vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
        async with Database(engine, clock, vault, reach=EVERYTHING).unit_of_work("reference") as db:
            print(await load_reference_data(db))
            print(f"{await make_first_keys(db)} keys made for divisions that had none")
    finally:
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(load())
