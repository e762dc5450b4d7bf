"""Answers travel small: brotli, zstandard or gzip, as the caller prefers.

starlette-compress does the packing. What it leaves open is done here: the caller's preferences (q-values), and ETags.
A strong ETag names bytes, so a packed answer carries `"7-br"` where the bare one is `"7"`; the application only ever
sees the bare one, because what comes back in If-Match and If-None-Match is stripped.

Sign-in is never packed: a packed body's length tells something about secrets that stand beside a caller's own text
(BREACH). Elsewhere no browser sends a stranger's request with our token, so there is nobody to measure.
"""

import re

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

_SMALLEST = 500  # bytes; below, the headers outweigh what is saved
_BROTLI_QUALITY = 5  # the first that sees words in their context: a tenth smaller than 4, for a few microseconds
_NEVER = "/v1/auth/"
_CODINGS = ("br", "zstd", "gzip")  # among equals the first: brotli knows common words of JSON and HTML beforehand
_CONDITIONS = (b"if-none-match", b"if-match")
_PACKED_TAG = re.compile(rb'-(?:br|zstd|gzip)"')
_MOST_CODINGS = 20  # of a header that is longer than any client's the rest is not read

add_compress_type("application/problem+json")


class Compression:
    """Packs answers. Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._packing = CompressMiddleware(app, minimum_size=_SMALLEST, brotli_quality=_BROTLI_QUALITY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        tags, scope = _bare_conditions(scope)

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tag(message, tags)
            await send(message)

        if scope["path"].startswith(_NEVER):
            await self._app(scope, receive, send_tagged)
        else:
            await self._packing(_with_choice(scope), receive, send_tagged)


def choose_coding(accepted: str) -> str | None:
    """Return the coding a caller prefers (RFC 9110 section 12.5.3) of those we have; None for the bare body."""
    wishes: dict[str, float] = {}
    for item in accepted.lower().split(",")[:_MOST_CODINGS]:
        name, _, parameters = item.partition(";")
        wishes[name.strip()] = _quality(parameters)
    others = wishes.get("*", 0.0)
    found = max(_CODINGS, key=lambda coding: wishes.get(coding, others))
    wish = wishes.get(found, others)
    return found if wish > 0 and wish >= wishes.get("identity", 0.0) else None


def _quality(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    if name.strip() != "q":
        return 1.0
    return float(value) if re.fullmatch(r"\s*(0(\.\d{0,3})?|1(\.0{0,3})?)\s*", value) else 0.0


def _with_choice(scope: Scope) -> Scope:
    accepted = [value for name, value in scope["headers"] if name == b"accept-encoding"]
    choice = choose_coding(b",".join(accepted).decode("latin-1"))
    headers = [header for header in scope["headers"] if header[0] != b"accept-encoding"]
    return {**scope, "headers": [*headers, (b"accept-encoding", (choice or "identity").encode())]}


def _bare_conditions(scope: Scope) -> tuple[dict[bytes, bytes], Scope]:
    """Strip the coding off the tags that came back; returns which bare tag came as which."""
    given = [(name, value) for name, value in scope["headers"] if name in _CONDITIONS and _PACKED_TAG.search(value)]
    if not given:
        return {}, scope
    tags = {}
    for _, value in given:
        for tag in value.split(b","):
            tags[_PACKED_TAG.sub(b'"', tag.strip())] = tag.strip()
    headers = [
        (name, _PACKED_TAG.sub(b'"', value) if name in _CONDITIONS else value) for name, value in scope["headers"]
    ]
    return tags, {**scope, "headers": headers}


def _tag(message: Message, tags: dict[bytes, bytes]) -> None:
    """Name the bytes that are sent; a 304 names those the caller holds."""
    headers = list(message["headers"])
    coding = next((value for name, value in headers if name.lower() == b"content-encoding"), None)
    for place, (name, value) in enumerate(headers):
        if name.lower() != b"etag" or value.startswith(b"W/"):
            continue
        if coding in (b"br", b"zstd", b"gzip") and value.endswith(b'"'):
            headers[place] = (name, value[:-1] + b"-" + coding + b'"')
        elif message["status"] == 304:
            headers[place] = (name, tags.get(value, value))
    message["headers"] = headers
