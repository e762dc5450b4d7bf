"""A trace id per request, given back as `X-Request-Id`, in logs, audit records and problems. Pure ASGI."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Tracing:
    """Names each request. A caller's own id is not taken over: it would end up in audit records unchecked."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace = scope["trace"] = secrets.token_hex(16)

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"x-request-id", trace.encode())]
            await send(message)

        await self._app(scope, receive, send_named)
