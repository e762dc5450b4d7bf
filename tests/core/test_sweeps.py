"""What the worker looks for every second it finds by an index, also under a plan that was made for all values."""

from types import SimpleNamespace

import pytest
import pytest_asyncio
from sqlalchemy import event

from app.core.db import make_engine
from app.core.reach import EVERYTHING
from app.events.handlers import name_of
from app.schedule import sweeps
from app.verification.patience import PATIENCE

# As under a table too large to be read through, and after so many runs that PostgreSQL keeps one plan.
_AS_IN_USE = "SET enable_seqscan = off", "SET plan_cache_mode = force_generic_plan"
_READ_THROUGH = "SELECT relname FROM pg_stat_xact_user_tables WHERE seq_scan > 0"
_SMALL = {"calendar_years", "calendar_days"}  # a row a year, some thirty days a year

TOOLS = SimpleNamespace(
    partners={},
    unconnected={},
    sms=None,
    bank=SimpleNamespace(code="paying_bank"),
    webhooks=None,
    storage=None,
    patience=PATIENCE,
)
NAMES = [name_of(sweep) for sweep in sweeps(TOOLS)]


@pytest_asyncio.fixture
async def watched(database, database_url: str):
    """The database over connections that note which tables were read through before each end of a transaction."""
    engine = make_engine(database_url, 1)
    through: set[str] = set()

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection, _record) -> None:
        cursor = connection.cursor()
        for statement in _AS_IN_USE:
            cursor.execute(statement)
        cursor.close()
        connection.commit()

    def note(connection) -> None:
        through.update(connection.exec_driver_sql(_READ_THROUGH).scalars())

    event.listen(engine.sync_engine, "commit", note)
    event.listen(engine.sync_engine, "rollback", note)
    yield type(database)(engine, database.clock, database.vault, reach=EVERYTHING), through
    await engine.dispose()


@pytest.mark.parametrize("name", NAMES)
async def test_nothing_is_looked_for_row_by_row(watched, name: str, tmp_path):
    database, through = watched
    await dict(zip(NAMES, sweeps(TOOLS), strict=True))[name](database)

    assert through - _SMALL == set()
