"""Signed-in phones whose access tokens end while they are at it: a refused one is exchanged, as an app does it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import httpx

from app.identity.commands import SignedIn


@dataclass
class _Session:
    """What a phone holds now, and a lock: of many requests refused at once one exchanges the pair for all."""

    tokens: SignedIn
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass
class Sessions:
    """The sessions of all phones, found by the bearer header that each began with."""

    renewed: int = 0
    _held: dict[str, _Session] = field(default_factory=dict)

    def begin(self, tokens: SignedIn) -> None:
        """Take over a session."""
        self._held[f"Bearer {tokens.access_token}"] = _Session(tokens)

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Return `headers` with the access token that is good now in place of the first one."""
        held = self._held.get(headers.get("Authorization", ""))
        return {**headers} if held is None else {**headers, "Authorization": f"Bearer {held.tokens.access_token}"}

    async def renew(self, http: httpx.AsyncClient, headers: Mapping[str, str], refused: str) -> bool:
        """Exchange the pair behind `headers` unless another request has since `refused` was sent.

        Returns False where no answer came; asked again, the same pair has the same successor.
        """
        held = self._held[headers["Authorization"]]
        async with held.lock:
            if f"Bearer {held.tokens.access_token}" != refused:
                return True
            try:
                answer = await http.post("/v1/auth/refresh", json={"refresh_token": held.tokens.refresh_token})
            except httpx.TransportError:
                return False
            if answer.status_code == 503:
                return False
            assert answer.status_code == 201, answer.text
            told = answer.json()
            held.tokens = replace(held.tokens, access_token=told["access_token"], refresh_token=told["refresh_token"])
            self.renewed += 1
            return True
