"""An agency called with care, itself an agency to whoever asks: adapters know nothing of it.

Hedging is left out on purpose: a second question beside a slow one would have the same person asked about twice.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random

from app.facts import Answer, FactKey, Item
from app.partners.base import (
    Acknowledged,
    Authentication,
    GroundsGone,
    HeldBack,
    LateAnswer,
    Partner,
    PartnerUnavailable,
    Query,
)
from app.partners.calling.breaker import Breaker
from app.partners.calling.care import Care
from app.partners.unconnected import Unconnected

# Failures that come at once and may be gone at once: a connection that broke, a service that starts anew. A deadline
# that passed has cost the caller enough, and who answers garbage will answer it again.
_PASSING = frozenset({"error", "refused"})

_UNTIL_GIVEN_AWAY = 60.0  # seconds

Grounds = Callable[[], Awaitable[bool]]
"""Says whether a question may still be put, as things are now."""


async def _always() -> bool:
    return True


class GuardedPartner:
    """A partner behind a deadline, a limit of questions at once, tries that are safe, and a breaker."""

    def __init__(self, partner: Partner, care: Care) -> None:
        self._partner = partner
        self._care = care
        self._breaker = Breaker(partner.code, care)
        self._places = asyncio.Semaphore(care.at_once)
        self._tries = care.tries if partner.repeatable else 1

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

    async def ask(self, query: Query, grounds: Grounds = _always) -> Answer | Acknowledged:
        """Put one question. Whoever asks has just seen that he may; where it then had to wait for its turn, and before
        each further try, he is asked again by `grounds`.

        Raises:
            HeldBack: it was not put at all.
            GroundsGone: nor this time, because it may not be put any more.
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item not in self.items:
            raise LookupError(query.item)  # a mistake of ours, and no failure of theirs
        if self.held_back_for:
            raise HeldBack(self.code, self.held_back_for)
        async with self._place() as waited:
            if waited and not await grounds():
                raise GroundsGone
            with self._breaker.passing():
                try:
                    async with asyncio.timeout(self._care.deadline):
                        return await self._try(query, grounds)
                except TimeoutError:
                    raise PartnerUnavailable(self.code, "timeout") from None

    async def _try(self, query: Query, grounds: Grounds) -> Answer | Acknowledged:
        """Put a question, and once more where that may help; where it is not allowed any more, the failure stands."""
        failed = ""

        async def put() -> Answer | Acknowledged:
            nonlocal failed
            if failed and not await grounds():
                raise PartnerUnavailable(self.code, failed)
            try:
                return await self._partner.ask(query)
            except PartnerUnavailable as error:
                failed = error.reason
                raise

        return await AsyncRetrying(
            stop=stop_after_attempt(self._tries),
            wait=wait_random(0, self._care.pause),
            retry=retry_if_exception(_is_passing),
            reraise=True,
        )(put)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[bool]:
        """Take one of the places; says whether there was none at first."""
        waited = self._places.locked()
        try:
            async with asyncio.timeout(self._care.queue):
                await self._places.acquire()
        except TimeoutError:
            raise HeldBack(self.code, self._care.queue) from None
        try:
            yield waited
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
    """Return for about how many seconds a partner would hold a question back; 0 for one that nobody guards. One that is
    not connected is not asked: its questions wait until they are given to the county."""
    if is_unconnected(partner):
        return _UNTIL_GIVEN_AWAY
    return partner.held_back_for if isinstance(partner, GuardedPartner) else 0.0


def is_unconnected(partner: Partner) -> bool:
    """Say whether this installation is not connected with a partner: nothing is put to it, whatever the day."""
    return isinstance(partner, Unconnected)


async def ask_on(partner: Partner, query: Query, grounds: Grounds) -> Answer | Acknowledged:
    """Put one question for as long as there are grounds for it; one that nobody guards is put at once.

    Raises:
        GroundsGone, HeldBack, PartnerUnavailable, LookupError: as `GuardedPartner.ask` says.
    """
    return await (partner.ask(query, grounds) if isinstance(partner, GuardedPartner) else partner.ask(query))


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, PartnerUnavailable) and error.reason in _PASSING
