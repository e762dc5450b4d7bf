"""The key ring that signs access tokens: ES256, named by `kid`, one current."""

import json
import os
from collections import OrderedDict
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class KeyRing:
    """Private keys by `kid`, and the one that signs now. The others still verify until they are taken out.

    `verified` belongs to tokens.py: what it found out about tokens it has seen, by their digest.
    """

    current: str
    private: dict[str, str]
    public: dict[str, str]
    verified: "OrderedDict[bytes, Any]" = field(default_factory=OrderedDict, compare=False, repr=False)


def load_key_ring(path: Path) -> KeyRing:
    """Read the key file: {"current": kid, "keys": {kid: PEM}}."""
    content = json.loads(path.read_text())
    public = {kid: _public_pem(pem) for kid, pem in content["keys"].items()}
    return KeyRing(content["current"], content["keys"], public)


def write_new_key_file(path: Path) -> None:
    """Create a key file with one fresh P-256 key, readable by its owner only; keep an existing one."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = new_secret_code(8)
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"current": kid, "keys": {kid: pem.decode()}}, file)
    fresh.rename(path)


def _public_pem(pem: str) -> str:
    key = load_pem_private_key(pem.encode(), password=None)
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
