"""Agencies that mean harm. Each harms its own question only: bounded time and memory, and the next one is answered."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.core.connections import Connection
from app.facts import Item
from app.partners.base import PartnerUnavailable
from app.partners.exchange import Limits
from app.partners.public_security.adapter import PublicSecurity
from app.partners.registry import SINGLY
from app.partners.transport import partner_client
from app.sandbox.population import people
from tests.partners.suite import PATIENT, about
from tests.sandbox.outside import BASE, Outside

LIMITS = Limits(deadline=0.6)
MARGIN = 3.0  # seconds beyond the deadline, on a machine with other work
REASONS = {
    "endless": {"garbage"},
    "trickle": {"timeout"},
    "redirect": {"error"},
    "other_shape": {"garbage", "error"},
    "bomb": {"garbage"},
    "page": {"garbage", "error"},
    "somebody_else": {"garbage"},
}


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def _refusal(partner: Any, item: Item) -> str:
    began = time.monotonic()
    with pytest.raises(PartnerUnavailable) as failure:
        await partner.ask(about(people()[0], item))
    assert time.monotonic() - began < LIMITS.deadline + MARGIN
    return failure.value.reason


@pytest.mark.parametrize("kind", sorted(REASONS))
async def test_every_adapter_gives_up_on_the_one_question_and_puts_the_next(outside: Outside, kind: str) -> None:
    before = _megabytes()
    for agency in SINGLY:
        connection, item = outside.connections[agency.code], next(iter(agency.items))
        well = agency(connection, outside.http, PATIENT)
        await well.ask(about(people()[1], item))
        await outside.fault(agency.code, kind)

        reason = await _refusal(agency(connection, outside.http, LIMITS), item)

        assert reason in REASONS[kind], agency.code
        await outside.http.delete(f"{BASE}/faults")
        await well.ask(about(people()[0], item))
    assert _megabytes() - before < 40  # ten gigabytes were on offer, and 64 MB in a few bytes


async def test_while_one_agency_floods_us_the_others_are_heard(outside: Outside) -> None:
    await outside.fault("human_resources", "endless")
    await outside.fault("agriculture", "trickle")

    async def ask(agency: Any) -> str:
        try:
            await agency(outside.connections[agency.code], outside.http, Limits(deadline=5.0)).ask(
                about(people()[0], next(iter(agency.items)))
            )
        except PartnerUnavailable as failure:
            return failure.reason
        return "answered"

    heard = dict(zip(SINGLY, await asyncio.gather(*(ask(agency) for agency in SINGLY)), strict=True))

    assert {agency.code: said for agency, said in heard.items() if said != "answered"} == {
        "human_resources": "garbage",
        "agriculture": "timeout",
    }


Speech = Callable[[asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def _speaking(speech: Speech) -> AsyncIterator[Connection]:
    """Listen on a port of this machine and say something to whoever calls, below HTTP."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await speech(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        yield Connection(f"http://127.0.0.1:{port}", "ours", "theirs")


def _saying(head: bytes, body: bytes = b"", *, rest: bytes = b"", times: int = 0) -> Speech:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(head + body)
        await writer.drain()
        for _ in range(times):
            writer.write(rest)
            await writer.drain()

    return speak


async def _never_ending_line(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nX-Endless: ")
    while True:
        writer.write(b"a" * 65_536)
        await writer.drain()


async def _a_letter_now_and_then(writer: asyncio.StreamWriter) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000:
        writer.write(bytes([letter]))
        await writer.drain()
        await asyncio.sleep(0.05)


async def _nothing(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


AWAY = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize(
    ("speech", "reasons"),
    [
        pytest.param(_saying(OK + b"Content-Length: 1000000000\r\n\r\n", b"{}"), {"error"}, id="hangs up early"),
        pytest.param(_saying(OK + b"Content-Length: 2\r\n\r\n", b'{"code": 1000}'), {"error"}, id="says more"),
        pytest.param(_saying(OK + b"Content-Length: -1\r\n\r\n", b"{}"), {"error"}, id="a length that is none"),
        pytest.param(
            _saying(OK + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n", b"{}"), {"error"}, id="two lengths"
        ),
        pytest.param(
            _saying(OK, rest=b"X-Header: more\r\n", times=100_000), {"error", "timeout"}, id="endless headers"
        ),
        pytest.param(_never_ending_line, {"error"}, id="one endless header"),
        pytest.param(_a_letter_now_and_then, {"timeout"}, id="headers by the letter"),
        pytest.param(_saying(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"ZZ\r\n{}"), {"error"}, id="no chunk"),
        pytest.param(
            _saying(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"FFFFFFFFFFFFFFFF\r\n{}"), {"error"}, id="a huge chunk"
        ),
        pytest.param(_saying(b"\x16\x03\x01\x02\x00"), {"error"}, id="no HTTP"),
        pytest.param(_saying(b""), {"error"}, id="hangs up"),
        pytest.param(_saying(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), {"error"}, id="protocol"),
        pytest.param(_saying(b"", rest=b"HTTP/1.1 100 Continue\r\n\r\n", times=200_000), {"error", "timeout"}, id="on"),
        pytest.param(_nothing, {"timeout"}, id="silence"),
        pytest.param(_saying(AWAY + b"http://xn--a/\r\n\r\n"), {"error"}, id="a place that has no name"),
        pytest.param(_saying(AWAY + b"http://xn--99zzzz99/\r\n\r\n"), {"error"}, id="a name that is none"),
        pytest.param(_saying(AWAY + b"http://[::1\r\n\r\n"), {"error"}, id="half an address"),
    ],
)
async def test_lies_below_http_cost_one_attempt_and_nothing_else(speech: Speech, reasons: set[str]) -> None:
    before = _megabytes()
    async with _speaking(speech) as connection, partner_client({}) as http:
        reason = await _refusal(PublicSecurity(connection, http, LIMITS), Item.VEHICLES)

    assert reason in reasons
    assert _megabytes() - before < 20


async def test_a_redirect_is_never_followed(outside: Outside) -> None:
    called: list[bool] = []

    async def listen(writer: asyncio.StreamWriter) -> None:
        called.append(True)
        writer.write(OK + b"Content-Length: 2\r\n\r\n{}")

    async with _speaking(listen) as inside:
        away = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + inside.base_url.encode() + b"/\r\n\r\n"
        async with _speaking(_saying(away)) as connection, partner_client({}) as http:
            assert await _refusal(PublicSecurity(connection, http, LIMITS), Item.VEHICLES) == "error"

    assert not called
