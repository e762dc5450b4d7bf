"""The other provinces by the exchange between them: asked now, answered by a signed message, in days."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.base import Acknowledged, Authentication, LateAnswer, Query
from app.partners.exchange import Limits, exchange, limits_of, require_status, unavailable
from app.partners.facts_of import found
from app.partners.other_provinces import wire


class OtherProvinces:
    """Acknowledges each question with a ticket; the same reference asked again gets the same ticket.

    A failed attempt may still have been taken: its answer can arrive without an acknowledgement before it.
    """

    code: ClassVar[str] = "other_provinces"
    title: ClassVar[str] = "其他省（区、市）核对机构"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    repeatable: ClassVar[bool] = True
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.OTHER_PROVINCE: frozenset(
                {
                    FactKey.ELSEWHERE_BENEFITS,
                    FactKey.ELSEWHERE_DWELLING_COUNT,
                    FactKey.ELSEWHERE_VEHICLE_COUNT,
                    FactKey.ELSEWHERE_BUSINESS_COUNT,
                }
            )
        }
    )

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())

    async def ask(self, query: Query) -> Acknowledged:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable acknowledgement within the deadline.
            LookupError: an item this agency does not answer, or nobody knows which province to ask.
        """
        if query.item not in self.items or query.registered_in is None:
            raise LookupError(query.item)
        head = wire.Head(type="REQ", ref=query.reference, province=f"{query.registered_in[:2]}0000")
        request = self._http.build_request(
            "POST",
            self._connection.base_url.rstrip("/") + wire.PATH,
            headers={"Content-Type": "application/json"},
            content=wire.write(self._connection.secret, head, _request(query)),
        )
        reply = await exchange(self.code, self._http, request, self._limits)
        require_status(self.code, reply, 202)
        try:
            taken, receipt = wire.read(self._connection.secret, "ACK", wire.Receipt, reply.body)
        except wire.NotTheirs:
            unavailable(self.code, "garbage")
        if (taken.ref, taken.province) != (head.ref, head.province):
            unavailable(self.code, "garbage")
        return Acknowledged(receipt.ticket)

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a message that the exchange brings.

        Raises:
            PartnerUnavailable: reason 'garbage': it makes no sense, or the exchange has not signed it.
        """
        return read_late_answer(self._connection.inbound_secret, body)


def read_late_answer(secret: str, body: bytes) -> LateAnswer:
    """Turn a message into the answer to one question.

    Raises:
        PartnerUnavailable: reason 'garbage'.
    """
    try:
        head, result = wire.read(secret, "ANS", wire.Result, body)
    except wire.NotTheirs:
        unavailable(OtherProvinces.code, "garbage")
    held = result.registers
    if (result.outcome == wire.FOUND) != (held is not None):
        unavailable(OtherProvinces.code, "garbage")
    if held is None or not (held.benefits or held.dwellings or held.vehicles or held.businesses):
        return LateAnswer(head.ref, Answer.none())
    benefits = {wire.SCHEMES.get(each, wire.UNLISTED) for each in held.benefits}
    answer = found(
        OtherProvinces.code,
        result.asOf,
        {
            FactKey.ELSEWHERE_BENEFITS: tuple(sorted(benefits)),
            FactKey.ELSEWHERE_DWELLING_COUNT: held.dwellings,
            FactKey.ELSEWHERE_VEHICLE_COUNT: held.vehicles,
            FactKey.ELSEWHERE_BUSINESS_COUNT: held.businesses,
        },
    )
    return LateAnswer(head.ref, answer)


def _request(query: Query) -> wire.Request:
    return wire.Request(
        certNo=query.id_number,
        name=query.name,
        purpose=query.purpose,
        caseNo=query.case,
        authNo=query.authorisation,
        operator=query.operator,
    )
