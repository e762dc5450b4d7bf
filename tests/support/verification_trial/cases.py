"""The households of a trial: made before it, accepted as it goes on."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from app.applications.commands import withdraw_authorisation
from app.core.db import Database
from app.identity.keys import KeyRing
from app.sandbox.population import grow
from scripts.local.bench.families import Applied, accept, apply, list_families

TrialCase = Applied
POPULATION = 10_000  # the sandbox's own default
_AT_ONCE = 4


async def make_cases(database: Database, keys: KeyRing, count: int) -> list[TrialCase]:
    """Let so many families of the crowd apply, each in a case of its own."""
    grow(POPULATION)
    waiting, made = list_families(count), list[TrialCase]()

    async def work() -> None:
        while waiting:
            async with database.unit_of_work() as db:
                made.append(await apply(db, keys, waiting.pop()))

    await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
    return made


async def accept_cases(database: Database, cases: Sequence[TrialCase]) -> None:
    """Let the townships accept, each case in a transaction of its own."""
    for case in cases:
        async with database.unit_of_work() as db:
            await accept(db, case)


async def withdraw(database: Database, case: TrialCase, member: UUID) -> None:
    """Let a member say that nothing more may be asked."""
    async with database.unit_of_work() as db:
        await withdraw_authorisation(db, case.applicant, case.id, member)
