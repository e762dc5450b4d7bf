"""Prepares what the worker is measured with: accepted applications whose checks are open, and their jobs set aside.

A program of its own, run by the supervisor before the worker starts: it needs the product's settings.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg

from app.core.clock import SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.identity.keys import load_key_ring
from app.keys.loading import open_vault
from app.sandbox.population import grow
from app.settings import load_settings
from app.verification.commands import open_application_checks
from scripts.local.bench.families import Applied, accept, apply, list_families
from scripts.local.data_folder import write_json

# What was made is asked about when its round comes, and not when a sweep finds that it waits.
_LATER = "UPDATE checks SET next_attempt_at = now() + interval '30 days'"
_KEEP = "CREATE TABLE bench_jobs (round int, entrypoint text, priority int, payload bytea)"
_SET_ASIDE = "INSERT INTO bench_jobs SELECT $1, entrypoint, priority, payload FROM pgqueuer ORDER BY id"
_EMPTY = "DELETE FROM pgqueuer"


async def prepare(plan: Path, rounds: int, each: int) -> None:
    """Fill the database, and write for each round its applications, how many questions they need, and who is asked
    about: number and name."""
    settings = load_settings()
    clock = SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(make_engine(settings.database_url, 4), clock, vault, reach=EVERYTHING)
    keys, owner = load_key_ring(settings.token_key_file), await asyncpg.connect(settings.database_url)
    grow(settings.sandbox_population)
    families = list_families(rounds * each)
    try:
        await open_vault(database)
        made: list[Applied] = []
        for family in families:
            async with database.unit_of_work() as db:
                made.append(await apply(db, keys, family))
                await accept(db, made[-1])
        await owner.execute(_KEEP)
        planned = [
            await _open(database, owner, number, made[number * each : (number + 1) * each]) for number in range(rounds)
        ]
        await owner.execute(_LATER)
        await owner.execute("ANALYZE")
    finally:
        await database.dispose()
        await owner.close()
    write_json(plan, planned)


async def _open(
    database: Database, owner: asyncpg.Connection, number: int, applications: Sequence[Applied]
) -> dict[str, object]:
    await owner.execute(_EMPTY)
    questions = 0
    for application in applications:
        async with database.unit_of_work() as db:
            questions += len(await open_application_checks(db, application.id))
    await owner.execute(_SET_ASIDE, number)
    await owner.execute(_EMPTY)
    people = [[person.id_number, person.name] for each in applications for person in each.members.values()]
    return {"applications": [str(each.id) for each in applications], "questions": questions, "people": people}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="verification_prepare", description=__doc__)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--each", type=int, required=True, help="households in a round")
    options = parser.parse_args(sys.argv[1:])
    asyncio.run(prepare(options.plan, options.rounds, options.each))
