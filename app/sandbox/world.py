"""What every part of the sandbox shares: clock, memory, faults, connections."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from app.core.clock import today
from app.core.connections import Connection
from app.sandbox.faults import Faults
from app.sandbox.moving_clock import MovingClock
from app.sandbox.queries import Store

AGENCIES = ("public_security", "civil_affairs", "housing", "banking", "paying_bank")
SERVICES = (*AGENCIES, "sms_gateway")


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
