"""Conditional requests (RFC 9110 section 13): nobody overwrites what he has not seen, nobody loads what he has.

A resource's ETag is its version, quoted: strong, the same for every caller and after a token refresh. Changing one
needs `If-Match` (missing 428, stale 412); reading honours `If-None-Match` (304).
"""

import hashlib
from contextvars import ContextVar
from typing import Annotated

from fastapi import Header, Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import DomainError, Kind

_MAX_VERSION_DIGITS = 18
_TAG: ContextVar[list[str] | None] = ContextVar("etag", default=None)


class PreconditionRequired(DomainError):
    """The operation changes something and says not what it has seen of it."""

    code = "precondition_required"
    kind = Kind.PRECONDITION_REQUIRED
    title = "Send If-Match with the ETag you last saw"
    title_zh = "请携带 If-Match 请求头"


class PreconditionFailed(DomainError):
    """It was changed since: read it again."""

    code = "precondition_failed"
    kind = Kind.PRECONDITION_FAILED
    title = "It was changed since you last read it"
    title_zh = "内容已更新，请重新获取"


IfMatch = Annotated[str | None, Header(alias="If-Match", max_length=200, description="the ETag last seen")]


def etag_of(version: int, variant: str = "") -> str:
    """Return the ETag of a version; `variant` tells representations apart that differ by language."""
    return f'"{version}-{variant}"' if variant else f'"{version}"'


def required_version(if_match: str | None) -> int:
    """Return the version the caller has seen.

    Raises:
        PreconditionRequired: no If-Match.
        PreconditionFailed: not an ETag of ours; `*` is none either, it says nothing about what was seen.
    """
    if if_match is None:
        raise PreconditionRequired
    digits = if_match.strip().strip('"')
    if etag_of_digits(digits) != if_match.strip():
        raise PreconditionFailed
    return int(digits)


def check_version(if_match: str | None, version: int) -> None:
    """Refuse a change by somebody who has not seen the present version.

    Raises:
        PreconditionRequired, PreconditionFailed: no If-Match, or a stale one.
    """
    if required_version(if_match) != version:
        raise PreconditionFailed


def etag_of_digits(digits: str) -> str | None:
    """Return the ETag these digits stand in; None when they are no version."""
    is_version = digits.isascii() and digits.isdigit() and 0 < len(digits) <= _MAX_VERSION_DIGITS
    return f'"{int(digits)}"' if is_version else None


def tag(version: int, variant: str = "") -> None:
    """Name the version of the resource that this request answers with; the middleware makes it the ETag."""
    holder = _TAG.get()
    if holder is not None:
        holder[:] = [etag_of(version, variant)]


def present_tag() -> str | None:
    """Return the ETag named so far in this request."""
    holder = _TAG.get()
    return holder[0] if holder else None


def seen_version(request: Request, variant: str = "") -> int | None:
    """Return the version of the copy the caller has, so that what it shows need not be read again; None without one."""
    given = request.headers.get("if-none-match", "").strip().removeprefix("W/")
    digits = given.strip('"').removesuffix(f"-{variant}" if variant else "")
    return int(digits) if etag_of_digits(digits) and given == etag_of(int(digits), variant) else None


def not_modified(version: int, variant: str = "") -> Response:
    """Return the answer for a caller whose copy is fresh."""
    return Response(status_code=304, headers={"ETag": etag_of(version, variant)})


class Conditional:
    """Gives every answer to a GET an ETag, and 304 to a caller who has it. Pure ASGI.

    Where the endpoint named a version it is that; otherwise a digest of the body. Answers that must not be kept
    (`no-store`) get none.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        token = _TAG.set([])
        try:
            await self._app(scope, receive, _Sender(scope, send))
        finally:
            _TAG.reset(token)


class _Sender:
    """Holds the start of an answer back until its body is seen."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None
        if start is None or message["type"] != "http.response.body":
            await self._send(message)
            return
        if start["status"] in (200, 201):
            start, message = self._tagged(start, message)
        await self._send(start)
        await self._send(message)

    def _tagged(self, start: Message, message: Message) -> tuple[Message, Message]:
        headers = MutableHeaders(raw=list(start["headers"]))
        reading = self._scope["method"] in ("GET", "HEAD")
        etag = headers.get("etag") or present_tag() or (_digest(headers, message) if reading else None)
        if etag is None:
            return start, message
        headers["ETag"] = etag
        if not reading:
            return {**start, "headers": headers.raw}, message
        headers.setdefault("Cache-Control", "private, no-cache")
        given = next(
            (value.decode("latin-1") for key, value in self._scope["headers"] if key == b"if-none-match"), None
        )
        if not _matches(given, etag):
            return {**start, "headers": headers.raw}, message
        for name in ("content-length", "content-type"):
            if name in headers:
                del headers[name]
        return {**start, "status": 304, "headers": headers.raw}, {"type": "http.response.body", "body": b""}


def _digest(headers: MutableHeaders, message: Message) -> str | None:
    if message.get("more_body") or "no-store" in headers.get("cache-control", ""):
        return None
    return '"' + hashlib.sha256(message.get("body", b"")).hexdigest()[:20] + '"'


def _matches(given: str | None, etag: str) -> bool:
    if given is None:
        return False
    return given.strip() == "*" or etag in (each.strip().removeprefix("W/") for each in given.split(","))
