"""The API as a real process that is killed without warning and started again, over one database and one data folder."""

import asyncio
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.core.clock import SystemClock
from app.core.crypto import make_vault
from app.core.db import Database, make_engine
from app.core.reach import EVERYTHING
from app.identity.keys import KeyRing, load_key_ring
from scripts.local import children
from scripts.local.installation import Installation
from scripts.local.processes import python


@dataclass
class KilledApi:
    """One uvicorn on a port of its own. `kills` counts how often it was ended by SIGKILL."""

    folder: Path
    database_url: str
    settings: Mapping[str, str] = field(default_factory=dict)  # DIBAO_… beside those of any installation
    port: int = field(default_factory=lambda: children.free_port("127.0.0.1"))
    kills: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def __post_init__(self) -> None:
        self._installation = Installation(self.folder, "127.0.0.1", self.port, sandbox_port=9)  # nobody listens there
        self._installation.make_files()

    @property
    def keys(self) -> KeyRing:
        """The keys it signs tokens with."""
        return load_key_ring(self.folder / "keys" / "tokens.json")

    def database(self) -> Database:
        """Return the database as it sees it; whoever asks disposes of it."""
        clock = SystemClock()
        vault = make_vault(self.folder / "keys" / "vault.json", None, "intl", clock)
        return Database(make_engine(self.database_url, 5), clock, vault, reach=EVERYTHING)

    async def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {
            **self._installation.environment(self.database_url),
            "DIBAO_LOG_LEVEL": "warning",
            **self.settings,
        }
        self._process = children.spawn(self.command(), environment, self.log)
        await self.until_ready()

    def command(self) -> list[str]:
        """Return what is started."""
        return python("-m", "uvicorn", "--factory", "--no-access-log", "--port", str(self.port), "app.main:create_app")

    async def until_ready(self) -> None:
        """Wait until it answers."""
        assert self._process is not None
        for _ in range(1200):
            if self._process.poll() is not None:
                raise AssertionError(self.log.read_text()[-2000:])
            if await asyncio.to_thread(children.answers, "127.0.0.1", self.port, "/readyz"):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the API does not come up")

    async def kill_and_start(self) -> None:
        """End it in the middle of whatever it is doing, and start it again."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.kills += 1
        await self.start()

    def end(self) -> None:
        """End it for good."""
        if self._process is not None:
            children.end(self._process)

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.folder / "logs" / "api.log"
