"""Answers of an agency that means harm, or whose machine does: each in one function, over plain ASGI.

Nothing here is carried out by the agency itself. What a caller should do with any of it: give up on this one question,
in bounded time and memory, and put the next.
"""

import asyncio
import contextlib
import gzip
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import cycle

from starlette.types import Receive, Send

_CHUNK = b"0" * 65_536
_ENDLESS = 10 * 2**30  # bytes
_BOMB = gzip.compress(b"0" * 2**26, 9)  # 64 MB in 64 kB
_PAGE = b"<!doctype html><html><title>Sign in</title><form action='/login'></form></html>"
# This machine itself, the address where clouds tell their secrets, somebody else, and no HTTP at all.
_ELSEWHERE = cycle(
    (
        "http://127.0.0.1:1/",
        "http://169.254.169.254/latest/meta-data/",
        "https://agency.invalid/",
        "file:///etc/hostname",
    )
)


@dataclass
class Said:
    """An answer as it went over the wire."""

    status: int = 404
    headers: Sequence[tuple[bytes, bytes]] = ()
    body: bytes = b""


@dataclass(frozen=True)
class Attempt:
    """One question to a hostile agency. `earlier`: what it last answered somebody."""

    receive: Receive
    send: Send
    earlier: Said

    async def begin(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        """Send status and headers."""
        await self.send({"type": "http.response.start", "status": status, "headers": list(headers)})

    async def say(self, body: bytes, *, more: bool = False) -> None:
        """Send a piece of the body."""
        await self.send({"type": "http.response.body", "body": body, "more_body": more})


_JSON = (b"content-type", b"application/json")


async def _endless(attempt: Attempt) -> None:
    """Send ten gigabytes, as fast as they are taken."""
    await attempt.begin(200, _JSON)
    for _ in range(_ENDLESS // len(_CHUNK)):
        await attempt.say(_CHUNK, more=True)
        await asyncio.sleep(0)


async def _trickle(attempt: Attempt) -> None:
    """Send one byte at a time, with pauses that no timeout between two bytes would mind."""
    await attempt.begin(200, _JSON)
    while True:
        await attempt.say(b" ", more=True)
        await asyncio.sleep(0.05)


async def _redirect(attempt: Attempt) -> None:
    """Send the caller elsewhere."""
    await attempt.begin(307, (b"location", next(_ELSEWHERE).encode()), (b"content-length", b"0"))
    await attempt.say(b"")


async def _other_shape(attempt: Attempt) -> None:
    """Answer well-formed JSON of another shape, deep and with numbers that are none."""
    body = json.dumps({"code": True, "data": [[[[{"total": -1, "qqbh": None}]]]], "head": [], "结果": 1e300}).encode()
    await attempt.begin(200, _JSON, (b"content-length", str(len(body)).encode()))
    await attempt.say(body)


async def _bomb(attempt: Attempt) -> None:
    """Answer a few bytes that unfold into many, though nobody asked for compression."""
    length = (b"content-length", str(len(_BOMB)).encode())
    await attempt.begin(200, _JSON, (b"content-encoding", b"gzip"), length)
    await attempt.say(_BOMB)


async def _page(attempt: Attempt) -> None:
    """Answer with a page for people, as machines between two offices like to do."""
    await attempt.begin(200, (b"content-type", b"text/html"), (b"content-length", str(len(_PAGE)).encode()))
    await attempt.say(_PAGE)


async def _somebody_else(attempt: Attempt) -> None:
    """Answer what the last one who asked was answered."""
    await attempt.begin(attempt.earlier.status, *attempt.earlier.headers)
    await attempt.say(attempt.earlier.body)


_WAYS: dict[str, Callable[[Attempt], Awaitable[None]]] = {
    "endless": _endless,
    "trickle": _trickle,
    "redirect": _redirect,
    "other_shape": _other_shape,
    "bomb": _bomb,
    "page": _page,
    "somebody_else": _somebody_else,
}
HOSTILE = frozenset(_WAYS)


async def misbehave(kind: str, attempt: Attempt) -> None:
    """Answer in one of these ways, until it is done or the caller has gone."""
    answering = asyncio.ensure_future(_WAYS[kind](attempt))
    leaving = asyncio.ensure_future(_gone(attempt.receive))
    try:
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (answering, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await task


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
