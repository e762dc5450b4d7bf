"""Words that people wrote, as they are shown: at the desk with the numbers in them masked, to citizens as they are.

A field of type `Words` is masked wherever it is answered below the console's address, so that a shape both sides share
need not say it twice, and one added later is masked as well. What is behind a mask is opened by the unmasking of
`words`. Letters are no words of this kind: what was issued is shown as it was.
"""

from contextvars import ContextVar
from typing import Annotated

from pydantic import AfterValidator
from starlette.types import ASGIApp, Receive, Scope, Send

from app.identity.masks import mask_numbers

_CONSOLE = "/v1/console/"
_MASKED: ContextVar[bool] = ContextVar("masked", default=False)


def _as_shown(text: str) -> str:
    return mask_numbers(text) if _MASKED.get() else text


Words = Annotated[str, AfterValidator(_as_shown)]


class MaskedWords:
    """Says of each request whether what people wrote is masked in its answer. Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = _MASKED.set(scope["type"] == "http" and scope["path"].startswith(_CONSOLE))
        try:
            await self._app(scope, receive, send)
        finally:
            _MASKED.reset(token)
