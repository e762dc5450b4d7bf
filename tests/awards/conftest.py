"""Wiring only: an office, an award since November, and a standard published late."""

import pytest

from tests.awards.amounts import ordered, reduce
from tests.awards.standard_by_hand import DECEMBER, FEBRUARY, JANUARY, MARCH, NOVEMBER, in_march
from tests.builders.payrolls import build_office
from tests.builders.standards import build_judged, put_in_force, standard_draft


@pytest.fixture
async def office(database):
    async with database.unit_of_work() as db:
        return await build_office(db)


@pytest.fixture
async def award(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, from_month=NOVEMBER)


@pytest.fixture
async def late(database, office, award, clock):
    """Lower the award by hand from December, pay until March, and publish in March a standard valid since December."""
    await reduce(database, office, award, DECEMBER)
    for month in (DECEMBER, JANUARY, FEBRUARY, MARCH):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    in_march(clock)
    return await put_in_force(database, standard_draft(valid_from=DECEMBER))
