"""Reference tables outlive a test (they are loaded once per process), so these tests roll back what they change."""

from collections.abc import AsyncIterator, Sequence

import pytest_asyncio
from sqlalchemy import delete, func, select

from app.core.db import Base, Database, WriteSession
from app.reference import queries
from app.reference.commands import load_reference_data
from app.reference.models import CalendarDay, CalendarYear, Division, Parameter, Standard
from app.reference.published import read_announced_years, read_standards

SMALL: Sequence[type[Base]] = (Standard, Parameter, CalendarDay, CalendarYear)


@pytest_asyncio.fixture
async def db(database: Database) -> AsyncIterator[WriteSession]:
    """A session over empty reference tables; nothing of it survives the test."""
    async with database.unit_of_work("test") as session:
        await empty(session, Division, *SMALL)
        yield session
        await session.rollback()


@pytest_asyncio.fixture
async def loaded(database: Database) -> AsyncIterator[WriteSession]:
    """A session over the published facts as they come; nothing of it survives the test but the divisions."""
    async with database.unit_of_work("load") as session:
        if not await session.scalar(select(func.count()).select_from(Division)):
            await load_reference_data(session)
    async with database.unit_of_work("test") as session:
        await empty(session, *SMALL)
        await queries.add_standards(session, read_standards())
        await queries.add_announced_years(session, read_announced_years())
        yield session
        await session.rollback()


async def empty(session: WriteSession, *tables: type[Base]) -> None:
    for table in tables:
        await session.execute(delete(table))
