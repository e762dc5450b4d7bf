"""The key that signs checkpoints, and the text that is signed: a C2SP checkpoint in a signed note, by Ed25519.

    dibao-7k3m9q2t               the log's name, the same for ever
    1042                         how many leaves
    qK…=                         the root, base64
    time 2026-11-25T02:00:00Z    when it was signed

    — dibao-7k3m9q2t xB…=        base64 of 4 bytes that name the key, and the signature

Only the worker holds the private key. Whoever verifies gets the public one, and should keep it, from the public address
or from the operator: a key read from the same database as the log proves little.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from app.core.ids import new_secret_code

_ED25519 = b"\x01"
_DASH = "\u2014"  # what a signature line of a note begins with


@dataclass(frozen=True)
class Signer:
    """The log's name and the keys that have signed for it; the current one signs now."""

    origin: str
    current: Ed25519PrivateKey
    others: tuple[Ed25519PrivateKey, ...] = ()

    @property
    def key_id(self) -> str:
        """Return what names the current key: 8 hex digits."""
        return _key_id(self.origin, _raw(self.current)).hex()

    @property
    def verifier_key(self) -> str:
        """Return the public key in a note's usual form: name+id+base64."""
        raw = _raw(self.current)
        return f"{self.origin}+{_key_id(self.origin, raw).hex()}+{_base64(_ED25519 + raw)}"

    def sign(self, size: int, root: bytes, at: datetime) -> str:
        """Return the signed checkpoint of a tree."""
        body = f"{self.origin}\n{size}\n{_base64(root)}\ntime {at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}\n"
        signature = _key_id(self.origin, _raw(self.current)) + self.current.sign(body.encode())
        return f"{body}\n{_DASH} {self.origin} {_base64(signature)}\n"

    def has_signed(self, note: str, size: int, root: bytes) -> bool:
        """Say whether `note` is a checkpoint of ours for this very tree."""
        body, _, line = note.partition(f"\n{_DASH} {self.origin} ")
        if body.split("\n")[:3] != [self.origin, str(size), _base64(root)]:
            return False
        signature = base64.b64decode(line.strip())
        return any(_verifies(key.public_key(), signature[4:], body.encode()) for key in (self.current, *self.others))


def load_signer(path: Path) -> Signer:
    """Read the key file: {"origin": name, "current": kid, "keys": {kid: PEM}}.

    A key that has signed stays in the file, so that its checkpoints are still known as ours.
    """
    content = json.loads(path.read_text())
    keys = {kid: _load(pem) for kid, pem in content["keys"].items()}
    current = keys.pop(content["current"])
    return Signer(content["origin"], current, tuple(keys.values()))


def write_new_key_file(path: Path) -> None:
    """Create a key file with a fresh name and key, readable by its owner only; keep an existing one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = new_secret_code(8)
    content = {"origin": f"dibao-{new_secret_code(8).lower()}", "current": kid, "keys": {kid: pem.decode()}}
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file)
    fresh.rename(path)


def _load(pem: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def _raw(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def _key_id(origin: str, raw: bytes) -> bytes:
    return hashlib.sha256(origin.encode() + b"\n" + _ED25519 + raw).digest()[:4]


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _verifies(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True
