"""A receiver on loopback and the sender that calls it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from app.webhooks.sending import WebhookSender, delivery_client
from tests.support.receiver import Receiver, run_receiver


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with run_receiver() as receiver:
        yield receiver


@pytest_asyncio.fixture
async def sender() -> AsyncIterator[WebhookSender]:
    async with delivery_client() as http:
        yield WebhookSender(http, "https://dibao.example", sandbox=True)
