"""Staff passwords: argon2id, with a bound on how many are computed at once (each costs tens of milliseconds).

Computed in threads, two at a time, so that other requests go on meanwhile; more than a certain number do not wait at
all, so that a flood of sign-ins is answered with "later" instead of a queue nobody lives to see the end of.
"""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.identity.errors import SignInBusy

P = ParamSpec("P")
T = TypeVar("T")

_HASHER = PasswordHasher()
_MOST_AT_ONCE = 2
_MOST_WAITING = 100  # some five seconds
_AT_ONCE = asyncio.Semaphore(_MOST_AT_ONCE)
_waiting = 0
# Verified when the user name is unknown, so that the answer takes as long as for a known one.
_NOBODY = _HASHER.hash("nobody")


async def hash_password(password: str) -> str:
    """Return an argon2id hash with its parameters.

    Raises:
        SignInBusy: too many wait already.
    """
    return await _compute(_HASHER.hash, password)


async def password_fits(password: str, password_hash: str | None) -> bool:
    """Say whether the password fits; without a hash, spend the same time and say no.

    Raises:
        SignInBusy: too many wait already.
    """
    fits = await _compute(_verify, password, password_hash or _NOBODY)
    return fits and password_hash is not None


async def _compute(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    global _waiting
    if _waiting >= _MOST_WAITING:
        raise SignInBusy(retry_after=5)
    _waiting += 1
    try:
        async with _AT_ONCE:
            return await asyncio.to_thread(work, *arguments, **options)
    finally:
        _waiting -= 1


def _verify(password: str, password_hash: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
