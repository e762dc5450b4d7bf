"""The households that an installation knows: those with an award in force, and those refused within a year."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from functools import partial

from app.awards.queries import list_caseload, list_counties_with_decisions
from app.core.clock import SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, ReadSession, make_engine
from app.core.reach import EVERYTHING
from app.core.starting import refuse_outdated_schema
from app.keys.loading import load_keys
from app.programs.living_allowance.program import LivingAllowance
from app.review.book import read_book
from app.review.decisions import open_decision
from app.review.models import Decision
from app.settings import Settings, load_settings
from scripts.local.simulate.book import Day, Numbering
from scripts.local.simulate.households import Household, count
from scripts.local.simulate.running import Part
from scripts.local.simulate.tally import Tally

_AT_ONCE = 500
_RECENTLY = timedelta(days=365)
_PROGRAM = LivingAllowance()


def read_installation(on: date) -> tuple[Day, Sequence[Part]]:
    """Return the numbers of a day of the installation that the settings name, and its caseload in parts.

    Raises:
        CannotStart: the schema is not the code's.
    """
    day, counties = asyncio.run(_read(on))
    return day, list(caseload_parts(counties, on))


def caseload_parts(counties: Sequence[str], on: date) -> Iterator[Part]:
    """Cut the caseload into parts, one a county."""
    for county in counties:
        yield partial(_count_county, county, on)


async def count_county(database: Database, county: str, on: date, numbering: Numbering) -> Tally:
    """Go through one county's caseload, a few hundred cases at a time."""
    tally, after = Tally(), None
    while True:
        async with database.reading("simulate") as db:
            rows = await list_caseload(
                db, county, _PROGRAM.code, refused_since=on - _RECENTLY, after=after, limit=_AT_ONCE
            )
            tally.merge(count((_household(db, *row) for row in rows), numbering))
        if len(rows) < _AT_ONCE:
            return tally
        after = rows[-1][0].id


def _household(db: ReadSession, decision: Decision, granted: bool) -> Household:
    case = _PROGRAM.case_from_json(open_decision(db, decision)["case"])
    return Household(decision.county, case, "granted" if granted else "refused")


def _count_county(county: str, on: date, numbering: Numbering) -> Tally:
    async def run() -> Tally:
        async with _opened(load_settings()) as database:
            return await count_county(database, county, on, numbering)

    return asyncio.run(run())


async def _read(on: date) -> tuple[Day, Sequence[str]]:
    async with _opened(load_settings()) as database:
        await refuse_outdated_schema(database)
        async with database.reading("simulate") as db:
            return Day(on, await read_book(db, _PROGRAM)), await list_counties_with_decisions(db)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    clock = SystemClock()
    vault = make_vault(settings.vault_file, settings.injected_keys(), settings.crypto_suite, clock)
    database = Database(make_engine(settings.database_url, 1), clock, vault, reach=EVERYTHING)
    try:
        await load_keys(database)
        yield database
    finally:
        await database.dispose()
