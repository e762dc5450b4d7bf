"""An agency called with care, itself an agency to whoever asks: adapters know nothing of it.

Hedging is left out on purpose: a second question beside a slow one would have the same person asked about twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random

from app.facts import Answer, FactKey, Item
from app.partners.base import (
    Acknowledged,
    Authentication,
    HeldBack,
    LateAnswer,
    Partner,
    PartnerUnavailable,
    Query,
)
from app.partners.calling.breaker import Breaker
from app.partners.calling.care import Care

# Failures that come at once and may be gone at once: a connection that broke, a service that starts anew. A deadline
# that passed has cost the caller enough, and who answers garbage will answer it again.
_PASSING = frozenset({"error", "refused"})


class GuardedPartner:
    """A partner behind a deadline, a limit of questions at once, tries that are safe, and a breaker."""

    def __init__(self, partner: Partner, care: Care) -> None:
        self._partner = partner
        self._care = care
        self._breaker = Breaker(partner.code, care)
        self._places = asyncio.Semaphore(care.at_once)
        self._ask = partner.ask
        if partner.repeatable and care.tries > 1:
            self._ask = AsyncRetrying(
                stop=stop_after_attempt(care.tries),
                wait=wait_random(0, care.pause),
                retry=retry_if_exception(_is_passing),
                reraise=True,
            ).wraps(partner.ask)

    @property
    def code(self) -> str:
        """The partner's own."""
        return self._partner.code

    @property
    def title(self) -> str:
        """The partner's own."""
        return self._partner.title

    @property
    def authentication(self) -> Authentication:
        """The partner's own."""
        return self._partner.authentication

    @property
    def items(self) -> Mapping[Item, frozenset[FactKey]]:
        """The partner's own."""
        return self._partner.items

    @property
    def repeatable(self) -> bool:
        """The partner's own."""
        return self._partner.repeatable

    @property
    def held_back_for(self) -> float:
        """Return for about how many seconds a question would be held back; 0: it would be put."""
        return self._breaker.held_back_for

    async def ask(self, query: Query) -> Answer | Acknowledged:
        """Put one question.

        Raises:
            HeldBack: it was not put at all.
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item not in self.items:
            raise LookupError(query.item)  # a mistake of ours, and no failure of theirs
        if self.held_back_for:
            raise HeldBack(self.code, self.held_back_for)
        async with self._place():
            with self._breaker.passing():
                try:
                    async with asyncio.timeout(self._care.deadline):
                        return await self._ask(query)
                except TimeoutError:
                    raise PartnerUnavailable(self.code, "timeout") from None

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._care.queue):
                await self._places.acquire()
        except TimeoutError:
            raise HeldBack(self.code, self._care.queue) from None
        try:
            yield
        finally:
            self._places.release()


class GuardedCallbackPartner(GuardedPartner):
    """The same for one that answers later."""

    def __init__(self, partner: Partner, care: Care, read_callback: Callable[[bytes], LateAnswer]) -> None:
        super().__init__(partner, care)
        self._read = read_callback

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a call-back body.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return self._read(body)


def guard(partner: Partner, care: Care) -> Partner:
    """Return the same partner, called with care."""
    read_callback: Callable[[bytes], LateAnswer] | None = getattr(partner, "read_callback", None)
    if read_callback is None:
        return GuardedPartner(partner, care)
    return GuardedCallbackPartner(partner, care, read_callback)


def held_back_for(partner: Partner) -> float:
    """Return for about how many seconds a partner would hold a question back; 0 for one that nobody guards."""
    return partner.held_back_for if isinstance(partner, GuardedPartner) else 0.0


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, PartnerUnavailable) and error.reason in _PASSING
