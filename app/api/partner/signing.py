"""What partners bring by themselves has to carry their signature, beside the secret that says who is calling."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request

from app.api.common.deps import get_tools, trace_of
from app.core.db import WriteSession
from app.core.reach import EVERYTHING
from app.partners.call_backs import SIGNATURE_HEADER, TIME_HEADER, WINDOW, NotSigned, require_signed
from app.verification.errors import CallbackNotSigned

Note = Callable[[WriteSession], Awaitable[None]]


@dataclass(frozen=True)
class Signature:
    """What a sending says of itself in its header."""

    sent_at: str | None
    signature: str | None

    def require(self, request: Request, partner: str, body: bytes) -> None:
        """Let through what `partner` has signed, and sends now.

        Raises:
            CallbackNotSigned: it has not, with another key than was agreed on, or some time ago.
        """
        key = get_tools(request).inbound_keys.get(partner, "")
        now, path = time.time(), request.url.path
        try:
            require_signed(key, partner, path, body, sent_at=self.sent_at, signature=self.signature, now=now)
        except NotSigned as refused:
            raise _refusal(refused.reason) from None

    async def require_or_note(self, request: Request, partner: str, body: bytes, note: Note) -> None:
        """Let through what `partner` has signed; of what it has not, `note` keeps that it came, and nothing of it.

        Raises:
            CallbackNotSigned: as for `require`.
        """
        try:
            self.require(request, partner, body)
        except CallbackNotSigned:
            # By itself: what is refused leaves nothing of the request's own transaction.
            async with get_tools(request).database.reaching(EVERYTHING).unit_of_work(trace_of(request)) as db:
                await note(db)
            raise


def _refusal(reason: str) -> CallbackNotSigned:
    if reason == "missing":
        return CallbackNotSigned("signature_missing")
    if reason == "stale":
        return CallbackNotSigned("signature_stale", seconds=WINDOW)
    return CallbackNotSigned("signature_wrong")


async def _signature(
    sent_at: Annotated[
        str | None,
        Header(
            alias=TIME_HEADER,
            description="When this is sent: seconds of the epoch",
            json_schema_extra={"maxLength": 32},
        ),
    ] = None,
    signature: Annotated[
        str | None,
        Header(
            alias=SIGNATURE_HEADER,
            description="`v1=` and HMAC-SHA256 in hex, with the key agreed on, over X-Partner, path, X-Signed-At, each "
            "followed by a line feed, and the body. Required",
            json_schema_extra={"maxLength": 128},
        ),
    ] = None,
) -> Signature:
    # Neither required nor measured before it is looked at, so that one answer says all that may be wrong with a
    # signature: a longer one is a wrong one.
    return Signature(sent_at, signature)


Signed = Annotated[Signature, Depends(_signature)]
