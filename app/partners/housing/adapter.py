"""Housing over HTTP: dwellings and the housing provident fund."""

import hmac
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar, TypeVar
from uuid import UUID

import httpx
from pydantic import BaseModel, ValidationError

from app.core.connections import Connection
from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item
from app.partners.base import Query
from app.partners.exchange import Limits, Reply, exchange, require_status, unavailable
from app.partners.facts_of import found
from app.partners.housing import wire

BodyT = TypeVar("BodyT", bound=BaseModel)


class Housing:
    """Answers at once, in signed XML."""

    code: ClassVar[str] = "housing"
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.REAL_ESTATE: frozenset({FactKey.DWELLING_COUNT, FactKey.DWELLING_AREA}),
            Item.PROVIDENT_FUND: frozenset({FactKey.PROVIDENT_FUND_MONTHLY, FactKey.PROVIDENT_FUND_BALANCE}),
        }
    )

    def __init__(
        self,
        connection: Connection,
        http: httpx.AsyncClient,
        limits: Limits | None = None,
        epoch: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or Limits()
        # The machine's time, not the case's: they refuse signatures that are minutes old.
        self._epoch = epoch

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is Item.REAL_ESTATE:
            return self._dwellings(await self._post(query, "FWXX", wire.Dwellings))
        if query.item is Item.PROVIDENT_FUND:
            return self._provident_fund(await self._post(query, "GJJXX", wire.ProvidentFund))
        raise LookupError(query.item)

    async def _post(self, query: Query, service: wire.Service, model: type[BodyT]) -> BodyT | None:
        """Return the body of an answer, or None where they have no record."""
        content = _question(query, service).to_xml()
        stamp = str(int(self._epoch()))
        request = self._http.build_request(
            "POST",
            self._connection.base_url.rstrip("/") + wire.PATH,
            headers={
                "Content-Type": wire.MEDIA_TYPE,
                "X-Timestamp": stamp,
                "X-Signature": wire.sign(self._connection.secret, stamp, content),
            },
            content=content,
        )
        reply = await exchange(self.code, self._http, request, self._limits)
        require_status(self.code, reply, 200)
        return self._read(reply, query.reference, model)

    def _read(self, reply: Reply, number: UUID, model: type[BodyT]) -> BodyT | None:
        expected = wire.sign(self._connection.secret, str(number), reply.body).encode()
        if not hmac.compare_digest(expected, reply.headers.get("X-Signature", "").encode()):
            unavailable(self.code, "garbage")
        try:
            head, fields = wire.parse(reply.body)
            body = model.model_validate(fields) if head.RetCode == wire.FOUND else None
        except (ValueError, ValidationError):
            unavailable(self.code, "garbage")
        if head.SeqNo != number:
            unavailable(self.code, "garbage")
        if head.RetCode not in (wire.FOUND, wire.NO_RECORD):
            unavailable(self.code, "error")
        return body

    def _dwellings(self, body: wire.Dwellings | None) -> Answer:
        if body is None:
            return Answer.none()
        return found(
            self.code,
            body.DataDate,
            {
                FactKey.DWELLING_COUNT: len(body.House),
                FactKey.DWELLING_AREA: sum(wire.square_centimetres(house.Area) for house in body.House),
            },
        )

    def _provident_fund(self, body: wire.ProvidentFund | None) -> Answer:
        if body is None:
            return Answer.none()
        return found(
            self.code,
            body.DataDate,
            {
                FactKey.PROVIDENT_FUND_MONTHLY: yuan_to_fen(body.MonthlyDeposit),
                FactKey.PROVIDENT_FUND_BALANCE: yuan_to_fen(body.Balance),
            },
        )


def _question(query: Query, service: wire.Service) -> wire.Question:
    return wire.Question(
        number=query.reference,
        service=service,
        certificate=query.id_number,
        name=query.name,
        purpose=query.purpose,
        case=query.case,
        authorisation=query.authorisation,
        operator=query.operator,
    )
