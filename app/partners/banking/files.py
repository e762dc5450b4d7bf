"""The banks by file: the same question as by call-back, many at once, for places that have agreed on files.

CSV: a head `H`, a line `D` for each person, a tail `T` with count, sum and the digest of every byte before it. Balances
are fen, of all of a person's accounts together. Codes as in `wire`: '00' accounts found, '14' none; any other: the
banks could not look.
"""

import csv
import hashlib
import io
import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

import httpx

from app.facts import Answer, FactKey, Item
from app.partners.banking.adapter import Banking
from app.partners.base import Authentication
from app.partners.batch import BadLineReason, BatchOrder
from app.partners.facts_of import found
from app.partners.file_agency import UNREADABLE, Detail, FileAgency, Malformed, Parsed

_NUMBER = re.compile(r"0|[1-9][0-9]{0,14}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class BankingFiles(FileAgency):
    """The file side of the banks' platform."""

    code: ClassVar[str] = Banking.code
    title: ClassVar[str] = Banking.title
    authentication: ClassVar[Authentication] = Banking.authentication
    media_type: ClassVar[str] = "text/csv; charset=utf-8"
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(dict(Banking.items))

    def question_path(self, serial: str) -> str:
        """Return where questions are put."""
        return f"/v3/balance-files/{serial}"

    def answer_path(self, serial: str, number: int) -> str:
        """Return where a file of answers is fetched."""
        return f"/v3/balance-files/{serial}/results/{number}"

    def show(self, request: httpx.Request) -> None:
        """Show the channel's token."""
        request.headers["X-Channel-Token"] = self._connection.secret

    def write(self, order: BatchOrder) -> bytes:
        """Write the questions."""
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        rows.writerow(("H", order.serial, len(order.queries)))
        rows.writerows(
            (
                "D",
                query.reference,
                query.id_number,
                query.name,
                query.purpose,
                query.case,
                query.authorisation,
                query.operator,
            )
            for query in order.queries
        )
        return text.getvalue().encode()

    def parse(self, body: bytes) -> Parsed:
        """Read a file of answers.

        Raises:
            Malformed: head or tail cannot be read, or the digest is not its own.
        """
        lines = body.split(b"\r\n")
        if len(lines) < 3 or lines[-1]:
            raise Malformed
        head, tail = _fields(lines[0]), _fields(lines[-2])
        if len(head) != 4 or head[0] != "H" or len(tail) != 4 or tail[0] != "T":
            raise Malformed
        if tail[3] != hashlib.sha256(body[: len(body) - len(lines[-2]) - 2]).hexdigest():
            raise Malformed
        number, count, total, day = _number(head[2]), _number(tail[1]), _number(tail[2]), _day(head[3])
        if number is None or count is None or total is None or day is None:
            raise Malformed
        return Parsed(head[1], number, [_detail(_fields(line), day) for line in lines[1:-2]], count, total)


def _fields(line: bytes) -> list[str]:
    """Split one line; nothing where it is no text or no CSV. Answers hold no quoted fields, and no names."""
    try:
        text = line.decode()
    except UnicodeDecodeError:
        return []
    return [] if '"' in text or "\r" in text or "\n" in text else text.split(",")


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _detail(fields: list[str], day: date) -> Detail:
    if len(fields) != 6 or fields[0] != "D" or not _UUID.fullmatch(fields[1]):
        return UNREADABLE
    reference, end = UUID(fields[1]), fields[2]
    accounts, fen = _number(fields[4]), _number(fields[5])
    if accounts is None or fen is None:
        return Detail(reference, end, None, None, BadLineReason.UNREADABLE)
    if fields[3] == "00" and accounts:
        facts = {FactKey.DEPOSIT_BALANCE: fen, FactKey.DEPOSIT_ACCOUNTS: accounts}
        return Detail(reference, end, found(Banking.code, day, facts), fen)
    if fields[3] == "14" and not accounts and not fen:
        return Detail(reference, end, Answer.none(), 0)
    reason = BadLineReason.UNREADABLE if fields[3] in ("00", "14") else BadLineReason.REFUSED
    return Detail(reference, end, None, fen, reason)
