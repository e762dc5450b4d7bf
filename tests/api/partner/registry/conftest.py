"""Wiring only: a served application, a registered partner, somebody to ask about."""

import pytest
import pytest_asyncio

from app.webhooks.sending import delivery_client
from tests.api.partner.registry.asking import Worker, register, served
from tests.builders.status_queries import build_asking, build_receiving
from tests.support.dci_partner import DciPartner


@pytest_asyncio.fixture
async def http(app):
    async with served(app) as client:
        yield client


@pytest.fixture
async def asking(database):
    async with database.unit_of_work() as db:
        return await build_asking(db)


@pytest.fixture
async def partner(database, asking):
    return await register(database, asking, DciPartner())


@pytest.fixture
async def someone(database):
    async with database.unit_of_work() as db:
        household, _ = await build_receiving(db)
    details = household.members[0][1]
    return details.id_number, details.name


@pytest_asyncio.fixture
async def worker(database, keys):
    async with delivery_client() as client:
        yield Worker(database, keys, client)
