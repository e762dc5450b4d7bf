"""The connections to one agency: aiohttp's, behind httpx.

httpx' own transport takes three times the processor time of an exchange, and a review of a county is hundreds of
thousands of them. What is sent is what the adapter wrote, and sent once: no cookie of one person's answer goes along
with the next question, nothing is quoted anew under a signature, and nothing is repeated that nobody here counted.
"""

import select
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import aiohttp
import httpx
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import HttpProcessingError
from yarl import URL

# How much is under way with an agency is not for its connections to say: what is open stays open for the next. Many
# servers close what lies idle for five seconds: we do so before, or a question would now and then meet the closing.
_CONNECTIONS = 200
_IDLE = 4.0  # seconds
_CHUNK = 64 * 1024  # bytes


class Pool(httpx.AsyncBaseTransport):
    """Connections that believe, and show, what a TLS context says."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request once; the body of its answer is read as far as the caller asks for it.

        Raises:
            httpx.TransportError: no answer, or none that is HTTP; `ConnectError` and `TimeoutException` as httpx has
                them.
        """
        limits = request.extensions.get("timeout", {})
        timeout = aiohttp.ClientTimeout(
            connect=limits.get("pool"), sock_connect=limits.get("connect"), sock_read=limits.get("read")
        )
        body = await request.aread()
        with _as_httpx():
            response = await self._opened().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=[(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw],
                data=body or None,
                allow_redirects=False,
                timeout=timeout,
            )
        return httpx.Response(response.status, headers=response.raw_headers, stream=_Body(response))

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        # Opened with the first request: a session belongs to the loop that is running then.
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=_Connector(ssl=self._context, limit=_CONNECTIONS, keepalive_timeout=_IDLE),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=("Content-Type",),
            )
            # There is no public way to say it: a GET on a connection that broke would be sent again unseen.
            self._session._retry_connection = False
        return self._session


class _Connector(aiohttp.TCPConnector):
    """Takes no connection up again on which something came while nothing was asked: it would pass for the answer to
    the next question."""

    async def _get(self, *args: Any) -> Any:
        # There is no public way to look at a connection before it is taken up; the names are held by the tests.
        while (taken := await super()._get(*args)) is not None and _has_something(taken.protocol):
            taken.close()
        return taken


def _has_something(protocol: ResponseHandler | None) -> bool:
    if protocol is None or protocol.transport is None or protocol.should_close:
        return True
    came = select.poll()
    came.register(protocol.transport.get_extra_info("socket"), select.POLLIN)
    return bool(came.poll(0))


class _Body(httpx.AsyncByteStream):
    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _as_httpx():
            async for chunk in self._response.content.iter_chunked(_CHUNK):
                yield chunk

    async def aclose(self) -> None:
        # What was read to its end went back to the pool; what was not is of no use to the next question.
        self._response.close()


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
    except aiohttp.ClientConnectorError as error:
        raise httpx.ConnectError(str(error)) from error
    except (aiohttp.ClientError, HttpProcessingError, OSError) as error:
        raise httpx.ReadError(str(error)) from error
