"""A real server on the loopback behind a link that counts every byte in both directions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

_HOST = "127.0.0.1"


@dataclass
class Meter:
    """What went over the link so far; `connections` were opened for it."""

    port: int = 0
    up: int = 0
    down: int = 0
    connections: int = 0

    @property
    def bytes(self) -> int:
        """Both directions, headers included."""
        return self.up + self.down


@asynccontextmanager
async def metered(app: FastAPI) -> AsyncIterator[Meter]:
    """Serve `app` as it is served for real, and count what is exchanged with it."""
    server = uvicorn.Server(
        uvicorn.Config(app, _HOST, 0, lifespan="off", log_level="error", proxy_headers=False, server_header=False)
    )
    running = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
            await asyncio.sleep(0.01)
        async with _link(server.servers[0].sockets[0].getsockname()[1]) as meter:
            yield meter
    finally:
        server.should_exit = True
        await running


@asynccontextmanager
async def _link(port: int) -> AsyncIterator[Meter]:
    meter = Meter()
    open_writers: set[asyncio.StreamWriter] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str) -> None:
        while chunk := await reader.read(65536):
            setattr(meter, direction, getattr(meter, direction) + len(chunk))
            writer.write(chunk)
            await writer.drain()
        writer.close()

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        meter.connections += 1
        there_reader, there_writer = await asyncio.open_connection(_HOST, port)
        open_writers.update((writer, there_writer))
        await asyncio.gather(carry(reader, there_writer, "up"), carry(there_reader, writer, "down"))

    server = await asyncio.start_server(connect, _HOST, 0)
    meter.port = server.sockets[0].getsockname()[1]
    try:
        yield meter
    finally:
        server.close()
        for writer in open_writers:
            writer.close()
        await server.wait_closed()
