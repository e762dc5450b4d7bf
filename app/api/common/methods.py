"""Methods that phones cannot send, and methods that everybody may: override, HEAD, OPTIONS, a true Allow. Pure ASGI."""

from collections.abc import Mapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.common.directory import Directory
from app.api.common.problems import protocol_problem
from app.core.errors import Fault

# Mini-programs send GET, POST, PUT, DELETE, HEAD and OPTIONS; PATCH they have to write as a POST.
_OVERRIDABLE = "PATCH"
_HEADER = b"x-http-method-override"


class Methods:
    """Translates the method before the routes see it, and says which methods an address has."""

    def __init__(self, app: ASGIApp, *, paths: Mapping[str, Mapping[str, Any]]) -> None:
        """`paths`: the contract's paths, each with its methods."""
        self._app = app
        self._directory: Directory[frozenset[str]] = Directory()
        for path, item in paths.items():
            self._directory.add(path, frozenset(method.upper() for method in item))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        override = next((value for key, value in scope["headers"] if key == _HEADER), None)
        if override is not None:
            if scope["method"] != "POST" or override.decode("latin-1").strip().upper() != _OVERRIDABLE:
                await protocol_problem(Request(scope), 400, faults=[Fault("", "method_override")])(scope, receive, send)
                return
            scope = {**scope, "method": _OVERRIDABLE}
        if scope["method"] == "OPTIONS" and (allowed := self._allowed(scope["path"])):
            await _answer_options(allowed, send)
        elif scope["method"] == "HEAD" and "GET" in self._allowed(scope["path"]):
            await self._app({**scope, "method": "GET"}, receive, _without_body(send))
        else:
            await self._app(scope, receive, self._with_allow(scope, send))

    def _allowed(self, path: str) -> frozenset[str]:
        found = frozenset[str]().union(*self._directory.find(path))
        if not found:
            return found
        return found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else frozenset())

    def _with_allow(self, scope: Scope, send: Send) -> Send:
        async def send_allowed(message: Message) -> None:
            # The router names the methods of the first route that fits; an address may have several.
            if message.get("status") == 405 and (allowed := self._allowed(scope["path"])):
                headers = MutableHeaders(raw=list(message["headers"]))
                headers["Allow"] = ", ".join(sorted(allowed))
                message = {**message, "headers": headers.raw}
            await send(message)

        return send_allowed


async def _answer_options(allowed: frozenset[str], send: Send) -> None:
    headers = [(b"allow", ", ".join(sorted(allowed)).encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _without_body(send: Send) -> Send:
    async def send_head(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return send_head
