"""A client that costs next to nothing: prepared bytes over kept connections, answers cut by their length.

Only what the two servers here send is understood: HTTP/1.1 with Content-Length, or 304 without a body.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

_LENGTH = b"content-length: "
_PATIENCE = 60.0  # seconds for a round; then something hangs


@dataclass
class Tally:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    answers: int = 0
    octets: int = 0
    seconds: float = 0.0
    last: bytes = b""

    @property
    def rate(self) -> float:
        """Answers per second."""
        return self.answers / self.seconds


class _Connection(asyncio.Protocol):
    """Sends the next request when an answer is whole; ends when there is none left."""

    def __init__(self, requests: Iterator[bytes], tally: Tally) -> None:
        self._requests = requests
        self._tally = tally
        self._buffer = b""
        self._needed = 0
        self._transport: asyncio.Transport | None = None
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data
        if not self._needed:
            head = self._buffer.find(b"\r\n\r\n")
            if head < 0:
                return
            self._needed = head + 4 + _body_length(self._buffer[:head])
        if len(self._buffer) < self._needed:
            return
        self._tally.answers += 1
        self._tally.octets += len(self._buffer)
        self._tally.statuses[int(self._buffer[9:12])] += 1
        self._tally.last = self._buffer
        self._buffer, self._needed = b"", 0
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("the server closed a connection"))

    def _send(self) -> None:
        assert self._transport is not None
        request = next(self._requests, None)
        if request is not None:
            self._transport.write(request)
        elif not self.ended.done():
            self.ended.set_result(None)
            self._transport.close()


def _body_length(head: bytes) -> int:
    if head.startswith(b"HTTP/1.1 304"):
        return 0
    lower = head.lower()
    start = lower.index(_LENGTH) + len(_LENGTH)
    end = lower.find(b"\r\n", start)
    return int(lower[start : end if end > 0 else len(lower)])


async def ask_all(host: str, port: int, requests: Iterator[bytes], connections: int) -> Tally:
    """Send what `requests` yields over some connections, each waiting for its answer, until it yields no more."""
    tally, loop = Tally(), asyncio.get_running_loop()
    began = time.perf_counter()
    protocols = []
    for _ in range(connections):
        _, protocol = await loop.create_connection(lambda: _Connection(requests, tally), host, port)
        protocols.append(protocol.ended)
    await asyncio.wait_for(asyncio.gather(*protocols), _PATIENCE)
    tally.seconds = time.perf_counter() - began
    return tally


def for_a_time(requests: list[bytes], seconds: float) -> Iterator[bytes]:
    """Yield requests in turn until the time is over."""
    end = time.perf_counter() + seconds
    place = 0
    while time.perf_counter() < end:
        yield requests[place % len(requests)]
        place += 1
