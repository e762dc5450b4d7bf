"""Access and refresh tokens. The only module that imports python-jose, which must not be used bare.

Bare, it accepts an HS256 token signed with a public key, a token without `aud` where one is expected, any `typ`, white
space and unused bits in base64url, and fails with OverflowError on `exp: 1e400`. Here: at most 4 kB, one spelling of
each part, strict JSON, one algorithm, `kid` from the ring, `typ` at+jwt, exactly our claims with integer times, the
lower of the two signatures that would fit, and every failure is the same refusal.
"""

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

from jose import jwk, jws, jwt
from jose.backends.base import Key
from jose.exceptions import JOSEError

from app.core.crypto import Vault
from app.core.ids import new_id
from app.core.strict_json import read_strict_json
from app.identity.actors import Role
from app.identity.errors import TokenRejected
from app.identity.keys import ACCESS_LIFETIME, KeyRing

__all__ = [
    "ACCESS_LIFETIME",
    "REFRESH_LIFETIME",
    "AccessClaims",
    "issue_access_token",
    "read_access_token",
    "read_refresh_token",
    "refresh_token_of",
]

REFRESH_LIFETIME = timedelta(days=30)
_ALGORITHM = "ES256"
_ISSUER = "dibao"
_AUDIENCE = "dibao-api"
_MAX_LENGTH = 4096
_LEEWAY_SECONDS = 5
_MOST_VERIFIED = 10_000  # tokens remembered, some 5 MB; the least recently used go first
_SHAPE = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{86})", re.ASCII)
_CLAIMS = frozenset({"iss", "aud", "sub", "role", "sid", "jti", "iat", "exp", "epoch"})
# Order of P-256 (SEC 2, secp256r1): with (r, s) also (r, n-s) fits, so only the lower s counts as the signature.
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_MOST_EPOCH = 2**31


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says. `epoch` is that of the subject when the session began."""

    subject: UUID
    role: Role
    session: UUID
    epoch: int = 0


def issue_access_token(
    ring: KeyRing, subject: UUID, role: Role, session: UUID, now: datetime, *, epoch: int = 0
) -> str:
    """Sign an access token that ends after ACCESS_LIFETIME."""
    claims = {
        "iss": _ISSUER,
        "aud": _AUDIENCE,
        "sub": str(subject),
        "role": role.value,
        "sid": str(session),
        "jti": str(new_id()),
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LIFETIME).timestamp()),
        "epoch": epoch,
    }
    key = ring.signing(now)
    token: str = jwt.encode(claims, key.pem, algorithm=_ALGORITHM, headers={"kid": key.kid, "typ": "at+jwt"})
    return _with_lower_s(token)


def read_access_token(ring: KeyRing, token: str, now: datetime) -> AccessClaims:
    """Check a token and return its claims.

    Raises:
        TokenRejected: for whatever reason.
    """
    if len(token) > _MAX_LENGTH:
        raise TokenRejected
    try:
        return _checked(ring, token, now)
    except (JOSEError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise TokenRejected from None


@dataclass(frozen=True)
class _Verified:
    """What a signature that fits vouches for. Times, and whether its key still counts, are looked at with every use."""

    claims: AccessClaims
    kid: str
    issued: int
    expires: int


def _checked(ring: KeyRing, token: str, now: datetime) -> AccessClaims:
    # A signature does not change, and checking one costs more than most requests: it is checked once per token.
    digest = hashlib.sha256(token.encode()).digest()
    verified: _Verified | None = ring.verified.get(digest)
    if verified is None:
        verified = _verify(ring, token, now)
    else:
        ring.verifying(verified.kid, now)
    if not verified.issued - _LEEWAY_SECONDS <= now.timestamp() < verified.expires:
        raise ValueError("expired")
    ring.verified[digest] = verified
    ring.verified.move_to_end(digest)
    if len(ring.verified) > _MOST_VERIFIED:
        ring.verified.popitem(last=False)
    return verified.claims


def _verify(ring: KeyRing, token: str, now: datetime) -> _Verified:
    shape = _SHAPE.fullmatch(token)
    if shape is None:
        raise ValueError("shape")
    header, claims = (read_strict_json(_decoded(part)) for part in shape.groups()[:2])
    _check_header(header)
    if int.from_bytes(_decoded(shape[3])[32:]) > _ORDER // 2:
        raise ValueError("signature")
    key = ring.verifying(header["kid"], now)
    # The signature alone: what the token says is read below, more strictly than by jose and by the clock passed in.
    jws.verify(token, _public(key.public_pem), [_ALGORITHM])
    return _read_claims(key.kid, claims)


@lru_cache(maxsize=16)
def _public(pem: str) -> Key:
    """Return a key as jose works with it: read once, for that takes as long as the signature does."""
    return jwk.construct(pem, _ALGORITHM)


def _check_header(header: Any) -> None:
    if not isinstance(header, dict) or set(header) != {"alg", "kid", "typ"}:
        raise ValueError("header")
    if header["alg"] != _ALGORITHM or header["typ"] != "at+jwt" or not isinstance(header["kid"], str):
        raise ValueError("header")


def _read_claims(kid: str, claims: Any) -> _Verified:
    if not isinstance(claims, dict) or set(claims) != _CLAIMS or claims["aud"] != _AUDIENCE or claims["iss"] != _ISSUER:
        raise ValueError("claims")
    issued, expires, epoch = claims["iat"], claims["exp"], claims["epoch"]
    if any(type(number) is not int for number in (issued, expires, epoch)) or not 0 <= epoch < _MOST_EPOCH:
        raise ValueError("numbers")
    if not 0 < expires - issued <= ACCESS_LIFETIME.total_seconds():
        raise ValueError("times")
    subject, session, _ = (_read_id(claims[name]) for name in ("sub", "sid", "jti"))
    return _Verified(AccessClaims(subject, Role(claims["role"]), session, epoch), kid, issued, expires)


def _read_id(text: Any) -> UUID:
    found = UUID(text) if isinstance(text, str) else None
    if found is None or str(found) != text:
        raise ValueError("id")
    return found


def _decoded(part: str) -> bytes:
    """Return the bytes of a part in base64url; what could be spelled otherwise for the same bytes is refused."""
    raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if _encoded(raw) != part:
        raise ValueError("base64url")
    return raw


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _with_lower_s(token: str) -> str:
    signed, _, signature = token.rpartition(".")
    raw = _decoded(signature)
    s = int.from_bytes(raw[32:])
    return signed + "." + _encoded(raw[:32] + min(s, _ORDER - s).to_bytes(32))


def refresh_token_of(vault: Vault, token_id: UUID) -> str:
    """Return the refresh token of a row: its id and a keyed tag, nothing to store and nothing to steal from a dump."""
    return _encoded(token_id.bytes + _tag(vault, token_id))


def read_refresh_token(vault: Vault, token: str) -> UUID:
    """Return the row id of a refresh token.

    Raises:
        TokenRejected: not one of ours.
    """
    try:
        raw = _decoded(token)
    except ValueError:
        raise TokenRejected from None
    if len(raw) != 48 or not hmac.compare_digest(raw[16:], _tag(vault, UUID(bytes=raw[:16]))):
        raise TokenRejected
    return UUID(bytes=raw[:16])


def _tag(vault: Vault, token_id: UUID) -> bytes:
    return vault.index("refresh_tokens.id", str(token_id))
