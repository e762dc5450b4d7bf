"""The insurers by file: what they would pay back today for the policies of a holder, all together."""

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
from app.partners.insurance import wire


class Insurance(FileAgency):
    """Answers by file only."""

    code: ClassVar[str] = "insurance"
    title: ClassVar[str] = "保险机构"
    authentication: ClassVar[Authentication] = Authentication.MUTUAL_TLS
    media_type: ClassVar[str] = wire.MEDIA_TYPE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.INSURANCE: frozenset({FactKey.INSURANCE_CASH_VALUE})}
    )

    def question_path(self, serial: str) -> str:
        """Return where questions are put."""
        return wire.question_path(serial)

    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""
        return wire.answer_path(serial, number)

    def show(self, request: httpx.Request) -> None:
        """Show nothing but the certificate; the digest says that the file came whole."""
        request.headers[wire.DIGEST] = wire.digest(request.content)

    def is_theirs(self, reply: Reply) -> bool:
        """Say whether the file came whole: who sent it the certificate says."""
        digest: str = reply.headers.get(wire.DIGEST, "")
        return digest == wire.digest(reply.body)

    def write(self, order: BatchOrder) -> bytes:
        """Write the questions."""
        return wire.write(order)

    def parse(self, body: bytes) -> Parsed:
        """Read a file of answers.

        Raises:
            Malformed: its frame cannot be read.
        """
        file = wire.read(body)
        details = [UNREADABLE if holder is None else _detail(holder, file.day) for holder in file.holders]
        return Parsed(file.serial, file.number, details, file.count, file.total)


def _detail(holder: wire.Holder, day: date) -> Detail:
    fen = sum(holder.values)
    if holder.state == wire.FOUND and holder.values:
        answer = found(Insurance.code, day, {FactKey.INSURANCE_CASH_VALUE: fen})
        return Detail(holder.reference, holder.end, answer, fen)
    if holder.state == wire.NONE and not holder.values:
        return Detail(holder.reference, holder.end, Answer.none(), 0)
    reason = BadLineReason.REFUSED if holder.state == wire.FAILED else BadLineReason.UNREADABLE
    return Detail(holder.reference, holder.end, None, fen, reason)
