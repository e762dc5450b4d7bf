"""Limits at the edge: an operation uses them, the middleware tells the caller how they stand.

`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers) stand on every answer of a limited operation,
refusals and 304 included. Of several limits they tell the scarcest, which is the one that refuses first: every byte
counts on a slow link. A 304 costs nothing, for who names the copy he has: its uses are given back.
"""

import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import Depends, Request, params
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.common.addresses import client_address
from app.api.common.deps import get_tools
from app.core.errors import DomainError
from app.limits.commands import Standing, give_back, use_limit
from app.limits.policies import Keeper, Policy

_LEDGER = "limits"  # in the scope: what this request used
Use = tuple[Policy, str]


class Limits:
    """The limits of one request."""

    def __init__(self, request: Request) -> None:
        self._scope = request.scope
        self._tools = get_tools(request)
        self._ledger: dict[Use, Standing] = request.scope.setdefault(_LEDGER, {})

    @property
    def address(self) -> str:
        """The caller's address."""
        return client_address(self._scope, self._tools.settings.trusted_proxies)

    async def use(self, *uses: Use) -> None:
        """Use limits one after another, the caller's before the target's: who is over his own takes nobody else's.

        Raises:
            TooManyRequests: one is used up; or the refusal its policy names.
        """
        for policy, partition in uses:
            if policy.keeper is Keeper.PROCESS:
                self.use_turn(policy, partition)
            else:
                quota = policy.widened(self._tools.settings.limit_factor)
                self._note(partition, await use_limit(self._tools.database, policy, partition, quota))

    def use_turn(self, policy: Policy, partition: str) -> None:
        """Use a limit that is kept in this process.

        Raises:
            TooManyRequests: it is used up.
        """
        quota = policy.widened(self._tools.settings.limit_factor)
        self._note(partition, self._tools.buckets.use(policy, partition, quota, time.monotonic()))

    async def give_back(self, *uses: Use) -> None:
        """Undo uses that cost nothing after all; without any named, all that this request made."""
        for use in uses or tuple(self._ledger):
            standing = self._ledger.get(use)
            if standing is None or standing.refused:
                continue
            if standing.policy.keeper is Keeper.PROCESS:
                self._tools.buckets.give_back(*use)
            else:
                await give_back(self._tools.database, *use)
            self._ledger[use] = replace(standing, remaining=min(standing.quota, standing.remaining + 1))

    @asynccontextmanager
    async def counting(self, refusals: tuple[type[DomainError], ...], *uses: Use) -> AsyncIterator[None]:
        """Count what ends in one of these refusals, and nothing else. Used before, so that of many tries at once not
        one gets past the count; given back when it was right or refused for another reason.

        Raises:
            TooManyRequests: one is used up; or the refusal its policy names.
        """
        await self.use(*uses)
        try:
            yield
        except DomainError as refusal:
            if not isinstance(refusal, refusals):
                await self.give_back(*uses)
            raise
        await self.give_back(*uses)

    def _note(self, partition: str, standing: Standing) -> None:
        self._ledger[standing.policy, partition] = standing
        if standing.refused:
            raise standing.policy.refusal(retry_after=standing.seconds)


async def _limits(request: Request) -> Limits:
    return Limits(request)


LimitsDep = Annotated[Limits, Depends(_limits)]


def limited(policy: Policy) -> params.Depends:
    """Limit an operation per calling address (`dependencies=[limited(…)]`). Where the partition is something else, the
    operation's first line calls `Limits.use`: a dependency that read the body, too, would double its faults."""

    async def use_address(limits: LimitsDep) -> None:
        await limits.use((policy, limits.address))

    return params.Depends(use_address)


class LimitHeaders:
    """Tells on every answer how the limits stand that were used for it. Pure ASGI."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ledger: dict[Use, Standing] = scope.setdefault(_LEDGER, {})

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and ledger:
                if message["status"] == HTTPStatus.NOT_MODIFIED and not _wants_no_answer(scope):
                    await Limits(Request(scope)).give_back()
                message["headers"] = [*message["headers"], *_headers(ledger.values())]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _wants_no_answer(scope: Scope) -> bool:
    """Say whether a 304 was asked for whatever there is: nobody who has a copy does, and the work would be free."""
    return any(name == b"if-none-match" and value.strip() == b"*" for name, value in scope["headers"])


def _headers(standings: Iterable[Standing]) -> list[tuple[bytes, bytes]]:
    scarcest = min(standings, key=lambda standing: (standing.remaining / standing.quota, standing.quota))
    name = scarcest.policy.name
    return [
        (b"ratelimit-policy", f'"{name}";q={scarcest.quota};w={scarcest.policy.window}'.encode()),
        (b"ratelimit", f'"{name}";r={scarcest.remaining};t={scarcest.seconds}'.encode()),
    ]
