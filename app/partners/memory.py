"""What the fakes of all agencies have in common: answers kept in memory, failures on demand, a list of questions.

A fake keeps the adapter's promise; `tests/partners` runs the same tests against both.
"""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from app.facts import Answer, FactKey, Item, Value
from app.partners.base import PartnerUnavailable, Query
from app.partners.facts_of import found


class MemoryAgency:
    """An agency that knows what it was told; of anybody else it has no record."""

    code: ClassVar[str]
    items: ClassVar[Mapping[Item, frozenset[FactKey]]]
    repeatable: ClassVar[bool] = True

    def __init__(self) -> None:
        self.asked: list[Query] = []
        self._known: dict[tuple[Item, str], Answer] = {}
        self._failing: str | None = None

    def learn(self, item: Item, id_number: str, values: Mapping[FactKey, Value], as_of: date) -> None:
        """Put a record on file."""
        self._known[item, id_number] = found(self.code, as_of, values)

    def fail(self, reason: str | None) -> None:
        """Fail every question from now on with `reason`; None makes the agency well again."""
        self._failing = reason

    def look_up(self, query: Query) -> Answer:
        """Answer one question from memory.

        Raises:
            PartnerUnavailable: it was told to fail.
            LookupError: this agency was never responsible for the item.
        """
        if query.item not in self.items:
            raise LookupError(query.item)
        self.asked.append(query)
        if self._failing:
            raise PartnerUnavailable(self.code, self._failing)
        return self._known.get((query.item, query.id_number), Answer.none())


class AnsweringAgency(MemoryAgency):
    """An agency in memory that answers at once."""

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: it was told to fail.
        """
        return self.look_up(query)
