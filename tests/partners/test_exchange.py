"""One exchange over real sockets: every way a connection can go wrong ends in time and in a named reason."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits, Reply, exchange
from app.partners.transport import partner_client

Service = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(service: Service) -> AsyncIterator[str]:
    """Listen on loopback and treat every connection as `service` does; yields the address."""

    async def treat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await service(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(treat, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    finally:
        server.close()


def saying(raw: bytes) -> Service:
    async def say(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(raw)
        await writer.drain()

    return say


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a byte every so often, for ever: no single read ever times out."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    for _ in range(200):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send without end and without saying how much."""
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(10_000):
        writer.write(b"x" * 65_536)
        await writer.drain()


async def nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)


async def call(service: Service, *, deadline: float = 5.0, max_bytes: int = 1000) -> Reply:
    async with listening(service) as url, partner_client({}) as http:
        return await exchange("agency", http, http.build_request("GET", url), Limits(deadline, max_bytes))


async def test_an_answer_arrives_whole() -> None:
    reply = await call(saying(b"HTTP/1.1 418 Teapot\r\nContent-Length: 5\r\n\r\nhello"))

    assert (reply.status, reply.body) == (418, b"hello")


@pytest.mark.parametrize("service", [nothing, drip])
async def test_the_deadline_covers_the_whole_attempt(service: Service) -> None:
    began = time.monotonic()

    with pytest.raises(PartnerUnavailable, match="timeout"):
        await call(service, deadline=0.3, max_bytes=200_000)

    assert time.monotonic() - began < 3


async def test_a_flood_is_cut_off() -> None:
    with pytest.raises(PartnerUnavailable, match="garbage"):
        await call(flood)


async def test_a_compressed_answer_is_not_unfolded() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n"

    with pytest.raises(PartnerUnavailable, match="garbage"):
        await call(saying(head + b"\x1f\x8b\x08"))


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-nobody\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
async def test_a_connection_that_breaks_is_an_error(raw: bytes) -> None:
    with pytest.raises(PartnerUnavailable, match="error"):
        await call(saying(raw))


async def test_nobody_listening_is_refused() -> None:
    async with listening(nothing) as url:
        pass

    async with partner_client({}) as http:
        with pytest.raises(PartnerUnavailable, match="refused"):
            await exchange("agency", http, http.build_request("GET", url), Limits())


async def test_redirects_are_not_followed() -> None:
    reply = await call(saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n"))

    assert reply.status == 302


async def test_being_cancelled_is_not_a_failure_of_the_agency() -> None:
    attempt = asyncio.create_task(call(nothing))
    await asyncio.sleep(0.1)
    attempt.cancel()

    with pytest.raises(asyncio.CancelledError):
        await attempt
