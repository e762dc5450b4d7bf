"""Having a letter printed, by a process that ends with it.

What a print's digest is, is remembered: who checks a letter, at an address open to all, has it printed once. Prints
themselves are not kept: they name people.
"""

import hashlib
import json
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import anyio

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-P", "-m", "app.letters.pdf")
_ENVIRONMENT = {"PYTHONPATH": str(_ROOT), "LANG": "C.UTF-8"}  # nothing of ours, so none of our secrets

# Each takes most of a second of a core: a crowd of readers must not take all of them.
_AT_ONCE = anyio.CapacityLimiter(2)


@dataclass(frozen=True)
class Printed:
    """A PDF and its SHA-256."""

    content: bytes
    sha256: str


class _Digests:
    """Digests of prints by the digest of what was printed; those asked for least recently go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._known: OrderedDict[bytes, str] = OrderedDict()

    def find(self, key: bytes) -> str | None:
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def keep(self, key: bytes, sha256: str) -> None:
        self._known[key] = sha256
        if len(self._known) > self._most:
            self._known.popitem(last=False)


_DIGESTS = _Digests(20_000)  # some 4 MB


async def print_letter(body: Mapping[str, Any], *, digest: str, issued_at: datetime, check_at: str) -> Printed:
    """Print a letter. `check_at`: the address where anyone may check it."""
    told = _told(body, digest, issued_at, check_at)
    async with _AT_ONCE:
        return await _print(told)


async def digest_print(body: Mapping[str, Any], *, digest: str, issued_at: datetime, check_at: str) -> str:
    """Return the SHA-256 that `print_letter` would give; printed only where this process has not done so before, and
    once for many who ask at the same time."""
    told = _told(body, digest, issued_at, check_at)
    key = hashlib.sha256(told).digest()
    known = _DIGESTS.find(key)
    if known is not None:
        return known
    async with _AT_ONCE:
        return _DIGESTS.find(key) or (await _print(told)).sha256


def _told(body: Mapping[str, Any], digest: str, issued_at: datetime, check_at: str) -> bytes:
    told = {"body": dict(body), "digest": digest, "issued_at": issued_at.isoformat(), "check_at": check_at}
    return json.dumps(told, sort_keys=True).encode()


async def _print(told: bytes) -> Printed:
    done = await anyio.run_process(_COMMAND, input=told, env=_ENVIRONMENT, cwd=_ROOT)
    printed = Printed(done.stdout, hashlib.sha256(done.stdout).hexdigest())
    _DIGESTS.keep(hashlib.sha256(told).digest(), printed.sha256)
    return printed
