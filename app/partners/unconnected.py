"""An agency of the registry that this installation is not connected with: nobody is asked, and nothing breaks."""

from collections.abc import Mapping
from typing import NoReturn, Protocol
from uuid import UUID

from app.facts import FactKey, Item
from app.partners.base import Authentication, PartnerUnavailable, Query
from app.partners.batch import BatchOrder


class _Registered(Protocol):
    """What the registry says of an agency."""

    code: str
    title: str
    authentication: Authentication
    items: Mapping[Item, frozenset[FactKey]]


class Unconnected:
    """Stands in an agency's place. What would be asked of it is the county's to find out on paper."""

    repeatable = False

    def __init__(self, agency: _Registered) -> None:
        self.code = agency.code
        self.title = agency.title
        self.authentication = agency.authentication
        self.items = agency.items

    async def ask(self, query: Query) -> NoReturn:  # noqa: ARG002 (as any agency is asked)
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise PartnerUnavailable(self.code, "refused")


class UnconnectedFiles(Unconnected):
    """Stands in the place of one that answers by files: what it was sent before its connection was taken away comes to
    its day like any file that is never answered, and then to the county."""

    async def send_batch(self, order: BatchOrder) -> NoReturn:  # noqa: ARG002 (as any agency is sent one)
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise PartnerUnavailable(self.code, "refused")

    async def fetch_result(self, serial: str, number: int) -> NoReturn:  # noqa: ARG002 (as above)
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise PartnerUnavailable(self.code, "refused")

    def read_result(self, serial: str, number: int, body: bytes, asked: Mapping[UUID, str]) -> NoReturn:  # noqa: ARG002
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise PartnerUnavailable(self.code, "refused")
