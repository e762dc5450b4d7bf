"""The keys that sign access tokens: ES256, named by `kid`, each with the dates of its life.

    announced → signing → verifying → gone

A key is announced, so that whoever checks our tokens has loaded it before it signs; when its successor begins to sign
it only verifies, until the last token it signed has ended; then it is gone. The dates stand in the file, so that all
processes change over at one instant without being told. A process looks at the file's time at most once a second, and
at once when it meets a `kid` it does not know.
"""

import fcntl
import json
import os
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.core.ids import new_secret_code

ACCESS_LIFETIME = timedelta(minutes=15)
ANNOUNCED = timedelta(minutes=10)  # longer than anybody keeps the published keys, see api/common/key_set.py
_MARGIN = timedelta(minutes=1)  # clocks of several machines differ
_LOOK_EVERY = 1.0  # seconds between looks at the file


class KeyState(StrEnum):
    """Where a key stands in its life."""

    ANNOUNCED = "announced"
    SIGNING = "signing"
    VERIFYING = "verifying"
    GONE = "gone"


class KeysUnusable(Exception):
    """The key file has no key that signs now, or a change was asked for that does not fit its keys."""


@dataclass(frozen=True)
class SigningKey:
    """One key and its dates; None: from ever, or no end yet."""

    kid: str
    pem: str
    signs_from: datetime | None = None
    signs_until: datetime | None = None
    gone_from: datetime | None = None

    def state(self, now: datetime) -> KeyState:
        """Say where the key stands at an instant."""
        if self.gone_from is not None and self.gone_from <= now:
            return KeyState.GONE
        if self.signs_until is not None and self.signs_until <= now:
            return KeyState.VERIFYING
        if self.signs_from is not None and now < self.signs_from:
            return KeyState.ANNOUNCED
        return KeyState.SIGNING

    @cached_property
    def public(self) -> ec.EllipticCurvePublicKey:
        """The public half."""
        key = load_pem_private_key(self.pem.encode(), password=None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        assert isinstance(key.curve, ec.SECP256R1)
        return key.public_key()

    @cached_property
    def public_pem(self) -> str:
        """The public half as PEM."""
        return self.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class KeyRing:
    """The keys of one file, as they stand on disk.

    `verified` belongs to tokens.py: what it found out about tokens it has seen, by their digest.
    """

    def __init__(self, keys: Sequence[SigningKey], path: Path | None = None) -> None:
        self.verified: OrderedDict[bytes, Any] = OrderedDict()
        self._keys = {key.kid: key for key in keys}
        self._path = path
        self._seen = None if path is None else _mark(path)
        self._looked = time.monotonic()

    def signing(self, now: datetime) -> SigningKey:
        """Return the key that signs at an instant: of several the one that began last.

        Raises:
            KeysUnusable: there is none.
        """
        self._look(_LOOK_EVERY)
        able = [key for key in self._keys.values() if key.state(now) is KeyState.SIGNING]
        if not able:
            raise KeysUnusable("no key signs now: scripts/token-keys list")
        return max(able, key=lambda key: key.signs_from.timestamp() if key.signs_from else 0.0)

    def verifying(self, kid: str, now: datetime) -> SigningKey:
        """Return the key of this name, if what it signed is still good.

        Raises:
            KeyError: there is none, it has not begun, or it is gone.
        """
        self._look(_LOOK_EVERY if kid in self._keys else 0.0)
        key = self._keys[kid]
        if key.state(now) not in (KeyState.SIGNING, KeyState.VERIFYING):
            raise KeyError(kid)
        return key

    def published(self, now: datetime) -> list[SigningKey]:
        """Return the keys others may meet from now on: all but those that are gone."""
        self._look(_LOOK_EVERY)
        return [key for key in self._keys.values() if key.state(now) is not KeyState.GONE]

    def _look(self, every: float) -> None:
        if self._path is None or time.monotonic() - self._looked < every:
            return
        self._looked = time.monotonic()
        mark = _mark(self._path)
        # A file that is gone or spoilt ends no process that works: it goes on with the keys it has.
        if mark is None or mark == self._seen:
            return
        try:
            keys = read_keys(self._path)
        except (OSError, ValueError, KeyError, TypeError):
            return
        self._keys = {key.kid: key for key in keys}
        self._seen = mark


def _mark(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def load_key_ring(path: Path) -> KeyRing:
    """Read a key file into a ring that follows the file from now on."""
    return KeyRing(read_keys(path), path)


def read_keys(path: Path) -> list[SigningKey]:
    """Read a key file: {"keys": [{"kid", "pem", "signs_from", "signs_until", "gone_from"}]}.

    Files of before, {"current": kid, "keys": {kid: PEM}}, are read too: all their keys verify, the current one signs.
    """
    content = json.loads(path.read_text())
    if "current" in content:
        ever = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
        return [
            SigningKey(kid, pem, signs_until=None if kid == content["current"] else ever)
            for kid, pem in content["keys"].items()
        ]
    return [
        SigningKey(
            entry["kid"], entry["pem"], *(_instant(entry[name]) for name in ("signs_from", "signs_until", "gone_from"))
        )
        for entry in content["keys"]
    ]


def write_new_key_file(path: Path) -> None:
    """Create a key file with one fresh P-256 key, readable by its owner only; keep an existing one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(path, [_fresh(None)])


def rotate(path: Path, now: datetime, *, announced: timedelta = ANNOUNCED) -> SigningKey:
    """Add the next key to a file: it signs after `announced`, the present one then verifies until its last token has
    ended. Keys that are gone are taken out.

    Raises:
        KeysUnusable: a key is announced already, or none signs.
    """
    with _held(path):
        keys = [key for key in read_keys(path) if key.state(now) is not KeyState.GONE]
        if any(key.state(now) is KeyState.ANNOUNCED for key in keys):
            raise KeysUnusable("the next key is announced already")
        present = KeyRing(keys).signing(now)
        fresh = _fresh(now + announced)
        ended = replace(present, signs_until=fresh.signs_from, gone_from=now + announced + ACCESS_LIFETIME + _MARGIN)
        _write(path, [*(ended if key.kid == present.kid else key for key in keys), fresh])
        return fresh


def withdraw(path: Path, kid: str, now: datetime) -> None:
    """Let a key be gone at once, and with it every token it signed; the key that takes over signs from this instant.

    Raises:
        KeysUnusable: there is no such key.
    """
    with _held(path):
        keys = [replace(key, gone_from=now) if key.kid == kid else key for key in read_keys(path)]
        if not any(key.kid == kid for key in keys):
            raise KeysUnusable("there is no such key")
        if not any(key.state(now) is KeyState.SIGNING for key in keys):
            keys.append(_fresh(now))
        _write(path, keys)


def _fresh(signs_from: datetime | None) -> SigningKey:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return SigningKey(new_secret_code(8), pem, signs_from)


def _write(path: Path, keys: Sequence[SigningKey]) -> None:
    entries = [
        {
            "kid": key.kid,
            "pem": key.pem,
            "signs_from": _written(key.signs_from),
            "signs_until": _written(key.signs_until),
            "gone_from": _written(key.gone_from),
        }
        for key in keys
    ]
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"keys": entries}, file, indent=1)
    fresh.rename(path)


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """Let one change after another be made to a file."""
    with os.fdopen(os.open(path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
