"""Access and refresh tokens. The only module that imports python-jose, which must not be used bare.

Bare, it accepts an HS256 token signed with a public key, a token without `aud` where one is expected, any `typ`, and
fails with OverflowError on `exp: 1e400`. Here: at most 4 kB, one algorithm, `kid` from the ring, `typ` at+jwt, all
claims required with integer times, and every failure is the same refusal.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from jose import jwt
from jose.exceptions import JOSEError

from app.core.crypto import Vault
from app.core.ids import new_id
from app.identity.actors import Role
from app.identity.errors import TokenRejected
from app.identity.keys import KeyRing

ACCESS_LIFETIME = timedelta(minutes=15)
REFRESH_LIFETIME = timedelta(days=30)
_ALGORITHM = "ES256"
_ISSUER = "dibao"
_AUDIENCE = "dibao-api"
_MAX_LENGTH = 4096
_LEEWAY_SECONDS = 5
_MOST_VERIFIED = 10_000  # tokens remembered, some 5 MB; the least recently used go first


@dataclass(frozen=True)
class AccessClaims:
    """What an access token says."""

    subject: UUID
    role: Role
    session: UUID


def issue_access_token(ring: KeyRing, subject: UUID, role: Role, session: UUID, now: datetime) -> str:
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
    }
    headers = {"kid": ring.current, "typ": "at+jwt"}
    token: str = jwt.encode(claims, ring.private[ring.current], algorithm=_ALGORITHM, headers=headers)
    return token


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
    """What a signature that fits vouches for. The times are compared with every use."""

    claims: AccessClaims
    issued: int
    expires: int


def _checked(ring: KeyRing, token: str, now: datetime) -> AccessClaims:
    # A signature does not change, and checking one costs more than most requests: it is checked once per token.
    digest = hashlib.sha256(token.encode()).digest()
    verified: _Verified | None = ring.verified.get(digest)
    if verified is None:
        verified = _verify(ring, token)
    if not verified.issued - _LEEWAY_SECONDS <= now.timestamp() < verified.expires:
        raise ValueError("expired")
    ring.verified[digest] = verified
    ring.verified.move_to_end(digest)
    if len(ring.verified) > _MOST_VERIFIED:
        ring.verified.popitem(last=False)
    return verified.claims


def _verify(ring: KeyRing, token: str) -> _Verified:
    header = jwt.get_unverified_header(token)
    if set(header) != {"alg", "kid", "typ"} or header["alg"] != _ALGORITHM or header["typ"] != "at+jwt":
        raise ValueError("header")
    # Times are checked by the caller against the clock that was passed in; jose would ask the machine's.
    options = {"verify_exp": False, "verify_iat": False, "verify_nbf": False}
    claims = jwt.decode(
        token, ring.public[header["kid"]], algorithms=[_ALGORITHM], audience=_AUDIENCE, issuer=_ISSUER, options=options
    )
    if claims["aud"] != _AUDIENCE or not isinstance(claims["jti"], str):
        raise ValueError("claims")
    issued, expires = claims["iat"], claims["exp"]
    if type(issued) is not int or type(expires) is not int:
        raise ValueError("times")
    return _Verified(AccessClaims(UUID(claims["sub"]), Role(claims["role"]), UUID(claims["sid"])), issued, expires)


def refresh_token_of(vault: Vault, token_id: UUID) -> str:
    """Return the refresh token of a row: its id and a keyed tag, nothing to store and nothing to steal from a dump."""
    return base64.urlsafe_b64encode(token_id.bytes + _tag(vault, token_id)).decode().rstrip("=")


def read_refresh_token(vault: Vault, token: str) -> UUID:
    """Return the row id of a refresh token.

    Raises:
        TokenRejected: not one of ours.
    """
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise TokenRejected from None
    if len(raw) != 48 or not hmac.compare_digest(raw[16:], _tag(vault, UUID(bytes=raw[:16]))):
        raise TokenRejected
    return UUID(bytes=raw[:16])


def _tag(vault: Vault, token_id: UUID) -> bytes:
    return vault.index("refresh_tokens.id", str(token_id))
