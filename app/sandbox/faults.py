"""Faults on demand, as the caller of an agency would meet them.

`error` happens before the request is read: nothing was done. `garbage` and `silence` happen after it was carried out:
the agency did its work and the answer got lost, the case that tells an idempotent caller from a lucky one.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.sandbox.hostile import HOSTILE, Attempt, Said, misbehave

_SILENCE_SECONDS = 30.0
_GARBAGE = b'\x93\x00{"code": 10<<<'
STRUCK = "sandbox.struck"
"""What befalls a request, in its scope: for faults that are those of what an answer says."""
# Ways of looking at an agency from outside; they must work while it does not.
_INSPECTION = frozenset({"questions", "credits"})


class Kind(StrEnum):
    """How an agency misbehaves."""

    LATENCY = "latency"
    ERROR = "error"
    GARBAGE = "garbage"
    SILENCE = "silence"
    # Those of `hostile.py`: what an agency might do that means harm.
    ENDLESS = "endless"
    TRICKLE = "trickle"
    REDIRECT = "redirect"
    OTHER_SHAPE = "other_shape"
    BOMB = "bomb"
    PAGE = "page"
    SOMEBODY_ELSE = "somebody_else"
    # Those of files of answers, which `filing.py` sees to.
    WRONG_TOTALS = "wrong_totals"
    BAD_LINES = "bad_lines"
    SLIPPED_ROWS = "slipped_rows"
    OLD_FILE = "old_file"  # an earlier file again, under the number of the next


@dataclass
class Fault:
    """One way one agency misbehaves, for a share of its answers."""

    agency: str
    kind: Kind
    rate: float
    seconds: float
    _owed: float = 0.0

    def strikes(self) -> bool:
        """Say whether it hits this time: spread evenly, so that a test with a rate of a half is no lottery."""
        self._owed += self.rate
        if self._owed < 1 - 1e-9:
            return False
        self._owed -= 1
        return True


class Faults:
    """The faults in force. They live in memory: a restart makes every agency well."""

    def __init__(self) -> None:
        self._faults: dict[tuple[str, Kind], Fault] = {}
        self.answers: Counter[str] = Counter()  # by agency, also those that a fault befell
        self.spoilt: Counter[str] = Counter()  # by agency, those that a fault befell

    def set(self, agency: str, kind: Kind, rate: float, seconds: float) -> None:
        """Put a fault in force in place of the one of the same kind; rate 0 ends it."""
        self._faults.pop((agency, kind), None)
        if rate > 0:
            self._faults[agency, kind] = Fault(agency, kind, rate, seconds)

    def clear(self, agency: str | None) -> None:
        """End the faults of one agency, or all."""
        self._faults = {key: fault for key, fault in self._faults.items() if agency not in (None, fault.agency)}

    def all(self) -> list[Fault]:
        """Return the faults in force."""
        return list(self._faults.values())

    def draw(self, agency: str) -> list[Fault]:
        """Return what befalls one answer of `agency`."""
        struck = [fault for fault in self._faults.values() if fault.agency == agency and fault.strikes()]
        self.answers[agency] += 1
        self.spoilt[agency] += bool(struck)
        return struck


def _has(struck: Iterable[Fault], kind: Kind) -> bool:
    return any(fault.kind is kind for fault in struck)


class FaultGate:
    """ASGI middleware that lets faults befall the agencies' addresses and nothing else."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults
        self._said: dict[str, Said] = {}  # by agency, the last answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        agency = _agency_of(scope)
        struck = self._faults.draw(agency) if agency else []
        scope[STRUCK] = {fault.kind for fault in struck}
        await asyncio.sleep(sum(fault.seconds for fault in struck if fault.kind is Kind.LATENCY))
        if _has(struck, Kind.ERROR):
            await _answer(send, 500, b'{"error": "a fault was ordered"}')
        elif _has(struck, Kind.SILENCE):
            await self._app(scope, receive, _Swallow())
            await _until_gone(receive)
            await _answer(send, 504, b"")
        elif _has(struck, Kind.GARBAGE):
            swallow = _Swallow()
            await self._app(scope, receive, swallow)
            await _answer(send, swallow.status, _GARBAGE)
        elif hostile := next((fault.kind for fault in struck if fault.kind in HOSTILE), None):
            await misbehave(hostile, Attempt(receive, send, self._said.get(agency or "", Said())))
        elif agency:
            self._said[agency] = said = Said()
            await self._app(scope, receive, _Overheard(send, said))
        else:
            await self._app(scope, receive, send)


def _agency_of(scope: Scope) -> str | None:
    if scope["type"] != "http":
        return None
    parts = scope["path"].strip("/").split("/")
    if parts[0] == "sms-gateway":
        return "sms_gateway"
    if parts[0] == "agencies" and len(parts) > 2 and parts[2] not in _INSPECTION:
        return str(parts[1])
    return None


class _Swallow:
    """Takes an answer that nobody will see, and remembers its status."""

    status = 200

    async def __call__(self, message: Message) -> None:
        self.status = message.get("status", self.status)


class _Overheard:
    """Passes an answer on, and keeps it."""

    def __init__(self, send: Send, said: Said) -> None:
        self._send = send
        self._said = said

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._said.status, self._said.headers = message["status"], message.get("headers", ())
        else:
            self._said.body += message.get("body", b"")
        await self._send(message)


async def _until_gone(receive: Receive) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_SILENCE_SECONDS):
            while (await receive())["type"] != "http.disconnect":
                pass


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
