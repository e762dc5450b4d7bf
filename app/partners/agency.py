"""What the adapters of agencies have in common: a connection, a client, limits, and one exchange."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import ClassVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication, Query
from app.partners.exchange import Limits, Reply, exchange, limits_of


class HttpAgency(ABC):
    """An agency reached over HTTP that answers at once."""

    code: ClassVar[str]
    title: ClassVar[str]
    authentication: ClassVar[Authentication]
    items: ClassVar[Mapping[Item, frozenset[FactKey]]]
    repeatable: ClassVar[bool] = True

    def __init__(
        self,
        connection: Connection,
        http: httpx.AsyncClient,
        limits: Limits | None = None,
        epoch: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())
        # The machine's time, not the case's: who checks signatures refuses those that are minutes old.
        self._epoch = epoch

    @abstractmethod
    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """

    async def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
        """Send one question and return the whole answer.

        Raises:
            PartnerUnavailable: see `exchange`.
        """
        url = self._connection.base_url.rstrip("/") + path
        request = self._http.build_request("POST", url, headers=dict(headers), content=content)
        return await exchange(self.code, self._http, request, self._limits)
