"""Keyset paging: an opaque cursor, signed and bound to who asks and what for."""

import base64
import hmac
from contextvars import ContextVar
from typing import Annotated
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from fastapi import Query
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.crypto import Vault
from app.core.errors import DomainError, Kind
from app.identity.actors import Actor

Limit = Annotated[int, Query(ge=1, le=100, description="rows per page")]
Cursor = Annotated[
    str | None, Query(max_length=200, pattern=r"^[A-Za-z0-9_-]+$", description="`next` of the page before")
]


_NEXT: ContextVar[list[str] | None] = ContextVar("next", default=None)


class CursorRejected(DomainError):
    """The cursor is not one of ours, or was made for another list or another caller."""

    code = "cursor_rejected"
    kind = Kind.INVALID
    title = "The cursor is not valid for this list"
    title_zh = "分页标记无效"


def write_cursor(vault: Vault, actor: Actor | None, list_name: str, position: str) -> str:
    """Return a cursor that stands for `position` in this list, for this caller."""
    tag = _tag(vault, actor, list_name, position)
    cursor = _encode(tag, position)
    holder = _NEXT.get()
    if holder is not None:
        holder[:] = [cursor]
    return cursor


def _encode(tag: bytes, position: str) -> str:
    return base64.urlsafe_b64encode(tag + position.encode()).decode().rstrip("=")


def read_cursor(vault: Vault, actor: Actor | None, list_name: str, cursor: str | None) -> str | None:
    """Return the position a cursor stands for; None without one.

    Raises:
        CursorRejected: changed, or of another list or caller.
    """
    if cursor is None:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        tag, position = raw[:16], raw[16:].decode()
    except ValueError:
        raise CursorRejected from None
    if not hmac.compare_digest(tag, _tag(vault, actor, list_name, position)):
        raise CursorRejected
    return position


def read_id_cursor(vault: Vault, actor: Actor | None, list_name: str, cursor: str | None) -> UUID | None:
    """Like `read_cursor`, for lists ordered by id."""
    position = read_cursor(vault, actor, list_name, cursor)
    return UUID(position) if position else None


class Linking:
    """Adds `Link: <…>; rel="next"` to the answers of lists that go on. Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        holder: list[str] = []

        async def send_linked(message: Message) -> None:
            if message["type"] == "http.response.start" and holder and message["status"] == 200:
                link = f'<{_next_address(scope, holder[0])}>; rel="next"'
                message = {**message, "headers": [*message["headers"], (b"link", link.encode())]}
            await send(message)

        token = _NEXT.set(holder)
        try:
            await self._app(scope, receive, send_linked)
        finally:
            _NEXT.reset(token)


def _next_address(scope: Scope, cursor: str) -> str:
    query = [(name, value) for name, value in parse_qsl(scope["query_string"].decode("latin-1")) if name != "cursor"]
    return f"{scope['path']}?{urlencode([*query, ('cursor', cursor)])}"


def _tag(vault: Vault, actor: Actor | None, list_name: str, position: str) -> bytes:
    bound = "\0".join([list_name, str(actor.id) if actor else "", position])
    return hmac.digest(vault.derive("cursors"), bound.encode(), "sha256")[:16]
