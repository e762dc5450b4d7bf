"""The words of securities depositories: records of fixed width in GB18030, one a line, with a head and a tail.

Texts are padded with blanks on the right, numbers with zeros on the left; widths count bytes. Amounts are fen.
`status` of an answer: 00 holds something, 01 holds nothing, 99 could not be looked up.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.partners.batch import BatchOrder
from app.partners.file_agency import Malformed

ENCODING = "GB18030"
MEDIA_TYPE = f"text/plain; charset={ENCODING}"
VERSION = "ZQ02"

HOLDS, NOTHING, FAILED = "00", "01", "99"
_DETAIL = re.compile(r"1(?P<reference>[0-9a-f-]{36})(?P<end>[0-9X]{6})(?P<status>[0-9]{2})(?P<fen>[0-9]{15})")
_HEAD = re.compile(r"0ZQ02(?P<serial>[0-9A-Z ]{32})(?P<number>[0-9]{3})(?P<day>[0-9]{8})")
_TAIL = re.compile(r"9(?P<count>[0-9]{6})(?P<total>[0-9]{18})")


def question_path(serial: str) -> str:
    """Return where questions are put."""
    return f"/zqcx/files/{serial}.req"


def answer_path(serial: str, number: int) -> str:
    """Return where answers are fetched."""
    return f"/zqcx/files/{serial}.{number:03d}"


def sign(secret: str, body: bytes) -> str:
    """Return the signature over a file, which says itself whose it is: HMAC-SHA256, hex."""
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _text(value: str, width: int) -> bytes:
    """Pad a text, cut between two characters where it is too long."""
    while len(value.encode(ENCODING)) > width:
        value = value[:-1]
    written = value.encode(ENCODING)
    return written + b" " * (width - len(written))


def write(order: BatchOrder) -> bytes:
    """Write the questions."""
    records = [b"0" + VERSION.encode() + _text(order.serial, 32) + f"{len(order.queries):06d}".encode()]
    records += [
        b"1"
        + _text(str(query.reference), 36)
        + _text(query.id_number, 18)
        + _text(query.name, 200)
        + _text(query.purpose, 32)
        + _text(query.case, 40)
        + _text(query.authorisation, 40)
        + _text(query.operator, 40)
        for query in order.queries
    ]
    records.append(b"9" + f"{len(order.queries):06d}".encode())
    return b"".join(record + b"\r\n" for record in records)


@dataclass(frozen=True)
class Record:
    """One holder's line."""

    reference: UUID
    end: str
    status: str
    fen: int


@dataclass(frozen=True)
class File:
    """A file of answers; None stands for a line that cannot be read."""

    serial: str
    number: int
    day: date
    records: tuple[Record | None, ...]
    count: int
    total: int


def read(body: bytes) -> File:
    """Read a file of answers.

    Raises:
        Malformed: no head, no tail, or no text.
    """
    try:
        lines = body.decode("ascii", errors="replace").split("\r\n")
        if len(lines) < 3 or lines[-1]:
            raise Malformed
        head, tail = _HEAD.fullmatch(lines[0]), _TAIL.fullmatch(lines[-2])
        if head is None or tail is None:
            raise Malformed
        day = _day(head["day"])
    except ValueError:
        raise Malformed from None
    return File(
        head["serial"].rstrip(" "),
        int(head["number"]),
        day,
        tuple(_record(line) for line in lines[1:-2]),
        int(tail["count"]),
        int(tail["total"]),
    )


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


def _record(line: str) -> Record | None:
    found = _DETAIL.fullmatch(line)
    if found is None:
        return None
    try:
        return Record(UUID(found["reference"]), found["end"], found["status"], int(found["fen"]))
    except ValueError:
        return None
