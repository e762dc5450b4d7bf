"""Floor and product once more, with a watch on every part. Slower for it: never what the ratios are measured on."""

import json
from typing import Any

import asyncpg.protocol.protocol
import fastapi.routing
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from app.identity import tokens
from scripts.local.bench.spans import Spans

_SPANS = Spans()
_ADDRESS = "/traced/parts"  # answers what was spent since it was asked last

GATE, FRAMEWORK, TOKEN, KEY = "gate", "framework", "token", "key"
MAPPER, POSTGRES, ENDPOINT, WRITING, SERVER = "mapper", "postgres", "endpoint", "writing", "server"


class _Watched:
    """The whole application: what no part within claims is the gate's, what leaves is the server's."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == _ADDRESS:
            await _tell(send)
        else:
            with _SPANS.span(GATE):
                await self._app(scope, receive, _SPANS._awaited(send, SERVER))


async def _tell(send: Send) -> None:
    body = json.dumps(_SPANS.take()).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def create_floor() -> ASGIApp:
    """Build the floor under watch."""
    _watch()
    from scripts.local.bench import floor

    return _Watched(floor.create_app())


def create_ours() -> ASGIApp:
    """Build the product under watch."""
    _watch()
    _SPANS.watch(tokens, "read_access_token", TOKEN, awaited=False)
    from app import main

    return _Watched(main.create_app())


def _watch() -> None:
    original = ExceptionMiddleware.__call__

    async def framework(self: Any, scope: Scope, receive: Receive, send: Send) -> None:
        with _SPANS.span(FRAMEWORK):
            await original(self, scope, receive, _SPANS._awaited(send, GATE))

    ExceptionMiddleware.__call__ = framework  # type: ignore[method-assign]
    _SPANS.watch(fastapi.routing, "run_endpoint_function", ENDPOINT)
    _SPANS.watch(fastapi.routing, "serialize_response", WRITING)
    for name in ("execute", "scalar", "scalars", "get", "flush", "commit", "rollback", "close", "connection"):
        _SPANS.watch(AsyncSession, name, MAPPER)
    for name in ("query", "prepare", "bind_execute", "bind_execute_many", "close_statement"):
        _SPANS.watch(asyncpg.protocol.protocol.Protocol, name, POSTGRES)
