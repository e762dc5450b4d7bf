"""The gate every request passes first, in pure ASGI: lines, size, time, text. What it lets through is safe to read.

Bytes are counted and the clock runs while they arrive, so that neither a 300 MB body nor one byte a minute ties up the
process. A body is what its content type says, or it is refused: otherwise one reader would trust a label that the next
one reads differently. JSON is read strictly here, once, before any endpoint sees it; path and query are clean UTF-8.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from urllib.parse import unquote_to_bytes

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.common.problems import protocol_problem
from app.core.errors import Fault
from app.core.strict_json import JsonRefused, read_strict_json, text_is_clean

MAX_BODY = 256 * 1024  # bytes; the largest thing a client sends at once is a form or a part of an upload
MAX_LINES = 16 * 1024  # bytes of all header lines together, and of the address
RECEIVE_SECONDS = 20.0  # for the whole body: 256 kB in that time is a slow 2G link

_JSON = frozenset({b"application/json", b"application/merge-patch+json"})
_BYTES = b"application/octet-stream"  # parts of uploads, which are PUT; some clients label them with nothing
_MEDIA_TYPE = re.compile(
    rb'[ \t]*([a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+)[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?', re.IGNORECASE
)
_DIGITS = re.compile(rb"[0-9]{1,15}")
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})  # any other is 405, whatever it says
# Sent twice, one of them would be believed here and the other one further in.
_ONCE = frozenset(
    {
        b"authorization", b"content-digest", b"content-encoding", b"content-length", b"content-type", b"host",
        b"idempotency-key", b"if-match", b"x-http-method-override", b"x-partner",
    }
)  # fmt: skip


class Refused(Exception):
    """The request is refused by the protocol."""

    def __init__(self, status: int, code: str, about: str = "", **numbers: int) -> None:
        super().__init__(code)
        self.status = status
        self.fault = Fault("", code, about, **numbers)


class _Gone(Exception):
    """The caller is gone before the body was whole: nobody waits for an answer, and half a request does nothing."""


class Intake:
    """Counts, times and reads what comes in."""

    def __init__(self, app: ASGIApp, *, max_body: int = MAX_BODY, seconds: float = RECEIVE_SECONDS) -> None:
        self._app = app
        self._max_body = max_body
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _check_address(scope)
            _check_lines(scope)
            body = await asyncio.wait_for(self._read(scope, receive), self._seconds)
            _check_body(scope, body)
        except _Gone:
            return
        except TimeoutError:
            await _refuse(scope, receive, send, Refused(408, "too_slow"))
        except Refused as refusal:
            await _refuse(scope, receive, send, refusal)
        else:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        announced = _header(scope, b"content-length")
        if announced and (not _DIGITS.fullmatch(announced) or int(announced) > self._max_body):
            raise Refused(413, "too_long", "bytes", most=self._max_body)
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            if len(body) > self._max_body:
                raise Refused(413, "too_long", "bytes", most=self._max_body)
            if not message.get("more_body", False):
                return bytes(body)


def _check_address(scope: Scope) -> None:
    raw_path, raw_query = scope.get("raw_path") or b"", scope.get("query_string") or b""
    if len(raw_path) + len(raw_query) > MAX_LINES:
        raise Refused(414, "too_long", "bytes", most=MAX_LINES)
    for raw in (raw_path, raw_query.replace(b"+", b" ")):
        try:
            text = unquote_to_bytes(raw).decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(400, "encoding") from None
        if not text_is_clean(text):
            raise Refused(400, "text")


def _check_lines(scope: Scope) -> None:
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_LINES:
        raise Refused(431, "too_long", "bytes", most=MAX_LINES)
    names = [name for name, _ in scope["headers"] if name in _ONCE]
    if len(names) != len(set(names)):
        raise Refused(400, "header_repeated")


def _check_body(scope: Scope, body: bytes) -> None:
    if not body or scope["method"] not in _METHODS:
        return
    if _header(scope, b"content-encoding").strip().lower() not in (b"", b"identity"):
        raise Refused(415, "content_encoding")
    label = _header(scope, b"content-type")
    if scope["method"] == "PUT" and label in (b"", _BYTES):
        return
    kind = _MEDIA_TYPE.fullmatch(label)
    if kind is None or kind[1].lower() not in _JSON:
        raise Refused(415, "content_type")
    try:
        read_strict_json(body)
    except JsonRefused as refusal:
        raise Refused(400, refusal.code) from None


def _header(scope: Scope, name: bytes) -> bytes:
    value: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return value


async def _refuse(scope: Scope, receive: Receive, send: Send, refusal: Refused) -> None:
    # The rest of the body is not read: the connection has to end with the answer.
    headers = {"Connection": "close"} if refusal.status in (408, 413, 431) else {}
    answer = protocol_problem(Request(scope), refusal.status, faults=[refusal.fault], headers=headers)
    await answer(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
