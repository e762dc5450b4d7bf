"""Signatures of messages between registries, by the DCI standard (SPDCI, social registry v1): over header and message.

The standard prints a line of parameters (`namespace="dci", kidId="sender|key|algorithm", algorithm="ed25519", …`), as
of HTTP signatures; registries in use put a detached JWS (RFC 7515 appendix F) in its place. Both are read, and a
partner is answered in its own. What is signed is one spelling of the two members (RFC 8785): the standard names none,
and a message's spaces do not survive its way. Everything that does not fit is the same refusal.
"""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jose import jwk
from jose.exceptions import JOSEError

from app.core.canonical import Json, canonical_bytes
from app.core.strict_json import JsonRefused, read_strict_json
from app.identity.errors import PublicKeyUnusable
from app.identity.keys import SigningKey

LIFETIME = timedelta(minutes=5)  # of what we sign
_LONGEST = timedelta(days=1)  # that a partner's signature may be good for: each message is taken once anyhow
_SKEW = timedelta(minutes=1)
_SIGNED = "(created) (expires) digest"
_PARAMETERS = frozenset({"namespace", "kidId", "algorithm", "created", "expires", "headers", "signature"})
_PARAMETER = re.compile(r'([A-Za-z]{1,16})="([^"\\,]{1,400})"', re.ASCII)
_DETACHED = re.compile(r"([A-Za-z0-9_-]{1,400})\.\.([A-Za-z0-9_-]{86})", re.ASCII)
_SECONDS = re.compile(r"[1-9][0-9]{0,10}", re.ASCII)
_MOST = 2000  # characters of a signature
_COORDINATE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 bytes


class Form(StrEnum):
    """How a signature is written."""

    PARAMETERS = "parameters"
    JWS = "jws"


class SignatureUnfit(Exception):
    """There is no signature, or it does not fit."""


@dataclass(frozen=True)
class SenderKey:
    """A partner's registered public key: its name with the partner, and a JWK of P-256 or Ed25519."""

    sender: str
    key_id: str
    jwk: Mapping[str, str]

    @property
    def algorithm(self) -> str:
        """What the standard calls the key's algorithm."""
        return "ed25519" if self.jwk["kty"] == "OKP" else "es256"


def read_public_jwk(given: Mapping[str, str | None]) -> dict[str, str]:
    """Return the members that matter of a public JWK: `kty` EC with P-256, or OKP with Ed25519.

    Raises:
        PublicKeyUnusable: another kind of key, or not a point.
    """
    names = {"EC": ("kty", "crv", "x", "y"), "OKP": ("kty", "crv", "x")}.get(given.get("kty") or "", ())
    read = {name: given.get(name) or "" for name in names}
    if not names or read["crv"] != {"EC": "P-256", "OKP": "Ed25519"}[read["kty"]]:
        raise PublicKeyUnusable
    if not all(_COORDINATE.fullmatch(read[name]) for name in names[2:]):
        raise PublicKeyUnusable
    try:
        _verifier(read)
    except (JOSEError, ValueError):
        raise PublicKeyUnusable from None
    return read


def check_signature(signature: str, content: Mapping[str, Json], key: SenderKey, wall: datetime) -> Form:
    """Check a partner's signature over `header` and `message`, and return how it is written.

    Raises:
        SignatureUnfit: it is not this key's over this content, or not good at this instant.
    """
    if len(signature) > _MOST:
        raise SignatureUnfit
    try:
        if _DETACHED.fullmatch(signature):
            _check_detached(signature, content, key)
            return Form.JWS
        _check_parameters(signature, content, key, wall)
    except (JOSEError, JsonRefused, InvalidSignature, ValueError, KeyError, TypeError):
        raise SignatureUnfit from None
    return Form.PARAMETERS


def sign_content(form: Form, content: Mapping[str, Json], sender: str, key: SigningKey, wall: datetime) -> str:
    """Return our signature over `header` and `message`, written in one of the forms; good for LIFETIME."""
    own = jwk.construct(key.pem, "ES256")
    if form is Form.JWS:
        head = _encoded(canonical_bytes({"alg": "ES256", "kid": key.kid}))
        return f"{head}..{_encoded(own.sign(_signing_input(head, content)))}"
    created = int(wall.timestamp())
    expires = created + int(LIFETIME.total_seconds())
    signed = base64.b64encode(own.sign(_signing_string(created, expires, content))).decode()
    return (
        f'namespace="dci", kidId="{sender}|{key.kid}|es256", algorithm="es256", created="{created}", '
        f'expires="{expires}", headers="{_SIGNED}", signature="{signed}"'
    )


def _check_detached(signature: str, content: Mapping[str, Json], key: SenderKey) -> None:
    head, _, signed = signature.partition("..")
    named: Any = read_strict_json(_decoded(head))
    if named != {"alg": "ES256", "kid": key.key_id} or key.algorithm != "es256":
        raise ValueError("header")
    if not _verifier(key.jwk).verify(_signing_input(head, content), _decoded(signed)):
        raise InvalidSignature


def _check_parameters(signature: str, content: Mapping[str, Json], key: SenderKey, wall: datetime) -> None:
    parts = [_PARAMETER.fullmatch(part.strip()) for part in signature.strip().removeprefix("Signature:").split(",")]
    named = {part[1]: part[2] for part in parts if part is not None}
    if set(named) != _PARAMETERS or len(parts) != len(_PARAMETERS):
        raise ValueError("parameters")
    wanted = {"headers": _SIGNED, "algorithm": key.algorithm, "kidId": f"{key.sender}|{key.key_id}|{key.algorithm}"}
    if any(named[name] != value for name, value in wanted.items()):
        raise ValueError("another key")
    created, expires = (int(_SECONDS.fullmatch(named[name])[0]) for name in ("created", "expires"))  # type: ignore[index]
    now = wall.timestamp()
    if not created - _SKEW.total_seconds() <= now < expires + _SKEW.total_seconds():
        raise ValueError("not now")
    if not 0 < expires - created <= _LONGEST.total_seconds():
        raise ValueError("times")
    signed = base64.b64decode(named["signature"], validate=True)
    if not _verifier(key.jwk).verify(_signing_string(created, expires, content), signed):
        raise InvalidSignature


class _Ed25519:
    """What python-jose has no key for, as it would be asked."""

    def __init__(self, read: Mapping[str, str]) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(_decoded(read["x"]))

    def verify(self, message: bytes, signature: bytes) -> bool:
        self._key.verify(signature, message)
        return True


def _verifier(read: Mapping[str, str]) -> Any:
    return _Ed25519(read) if read["kty"] == "OKP" else jwk.construct(dict(read), "ES256")


def _signing_string(created: int, expires: int, content: Mapping[str, Json]) -> bytes:
    digest = base64.b64encode(hashlib.sha256(canonical_bytes(content)).digest()).decode()
    return f"(created): {created}\n(expires): {expires}\ndigest: {digest}".encode()


def _signing_input(head: str, content: Mapping[str, Json]) -> bytes:
    return f"{head}.{_encoded(canonical_bytes(content))}".encode()


def _decoded(part: str) -> bytes:
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if _encoded(raw) != part:
        raise ValueError("base64url")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
