"""Protection of personal fields: sealed values and blind indexes.

A sealed value is AES-256-GCM over the text, bound to its column and row, so that a ciphertext moved to another row does
not open. A blind index is a keyed HMAC, one derived key per column: equality search without the text (a plain hash of
an identity number would fall to 10^11 guesses). Layout: suite (1 byte) · key id (1 byte) · nonce (12) · ciphertext+tag.
"""

import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_AES_256_GCM = 1


class Vault:
    """Seals, opens and indexes personal fields with keys derived from a ring of master keys."""

    def __init__(self, masters: dict[int, bytes], current: int) -> None:
        """`masters`: key id (1–255) → 32 random bytes; `current`: the id that new values are sealed under."""
        self._masters = masters
        self._current = current
        self._derived: dict[tuple[int, str], bytes] = {}

    def seal(self, column: str, row: UUID, text: str) -> bytes:
        """Encrypt `text` for `column` ('table.column') of row `row`."""
        nonce = os.urandom(12)
        cipher = AESGCM(self._key(self._current, "seal:" + column))
        body = cipher.encrypt(nonce, text.encode(), _binding(column, row))
        return bytes([_AES_256_GCM, self._current]) + nonce + body

    def open(self, column: str, row: UUID, sealed: bytes) -> str:
        """Decrypt what `seal` made for the same column and row.

        Raises:
            ValueError: unknown suite or key.
            cryptography.exceptions.InvalidTag: changed, or moved from another row or column.
        """
        if sealed[0] != _AES_256_GCM or sealed[1] not in self._masters:
            raise ValueError("unknown suite or key")
        cipher = AESGCM(self._key(sealed[1], "seal:" + column))
        return cipher.decrypt(sealed[2:14], sealed[14:], _binding(column, row)).decode()

    def index(self, column: str, text: str) -> bytes:
        """Return the 32-byte blind index of `text` in `column`; equal texts give equal indexes within one column.

        The index key comes from the first master key and does not rotate with sealing: rotating it means re-indexing.
        """
        return hmac.digest(self._key(min(self._masters), "index:" + column), text.encode(), hashlib.sha256)

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes for another keyed purpose (e.g. signing paging cursors)."""
        return self._key(self._current, "purpose:" + purpose)

    def _key(self, key_id: int, info: str) -> bytes:
        known = self._derived.get((key_id, info))
        if known is None:
            kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode())
            known = self._derived[(key_id, info)] = kdf.derive(self._masters[key_id])
        return known


def _binding(column: str, row: UUID) -> bytes:
    return column.encode() + b"\x00" + row.bytes


def load_vault(path: Path) -> Vault:
    """Read the key file: {"current": 1, "keys": {"1": "<64 hex digits>"}}."""
    content = json.loads(path.read_text())
    return Vault({int(k): bytes.fromhex(v) for k, v in content["keys"].items()}, int(content["current"]))


def write_new_key_file(path: Path) -> None:
    """Create a key file with one fresh key, readable by its owner only; keep an existing one.

    Raises:
        OSError: the folder cannot be written.
    """
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"current": 1, "keys": {"1": secrets.token_hex(32)}}, file)
    fresh.rename(path)
