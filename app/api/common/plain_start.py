"""Tells in one line what keeps the web process from starting. Pure ASGI.

The framework would hand the server a whole stack, of which the words were taken out on their way into the log.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core.errors import CannotStart


class PlainStart:
    """Puts the words of a `CannotStart` in place of its stack."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return
        failed: list[Message] = []

        async def send_unless_failed(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                failed.append(message)
            else:
                await send(message)

        try:
            await self._app(scope, receive, send_unless_failed)
        except BaseException as error:
            for message in failed:
                await send({**message, "message": str(error)} if isinstance(error, CannotStart) else message)
            if not isinstance(error, CannotStart):
                raise
