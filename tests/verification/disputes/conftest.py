"""Wiring only: a year's holidays that are announced."""

from datetime import date, timedelta

import pytest_asyncio

from app.reference.commands import load_calendar_year


@pytest_asyncio.fixture
async def announce(database, owner_connection):
    """Let the operator load the notice of 2027; forgotten afterwards."""

    async def load() -> None:
        off = [date(2027, 1, 1), *(date(2027, 2, 5) + timedelta(days=n) for n in range(7))]
        off += [date(2027, 10, 1) + timedelta(days=n) for n in range(7)]
        async with database.unit_of_work("operator") as db:
            await load_calendar_year(db, 2027, dict.fromkeys(off, False), "测试通知")

    yield load
    await owner_connection.execute("DELETE FROM calendar_days")
    await owner_connection.execute("DELETE FROM calendar_years WHERE year = 2027")
