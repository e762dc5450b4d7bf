"""Staff passwords: argon2id, with a bound on how many are computed at once (each costs tens of milliseconds)."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
_AT_ONCE = asyncio.Semaphore(2)
# Verified when the user name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _HASHER.hash("nobody")


def hash_password(password: str) -> str:
    """Return an argon2id hash with its parameters."""
    return _HASHER.hash(password)


async def password_fits(password: str, password_hash: str | None) -> bool:
    """Say whether the password fits; without a hash, spend the same time and say no."""
    async with _AT_ONCE:
        fits = await asyncio.to_thread(_verify, password, password_hash or _NOBODY)
    return fits and password_hash is not None


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
