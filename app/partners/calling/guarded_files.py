"""An agency that answers by files, called with care: within a deadline, and left alone while it fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from uuid import UUID

from app.facts import FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.batch import BatchOrder, BatchPartner, BatchRefused, ResultFile
from app.partners.calling.breaker import Breaker
from app.partners.calling.care import Care

ResultT = TypeVar("ResultT")


class GuardedBatchPartner:
    """A partner behind a deadline and a breaker. Files are few, and each has one job that carries it."""

    def __init__(self, partner: BatchPartner, care: Care) -> None:
        self._partner = partner
        self._care = care
        self._breaker = Breaker(partner.code, care)

    @property
    def code(self) -> str:
        """The partner's own."""
        return self._partner.code

    @property
    def items(self) -> Mapping[Item, frozenset[FactKey]]:
        """The partner's own."""
        return self._partner.items

    async def send_batch(self, order: BatchOrder) -> None:
        """Hand over the questions.

        Raises:
            HeldBack: the agency is not called at present.
            BatchRefused, PartnerUnavailable, LookupError: as the partner says.
        """
        if order.item not in self.items:
            raise LookupError(order.item)
        refused = await self._call(lambda: _refusal_of(self._partner.send_batch(order)))
        if refused is not None:
            raise refused

    async def fetch_result(self, serial: str, number: int) -> bytes | None:
        """Return a file of answers; None while there is none.

        Raises:
            HeldBack: the agency is not called at present.
            PartnerUnavailable: no usable answer.
        """
        return await self._call(lambda: self._partner.fetch_result(serial, number))

    def read_result(self, serial: str, number: int, body: bytes, asked: Mapping[UUID, str]) -> ResultFile:
        """Read a file of answers.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return self._partner.read_result(serial, number, body, asked)

    async def _call(self, call: Callable[[], Awaitable[ResultT]]) -> ResultT:
        with self._breaker.passing():
            try:
                async with asyncio.timeout(self._care.deadline):
                    return await call()
            except TimeoutError:
                raise PartnerUnavailable(self.code, "timeout") from None


async def _refusal_of(sending: Awaitable[None]) -> BatchRefused | None:
    """Return a refusal as an answer: an agency that says no is up."""
    try:
        await sending
    except BatchRefused as refused:
        return refused
    return None
