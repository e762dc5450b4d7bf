"""The data keys a process holds in memory, so that sealing and opening never wait for the database."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.crypto.errors import KeyUnknown, ValueErased
from app.core.crypto.suites import Aead, Suite

GENERAL = "000000"  # the division of what belongs to no county: accounts of citizens, codes, kept answers


@dataclass(frozen=True)
class DataKey:
    """One key of one division. `cipher` is None once it was destroyed."""

    id: UUID
    division: str
    suite: Suite
    usable_from: datetime
    retired: bool = False
    cipher: Aead | None = field(default=None, repr=False)


class DataKeys:
    """All data keys of an installation, as far as this process has read them.

    `wanted` is set when a key was asked for that is not here; whoever keeps the keys up to date waits for it.
    """

    def __init__(self) -> None:
        self.wanted = asyncio.Event()
        self._by_id: dict[bytes, DataKey] = {}
        self._usable: dict[str, tuple[DataKey, ...]] = {}  # by division; the newest first

    def replace(self, keys: Iterable[DataKey]) -> None:
        """Hold these keys and no others. Both tables change at once: sealing never sees half of it."""
        by_id = {key.id.bytes: key for key in keys}
        usable: dict[str, list[DataKey]] = {}
        for key in sorted(by_id.values(), key=lambda key: (key.usable_from, key.id), reverse=True):
            if key.cipher is not None and not key.retired:
                usable.setdefault(key.division, []).append(key)
        self._by_id, self._usable = by_id, {division: tuple(listed) for division, listed in usable.items()}

    def held(self) -> dict[UUID, DataKey]:
        """Return what is held, by id."""
        return {key.id: key for key in self._by_id.values()}

    def find(self, key_id: bytes) -> DataKey | None:
        """Return the key of an id, destroyed or not."""
        return self._by_id.get(key_id)

    def current(self, division: str, now: datetime) -> DataKey:
        """Return the key that new values of a division are sealed under: the newest whose time has come.

        A key that is announced for later is not it, but where there is no other: a clock that was set back must not
        bring retired keys back into use.

        Raises:
            KeyUnknown: none of this division was read yet.
        """
        keys = self._usable.get(division)
        if not keys:
            return self.missing(division)
        for key in keys:
            if key.usable_from <= now:
                return key
        return keys[-1]

    def missing(self, division: str) -> DataKey:  # noqa: ARG002 - for tests, which make one
        """Ask for the keys to be read again.

        Raises:
            KeyUnknown: always.
        """
        self.wanted.set()
        raise KeyUnknown(retry_after=1)

    def cipher_of(self, key: DataKey) -> Aead:
        """Return the cipher of a key.

        Raises:
            ValueErased: the key was destroyed.
        """
        if key.cipher is None:
            raise ValueErased
        return key.cipher
