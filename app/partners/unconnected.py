"""An agency of the registry that this installation is not connected with: nobody is asked, and nothing breaks."""

from collections.abc import Mapping
from typing import NoReturn, Protocol

from app.facts import FactKey, Item
from app.partners.base import Authentication, PartnerUnavailable


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

    async def ask(self, *_query: object) -> NoReturn:
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise self._refusal()

    def _refusal(self) -> PartnerUnavailable:
        return PartnerUnavailable(self.code, "refused")


class UnconnectedFiles(Unconnected):
    """Stands in the place of one that answers by files: what it was sent before its connection was taken away comes to
    its day like any file that is never answered, and then to the county."""

    async def send_batch(self, *_order: object) -> NoReturn:
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise self._refusal()

    async def fetch_result(self, *_which: object) -> NoReturn:
        """Refuse.

        Raises:
            PartnerUnavailable: always.
        """
        raise self._refusal()

    def read_result(self, *_file: object) -> NoReturn:
        """Refuse: there is no file.

        Raises:
            PartnerUnavailable: always.
        """
        raise self._refusal()
