"""The promise of every agency, run against its adapter (over the real mock service) and against its fake.

`test_agreement.py` of each agency makes a subclass of `PartnerSuite` that names the two.
"""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any, ClassVar

import pytest
import pytest_asyncio

from app.core.ids import new_id
from app.facts import Answer, Item, Outcome
from app.partners.base import Acknowledged, PartnerUnavailable, Query
from app.partners.exchange import Limits
from app.partners.registry import answers_singly
from app.sandbox.persons import Person
from app.sandbox.population import find, people
from tests.partners.expected import expected
from tests.sandbox.outside import BASE, Outside

STRANGER = "539900197001010010"
PATIENT = Limits(deadline=10.0)
IMPATIENT = Limits(deadline=0.2)


def query_for(item: Item, id_number: str, name: str, **overrides: Any) -> Query:
    """A lawful question with defaults."""
    values: dict[str, Any] = {
        "reference": new_id(),
        "item": item,
        "id_number": id_number,
        "name": name,
        "purpose": "living_allowance",
        "case": "DB532529261122K3TQ9W2ZF",
        "authorisation": "authorisation-1",
        "operator": "system",
        "registered_in": "520102001001",
    }
    return Query(**(values | overrides))


def about(person: Person, item: Item) -> Query:
    return query_for(item, person.id_number, person.name, registered_in=person.division)


class RealThing:
    """An adapter over the sandbox."""

    def __init__(self, adapter: type[Any], outside: Outside, today: date) -> None:
        self._adapter = adapter
        self._outside = outside
        self.today = today

    def partner(self, limits: Limits = PATIENT) -> Any:
        return self._adapter(self._outside.connections[self._adapter.code], self._outside.http, limits)

    async def ask(self, query: Query, limits: Limits = PATIENT) -> Answer:
        """Ask, and wait for the call-back where the answer comes by one."""
        partner = self.partner(limits)
        said = await partner.ask(query)
        if not isinstance(said, Acknowledged):
            return said
        callback = await self._outside.call_back_about(str(query.reference))
        late = partner.read_callback(callback.content)
        assert late.reference == query.reference
        return late.answer

    async def fall_ill(self, kind: str) -> None:
        await self._outside.fault(self._adapter.code, kind)

    async def times_asked(self, query: Query) -> int:
        url = f"{BASE}/agencies/{self._adapter.code}/questions"
        answer = await self._outside.http.get(url, params={"reference": str(query.reference)})
        return answer.json()["times"]


class Fake:
    """A fake that was taught the whole population."""

    _REASONS: ClassVar[dict[str, str]] = {
        "error": "error",
        "garbage": "garbage",
        "silence": "timeout",
        "latency": "timeout",
    }

    def __init__(self, fake: Any, today: date) -> None:
        self._fake = fake
        self.today = today
        for person in people():
            for item in fake.items:
                values = expected(person, item, today)
                if values is not None:
                    fake.learn(item, person.id_number, values, as_of_for(item, today))

    async def ask(self, query: Query, limits: Limits = PATIENT) -> Answer:
        said = await self._fake.ask(query)
        if not isinstance(said, Acknowledged):
            return said
        late = self._fake.read_callback(self._fake.late_reply(query.reference))
        assert late.reference == query.reference
        return late.answer

    async def fall_ill(self, kind: str) -> None:
        self._fake.fail(self._REASONS[kind])

    async def times_asked(self, query: Query) -> int:
        return sum(asked.reference == query.reference for asked in self._fake.asked)


def as_of_for(item: Item, today: date) -> date:
    """Banks, and whoever answers by file, tell the end of yesterday; registers tell today."""
    return today - timedelta(days=1) if item is Item.DEPOSITS or not answers_singly(item) else today


class PartnerSuite:
    """Tests that hold for the real thing and for the fake alike."""

    adapter: ClassVar[type[Any]]
    fake: ClassVar[type[Any]]

    @pytest_asyncio.fixture(params=["adapter", "fake"])
    async def agency(self, request: pytest.FixtureRequest, outside: Outside) -> AsyncIterator[RealThing | Fake]:
        today = await outside.today()
        yield RealThing(self.adapter, outside, today) if request.param == "adapter" else Fake(self.fake(), today)

    @pytest.mark.parametrize("which", ["hit", "none"])
    async def test_every_item_answers_what_the_register_holds(self, agency: RealThing | Fake, which: str) -> None:
        for item in self.adapter.items:
            known = [p for p in people() if bool(expected(p, item, agency.today)) == (which == "hit")]
            for person in known[:6]:
                answer = await agency.ask(about(person, item))

                values = expected(person, item, agency.today)
                assert answer.outcome is (Outcome.HIT if values else Outcome.NONE), (item, person)
                assert {key: fact.value for key, fact in answer.facts.items()} == (values or {})
                assert {fact.source for fact in answer.facts.values()} <= {self.adapter.code}
                assert {fact.as_of for fact in answer.facts.values()} <= {as_of_for(item, agency.today)}

    async def test_facts_are_the_ones_the_agency_declares(self, agency: RealThing | Fake) -> None:
        for item, keys in self.adapter.items.items():
            person = next(p for p in people() if expected(p, item, agency.today))

            answer = await agency.ask(about(person, item))

            assert answer.facts.keys() == keys

    async def test_a_person_nobody_knows_is_no_record(self, agency: RealThing | Fake) -> None:
        assert find(STRANGER) is None

        for item in self.adapter.items:
            answer = await agency.ask(query_for(item, STRANGER, "测试无名氏"))

            assert answer == Answer.none()

    @pytest.mark.parametrize(
        ("kind", "reason"),
        [("error", "error"), ("garbage", "garbage"), ("silence", "timeout"), ("latency", "timeout")],
    )
    async def test_a_failure_is_never_read_as_no_record(self, agency: RealThing | Fake, kind: str, reason: str) -> None:
        await agency.fall_ill(kind)

        for item in self.adapter.items:
            with pytest.raises(PartnerUnavailable) as failure:
                await agency.ask(about(people()[0], item), IMPATIENT if reason == "timeout" else PATIENT)

            assert (failure.value.partner, failure.value.reason) == (self.adapter.code, reason)

    async def test_the_same_reference_asked_twice_is_seen_as_a_repeat(self, agency: RealThing | Fake) -> None:
        query = about(people()[0], next(iter(self.adapter.items)))

        first = await agency.ask(query)
        second = await agency.ask(query)

        assert first == second
        assert await agency.times_asked(query) == 2

    async def test_an_item_of_another_agency_is_a_mistake_of_ours(self, agency: RealThing | Fake) -> None:
        foreign = next(item for item in Item if item not in self.adapter.items)

        with pytest.raises(LookupError):
            await agency.ask(about(people()[0], foreign))
