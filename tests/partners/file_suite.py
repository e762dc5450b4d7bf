"""The promise of every agency that answers by file, run against its adapter (over the real mock) and its fake.

`test_agreement.py` or `test_files.py` of each agency makes a subclass of `FileSuite` that names the two.
"""

import random
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, ClassVar

import pytest
import pytest_asyncio

from app.core.ids import new_id
from app.facts import Answer, Item, Outcome
from app.partners.base import PartnerUnavailable, Query
from app.partners.batch import BadLineReason, BatchOrder, BatchRefused, ResultFile
from app.partners.exchange import Limits
from app.sandbox.persons import Person
from app.sandbox.population import people
from tests.partners.expected import expected
from tests.partners.suite import STRANGER, about, as_of_for, query_for
from tests.sandbox.outside import Outside

PATIENT = Limits(deadline=10.0, max_bytes=2**21)
IMPATIENT = Limits(deadline=0.2, max_bytes=2**21)


def order_for(item: Item, queries: Sequence[Query]) -> BatchOrder:
    return BatchOrder(f"B532529261123{new_id().hex[-12:].upper()}", item, tuple(queries))


def asked_of(order: BatchOrder) -> dict[Any, str]:
    return {query.reference: query.id_number for query in order.queries}


class FileSuite:
    """Tests that hold for the real thing and for the fake alike, and some for the real thing alone."""

    adapter: ClassVar[type[Any]]
    fake: ClassVar[type[Any]]

    @property
    def item(self) -> Item:
        return next(iter(self.adapter.items))

    def real(self, outside: Outside, limits: Limits = PATIENT) -> Any:
        return self.adapter(outside.connections[self.adapter.code], outside.http, limits)

    @pytest_asyncio.fixture(params=["adapter", "fake"])
    async def agency(self, request: pytest.FixtureRequest, outside: Outside) -> AsyncIterator[Any]:
        if request.param == "adapter":
            yield self.real(outside)
            return
        fake, today = self.fake(), await outside.today()
        for person in people():
            values = expected(person, self.item, today)
            if values is not None:
                fake.learn(self.item, person.id_number, values, as_of_for(self.item, today))
        yield fake

    def some(self, today: date) -> list[Person]:
        """Some who have something there and some who have not."""
        known = [person for person in people() if expected(person, self.item, today)]
        unknown = [person for person in people() if not expected(person, self.item, today)]
        return [*known[:6], *unknown[:4]]

    async def answered(self, agency: Any, order: BatchOrder) -> ResultFile:
        await agency.send_batch(order)
        body = await agency.fetch_result(order.serial, 1)
        assert body is not None
        return agency.read_result(order.serial, 1, body, asked_of(order))

    async def fetched(self, agency: Any, order: BatchOrder) -> ResultFile:
        body = await agency.fetch_result(order.serial, 1)
        return agency.read_result(order.serial, 1, body, asked_of(order))

    async def test_a_file_answers_what_is_held(self, agency: Any, outside: Outside) -> None:
        today = await outside.today()
        persons = self.some(today)
        order = order_for(self.item, [about(person, self.item) for person in persons])

        file = await self.answered(agency, order)

        said = {late.reference: late.answer for late in file.answers}
        assert (file.number, file.bad, len(said)) == (1, (), len(persons))
        for person, query in zip(persons, order.queries, strict=True):
            values, answer = expected(person, self.item, today), said[query.reference]
            assert answer.outcome is (Outcome.HIT if values else Outcome.NONE), person
            assert {key: fact.value for key, fact in answer.facts.items()} == (values or {})
            assert {fact.source for fact in answer.facts.values()} <= {self.adapter.code}
            assert {fact.as_of for fact in answer.facts.values()} <= {as_of_for(self.item, today)}

    async def test_a_person_nobody_knows_is_no_record(self, agency: Any) -> None:
        order = order_for(self.item, [query_for(self.item, STRANGER, "测试无名氏")])

        file = await self.answered(agency, order)

        assert [late.answer for late in file.answers] == [Answer.none()]

    async def test_the_same_file_again_is_taken_again_and_says_the_same(self, agency: Any) -> None:
        order = order_for(self.item, [about(person, self.item) for person in people()[:3]])

        first, second = await self.answered(agency, order), await self.answered(agency, order)

        assert first == second
        assert await agency.fetch_result(order.serial, 2) is None

    async def test_a_serial_stands_for_one_file(self, agency: Any) -> None:
        first, second = (about(person, self.item) for person in people()[:2])
        order = order_for(self.item, [first, second])
        await agency.send_batch(order)

        with pytest.raises(BatchRefused, match="other_content"):
            await agency.send_batch(BatchOrder(order.serial, self.item, (first,)))

    async def test_an_item_of_another_agency_is_a_mistake_of_ours(self, outside: Outside) -> None:
        order = order_for(Item.IDENTITY, [about(people()[0], Item.IDENTITY)])

        with pytest.raises(LookupError):
            await self.real(outside).send_batch(order)

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [
            ("error", "error"),
            ("silence", "timeout"),
            ("latency", "timeout"),
            ("redirect", "error"),
            ("bomb", "garbage"),
        ],
    )
    async def test_a_failure_is_never_read_as_taken_or_as_not_there_yet(
        self, outside: Outside, kind: str, reason: str
    ) -> None:
        agency = self.real(outside, IMPATIENT if reason == "timeout" else PATIENT)
        order = order_for(self.item, [about(people()[0], self.item)])
        await outside.fault(self.adapter.code, kind)

        for call in (agency.send_batch(order), agency.fetch_result(order.serial, 1)):
            with pytest.raises(PartnerUnavailable) as failure:
                await call
            assert (failure.value.partner, failure.value.reason) == (self.adapter.code, reason)

    @pytest.mark.parametrize("kind", ["garbage", "endless", "page", "other_shape", "wrong_totals"])
    async def test_a_file_that_is_not_whole_is_not_taken(self, outside: Outside, kind: str) -> None:
        agency, order = self.real(outside), order_for(self.item, [about(person, self.item) for person in people()[:3]])
        await agency.send_batch(order)
        await outside.fault(self.adapter.code, kind)

        with pytest.raises(PartnerUnavailable, match="garbage"):
            await self.fetched(agency, order)

    async def test_an_earlier_file_does_not_pass_for_the_next(self, outside: Outside) -> None:
        agency, order = self.real(outside), order_for(self.item, [about(people()[0], self.item)])
        await agency.send_batch(order)
        await outside.fault(self.adapter.code, "old_file")
        body = await agency.fetch_result(order.serial, 2)

        with pytest.raises(PartnerUnavailable, match="garbage"):
            agency.read_result(order.serial, 2, body, asked_of(order))

    async def test_a_line_that_failed_is_set_aside_and_the_others_count(self, outside: Outside) -> None:
        agency, order = self.real(outside), order_for(self.item, [about(person, self.item) for person in people()[:4]])
        await outside.fault(self.adapter.code, "bad_lines")

        file = await self.answered(agency, order)

        assert [(line.number, line.reason, line.reference) for line in file.bad] == [
            (1, BadLineReason.REFUSED, order.queries[0].reference)
        ]
        assert [late.reference for late in file.answers] == [query.reference for query in order.queries[1:]]

    async def test_rows_that_slipped_are_seen(self, outside: Outside) -> None:
        agency, order = self.real(outside), order_for(self.item, [about(person, self.item) for person in people()[:4]])
        await outside.fault(self.adapter.code, "slipped_rows")

        file = await self.answered(agency, order)

        assert file.answers == ()
        assert {line.reason for line in file.bad} == {BadLineReason.ANOTHER_PERSON}

    async def test_a_line_that_is_not_ours_is_set_aside(self, outside: Outside) -> None:
        agency, order = self.real(outside), order_for(self.item, [about(person, self.item) for person in people()[:2]])
        await agency.send_batch(order)
        body = await agency.fetch_result(order.serial, 1)
        mine = {order.queries[0].reference: order.queries[0].id_number}

        file = agency.read_result(order.serial, 1, body, mine)

        assert [late.reference for late in file.answers] == list(mine)
        assert [(line.reason, line.reference) for line in file.bad] == [(BadLineReason.UNKNOWN, None)]

    async def test_a_file_changed_anywhere_never_gives_a_wrong_answer_and_never_crashes(self, outside: Outside) -> None:
        """Its digest or signature refuses nearly all of it; here the reader alone has to stand, as before a source that
        signs what it garbled."""
        agency = self.real(outside)
        order = order_for(self.item, [about(person, self.item) for person in self.some(await outside.today())])
        await agency.send_batch(order)
        body, asked = await agency.fetch_result(order.serial, 1), asked_of(order)
        right = {late.reference: late.answer for late in agency.read_result(order.serial, 1, body, asked).answers}
        dice = random.Random(7)

        for _ in range(600):
            file = None
            with suppress(PartnerUnavailable):
                file = agency.read_result(order.serial, 1, _mangled(body, dice), asked)
            for late in file.answers if file else ():
                facts = {key: fact.value for key, fact in late.answer.facts.items()}
                assert facts == {key: fact.value for key, fact in right[late.reference].facts.items()}


def _mangled(body: bytes, dice: random.Random) -> bytes:
    """Change, drop, double or swap something somewhere."""
    at, kind = dice.randrange(len(body)), dice.randrange(5)
    if kind == 0:
        return body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
    if kind == 1:
        return body[:at] + body[at + dice.randrange(1, 40) :]
    if kind == 2:
        return body[:at] + body[at : at + dice.randrange(1, 40)] + body[at:]
    if kind == 3:
        return body[:at]
    lines = body.split(b"\n")
    dice.shuffle(lines)
    return b"\n".join(lines)
