"""Recorded replies: an agency that says exactly what a test wants."""

from collections.abc import Callable

import httpx

from app.core.connections import Connection

CONNECTION = Connection("http://agency.test", "ours", "theirs")


def replying(reply: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(reply))
