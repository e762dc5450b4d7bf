"""A member of staff who signs in by password."""

import pytest_asyncio

from app.identity.actors import Role
from app.identity.commands import add_staff
from tests.api.common.signing_in import COUNTY, PASSWORD


@pytest_asyncio.fixture
async def clerk(database):
    async with database.unit_of_work() as db:
        return await add_staff(db, "clerk", PASSWORD, "测试经办", Role.FINANCE, COUNTY)
