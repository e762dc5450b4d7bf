"""A tiny HTTP server on loopback that keeps what it gets and answers as told: the other end of a real connection."""

import asyncio
import contextlib
import ssl
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and what will be answered: (status, headers, body, seconds to wait); 204 when nothing is planned."""

    url: str = ""
    received: list[Received] = field(default_factory=list)
    plan: deque[tuple[int, dict[str, str], bytes, float]] = field(default_factory=deque)
    called: asyncio.Event = field(default_factory=asyncio.Event)

    def answer(self, status: int, headers: dict[str, str] | None = None, body: bytes = b"", wait: float = 0) -> None:
        """Plan the next answer."""
        self.plan.append((status, headers or {}, body, wait))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take one request and answer it."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(method, target, headers, body))
            self.called.set()
            status, extra, content, wait = self.plan.popleft() if self.plan else (204, {}, b"", 0)
            await asyncio.sleep(wait)
            lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in extra.items())]
            if status != 204:
                lines.append(f"Content-Length: {len(content)}")
            writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode() + content)
            await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


@contextlib.asynccontextmanager
async def run_receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """Listen on a free port of 127.0.0.1 while the block runs."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0, ssl=tls)
    scheme = "http" if tls is None else "https"
    receiver.url = f"{scheme}://localhost:{server.sockets[0].getsockname()[1]}/hook"
    try:
        yield receiver
    finally:
        server.close()
        await server.wait_closed()
