"""The words of development and reform: lines with bars between, in GB18030, ended by CR LF.

asked     Q|number|identity number|name|purpose|case|authorisation|operator
answered  A|number|0000 or 0001|date of the data|how many lines follow
          R|date of moving in|division|way of resettlement
          Z|how many lines stood before this one
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

from app.partners.base import Query

PATH = "/ydfpbq/v1/lookup"
ENCODING = "GB18030"
MEDIA_TYPE = f"text/plain; charset={ENCODING}"
FOUND = "0000"
NO_RECORD = "0001"

_DAY = re.compile(r"[0-9]{8}", re.ASCII)
_DIVISION = re.compile(r"[1-9][0-9]{11}", re.ASCII)
_MOST_LINES = 20


@dataclass(frozen=True)
class Move:
    """One resettlement."""

    moved_on: date
    division: str  # 12 digits


@dataclass(frozen=True)
class Reply:
    """The whole answer."""

    number: str
    code: str
    as_of: date
    moves: tuple[Move, ...]


def write_question(query: Query) -> bytes:
    """Write the one line of a question. A bar would end its field: names of persons have none, and ours neither.

    Raises:
        ValueError: a field holds a bar or a line end.
    """
    fields = (
        str(query.reference), query.id_number, query.name, query.purpose, query.case, query.authorisation,
        query.operator,
    )  # fmt: skip
    if any(set("|\r\n") & set(field) for field in fields):
        raise ValueError("a field that would end early")
    return ("|".join(("Q", *fields)) + "\r\n").encode(ENCODING)


def read(body: bytes) -> Reply:
    """Read an answer from the first line to the last.

    Raises:
        ValueError: not GB18030, a line is missing or too many, or a field is not what it should be.
    """
    lines = body.decode(ENCODING).split("\r\n")
    if len(lines) < 3 or lines[-1] != "" or len(lines) > _MOST_LINES:
        raise ValueError("not a whole answer")
    (mark, number, code, day, count), (last, before) = lines[0].split("|"), lines[-2].split("|")
    moves = tuple(_move(line) for line in lines[1:-2])
    if (mark, last) != ("A", "Z") or count != str(len(moves)) or before != str(len(lines) - 2):
        raise ValueError("lines are missing")
    return Reply(number, code, _day(day), moves)


def _move(line: str) -> Move:
    mark, day, division, _way = line.split("|")
    if mark != "R" or not _DIVISION.fullmatch(division):
        raise ValueError("not a resettlement")
    return Move(_day(day), division)


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError("not a date")
    return datetime.strptime(f"{text}+0000", "%Y%m%d%z").date()
