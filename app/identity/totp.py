"""One-time codes of an authenticator: RFC 6238 with what every authenticator app takes (SHA-1, six digits, 30 s)."""

import base64
import hmac
import os
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_SECRET_BYTES = 20  # RFC 4226 section 4, R6: the recommended length
_STEP = 30  # seconds
_DIGITS = 6
# RFC 6238 section 5.2: one step for the way of the code; one ahead for telephones whose clock is fast.
_STEPS = (-1, 0, 1)
_ISSUER = "dibao"


def new_secret() -> str:
    """Return a fresh secret in base32, as authenticator apps take it by hand."""
    return base64.b32encode(os.urandom(_SECRET_BYTES)).decode()


def enrolment_address(secret: str, username: str) -> str:
    """Return the otpauth address that an authenticator app reads from a QR code."""
    asked = urlencode({"secret": secret, "issuer": _ISSUER, "algorithm": "SHA1", "digits": _DIGITS, "period": _STEP})
    return f"otpauth://totp/{_ISSUER}:{quote(username)}?{asked}"


def code_at(secret: str, now: datetime) -> str:
    """Return the code an authenticator shows."""
    return _code(secret, _step(now))


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the time step this code belongs to, if it is one of about now."""
    fits = [step for step in (_step(now) + by for by in _STEPS) if hmac.compare_digest(_code(secret, step), code)]
    return max(fits, default=None)


def _step(now: datetime) -> int:
    return int(now.timestamp()) // _STEP


def _code(secret: str, step: int) -> str:
    totp = TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _STEP)  # noqa: S303 (RFC 6238 has it so) # nosec B303
    return totp.generate(step * _STEP).decode()
