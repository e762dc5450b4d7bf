"""What every part of the sandbox shares: clock, memory, faults, connections."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from app.core.clock import today
from app.core.connections import Connection
from app.sandbox.agencies import CODES
from app.sandbox.faults import Faults
from app.sandbox.moving_clock import MovingClock
from app.sandbox.queries import Store

AGENCIES = CODES
SERVICES = (*AGENCIES, "sms_gateway")


CERTIFIED = "sandbox.certified"
"""The mark in a request's scope that only the listener for mutual TLS sets."""


class BodyTooLarge(Exception):
    """The caller sends more than the service takes."""


@dataclass(frozen=True)
class World:
    """The outside world as one installation sees it."""

    clock: MovingClock
    store: Store
    faults: Faults
    connections: Mapping[str, Connection]
    public_url: str
    answer_seconds: float  # how long banks take

    def today(self) -> date:
        """Return the installation's legal date."""
        return today(self.clock)

    def let_in(self, service: str, shown: str | None) -> bool:
        """Say whether a caller showed the secret of `service`."""
        return shown is not None and hmac.compare_digest(shown.encode(), self.connections[service].secret.encode())

    def let_in_bearer(self, service: str, request: Request) -> bool:
        """Say whether a caller showed the secret of `service` as a bearer token."""
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        return scheme == "Bearer" and self.let_in(service, shown)

    def let_in_certificate(self, request: Request) -> bool:
        """Say whether the caller came by the listener that lets in holders of our certificates only."""
        return bool(request.scope.get(CERTIFIED))

    def answer_time(self) -> float:
        """Return when something asked of a bank now is due, in the machine's time: waiting costs real seconds."""
        return time.time() + self.answer_seconds


async def read_body(request: Request, at_most: int = 256 * 1024) -> bytes:
    """Return the whole body.

    Raises:
        BodyTooLarge: longer than `at_most` bytes.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > at_most:
            raise BodyTooLarge
    return bytes(body)
