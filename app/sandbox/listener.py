"""A second way into the sandbox, over TLS, for those who show a certificate that its authority signed.

uvicorn tells an application nothing about certificates, so that who comes in here is marked: the agencies that ask for
one answer nobody else.
"""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.sandbox.certificates import make_certificates
from app.sandbox.world import CERTIFIED


class _Server(uvicorn.Server):
    """A server inside another one's process: signals are the other one's business."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Certified:
    """ASGI middleware that marks what came over mutual TLS."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, CERTIFIED: True}, receive, send)


@contextlib.asynccontextmanager
async def listening(app: ASGIApp, folder: Path, port: int) -> AsyncIterator[int]:
    """Listen on a port of this machine until the block ends; 0 takes a free one. Yields the port."""
    made = make_certificates(folder)
    config = uvicorn.Config(
        Certified(app),
        host="127.0.0.1",
        port=port,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=1,
        ssl_certfile=made.certificate("agencies"),
        ssl_keyfile=str(made.key("agencies")),
        ssl_ca_certs=str(made.authority),
        ssl_cert_reqs=ssl.CERT_REQUIRED,
    )
    async with serving(config) as taken:
        yield taken


@contextlib.asynccontextmanager
async def serving(config: uvicorn.Config) -> AsyncIterator[int]:
    """Serve beside whatever else this process does, until the block ends. Yields the port."""
    server = _Server(config)
    work = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if work.done():
                raise OSError(f"nothing can listen on port {config.port}")
            await asyncio.sleep(0.01)
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await work
