"""The API under a process manager that has loaded it already: killed, it is there again within a moment.

A Python process that begins from nothing takes seconds of a core to load the API, far longer than half a second; two or
ten that take turns would spend a small machine on loading. Forking from a process that has loaded it is what managers
that preload do (`gunicorn --preload`); what is killed is the whole API with all that it had begun.
"""

import asyncio
import os
import signal
from pathlib import Path

from scripts.local.processes import python
from tests.support.killed_api import KilledApi


class PreloadedApi(KilledApi):
    """A manager and, under it, one uvicorn after another."""

    def command(self) -> list[str]:
        """Return what is started."""
        return python("-m", "tests.support.preload", str(self.port), str(self._named_in))

    async def kill_and_start(self) -> None:
        """End the API, not its manager, and wait until the next one serves."""
        assert self._process is not None
        old = self._pid()
        os.kill(old, signal.SIGKILL)
        self.kills += 1
        for _ in range(6000):
            assert self._process.poll() is None, self.log.read_text()[-2000:]
            if self._pid() != old:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the manager does not start another API")

    @property
    def _named_in(self) -> Path:
        return self.folder / "run" / "api.pid"

    def _pid(self) -> int:
        return int(self._named_in.read_text())
