"""What the adapters of agencies that answer by files have in common: two exchanges, and the checks that make a file
whole. Their words and how they know that it is us are each adapter's own."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar
from uuid import UUID

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication, LateAnswer, PartnerUnavailable
from app.partners.batch import MOST_LINES, BadLine, BadLineReason, BatchOrder, BatchRefused, ResultFile
from app.partners.exchange import Limits, Reply, exchange, limits_of, require_status, unavailable

CERTIFICATE_END = 6
"""How many characters of the identity number a line of answers repeats, so that rows that slipped are seen."""

FILE_LIMITS = Limits(deadline=30.0, max_bytes=2 * 1024 * 1024)
"""Of one exchange: five hundred lines are a tenth of it in every format there is."""


@dataclass(frozen=True)
class Detail:
    """One line of a file as far as it could be read. `fen`: what it adds to the control sum, None where that is
    unknown; `answer` None: it cannot be used, for `reason`."""

    reference: UUID | None
    certificate_end: str
    answer: Answer | None
    fen: int | None
    reason: BadLineReason | None = None


UNREADABLE = Detail(None, "", None, None, BadLineReason.UNREADABLE)


@dataclass(frozen=True)
class Parsed:
    """A file as it says of itself: whose answers it holds, its number, its lines, and the totals at its end."""

    serial: str
    number: int
    details: Sequence[Detail]
    count: int
    total_fen: int


class Malformed(Exception):
    """A file that is not what it should be; says nothing of what stands in it."""


class FileAgency(ABC):
    """An agency that takes questions by file and answers by file."""

    code: ClassVar[str]
    title: ClassVar[str]
    authentication: ClassVar[Authentication]
    items: ClassVar[Mapping[Item, frozenset[FactKey]]]
    media_type: ClassVar[str]

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, FILE_LIMITS)

    @abstractmethod
    def question_path(self, serial: str) -> str:
        """Return where questions are put."""

    @abstractmethod
    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""

    @abstractmethod
    def show(self, request: httpx.Request) -> None:
        """Put on a request what tells the agency that it is us."""

    @abstractmethod
    def write(self, order: BatchOrder) -> bytes:
        """Write the questions in the agency's words."""

    @abstractmethod
    def parse(self, body: bytes) -> Parsed:
        """Read a file in the agency's words.

        Raises:
            Malformed: its frame cannot be read, or its digest is not its own.
        """

    def is_theirs(self, _reply: Reply) -> bool:
        """Say whether an answer is the agency's own, and came whole, where a header says so."""
        return True

    async def send_batch(self, order: BatchOrder) -> None:
        """Hand over the questions; the same file again is taken again and answered once.

        Raises:
            BatchRefused: it will not be taken.
            PartnerUnavailable: whether it was taken is unknown.
            LookupError: an item this agency does not answer by file.
        """
        if order.item not in self.items:
            raise LookupError(order.item)
        if not 0 < len(order.queries) <= MOST_LINES:
            raise ValueError(f"a file has 1 to {MOST_LINES} lines")
        reply = await self._exchange("PUT", self.question_path(order.serial), self.write(order))
        if reply.status == HTTPStatus.CONFLICT:
            raise BatchRefused(self.code, order.serial, "other_content")
        if reply.status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise BatchRefused(self.code, order.serial, "malformed")
        require_status(self.code, reply, HTTPStatus.ACCEPTED)

    async def fetch_result(self, serial: str, number: int) -> bytes | None:
        """Return answer file `number` (from 1) of a batch; None while there is none.

        Raises:
            PartnerUnavailable: no usable answer.
        """
        reply = await self._exchange("GET", self.answer_path(serial, number), b"")
        # 'Not yet' is a word of its own: a stray 404 of some proxy must not have us wait in peace.
        if reply.status == HTTPStatus.NO_CONTENT:
            return None
        require_status(self.code, reply, HTTPStatus.OK)
        if not self.is_theirs(reply):
            unavailable(self.code, "garbage")
        return reply.body

    def read_result(self, serial: str, number: int, body: bytes, asked: Mapping[UUID, str]) -> ResultFile:
        """Read a file of answers.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        try:
            parsed = self.parse(body)
        except Malformed:
            raise PartnerUnavailable(self.code, "garbage") from None
        if (parsed.serial, parsed.number) != (serial, number) or not _adds_up(parsed):
            raise PartnerUnavailable(self.code, "garbage")
        return _sort_out(parsed, asked)

    async def _exchange(self, method: str, path: str, body: bytes) -> Reply:
        url = self._connection.base_url.rstrip("/") + path
        headers = {"Content-Type": self.media_type}
        request = self._http.build_request(method, url, headers=headers, content=body)
        self.show(request)
        return await exchange(self.code, self._http, request, self._limits)


def _adds_up(parsed: Parsed) -> bool:
    """Say whether the totals at the end are those of the lines. Of lines that cannot be read nobody knows the amount:
    then what is known must not exceed the sum."""
    if len(parsed.details) != parsed.count or parsed.count > MOST_LINES:
        return False
    known = sum(detail.fen for detail in parsed.details if detail.fen is not None)
    if any(detail.fen is None for detail in parsed.details):
        return known <= parsed.total_fen
    return known == parsed.total_fen


def _sort_out(parsed: Parsed, asked: Mapping[UUID, str]) -> ResultFile:
    times = Counter(detail.reference for detail in parsed.details if detail.reference is not None)
    answers: list[LateAnswer] = []
    bad: list[BadLine] = []
    for number, detail in enumerate(parsed.details, start=1):
        reference = detail.reference if detail.reference in asked else None
        reason = _why_not(detail, reference, times, asked)
        if reason is None and reference is not None and detail.answer is not None:
            answers.append(LateAnswer(reference, detail.answer))
        else:
            bad.append(BadLine(number, reason or BadLineReason.UNREADABLE, reference))
    return ResultFile(parsed.number, tuple(answers), tuple(bad))


def _why_not(
    detail: Detail, reference: UUID | None, times: Counter[UUID], asked: Mapping[UUID, str]
) -> BadLineReason | None:
    if detail.reference is None:
        return BadLineReason.UNREADABLE
    if reference is None:
        return BadLineReason.UNKNOWN
    if times[reference] > 1:
        return BadLineReason.TWICE
    if detail.reason is not None:
        return detail.reason
    if detail.certificate_end != asked[reference][-CERTIFICATE_END:]:
        return BadLineReason.ANOTHER_PERSON
    return None
