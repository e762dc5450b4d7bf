"""Recorded replies: an agency that says exactly what a test wants."""

from collections.abc import Callable
from typing import Any

import httpx

from app.core.connections import Connection
from app.facts import Answer
from app.partners.base import Query

CONNECTION = Connection("http://agency.test", "ours", "theirs", "signs")


def replying(reply: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(reply))


async def answer_of(adapter: type[Any], query: Query, reply: Callable[[httpx.Request], httpx.Response]) -> Answer:
    """Ask an agency that answers with `reply`."""
    async with replying(reply) as http:
        answer: Answer = await adapter(CONNECTION, http).ask(query)
        return answer
