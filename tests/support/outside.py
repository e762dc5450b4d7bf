"""The world outside, in memory: agencies that know the synthetic families, a bank, telephones, a subscriber."""

import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import httpx

from app.facts import FactKey, Item
from app.partners.base import PartnerUnavailable
from app.partners.paying_bank.base import PaymentOrder
from app.partners.paying_bank.fake import FakePayingBank
from app.partners.registry import partner_for
from app.sandbox.persons import Household
from app.sandbox.population import find_account
from tests.builders.verification import Agencies, build_agencies
from tests.partners.expected import expected

_ON_FILE = date(2026, 11, 20)  # the day all registers speak of
_CODE = re.compile(r"\d{6}")
_REFUSALS = {"closed": "A03", "frozen": "A04"}  # the bank's own codes


@dataclass
class SmsList:
    """Every message that was sent, in order; stands where the gateway's client stands."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)  # phone, text, template

    async def send(self, phone: str, text: str, template: str) -> None:
        """Take one message."""
        self.sent.append((phone, text, template))

    def code_of(self, phone: str) -> str:
        """Return the newest one-time code of a telephone."""
        text = next(text for to, text, template in reversed(self.sent) if (to, template) == (phone, "one_time_code"))
        found = _CODE.search(text)
        assert found is not None, text
        return found.group()

    def news_of(self, phone: str) -> list[str]:
        """Return the kinds of all messages a telephone got beside codes, in order."""
        return [template for to, _, template in self.sent if to == phone and template != "one_time_code"]


class VillageBank(FakePayingBank):
    """Pays into the accounts of the synthetic families, and refuses those that are closed or not there."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[str, Sequence[PaymentOrder]] = {}
        self.opened: set[str] = set()  # accounts that somebody opened since the population was written down
        self.answers_to_lose = 0

    async def submit_batch(self, batch_id: str, lines: Sequence[PaymentOrder], total_fen: int) -> None:
        await super().submit_batch(batch_id, lines, total_fen)
        self.orders[batch_id] = lines
        if self.answers_to_lose:
            self.answers_to_lose -= 1
            raise PartnerUnavailable(self.code, "timeout")

    def receipts_of(self, batch_id: str, on: date) -> bytes:
        """Carry a batch out, once, and return the body of its call-back."""
        lines = [line for line in self.orders[batch_id] if line.account not in self.opened]
        codes = {line.line_id: _refusal(line.account) for line in lines}
        return self.settle(batch_id, on, {line: code for line, code in codes.items() if code})


def _refusal(number: str) -> str | None:
    account = find_account(number)
    return "A02" if account is None else _REFUSALS.get(account.state)


@dataclass
class Subscriber:
    """A partner's webhook receiver. `answers` are given in turn, then 204 for ever."""

    received: list[tuple[httpx.Headers, bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        """Return the client for deliveries, which reaches nobody else."""
        return httpx.AsyncClient(transport=httpx.MockTransport(self._take))

    @property
    def heard(self) -> list[dict[str, Any]]:
        """Return what it was told, in order."""
        return [json.loads(body) for _, body in self.received]

    def _take(self, request: httpx.Request) -> httpx.Response:
        self.received.append((request.headers, request.content))
        return httpx.Response(self.answers.pop(0) if self.answers else 204, stream=_Nothing())


class _Nothing(httpx.AsyncByteStream):
    """An empty body that is read from the wire, as real ones are."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in ():
            yield piece


@dataclass
class Outside:
    """All of it."""

    agencies: Agencies = field(default_factory=build_agencies)
    bank: VillageBank = field(default_factory=VillageBank)
    sms: SmsList = field(default_factory=SmsList)
    subscriber: Subscriber = field(default_factory=Subscriber)

    def know(self, family: Household) -> None:
        """Put a family on the registers of all agencies."""
        for person in family.members:
            for item in Item:
                values = expected(person, item, _ON_FILE)
                if values:
                    self.agencies.by_code[partner_for(item)].learn(item, person.id_number, values, _ON_FILE)

    def sell_cars(self, family: Household, on: date) -> None:
        """Let the register have no vehicle of a family any more."""
        for person in family.members:
            values = {FactKey.VEHICLE_COUNT: 0}
            self.agencies.by_code[partner_for(Item.VEHICLES)].learn(Item.VEHICLES, person.id_number, values, on)

    def questions_about(self, family: Household) -> list[tuple[str, Item]]:
        """Return who was asked what about a family, in order, question by question."""
        numbers = {person.id_number for person in family.members}
        return [
            (agency.code, query.item)
            for agency in self.agencies.by_code.values()
            for query in agency.asked
            if query.id_number in numbers and query.item is not Item.IDENTITY
        ]

    def awaited_callbacks(self) -> list[UUID]:
        """Return the references under which the banks were asked, each once."""
        return list(dict.fromkeys(query.reference for query in self.agencies.banking.asked))
