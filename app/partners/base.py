"""What an agency must be able to do, and how it may fail."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from app.facts import Answer, FactKey, Item


@dataclass(frozen=True)
class Query:
    """One lawful question about one person. An agency is never asked without all of these (SAL art. 70(6)).

    `reference` is ours and stable over retries, so that an agency that counts can see a repeat for what it is.
    `registered_in`: the 12-digit code of where the person is registered, said only where the question is passed on to
    there.
    """

    reference: UUID
    item: Item
    id_number: str
    name: str
    purpose: str  # 'real_name' | 'living_allowance' | …
    case: str  # receipt number, or 'account' for a real-name check
    authorisation: str  # id of the signed authorisation, or of the request for a real-name check
    operator: str  # staff id, or 'system'
    registered_in: str | None = None


@dataclass(frozen=True)
class Acknowledged:
    """The agency took the question and will answer by call-back."""

    ticket: str


@dataclass(frozen=True)
class LateAnswer:
    """A call-back, read: which question it answers, and what it says."""

    reference: UUID
    answer: Answer


class PartnerUnavailable(Exception):
    """The agency did not give a usable answer: worth asking again, never to be read as 'no record'.

    `reason`: 'timeout' | 'refused' | 'error' | 'garbage' | 'held_back'.
    """

    def __init__(self, partner: str, reason: str) -> None:
        super().__init__(f"{partner}: {reason}")
        self.partner = partner
        self.reason = reason


class HeldBack(PartnerUnavailable):
    """The agency was not asked: it has been failing, or has as many questions as it is given at once.

    `seconds`: after about how long it is worth another try.
    """

    def __init__(self, partner: str, seconds: float) -> None:
        super().__init__(partner, "held_back")
        self.seconds = seconds


class GroundsGone(Exception):
    """The question was not put: while it waited for its turn, the grounds for putting it ceased. Says nothing of the
    agency, and is no reason to ask again."""


class Authentication(StrEnum):
    """How an agency knows that it is us; says what its connection has to name."""

    BEARER = "bearer"  # a secret shown with each question
    SIGNATURE = "signature"  # a secret that each question is signed with
    MUTUAL_TLS = "mutual_tls"  # a certificate


class Partner(Protocol):
    """An agency that answers questions about persons. `title` is what citizens read (zh-CN).

    `repeatable`: the same question under the same reference does no harm and is answered alike, so that one that failed
    on its way may be put again at once. An agency that charges, or acts, on every question says that it is not.
    """

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def authentication(self) -> Authentication: ...

    @property
    def items(self) -> Mapping[Item, frozenset[FactKey]]: ...

    @property
    def repeatable(self) -> bool: ...

    async def ask(self, query: Query) -> Answer | Acknowledged:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
        """
        ...


class CallbackPartner(Partner, Protocol):
    """An agency that answers later."""

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a call-back body.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        ...
