"""Who knows the key-encryption key and the root of the index keys: the port, and its two implementations.

`FileKeys` reads one file, made at first start: for development and for one machine. `EnvironmentKeys` takes both keys
as they are injected: by variables, or by files that a secrets manager mounts.

A third would be a key management service, by whose interface the key-encryption key is used and never seen: `wrap` and
`unwrap` would each be one call to it (they are asynchronous for that reason, and are called when keys are made or read,
never while a value is sealed or opened); the root of the index keys has to be in memory, so it would be unwrapped once,
at start, and `derive` would stay as it is.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.crypto.suites import NONCE, Suite, aead
from app.core.errors import CannotStart

_MARK = 4  # bytes of a digest that tell which key-encryption key wrapped
_KEY_LENGTH = 32


class KekUnknown(CannotStart):
    """A data key was wrapped under a key-encryption key that this installation was not given."""


class KeyProvider(Protocol):
    """What knows the keys that are in no database."""

    async def wrap(self, suite: Suite, key: bytes, context: bytes) -> bytes:
        """Return a data key encrypted, bound to `context`, by the algorithm of `suite`."""
        ...

    async def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Return the data key that `wrap` encrypted.

        Raises:
            KekUnknown: it was wrapped under a key that is not here.
            cryptography.exceptions.InvalidTag: changed, or of another context.
        """
        ...

    def derive(self, info: str) -> bytes:
        """Return 32 bytes for a purpose: always the same, whichever data keys come and go."""
        ...

    def first_layout_key(self, number: int, column: str) -> bytes | None:
        """Return the key of values sealed before there were data keys; None where there never were such."""
        ...


def open_provider(file: Path | None, injected: tuple[str, str] | None) -> KeyProvider:
    """Return the provider of a key file, or of injected keys: key-encryption keys and index key."""
    if injected is not None:
        return EnvironmentKeys(*injected)
    if file is None:
        raise ValueError("neither a key file nor injected keys")
    return FileKeys(file)


class _LocalKeys:
    """Keys that this process holds itself. `masters`: the first wraps, all unwrap; `root`: what is derived from."""

    def __init__(self, masters: Sequence[bytes], root: bytes) -> None:
        if any(len(key) != _KEY_LENGTH for key in (*masters, root)) or not masters:
            raise ValueError("keys are 32 bytes each")
        self._current = _mark(masters[0])
        self._masters = {_mark(master): master for master in masters}
        self._root = root

    async def wrap(self, suite: Suite, key: bytes, context: bytes) -> bytes:
        """Layout: mark of the key-encryption key (4) · suite (1) · nonce (12) · ciphertext and tag."""
        nonce = os.urandom(NONCE)
        cipher = aead(suite, self._kek(self._current, suite))
        return self._current + bytes([suite]) + nonce + cipher.encrypt(nonce, key, context)

    async def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        mark, suite = wrapped[:_MARK], Suite(wrapped[_MARK])
        if mark not in self._masters:
            raise KekUnknown(
                "The keys given are not those of this database: a data key was wrapped under a key-encryption key that "
                "is not among them."
            )
        nonce, body = wrapped[_MARK + 1 : _MARK + 1 + NONCE], wrapped[_MARK + 1 + NONCE :]
        return aead(suite, self._kek(mark, suite)).decrypt(nonce, body, context)

    def derive(self, info: str) -> bytes:
        return _hkdf(self._root, info)

    def first_layout_key(self, number: int, column: str) -> bytes | None:  # noqa: ARG002 - there never were any
        return None

    def _kek(self, mark: bytes, suite: Suite) -> bytes:
        return _hkdf(self._masters[mark], f"wrap:{suite.value}", suite.key_length)


class EnvironmentKeys(_LocalKeys):
    """Keys that were injected: hexadecimal, 64 digits each; of several key-encryption keys the first wraps."""

    def __init__(self, keks: str, index_key: str) -> None:
        super().__init__([bytes.fromhex(part.strip()) for part in keks.split(",")], bytes.fromhex(index_key.strip()))


class FileKeys(_LocalKeys):
    """Keys of one file: {"current": 1, "keys": {"1": "<64 hex digits>"}, "index": "<64 hex digits>"}.

    `keys` are key-encryption keys; a new one is added under the next number and made `current`. The index keys stay as
    they are: they come from `index`, in files of before from the first key.
    """

    def __init__(self, path: Path) -> None:
        content = json.loads(path.read_text())
        self._numbered = {int(number): bytes.fromhex(key) for number, key in content["keys"].items()}
        current = int(content["current"])
        others = [key for number, key in self._numbered.items() if number != current]
        index = content.get("index")
        root = bytes.fromhex(index) if index else self._numbered[min(self._numbered)]
        super().__init__([self._numbered[current], *others], root)

    def first_layout_key(self, number: int, column: str) -> bytes | None:
        master = self._numbered.get(number)
        return _hkdf(master, "seal:" + column) if master else None


def _mark(master: bytes) -> bytes:
    return hashlib.sha256(b"key-encryption key\x00" + master).digest()[:_MARK]


def _hkdf(master: bytes, info: str, length: int = _KEY_LENGTH) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=info.encode()).derive(master)


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
        keys = {"1": secrets.token_hex(_KEY_LENGTH)}
        json.dump({"current": 1, "keys": keys, "index": secrets.token_hex(_KEY_LENGTH)}, file)
    fresh.rename(path)
