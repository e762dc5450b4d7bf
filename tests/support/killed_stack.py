"""The whole stack as real processes, whose services are killed without warning; the supervisor starts them again."""

import asyncio
import contextlib
import json
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from scripts.local import children
from scripts.local.children import ROOT
from scripts.local.processes import base_environment, python

_TICK = 0.02
_PATIENCE = 300.0  # seconds anything here may take on a busy machine


@dataclass
class KilledStack:
    """`scripts/serve` over a data folder and a database of its own. `killed` lists what was ended by SIGKILL."""

    data: Path
    database_url: str
    killed: list[str] = field(default_factory=list)
    _supervisor: "subprocess.Popen[bytes] | None" = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["KilledStack"]:
        """Start it, wait until it is ready, end it in order."""
        port = children.free_port("127.0.0.1")
        # Banks that take their time: so that there is a middle to be killed in.
        environment = {"DATABASE_URL": self.database_url, "DIBAO_SANDBOX_ANSWER_SECONDS": "2"}
        command = python("-m", "scripts.local", "serve", "--port", str(port), "--data", str(self.data))
        self._supervisor = self._spawn(command, environment, "supervisor")
        try:
            await self.until(lambda: (self.data / "sandbox.json").exists())
            yield self
        finally:
            children.end(self._supervisor, signal.SIGTERM, seconds=30)

    @property
    def facts(self) -> dict[str, Any]:
        """What the stack tells programs about itself."""
        told: dict[str, Any] = json.loads((self.data / "sandbox.json").read_text())
        return told

    def tell_story(self) -> "subprocess.Popen[bytes]":
        """Begin the demonstration's story against it."""
        return self._spawn(python("-m", "scripts.local.demo", "--data", str(self.data)), {}, "story")

    def log_of(self, name: str) -> str:
        """Return what a program wrote."""
        log = self.data / f"{name}.log"
        return log.read_text() if log.exists() else ""

    async def kill(self, *services: str) -> None:
        """End services in the middle of whatever they are doing, and wait until each was started again."""
        old = {service: self._pid(service) for service in services}
        for pid in old.values():
            os.kill(pid, signal.SIGKILL)
        self.killed += services
        for service, pid in old.items():
            await self.until(lambda service=service, pid=pid: self._pid(service) != pid)

    async def advance(self, duration: str) -> None:
        """Let time pass for all of it."""
        async with httpx.AsyncClient(base_url=self.facts["sandbox_url"], trust_env=False) as sandbox:
            (await sandbox.post("/clock", json={"advance": duration})).raise_for_status()

    async def until(self, condition: Callable[[], bool] | Callable[[], Awaitable[bool]]) -> None:
        """Wait for something to become true; the stack must be up meanwhile."""
        async with asyncio.timeout(_PATIENCE):
            while True:
                said = condition()
                if said is True or (said is not False and await said):
                    return
                assert self._supervisor is not None
                assert self._supervisor.poll() is None, self.log_of("supervisor")[-3000:]
                await asyncio.sleep(_TICK)

    def _pid(self, service: str) -> int:
        return int((self.data / "run" / f"{service}.pid").read_text() or 0)

    def _spawn(self, command: list[str], more: dict[str, str], name: str) -> "subprocess.Popen[bytes]":
        self.data.mkdir(parents=True, exist_ok=True)
        with (self.data / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                env={**base_environment(), "PYTHONPATH": str(ROOT), **more},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
