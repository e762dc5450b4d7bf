"""The connections to an agency carry what an adapter wrote and nothing else, once."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest

from app.partners.pool import Pool
from app.partners.transport import partner_client

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Heard:
    """What came, as bytes, and over how many connections."""

    def __init__(self, says: Sequence[bytes]) -> None:
        self._says = iter(says)
        self.requests: list[bytes] = []
        self.writers: list[asyncio.StreamWriter] = []
        self.url = ""

    @property
    def connections(self) -> int:
        return len(self.writers)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.append(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b"0"
                )
                self.requests.append(head + await reader.readexactly(int(length)))
                said = next(self._says)
                if not said:
                    return
                writer.write(said)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def agency(*says: bytes) -> AsyncIterator[tuple[Heard, httpx.AsyncClient]]:
    """Yields one who says this to each request in turn, hanging up where it is nothing, and a client for him."""
    heard = Heard(says)
    server = await asyncio.start_server(heard.meet, "127.0.0.1", 0)
    heard.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server, httpx.AsyncClient(transport=Pool(ssl.create_default_context())) as http:
        yield heard, http


async def test_a_connection_serves_one_question_after_the_other():
    async with agency(OK, OK, OK) as (heard, http):
        for _ in range(3):
            assert (await http.post(heard.url, content=b"{}")).text == "ok"

    assert (heard.connections, len(heard.requests)) == (1, 3)


async def test_an_answer_that_is_left_half_read_takes_its_connection_along():
    long = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 70_000
    async with agency(long, OK) as (heard, http):
        async with http.stream("GET", heard.url) as answer:
            assert answer.status_code == 200
        assert (await http.get(heard.url)).text == "ok"

    assert heard.connections == 2


async def test_no_cookie_of_one_answer_goes_along_with_the_next_question():
    cookie = b"HTTP/1.1 200 OK\r\nSet-Cookie: person=1; Path=/\r\nContent-Length: 0\r\n\r\n"
    async with agency(cookie, OK) as (heard, _), partner_client({}) as http:
        for _ in range(2):
            await http.send(http.build_request("POST", heard.url))  # as the adapters do

    assert b"cookie" not in heard.requests[1].lower()
    assert not list(http.cookies.jar)


async def test_address_headers_and_body_arrive_as_they_were_signed():
    async with agency(OK) as (heard, http):
        await http.post(
            f"{heard.url}/a%2Fb?x=%E5%BC%A0%20c&y=~", headers={"X-Signed-By": "us=%E4%B8%AD"}, content=b'{"a" : 1}'
        )

    head, _, body = heard.requests[0].partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"POST /a%2Fb?x=%E5%BC%A0%20c&y=~ HTTP/1.1"
    assert b"X-Signed-By: us=%E4%B8%AD" in lines
    assert not [line for line in lines if line.lower().startswith(b"content-type")]
    assert body == b'{"a" : 1}'


async def test_a_question_whose_connection_breaks_is_not_sent_again_unseen():
    async with agency(OK, b"", OK) as (heard, http):
        await http.get(heard.url)
        with pytest.raises(httpx.ReadError):
            await http.get(heard.url)  # over the same connection; GET is what some clients repeat by themselves

    assert len(heard.requests) == 2


@pytest.mark.parametrize("turns", [0, 3], ids=["unread", "read"])
async def test_what_came_unasked_is_no_answer_to_the_next_question(turns):
    unasked = b"HTTP/1.1 204 No Content\r\n\r\n"
    async with agency(OK, OK) as (heard, http):
        await http.post(heard.url)
        (writer,) = heard.writers
        writer.write(unasked)
        for _ in range(turns):  # of the loop, so that what came was read, or not, when the connection is taken up
            await asyncio.sleep(0)

        answer = await http.post(heard.url)

    assert (answer.status_code, answer.text) == (200, "ok")
    assert heard.connections == 2


async def test_a_question_put_to_nobody_is_a_failure_to_connect():
    async with agency() as (heard, _):
        pass
    async with httpx.AsyncClient(transport=Pool(ssl.create_default_context())) as http:
        with pytest.raises(httpx.ConnectError):
            await http.get(heard.url)


async def test_silence_past_the_limit_is_a_timeout():
    async with agency(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") as (heard, http):
        with pytest.raises(httpx.TimeoutException):
            await http.get(heard.url, timeout=0.1)
