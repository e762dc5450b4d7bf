"""A process manager that loads the API once and forks it, again and again: `python -m tests.support.preload PORT FILE`.

As managers that preload do, it holds the listening socket, and nothing else that a request could need: connections to
the database, what was read there and limits are the child's, and die with it. FILE names the last child that has begun
to serve.
"""

import asyncio
import gc
import os
import signal
import socket
import sys
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI
from sqlalchemy.orm import configure_mappers

from app.main import create_app
from scripts.local.launch import die_with_parent

_BACKLOG = 2048


class _Server(uvicorn.Server):
    """Says so when it serves. Asked by a request, it would answer behind all that wait at its door already."""

    def __init__(self, config: uvicorn.Config, named_in: Path) -> None:
        super().__init__(config)
        self._named_in = named_in

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve."""
        await super().startup(sockets)
        _write(self._named_in, str(os.getpid()))


def main(port: int, named_in: Path) -> int:
    """Fork one API after another, for as long as each was killed. Returns how one ended that was not."""
    app = create_app()
    configure_mappers()
    asyncio.run(_warm_up(app))
    gc.freeze()  # else a child's first look for garbage copies all of what was loaded, which takes most of its life
    listening = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
    manager = os.getpid()
    while True:
        child = os.fork()
        if child == 0:
            die_with_parent(signal.SIGKILL, manager)
            config = uvicorn.Config(
                app,
                http="app.api.common.http_protocol:BoundedHttp",
                ws="none",
                backlog=_BACKLOG,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                log_level="warning",
            )
            _Server(config, named_in).run(sockets=[listening])
            return 0
        _, ended = os.waitpid(child, 0)
        if not os.WIFSIGNALED(ended):
            return os.waitstatus_to_exitcode(ended)


async def _warm_up(app: FastAPI) -> None:
    """Have what is imported and worked out with the first use done before a child's first use, and let go of all that
    was opened."""
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://api") as http:
        answer = await http.post("/v1/auth/refresh", json={"refresh_token": "A" * 64})
    assert answer.status_code == 401, answer.text


def _write(path: Path, text: str) -> None:
    """Write a file that is never seen half written."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text)
    fresh.rename(path)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), Path(sys.argv[2])))
