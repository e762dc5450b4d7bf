"""What tests of keys do again and again: fill many tables, rotate, look under which keys everything lies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import asyncpg

from app.applications.models import Application
from app.core.db import Base, Database
from app.disbursement.models import PayLine
from app.identity.commands import request_code
from app.keys.commands import rotate_key
from app.keys.jobs import reseal
from app.keys.loading import PROPAGATION, load_keys
from app.keys.models import DataKeyRecord
from app.keys.queries import keys_in_use, list_keys, list_runs
from app.keys.targets import targets
from app.notices.jobs import end_notices
from app.review.models import Decision
from tests.builders.applications import COUNTY as COUNTY_CODE
from tests.builders.applications import build_draft
from tests.builders.awards import build_award
from tests.builders.complaints import build_filed, reporter
from tests.builders.payrolls import build_office as build_payroll_office
from tests.builders.payrolls import build_released, lines_of
from tests.builders.review import Case, build_office, build_verified, decide, opine, visit
from tests.builders.webhooks import build_endpoint

COUNTY = COUNTY_CODE[:6]


@dataclass(frozen=True)
class Filled:
    """What was made."""

    case: Case
    decision: Decision
    draft: Application
    lines: Sequence[PayLine]


async def fill(database: Database) -> Filled:
    """Make a decided case, a draft, a paid award, a complaint and a webhook: something in most tables."""
    case = await build_verified(database)
    people = await build_office(database)
    await visit(database, case, people)
    await opine(database, case, people)
    database.clock.advance(timedelta(days=12))
    await end_notices(database)
    decision = await decide(database, case, people)
    async with database.unit_of_work() as db:
        draft = await build_draft(db)
        await build_filed(db, by=reporter())
        await build_endpoint(db, "https://partner.example/hooks")
        await request_code(db, "19000000001")
        await build_award(db)
        payroll = await build_released(db, await build_payroll_office(db))
    return Filled(case, decision, draft, await lines_of(database, payroll))


async def announce(keeper: Database, division: str = COUNTY) -> DataKeyRecord:
    """Announce a new key."""
    async with keeper.unit_of_work() as db:
        return await rotate_key(db, division, PROPAGATION)


async def make_usable(keeper: Database, *others: Database) -> None:
    """Let the time of announcement pass, and every process read the table meanwhile."""
    for each in (keeper, *others):
        await load_keys(each)
    keeper.clock.advance(PROPAGATION + timedelta(seconds=1))


async def finish(keeper: Database) -> None:
    """Sweep until no run is open. A run waits for every transaction of the server, other test processes' included."""
    async with asyncio.timeout(60):
        while True:
            await reseal(keeper)
            async with keeper.reading() as db:
                if not await list_runs(db):
                    return


async def where_all_lies(database: Database) -> set[tuple[str, str, UUID]]:
    """Return (table, division, key) for all sealed values there are."""
    async with database.reading() as db:
        return {
            (target.table.name, division, key)
            for target in targets(Base.metadata)
            for division, key in await keys_in_use(db, target)
        }


async def keys_of(database: Database, division: str = COUNTY) -> list[DataKeyRecord]:
    """Return the keys of a division, oldest first."""
    async with database.reading() as db:
        return list(await list_keys(db, division))


async def rows_of(url: str, query: str, *values) -> list[asyncpg.Record]:
    """Ask the database as its owner."""
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(query, *values)
    finally:
        await connection.close()
