"""The words of the payment services' clearing house: JSON, one object a line, the last one with the totals.

Balances are fen. `status`: ok with the accounts there are, none, or failed. The digest at the end covers every byte
before its own line.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.partners.batch import BatchOrder
from app.partners.file_agency import Malformed
from app.partners.readings import CompactDate

MEDIA_TYPE = "application/x-ndjson"

Fen = Annotated[int, Field(ge=0, le=10**14)]


def question_path(serial: str) -> str:
    """Return where questions are put."""
    return f"/balance-jobs/{serial}/input"


def answer_path(serial: str, number: int) -> str:
    """Return where answers are fetched."""
    return f"/balance-jobs/{serial}/output/{number}"


def write(order: BatchOrder) -> bytes:
    """Write the questions."""
    lines = [{"type": "head", "job": order.serial, "count": len(order.queries)}]
    lines += [
        {
            "type": "query",
            "ref": str(query.reference),
            "certNo": query.id_number,
            "name": query.name,
            "purpose": query.purpose,
            "caseNo": query.case,
            "authNo": query.authorisation,
            "operator": query.operator,
        }
        for query in order.queries
    ]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


class _Wire(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Head(_Wire):
    """The first line."""

    type: Literal["head"]
    job: str
    part: int
    date: CompactDate


class Holder(_Wire):
    """One person's balances."""

    type: Literal["holder"]
    ref: UUID
    end: str
    status: Literal["ok", "none", "failed"]
    balances: Annotated[list[Fen], Field(max_length=100)]


class Tail(_Wire):
    """The last line."""

    type: Literal["end"]
    count: int
    total: int
    sha256: str


@dataclass(frozen=True)
class File:
    """A file of answers; None stands for a line that cannot be read."""

    head: Head
    holders: tuple[Holder | None, ...]
    tail: Tail


def read(body: bytes) -> File:
    """Read a file of answers.

    Raises:
        Malformed: head or tail cannot be read, or the digest is not that of the lines.
    """
    lines = body.split(b"\n")
    if len(lines) < 3 or lines[-1]:
        raise Malformed
    try:
        head, tail = Head.model_validate_json(lines[0]), Tail.model_validate_json(lines[-2])
    except ValidationError:
        raise Malformed from None
    if tail.sha256 != hashlib.sha256(body[: len(body) - len(lines[-2]) - 1]).hexdigest():
        raise Malformed
    return File(head, tuple(_holder(line) for line in lines[1:-2]), tail)


def _holder(line: bytes) -> Holder | None:
    try:
        return Holder.model_validate_json(line)
    except ValidationError:
        return None
