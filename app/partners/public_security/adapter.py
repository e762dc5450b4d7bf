"""Public security over HTTP: who a person is, where registered, and with which vehicles."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication, Query
from app.partners.exchange import Limits, exchange, limits_of, read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.public_security import wire

_GONE = frozenset("EM")


class PublicSecurity:
    """Answers at once. Name and number that do not belong together are 'no record', whatever the true name is."""

    code: ClassVar[str] = "public_security"
    title: ClassVar[str] = "公安机关"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    repeatable: ClassVar[bool] = True
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.IDENTITY: frozenset({FactKey.REGISTERED_NAME, FactKey.BIRTH_DATE}),
            Item.HOUSEHOLD_REGISTER: frozenset(
                {
                    FactKey.REGISTERED_NAME,
                    FactKey.BIRTH_DATE,
                    FactKey.HUKOU_DIVISION,
                    FactKey.HUKOU_HOUSEHOLD,
                    FactKey.HUKOU_ADDRESS,
                }
            ),
            Item.VEHICLES: frozenset({FactKey.VEHICLE_COUNT}),
        }
    )

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is Item.IDENTITY:
            return self._identity(await self._post(query, wire.Kind.IDENTITY, wire.Envelope[wire.Identity]))
        if query.item is Item.HOUSEHOLD_REGISTER:
            return self._register(await self._post(query, wire.Kind.REGISTER, wire.Envelope[wire.Register]))
        if query.item is Item.VEHICLES:
            return self._vehicles(await self._post(query, wire.Kind.VEHICLES, wire.Envelope[wire.Vehicles]))
        raise LookupError(query.item)

    async def _post(
        self, query: Query, kind: wire.Kind, envelope: type[wire.Envelope[wire.DataT]]
    ) -> wire.Envelope[wire.DataT]:
        """Return an answer to this very question; its data is None where they have no record."""
        request = self._http.build_request(
            "POST",
            self._connection.base_url.rstrip("/") + wire.PATH,
            headers={"Authorization": f"Bearer {self._connection.secret}", "Content-Type": "application/json"},
            content=_question(query, kind).model_dump_json().encode(),
        )
        reply = await exchange(self.code, self._http, request, self._limits)
        require_status(self.code, reply, 200)
        answer = read_json(self.code, envelope, reply.body)
        if answer.code == wire.Code.NOT_LET_IN:
            unavailable(self.code, "refused")
        if answer.code not in (wire.Code.FOUND, wire.Code.NO_RECORD):
            unavailable(self.code, "error")
        # An answer to somebody else's question must never be filed under this person.
        if answer.qqbh != query.reference or (answer.code == wire.Code.FOUND) != (answer.data is not None):
            unavailable(self.code, "garbage")
        return answer

    def _identity(self, answer: wire.Envelope[wire.Identity]) -> Answer:
        data = answer.data
        if data is None or data.hcjg == "2":
            return Answer.none()
        if data.xm is None or data.csrq is None:
            unavailable(self.code, "garbage")
        return found(
            self.code,
            data.sjsj.date(),
            {FactKey.REGISTERED_NAME: data.xm, FactKey.BIRTH_DATE: data.csrq},
        )

    def _register(self, answer: wire.Envelope[wire.Register]) -> Answer:
        data = answer.data
        if data is None:
            return Answer.none()
        address = {} if data.dz is None else {FactKey.HUKOU_ADDRESS: data.dz}
        return found(
            self.code,
            data.sjsj.date(),
            {
                FactKey.REGISTERED_NAME: data.xm,
                FactKey.BIRTH_DATE: data.csrq,
                FactKey.HUKOU_DIVISION: data.hjqh,
                FactKey.HUKOU_HOUSEHOLD: data.hh,
                **address,
            },
        )

    def _vehicles(self, answer: wire.Envelope[wire.Vehicles]) -> Answer:
        data = answer.data
        if data is None:
            return Answer.none()
        count = sum(vehicle.zt not in _GONE for vehicle in data.cls)
        return found(self.code, data.sjsj.date(), {FactKey.VEHICLE_COUNT: count})


def _question(query: Query, kind: wire.Kind) -> wire.Ask:
    return wire.Ask(
        qqbh=str(query.reference),
        cxlx=kind,
        sfzh=query.id_number,
        xm=query.name,
        cxmd=query.purpose,
        ajbh=query.case,
        sqbh=query.authorisation,
        czy=query.operator,
    )
