"""What an agency must be able to do that answers by files, and how a file may fail.

Many questions about one item go out as one file under a serial of ours; the answers come as numbered files, hours or
days later, fetched by us once the agency says they are there, or when we look. A file is taken as a whole or not at
all where its totals are not its own; where single lines cannot be used they are set aside, each with its reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.facts import FactKey, Item
from app.partners.base import LateAnswer, Query

MOST_LINES = 500
"""The most questions in one file; as many answers are read of one that comes back."""


@dataclass(frozen=True)
class BatchOrder:
    """The questions of one file. `serial` is ours and stable over retries: an agency takes each serial once."""

    serial: str
    item: Item
    queries: tuple[Query, ...]


class BadLineReason(StrEnum):
    """Why a line of an answer is set aside."""

    UNREADABLE = "unreadable"
    REFUSED = "refused"  # the agency says that it could not look
    UNKNOWN = "unknown"  # no question of this batch
    TWICE = "twice"  # which of them is right nobody can tell
    ANOTHER_PERSON = "another_person"  # not the person who was asked about


@dataclass(frozen=True)
class BadLine:
    """A line that is set aside. `number`: its place in the file, from 1; `reference`: the question, where it names one
    that was put."""

    number: int
    reason: BadLineReason
    reference: UUID | None


@dataclass(frozen=True)
class ResultFile:
    """One file of answers that is whole: its number, and what its lines say."""

    number: int
    answers: tuple[LateAnswer, ...]
    bad: tuple[BadLine, ...]


class BatchRefused(Exception):
    """The agency understood the file and will not take it.

    `reason`: 'other_content' (the serial is taken by a file with other lines) | 'malformed'.
    """

    def __init__(self, partner: str, serial: str, reason: str) -> None:
        super().__init__(f"{partner} {serial}: {reason}")
        self.reason = reason


class BatchPartner(Protocol):
    """An agency that answers by files."""

    @property
    def code(self) -> str: ...

    @property
    def items(self) -> Mapping[Item, frozenset[FactKey]]: ...

    async def send_batch(self, order: BatchOrder) -> None:
        """Hand over the questions; the same file again is taken again and answered once.

        Raises:
            BatchRefused: it will not be taken.
            PartnerUnavailable: whether it was taken is unknown: sending it again is safe.
            LookupError: an item this agency does not answer by file.
        """
        ...

    async def fetch_result(self, serial: str, number: int) -> bytes | None:
        """Return answer file `number` (from 1) of a batch; None while there is none.

        Raises:
            PartnerUnavailable: no usable answer.
        """
        ...

    def read_result(self, serial: str, number: int, body: bytes, asked: Mapping[UUID, str]) -> ResultFile:
        """Read a file of answers. `asked`: the identity number behind each reference of the batch.

        Raises:
            PartnerUnavailable: reason 'garbage': it is not this file, not whole, or its totals are not its own.
        """
        ...
