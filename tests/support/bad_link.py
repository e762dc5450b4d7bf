"""A bad mobile link as a program: a proxy that cuts each connection once so many bytes went up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_CHUNK = 16 * 1024


class CuttingLink:
    """Passes everything on to one port of this machine; `most` bytes upward end a connection, both ways, at once."""

    def __init__(self, port: int, most: int) -> None:
        self._to = port
        self._most = most
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None] | None] = set()
        self.bytes_up = 0
        self.cuts = 0  # by the link itself
        self.dead = 0  # connections for which nobody was on the other side

    @property
    def port(self) -> int:
        """Where the link begins."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @asynccontextmanager
    async def running(self) -> AsyncIterator["CuttingLink"]:
        """Carry connections as long as the block runs."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=_CHUNK)
        try:
            yield self
        finally:
            self._server.close()
            for connection in self._open:
                if connection is not None:
                    connection.cancel()
            await asyncio.gather(*filter(None, self._open), return_exceptions=True)
            await self._server.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(asyncio.current_task())
        try:
            with suppress(asyncio.CancelledError):  # the end of the link; nobody waits for this task
                await self._connect(reader, writer)
        finally:
            self._open.discard(asyncio.current_task())

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to, limit=_CHUNK)
        except OSError:
            self.dead += 1
            writer.transport.abort()
            return
        ways = [asyncio.ensure_future(self._up(reader, back)), asyncio.ensure_future(_pass_on(there, writer))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            # Not closed but torn: what was on its way is lost, as on a real link.
            writer.transport.abort()
            back.transport.abort()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = self._most
        with suppress(OSError):
            while left > 0 and (chunk := await reader.read(min(_CHUNK, left))):
                left -= len(chunk)
                self.bytes_up += len(chunk)
                writer.write(chunk)
                await writer.drain()
        self.cuts += left == 0


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
