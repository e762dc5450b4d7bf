"""The payment services by file: what lies in somebody's payment accounts, all together."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication
from app.partners.batch import BadLineReason, BatchOrder
from app.partners.facts_of import found
from app.partners.file_agency import UNREADABLE, Detail, FileAgency, Parsed
from app.partners.wallets import wire


class Wallets(FileAgency):
    """Answers by file only."""

    code: ClassVar[str] = "wallets"
    title: ClassVar[str] = "非银行支付机构"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    media_type: ClassVar[str] = wire.MEDIA_TYPE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.WALLETS: frozenset({FactKey.WALLET_BALANCE})}
    )

    def question_path(self, serial: str) -> str:
        """Return where questions are put."""
        return wire.question_path(serial)

    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""
        return wire.answer_path(serial, number)

    def show(self, request: httpx.Request) -> None:
        """Show the secret."""
        request.headers["Authorization"] = f"Bearer {self._connection.secret}"

    def write(self, order: BatchOrder) -> bytes:
        """Write the questions."""
        return wire.write(order)

    def parse(self, body: bytes) -> Parsed:
        """Read a file of answers.

        Raises:
            Malformed: its frame cannot be read, or its digest is not its own.
        """
        file = wire.read(body)
        details = [UNREADABLE if holder is None else _detail(holder, file.head.date) for holder in file.holders]
        return Parsed(file.head.job, file.head.part, details, file.tail.count, file.tail.total)


def _detail(holder: wire.Holder, day: date) -> Detail:
    fen = sum(holder.balances)
    if holder.status == "ok" and holder.balances:
        answer = found(Wallets.code, day, {FactKey.WALLET_BALANCE: fen})
        return Detail(holder.ref, holder.end, answer, fen)
    if holder.status == "none" and not holder.balances:
        return Detail(holder.ref, holder.end, Answer.none(), 0)
    reason = BadLineReason.REFUSED if holder.status == "failed" else BadLineReason.UNREADABLE
    return Detail(holder.ref, holder.end, None, fen, reason)
