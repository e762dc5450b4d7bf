"""A link as a program: a proxy in front of one port of this machine. What is bad about it, its kinds say."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 16 * 1024


class Link:
    """Passes everything on, both ways; where one of them ends, the whole connection is torn."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None] | None] = set()
        self.dead = 0  # connections for which nobody was on the other side

    @property
    def port(self) -> int:
        """Where the link begins."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Link"]:
        """Carry connections as long as the block runs."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=CHUNK)
        try:
            yield self
        finally:
            self._server.close()
            for connection in self._open:
                if connection is not None:
                    connection.cancel()
            await asyncio.gather(*filter(None, self._open), return_exceptions=True)
            await self._server.wait_closed()

    async def up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what a client sends."""
        await pass_on(reader, writer)

    async def down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what it is answered."""
        await pass_on(reader, writer)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(asyncio.current_task())
        try:
            with suppress(asyncio.CancelledError):  # the end of the link; nobody waits for this task
                await self._connect(reader, writer)
        finally:
            # Not closed but torn: what was on its way is lost, as on a real link.
            writer.transport.abort()
            self._open.discard(asyncio.current_task())

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to, limit=CHUNK)
        except OSError:
            self.dead += 1
            return
        ways = [asyncio.ensure_future(self.up(reader, back)), asyncio.ensure_future(self.down(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            back.transport.abort()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry one way of a connection to its end."""
    with suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
