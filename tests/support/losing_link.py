"""A link that loses answers: the request arrives and is carried out, and whoever sent it never learns."""

import asyncio
import random
from contextlib import suppress

from tests.support.link import CHUNK, Link, pass_on


class LosingLink(Link):
    """Of the answers it loses a part at random: all of one, or all but its beginning. For one answer per connection."""

    def __init__(self, port: int, chance: float, chooser: random.Random) -> None:
        super().__init__(port)
        self._chance = chance
        self._random = chooser
        self.answered = asyncio.Event()  # by the other side, whether or not the answer got through
        self.lost = 0
        self.unanswered = 0  # connections whose other side was gone before a first byte of the answer

    async def down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry an answer, or lose it."""
        with suppress(OSError):
            beginning = await _read(reader)
            if not beginning:
                self.unanswered += 1
                return
            self.answered.set()
            if self._random.random() < self._chance:
                self.lost += 1
                beginning = beginning[: self._random.choice((0, self._random.randrange(len(beginning))))]
                writer.write(beginning)
                await writer.drain()
                return
            writer.write(beginning)
            await pass_on(reader, writer)


async def _read(reader: asyncio.StreamReader) -> bytes:
    with suppress(OSError):  # torn by the other side, which is an end like any other
        return await reader.read(CHUNK)
    return b""
