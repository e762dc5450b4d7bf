"""What no client library would send, over real sockets to a real server: broken, endless, trickling, torn."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import psutil
import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI

from app.api.common.http_protocol import BoundedHttp
from app.main import assemble
from tests.hostile.world import World

OTP = (
    b"POST /v1/auth/otp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nIdempotency-Key: 0123456789abcdef\r\n"
)
GET = b"GET /healthz HTTP/1.1\r\nHost: a\r\n"
_SECONDS = 1.0  # what the server waits here for a head, and for a body


class _Hurried(BoundedHttp):
    head_seconds = _SECONDS


@dataclass
class Server:
    """A server in this process, on a port of its own."""

    port: int

    async def exchange(self, *chunks: bytes, pause: float = 0.0, seconds: float = 8.0) -> bytes:
        """Send chunks, with pauses between them, and return everything that comes until the server hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
        answer = asyncio.ensure_future(reader.read())
        try:
            for chunk in chunks:
                if writer.transport.is_closing() or answer.done():
                    break
                writer.write(chunk)
                await writer.drain()
                await asyncio.sleep(pause)
            return await asyncio.wait_for(answer, seconds)
        except ConnectionError:
            return b""
        finally:
            writer.transport.abort()


@pytest.fixture(scope="module")
def hurried() -> FastAPI:
    """The web process, with little patience for bodies; the one that other tests share keeps its own."""
    return assemble(receive_seconds=_SECONDS)


@pytest_asyncio.fixture
async def server(hurried: FastAPI, app: FastAPI) -> AsyncIterator[Server]:
    hurried.state.tools = app.state.tools
    config = uvicorn.Config(
        hurried,
        port=0,
        http=_Hurried,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_keep_alive=1,
        timeout_graceful_shutdown=1,
    )
    running = uvicorn.Server(config)
    task = asyncio.ensure_future(running._serve())
    while not running.started:  # noqa: ASYNC110 (uvicorn has nothing to wait for)
        await asyncio.sleep(0.01)
    yield Server(running.servers[0].sockets[0].getsockname()[1])
    running.should_exit = True
    await task


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def _assert_refused(answer: bytes, *statuses: int) -> None:
    """The connection may be cut without a word; a word must be a problem document."""
    if not answer:
        return
    assert _status(answer) in statuses, answer[:300]
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head.lower()
    assert json.loads(body)["status"] == _status(answer)


_BROKEN = (
    b"\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET\r\n\r\n", b"GET /\r\n\r\n", b"GET  /  HTTP/1.1\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET / HTTP/1.1 x\r\n\r\n", b"G\xc3\x8bT / HTTP/1.1\r\n\r\n", b"get / HTTP/1.1\r\n\r\n",
    b"BREW /v1/me HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET /\xff HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / \r\n\r\n", b"GET http:// HTTP/1.1\r\n\r\n",
    b"GET ://x HTTP/1.1\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"SSH-2.0-x\r\n",
    GET + b" folded: x\r\n\r\n", GET + b"no colon\r\n\r\n", GET + b": empty\r\n\r\n", GET + b"a b: c\r\n\r\n",
    GET + b"a\x00b: c\r\n\r\n",
    GET + b"a: b\x00c\r\n\r\n", GET + b"a: b\rc\r\n\r\n", GET + b"a: b\nc: d\n\n", GET + b"a\xff: b\r\n\r\n",
    OTP + b"Content-Length: x\r\n\r\n{}", OTP + b"Content-Length: -1\r\n\r\n{}",
    OTP + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    OTP + b"Content-Length: 99999999999999999999999\r\n\r\n", OTP + b"Content-Length: 2, 2\r\n\r\n{}",
    OTP + b"Content-Length: +2\r\n\r\n{}",
    OTP + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    OTP + b"Transfer-Encoding: gzip\r\n\r\n{}",
    OTP + b"Transfer-Encoding: chunked, identity\r\n\r\n{}", OTP + b"Transfer-Encoding: xchunked\r\n\r\n{}",
    OTP + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\nx",
    OTP + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    OTP + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n0\r\n\r\n",
    OTP + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
    OTP + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}xx\r\n0\r\n\r\n",
    OTP + b"Transfer-Encoding: chunked\r\n\r\n2;" + b"x" * 70_000 + b"\r\n{}\r\n0\r\n\r\n",
    OTP + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nTrailer: " + b"x" * 70_000 + b"\r\n\r\n",
    OTP + b"Expect: 100-continue\r\nContent-Length: 0\r\n\r\n",
    GET + b"Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n\r\n",
    GET + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
)  # fmt: skip


