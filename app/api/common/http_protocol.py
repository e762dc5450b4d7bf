"""The server's side of a connection: uvicorn's, with an end to what may be sent before a request even begins.

uvicorn waits for the lines of a request as long as it takes, and keeps as many as come: a handful of connections that
trickle or flood hold the process. No middleware sees such a request, so it is refused here. Used by
`uvicorn --http app.api.common.http_protocol:BoundedHttp`.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api.common.problems import MEDIA_TYPE, PROTOCOL_PROBLEMS, TYPE_BASE, Problem

HEAD_SECONDS = 10.0  # for all lines of a request, from the connection or from its first byte
HEAD_BYTES = 32 * 1024


class BoundedHttp(HttpToolsProtocol):
    """A connection that has to bring the lines of each request in time and in bounds."""

    head_seconds = HEAD_SECONDS
    _deadline: asyncio.TimerHandle | None = None
    _size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection: its first request is due."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """See the first byte of a request."""
        super().on_message_begin()
        if self._deadline is None:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """See the end of a request's lines; the body is timed and counted by the application."""
        self._stop_waiting()
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Count what comes in while a request's lines are not complete."""
        began_before = self._deadline is not None
        super().data_received(data)
        if began_before and self._deadline is not None:
            self._size += len(data)
            if self._size > HEAD_BYTES:
                self._refuse(431)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 (the text is for people at a terminal)
        """Refuse what is no HTTP."""
        self._refuse(400)

    def _expect_head(self) -> None:
        self._size = 0
        self._deadline = self.loop.call_later(self.head_seconds, self._refuse, 408)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, status: int) -> None:
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if self.cycle is None or self.cycle.response_complete:  # else it would stand in the middle of an answer
            self.transport.write(_answer(status))
        self.transport.close()


def _answer(status: int) -> bytes:
    code, title, _ = PROTOCOL_PROBLEMS[status]
    problem = Problem(
        type=TYPE_BASE + code, code=code, title=title, status=status, detail=None, instance="urn:trace:", errors=[]
    )
    body = problem.model_dump_json().encode()
    head = f"HTTP/1.1 {status} Refused\r\nContent-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"Connection: close\r\n\r\n" + body
