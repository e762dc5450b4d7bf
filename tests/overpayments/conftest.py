"""Wiring only: an office, and an award that was paid after its end."""

import pytest

from tests.builders.payrolls import build_office
from tests.overpayments.claims import paid_award, stop


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database, office):
    """An award paid for October and November, and stopped as of September for fraud."""
    made = await paid_award(database, office)
    await stop(database, office, made)
    return made