async def test_what_is_no_http_is_refused_and_the_server_goes_on(server: Server):
    answers = await asyncio.gather(*(server.exchange(text, pause=0.05) for text in _BROKEN))

    for text, answer in zip(_BROKEN, answers, strict=True):
        assert _status(answer) < 500, (text[-80:], answer[:200])
        if _status(answer) >= 400:
            _assert_refused(answer, 400, 404, 405, 408, 413, 415, 422, 431)
    assert _status(await server.exchange(GET + b"Connection: close\r\n\r\n")) == 200


async def test_floods_of_lines_end_with_431(server: Server):
    before = psutil.Process().memory_info().rss
    many = (GET + b"".join(b"x-%d: y\r\n" % number for number in range(20_000)), b"\r\n")
    endless = (GET, *[b"x-%d: %s\r\n" % (number, b"y" * 1000) for number in range(2000)])
    one = (GET + b"x: ", *[b"y" * 65_536] * 200)
    address = (b"GET /healthz?" + b"x" * 60_000, b" HTTP/1.1\r\nHost: a\r\n\r\n")
    whole = (GET + b"x: " + b"y" * 20_000 + b"\r\n\r\n",)

    for chunks in (many, endless, one, address, whole):
        _assert_refused(await server.exchange(*chunks), 400, 414, 431)

    assert psutil.Process().memory_info().rss - before < 32 * 1024 * 1024


async def test_a_trickle_is_ended_in_time_wherever_it_trickles(server: Server):
    slow = [b"%c" % byte for byte in GET * 3]
    body = [b" "] * 100
    began = asyncio.get_running_loop().time()

    answers = await asyncio.gather(
        server.exchange(seconds=5),  # says nothing at all
        server.exchange(*slow, pause=0.1),
        server.exchange(GET, *[b"x: y\r\n"] * 100, pause=0.1),
        server.exchange(OTP + b"Content-Length: 100\r\n\r\n", *body, pause=0.1),
        server.exchange(OTP + b"Transfer-Encoding: chunked\r\n\r\n", *[b"1\r\n \r\n"] * 100, pause=0.1),
        server.exchange(OTP + b"Content-Length: 100\r\n\r\n{", seconds=5),
        server.exchange(GET + b"\r\n", b"G", seconds=5),  # a second request that never comes
    )

    for answer in answers[:6]:
        _assert_refused(answer, 408)
    # Who is still talking when the line is cut may lose the answer on the way; who listens gets it.
    assert answers[0], "ended without a word"
    assert answers[5], "ended without a word"
    assert _status(answers[6]) == 200
    assert asyncio.get_running_loop().time() - began < 9, "ten seconds of trickling were borne"


async def test_three_hundred_megabytes_are_refused_unread(server: Server):
    before = psutil.Process().memory_info().rss
    announced = await server.exchange(OTP + b"Content-Length: 314572800\r\n\r\n" + b" " * 1000)
    streamed = await server.exchange(
        OTP + b"Transfer-Encoding: chunked\r\n\r\n", *[b"10000\r\n" + b" " * 65_536 + b"\r\n"] * 1000
    )

    _assert_refused(announced, 413)
    assert announced
    _assert_refused(streamed, 413)
    assert psutil.Process().memory_info().rss - before < 32 * 1024 * 1024


async def test_connections_torn_in_the_middle_leave_nothing_behind(server: Server, world: World):
    before = await world.marks()
    bearer = b"".join(b"%s: %s\r\n" % line for line in await world.headers_of("applicant"))
    start = (
        b"POST /v1/applications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 64\r\n"
        + bearer
    )

    for number in range(40):
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(start + b"Idempotency-Key: torn-%012d\r\n\r\n" % number + b'{"program":'[: number % 12])
        await asyncio.sleep(0.01)
        writer.transport.abort()
    await asyncio.sleep(0.3)

    assert await world.marks() == before
    assert _status(await server.exchange(GET + b"Connection: close\r\n\r\n")) == 200


async def test_requests_in_one_packet_are_answered_in_order(server: Server):
    answer = await server.exchange((GET + b"\r\n") * 20 + GET + b"Connection: close\r\n\r\n")

    assert answer.count(b"HTTP/1.1 200") == 21


async def test_a_hundred_silent_connections_keep_nobody_waiting(server: Server):
    silent = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(100)]
    try:
        answer = await asyncio.wait_for(server.exchange(GET + b"Connection: close\r\n\r\n"), 2)
        assert _status(answer) == 200
    finally:
        for _, writer in silent:
            writer.transport.abort()
