"""What the fakes of all agencies have in common: answers kept in memory, failures on demand, a list of questions.

A fake keeps the adapter's promise; `tests/partners` runs the same tests against both.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.facts import Answer, FactKey, Item, Value
from app.partners.base import LateAnswer, PartnerUnavailable, Query
from app.partners.batch import BadLine, BadLineReason, BatchOrder, BatchRefused, ResultFile
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


class FilingAgency(MemoryAgency):
    """An agency in memory that answers by file: each batch by file 1 as soon as it is asked for, unless it is `slow`.

    `spoilt`: references whose lines it spoils, by reason; a later file (`correct`) has them right.
    """

    def __init__(self) -> None:
        super().__init__()
        self.slow = False
        self.spoilt: dict[UUID, BadLineReason] = {}
        self.taken: dict[str, BatchOrder] = {}
        self._corrected: dict[str, list[UUID]] = {}

    async def send_batch(self, order: BatchOrder) -> None:
        """Take a file, once.

        Raises:
            BatchRefused: the serial stands for another file.
            PartnerUnavailable: it was told to fail.
        """
        if self._failing:
            raise PartnerUnavailable(self.code, self._failing)
        known = self.taken.setdefault(order.serial, order)
        if known != order:
            raise BatchRefused(self.code, order.serial, "other_content")
        self.asked.extend(order.queries)

    def correct(self, serial: str) -> None:
        """Make the next file of a batch, with the lines that were spoilt."""
        self._corrected.setdefault(serial, []).extend(self.spoilt)
        self.spoilt.clear()

    async def fetch_result(self, serial: str, number: int) -> bytes | None:
        """Return a file.

        Raises:
            PartnerUnavailable: it was told to fail, or never took the batch.
        """
        if self._failing or serial not in self.taken:
            raise PartnerUnavailable(self.code, self._failing or "error")
        if self.slow or number > 1 + (serial in self._corrected):
            return None
        return json.dumps([serial, number]).encode()

    def read_result(self, serial: str, number: int, body: bytes, asked: Mapping[UUID, str]) -> ResultFile:
        """Read a file.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        if json.loads(body) != [serial, number]:
            raise PartnerUnavailable(self.code, "garbage")
        queries = self.taken[serial].queries
        if number > 1:
            again = self._corrected[serial]
            later = [query for query in queries if query.reference in again and query.reference in asked]
            return ResultFile(number, tuple(self._line(query) for query in later), ())
        bad = [
            BadLine(place, self.spoilt[query.reference], query.reference)
            for place, query in enumerate(queries, start=1)
            if query.reference in self.spoilt
        ]
        whole = [self._line(each) for each in queries if each.reference not in self.spoilt and each.reference in asked]
        return ResultFile(number, tuple(whole), tuple(bad))

    def _line(self, query: Query) -> LateAnswer:
        return LateAnswer(query.reference, self._known.get((query.item, query.id_number), Answer.none()))
