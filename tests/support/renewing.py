"""Signed-in phones whose access tokens end while they are at it: a refused one is exchanged, as an app does it.

A pair whose exchange got no answer has the same successor for a minute only, so that a phone asks again soon; a phone
that got none in time signs in anew.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

import httpx

from app.identity.commands import SignedIn

_SOON = 3.0  # seconds at most
_MOST_TRIES = 600


@dataclass
class _Session:
    """What a phone holds now, and a lock: of many requests refused at once one exchanges the pair for all."""

    owner: UUID
    tokens: SignedIn
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Sessions:
    """The sessions of all phones, found by the bearer header that each began with; `sign_in` opens another one."""

    sign_in: Callable[[UUID], Awaitable[SignedIn]]
    renewed: int = 0
    signed_in: int = 0
    _held: dict[str, _Session] = field(default_factory=dict)

    def begin(self, owner: UUID, tokens: SignedIn) -> None:
        """Take over a session."""
        self._held[f"Bearer {tokens.access_token}"] = _Session(owner, tokens)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return `headers` with the access token that is good now in place of the first one."""
        held = self._held.get(headers.get("Authorization", ""))
        return {**headers} if held is None else {**headers, "Authorization": f"Bearer {held.tokens.access_token}"}

    async def renew(self, http: httpx.AsyncClient, headers: Mapping[str, str], refused: str) -> None:
        """Exchange the pair behind `headers` unless another request has since `refused` was sent."""
        held = self._held[headers["Authorization"]]
        async with held.lock:
            if f"Bearer {held.tokens.access_token}" != refused:
                return
            answer = await _exchange(http, held.tokens.refresh_token)
            if answer.status_code == 401:
                self.signed_in += 1
                held.tokens = await self.sign_in(held.owner)
                return
            assert answer.status_code == 201, answer.text
            told = answer.json()
            held.tokens = replace(held.tokens, access_token=told["access_token"], refresh_token=told["refresh_token"])
            self.renewed += 1


async def _exchange(http: httpx.AsyncClient, refresh_token: str) -> httpx.Response:
    for _ in range(_MOST_TRIES):
        try:
            answer = await http.post("/v1/auth/refresh", json={"refresh_token": refresh_token})
            if answer.status_code != 503:
                return answer
        except httpx.TransportError:
            pass
        await asyncio.sleep(random.uniform(0.3, _SOON))
    raise AssertionError("no answer to an exchange of tokens")
