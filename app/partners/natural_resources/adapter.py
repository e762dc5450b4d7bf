"""Natural resources over HTTP: the dwellings of which a person is a right holder."""

import hmac
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar
from uuid import UUID

from pydantic import ValidationError

from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import Reply, require_status, unavailable
from app.partners.facts_of import found
from app.partners.natural_resources import wire


class NaturalResources(HttpAgency):
    """Answers at once, in signed XML."""

    code: ClassVar[str] = "natural_resources"
    title: ClassVar[str] = "自然资源部门"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.REAL_ESTATE: frozenset({FactKey.DWELLING_COUNT, FactKey.DWELLING_AREA})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.REAL_ESTATE:
            raise LookupError(query.item)
        content = _question(query).to_xml()
        stamp = str(int(self._epoch()))
        headers = {
            "Content-Type": wire.MEDIA_TYPE,
            "X-Timestamp": stamp,
            "X-Signature": wire.sign(self._connection.secret, stamp, content),
        }
        reply = await self.post(wire.PATH, headers, content)
        require_status(self.code, reply, 200)
        return self._dwellings(self._read(reply, query.reference))

    def _read(self, reply: Reply, number: UUID) -> wire.Dwellings | None:
        """Return the body of an answer, or None where they have no record."""
        expected = wire.sign(self._connection.secret, str(number), reply.body).encode()
        if not hmac.compare_digest(expected, reply.headers.get("X-Signature", "").encode()):
            unavailable(self.code, "garbage")
        try:
            head, fields = wire.parse(reply.body)
            body = wire.Dwellings.model_validate(fields) if head.RetCode == wire.FOUND else None
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


def _question(query: Query) -> wire.Question:
    return wire.Question(
        number=query.reference,
        certificate=query.id_number,
        name=query.name,
        purpose=query.purpose,
        case=query.case,
        authorisation=query.authorisation,
        operator=query.operator,
    )
