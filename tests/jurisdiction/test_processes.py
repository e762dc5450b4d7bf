"""A process that signs in as somebody who owns nothing has all it needs, and no way around the rules."""

from collections.abc import AsyncIterator
from datetime import date
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.applications.queries import get_application
from app.core.db import APPLICATION_ROLE, Database, make_engine, make_hot_pool
from app.core.reach import EVERYTHING
from app.identity.actors import SYSTEM
from app.keys import KEYS_ROLE
from app.notices.amounts import Amount, written
from app.notices.commands import post_taken_over
from app.notices.queries import get_board
from tests.builders.applications import VILLAGE, build_submitted
from tests.builders.standards import build_judged
from tests.jurisdiction.strangers import office

FIRST, THEN = Amount(68_750, date(2026, 7, 1)), Amount(80_000, date(2027, 1, 1))
_TABLE = "SELECT count(*) FROM applications"


@pytest_asyncio.fixture
async def process_url(database_url: str) -> AsyncIterator[str]:
    """The database as its processes sign in."""
    name, password = f"process_{uuid4().hex[:12]}", uuid4().hex
    owner = await asyncpg.connect(database_url)
    await owner.execute(
        f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{password}' IN ROLE dibao_app, dibao_hot"  # rule raw-sql: ours
    )
    parts = urlsplit(database_url)
    yield urlunsplit(parts._replace(netloc=f"{name}:{password}@{parts.netloc.rpartition('@')[2]}"))
    await owner.execute(f"DROP ROLE {name}")  # rule raw-sql: ours
    await owner.close()


async def test_it_reads_writes_and_reads_hot(database: Database, process_url: str, clock, vault):
    hot = make_hot_pool(process_url, 1)
    process = Database(make_engine(process_url, 2), clock, vault, hot=hot, reach=EVERYTHING)
    try:
        async with process.unit_of_work() as db:
            award = await build_judged(db)
            application = await get_application(db, SYSTEM, award.application_id)
            await post_taken_over(db, application, members=1, amounts=[FIRST, THEN])
        board = await get_board(process, VILLAGE, clock.now().date(), after=None, limit=1)
    finally:
        await process.dispose()

    (posted,) = board.notices
    assert (board.level, posted.monthly_amount_fen, posted.earlier) == ("village", THEN.fen, written([FIRST]))


async def test_it_cannot_put_the_rules_aside(database: Database, process_url: str):
    async with database.unit_of_work() as db:
        await build_submitted(db)
    connection = await asyncpg.connect(process_url, server_settings={"role": APPLICATION_ROLE})
    try:
        for name, value in office("530622000000").settings().items():
            await connection.execute("SELECT set_config($1, $2, false)", name, value)
        within_reach = await connection.fetchval(_TABLE)
        refused = (
            "SET row_security = off; SELECT count(*) FROM applications",
            "RESET row_security; ALTER TABLE applications DISABLE ROW LEVEL SECURITY",
            f"SET ROLE {KEYS_ROLE}",
            "SET ROLE NONE; SELECT count(*) FROM applications",
        )
        for statements in refused:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statements)
    finally:
        await connection.close()

    assert within_reach == 0
