"""Having a letter printed, by a process that ends with it."""

import hashlib
import json
import sys
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


async def print_letter(body: Mapping[str, Any], *, digest: str, issued_at: datetime, check_at: str) -> Printed:
    """Print a letter. `check_at`: the address where anyone may check it."""
    told = {"body": dict(body), "digest": digest, "issued_at": issued_at.isoformat(), "check_at": check_at}
    async with _AT_ONCE:
        done = await anyio.run_process(_COMMAND, input=json.dumps(told).encode(), env=_ENVIRONMENT, cwd=_ROOT)
    return Printed(done.stdout, hashlib.sha256(done.stdout).hexdigest())
