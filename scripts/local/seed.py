"""The people of the sandbox: applicants from its synthetic population, and staff of each role. Safe to repeat.

A program of its own, run by the supervisor: it needs the product's settings. It writes who can sign in to the file
that it is given: applicants[] (name, phone, id_number), to_try[] (the same, each with a story) and staff[] (username,
password, role, division).
"""

import asyncio
import sys
from pathlib import Path

from app.core.clock import OffsetClock
from app.core.crypto import KekUnknown, make_vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.keys.loading import open_vault
from app.sandbox.population import applicants, to_try
from app.sandbox.staff import seed_staff
from app.settings import load_settings
from scripts.local.data_folder import write_json
from scripts.local.narration import REFUSED, complain


async def seed(answer: Path) -> None:
    """Sign the staff up where they are missing, and write the people to `answer`.

    Raises:
        KekUnknown: the keys in the data folder are not those of the database.
    """
    settings = load_settings()
    assert settings.sandbox_clock_file is not None
    engine = make_engine(settings.database_url, 1)
    clock = OffsetClock(settings.sandbox_clock_file)
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(engine, clock, vault, reach=EVERYTHING)
    try:
        await open_vault(database)
        write_json(answer, {"applicants": applicants(), "to_try": to_try(), "staff": await seed_staff(database)})
    finally:
        await engine.dispose()


if __name__ == "__main__":
    try:
        asyncio.run(seed(Path(sys.argv[1])))
    except KekUnknown as error:
        complain(str(error))
        sys.exit(REFUSED)
