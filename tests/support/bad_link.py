"""A bad mobile link: it cuts each connection once so many bytes went up."""

import asyncio
from contextlib import suppress

from tests.support.link import CHUNK, Link


class CuttingLink(Link):
    """`most` bytes upward end a connection, both ways, at once."""

    def __init__(self, port: int, most: int) -> None:
        super().__init__(port)
        self._most = most
        self.bytes_up = 0
        self.cuts = 0  # by the link itself

    async def up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what a client sends, as far as it goes."""
        left = self._most
        with suppress(OSError):
            while left > 0 and (chunk := await reader.read(min(CHUNK, left))):
                left -= len(chunk)
                self.bytes_up += len(chunk)
                writer.write(chunk)
                await writer.drain()
        self.cuts += left == 0
