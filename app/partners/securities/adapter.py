"""Securities depositories by file: what somebody holds in shares, bonds and funds, at the last close."""

import hmac
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication
from app.partners.batch import BadLineReason, BatchOrder
from app.partners.exchange import Reply
from app.partners.facts_of import found
from app.partners.file_agency import UNREADABLE, Detail, FileAgency, Parsed
from app.partners.securities import wire


class Securities(FileAgency):
    """Answers by file only."""

    code: ClassVar[str] = "securities"
    title: ClassVar[str] = "证券登记结算机构"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    media_type: ClassVar[str] = wire.MEDIA_TYPE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.SECURITIES: frozenset({FactKey.SECURITIES_VALUE})}
    )

    def question_path(self, serial: str) -> str:
        """Return where questions are put."""
        return wire.question_path(serial)

    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""
        return wire.answer_path(serial, number)

    def show(self, request: httpx.Request) -> None:
        """Sign what is sent."""
        request.headers["X-Mac"] = wire.sign(self._connection.secret, request.content)

    def is_theirs(self, reply: Reply) -> bool:
        """Say whether an answer was signed by the agency."""
        expected = wire.sign(self._connection.secret, reply.body)
        return hmac.compare_digest(expected.encode(), reply.headers.get("X-Mac", "").encode())

    def write(self, order: BatchOrder) -> bytes:
        """Write the questions."""
        return wire.write(order)

    def parse(self, body: bytes) -> Parsed:
        """Read a file of answers.

        Raises:
            Malformed: its frame cannot be read.
        """
        file = wire.read(body)
        details = [UNREADABLE if record is None else _detail(record, file.day) for record in file.records]
        return Parsed(file.serial, file.number, details, file.count, file.total)


def _detail(record: wire.Record, day: date) -> Detail:
    if record.status == wire.HOLDS:
        answer = found(Securities.code, day, {FactKey.SECURITIES_VALUE: record.fen})
        return Detail(record.reference, record.end, answer, record.fen)
    if record.status == wire.NOTHING and not record.fen:
        return Detail(record.reference, record.end, Answer.none(), 0)
    reason = BadLineReason.REFUSED if record.status == wire.FAILED else BadLineReason.UNREADABLE
    return Detail(record.reference, record.end, None, record.fen, reason)
