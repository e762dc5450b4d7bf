"""The vault: seals, opens and indexes personal fields.

A sealed value is: suite (1 byte) · key id (16) · nonce (12) · ciphertext and tag. It is bound to suite, key, column and
row: moved to another row or column, or relabelled as another division's, it does not open. A blind index is a keyed
HMAC, one key per column: equality search without the text (a plain hash of an identity number would fall to 10^11
guesses). Index keys do not rotate with sealing: that would mean to index everything anew.

Values of the first layout (1 · number of a master key · nonce · ciphertext and tag) still open, where the key provider
has those keys; sealing a division anew ends them.
"""

import hashlib
import hmac
import os
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.core.clock import Clock
from app.core.crypto.errors import KeyUnknown
from app.core.crypto.keys import DataKey, DataKeys
from app.core.crypto.providers import KeyProvider, open_provider
from app.core.crypto.suites import NONCE, TAG, Aead, Suite

_HEAD = 17  # suite and key id
_LEAST = _HEAD + NONCE + TAG


class Vault:
    """Seals, opens and indexes with the keys that this process holds. `suite` is what new data keys are made for."""

    def __init__(self, provider: KeyProvider, clock: Clock, keys: DataKeys, suite: Suite = Suite.INTL) -> None:
        self.provider = provider
        self.keys = keys
        self.suite = suite
        self._clock = clock
        self._derived: dict[str, bytes] = {}
        self._old: dict[tuple[int, str], Aead | None] = {}

    def seal(self, column: str, row: UUID, text: str, *, division: str) -> bytes:
        """Encrypt `text` for `column` ('table.column') of row `row`, under the present key of `division`: the county's
        six digits, or GENERAL for what belongs to no county.

        Raises:
            KeyUnknown: the keys of this division were not read yet.
        """
        key = self.keys.current(division, self._clock.now())
        nonce, head = os.urandom(NONCE), bytes([key.suite]) + key.id.bytes
        body = self.keys.cipher_of(key).encrypt(nonce, text.encode(), _binding(head, column, row))
        return head + nonce + body

    def open(self, column: str, row: UUID, sealed: bytes) -> str:
        """Decrypt what `seal` made for the same column and row.

        Raises:
            ValueErased: its key was destroyed.
            KeyUnknown: its key was not read yet; the keys are being read again.
            cryptography.exceptions.InvalidTag: changed, or moved from another row or column.
        """
        head = sealed[:_HEAD]
        key = self.keys.find(head[1:])
        if key is None:
            return self._open_unknown(column, row, sealed)
        if len(sealed) < _LEAST:  # the ciphers complain of a short nonce in words of their own
            raise InvalidTag
        plain = self.keys.cipher_of(key).decrypt(
            sealed[_HEAD : _HEAD + NONCE], sealed[_HEAD + NONCE :], _binding(head, column, row)
        )
        return plain.decode()

    def index(self, column: str, text: str) -> bytes:
        """Return the 32-byte blind index of `text` in `column`; equal texts give equal indexes within one column."""
        return hmac.digest(self._key("index:" + column), text.encode(), hashlib.sha256)

    def owners_index(self, name: str, owner: UUID, text: str) -> bytes:
        """Return the blind index of a text of one owner's: to compare what two tables hold of him, opening neither.

        Equal texts of two owners have different indexes: names are few, and a dump must not tell who bears the same.
        """
        return self.index(name, f"{owner}\0{text}")

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for another keyed purpose (e.g. signing paging cursors)."""
        return self._key("purpose:" + purpose)

    def key_for(self, division: str) -> DataKey:
        """Return the key that values of a division are sealed under now.

        Raises:
            KeyUnknown: none was read yet.
        """
        return self.keys.current(division, self._clock.now())

    def _open_unknown(self, column: str, row: UUID, sealed: bytes) -> str:
        """Open a value of the first layout. Its second byte may also be the first of a key id that is not known here:
        only the tag tells."""
        cipher = (
            self._first_layout(sealed[1], column) if sealed[:1] == bytes([Suite.INTL]) and len(sealed) > 1 else None
        )
        if cipher is not None:
            try:
                return cipher.decrypt(sealed[2:14], sealed[14:], column.encode() + b"\x00" + row.bytes).decode()
            except InvalidTag:
                pass
        self.keys.wanted.set()
        raise KeyUnknown(retry_after=1)

    def _first_layout(self, number: int, column: str) -> Aead | None:
        if (number, column) not in self._old:
            key = self.provider.first_layout_key(number, column)
            self._old[number, column] = AESGCM(key) if key is not None else None
        return self._old[number, column]

    def _key(self, info: str) -> bytes:
        known = self._derived.get(info)
        if known is None:
            known = self._derived[info] = self.provider.derive(info)
        return known


def make_vault(file: Path | None, injected: tuple[str, str] | None, suite: str, clock: Clock) -> Vault:
    """Return a vault as settings describe it, without data keys: they come from the database (`app/keys/loading.py`).

    Raises:
        OSError, ValueError: the keys cannot be read.
    """
    return Vault(open_provider(file, injected), clock, DataKeys(), Suite.named(suite))


def key_of(sealed: bytes) -> UUID:
    """Return the id of the key a value lies under; of a value of the first layout, an id that no key has."""
    return UUID(bytes=sealed[1:_HEAD])


def _binding(head: bytes, column: str, row: UUID) -> bytes:
    return head + column.encode() + b"\x00" + row.bytes
