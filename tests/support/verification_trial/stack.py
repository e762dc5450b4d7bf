"""Sandbox, API and worker as real processes over one database, the worker killed without warning and started again.

The API is there for the banks, who call back. Everything else goes between the worker and the agencies over HTTP.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.core.clock import OffsetClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.identity.keys import KeyRing, load_key_ring
from scripts.local import children
from scripts.local.installation import Installation
from scripts.local.processes import python

_HOST = "127.0.0.1"
_UVICORN = ("-m", "uvicorn", "--factory", "--no-access-log", "--no-proxy-headers", "--host", _HOST, "--port")
_STARTING = 120.0  # seconds, on a busy machine
_TICK = 0.1
_Process = subprocess.Popen[bytes]


@dataclass
class VerificationStack:
    """All processes that verification takes. `kills` counts how often a worker was ended by SIGKILL."""

    folder: Path
    database_url: str
    workers: int = 1
    kills: int = 0
    _others: list[_Process] = field(default_factory=list)
    _working: list[_Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        ports = [children.free_port(_HOST) for _ in range(3)]
        self._installation = Installation(self.folder, _HOST, *ports)
        self._installation.make_files()
        self.clock = OffsetClock(self.folder / "clock")
        self.sandbox_file = self.folder / "sandbox.db"

    @property
    def keys(self) -> KeyRing:
        """The keys that sign access tokens."""
        return load_key_ring(self.folder / "keys" / "tokens.json")

    def database(self) -> Database:
        """Return the database as the worker sees it; whoever asks disposes of it."""
        vault = make_vault(self.folder / "keys" / "vault.json", None, "intl", self.clock)
        return Database(make_engine(self.database_url, 5, wait=60), self.clock, vault, reach=EVERYTHING)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start everything but the workers, wait until it answers, end all of it."""
        sandbox, api = self._installation.sandbox_port, self._installation.port
        try:
            self._others = [
                self._spawn("sandbox", python(*_UVICORN, str(sandbox), "app.sandbox.main:create_app")),
                self._spawn("api", python(*_UVICORN, str(api), "app.main:create_app")),
            ]
            async with asyncio.timeout(_STARTING):
                await self._until(lambda: children.answers(_HOST, sandbox, "/clock"))
                await self._until(lambda: children.answers(_HOST, api, "/readyz"))
            yield
        finally:
            for process in (*self._working, *self._others):
                children.end(process)

    def start_workers(self) -> None:
        """Start the workers; they need not be waited for."""
        self._working = [self._spawn("worker", python("-m", "app.worker")) for _ in range(self.workers)]

    def kill_worker(self, place: int) -> None:
        """End one worker, by its id, in the middle of whatever it is doing, and start another in its place."""
        process = self._working[place % self.workers]
        assert process.poll() is None, self.log_of("worker")[-3000:]
        process.kill()
        process.wait()
        self.kills += 1
        self._working[place % self.workers] = self._spawn("worker", python("-m", "app.worker"))

    def require_alive(self) -> None:
        """Fail unless everything that was started and not killed still runs."""
        for process in (*self._working, *self._others):
            assert process.poll() is None, "".join(self.log_of(name)[-2000:] for name in ("worker", "api", "sandbox"))

    async def advance(self, duration: str) -> None:
        """Let time pass for all of it."""
        await self.tell("POST", "/clock", {"advance": duration})

    async def break_agency(self, agency: str, faults: Sequence[tuple[str, float, float]]) -> None:
        """Order faults (kind, rate, seconds) of one agency in place of those it has; none makes it well."""
        await self.tell("DELETE", f"/faults?agency={agency}")
        for kind, rate, seconds in faults:
            await self.tell("POST", "/faults", {"agency": agency, "kind": kind, "rate": rate, "seconds": seconds})

    async def tell(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """Move one of the sandbox's levers, or read them."""
        async with httpx.AsyncClient(base_url=self._installation.sandbox_url, trust_env=False, timeout=60) as http:
            answer = await http.request(method, path, json=body)
        answer.raise_for_status()
        told: dict[str, Any] = answer.json()
        return told

    def log_of(self, name: str) -> str:
        """Return what the processes of one kind wrote."""
        log = self.folder / "logs" / f"{name}.log"
        return log.read_text() if log.exists() else ""

    def _spawn(self, name: str, command: list[str]) -> _Process:
        environment = {
            **self._installation.environment(self.database_url),
            "DIBAO_LOG_LEVEL": "warning",
            "DIBAO_SANDBOX_ANSWER_SECONDS": "0.5",
        }
        return children.spawn(command, environment, self.folder / "logs" / f"{name}.log")

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not await asyncio.to_thread(condition):
            self.require_alive()
            await asyncio.sleep(_TICK)
