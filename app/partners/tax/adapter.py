"""The tax authority over mutual TLS: wages, invoices and property income of twelve months."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.readings import ten_thousands_to_fen
from app.partners.tax import wire


class Tax(HttpAgency):
    """Answers at once."""

    code: ClassVar[str] = "tax"
    title: ClassVar[str] = "税务部门"
    authentication: ClassVar[Authentication] = Authentication.MUTUAL_TLS
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.INCOME: frozenset({FactKey.TAXED_WAGES_YEAR, FactKey.INVOICED_YEAR, FactKey.TAXED_PROPERTY_YEAR})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.INCOME:
            raise LookupError(query.item)
        content = _question(query).model_dump_json().encode()
        reply = await self.post(wire.PATH, {"Content-Type": "application/json"}, content)
        require_status(self.code, reply, 200)
        answer = read_json(self.code, wire.Reply, reply.body)
        if answer.head.reqId != str(query.reference):
            unavailable(self.code, "garbage")
        if answer.head.code == wire.NO_RECORD and answer.body is None:
            return Answer.none()
        if answer.head.code != wire.FOUND:
            unavailable(self.code, "error")
        if answer.body is None or not wire.covers_a_year(answer.body):
            unavailable(self.code, "garbage")
        return found(
            self.code,
            answer.body.dataDate,
            {
                FactKey.TAXED_WAGES_YEAR: _sum(answer.body.declared, wire.WAGES),
                FactKey.INVOICED_YEAR: ten_thousands_to_fen(answer.body.invoiced),
                FactKey.TAXED_PROPERTY_YEAR: _sum(answer.body.declared, wire.PROPERTY),
            },
        )


def _sum(declared: Iterable[wire.Declared], classes: frozenset[str]) -> int:
    return sum(yuan_to_fen(each.amount) for each in declared if each.income_class in classes)


def _question(query: Query) -> wire.Ask:
    head = wire.AskHead(
        reqId=str(query.reference),
        purpose=query.purpose,
        caseNo=query.case,
        authNo=query.authorisation,
        operator=query.operator,
    )
    return wire.Ask(head=head, body=wire.AskBody(certNo=query.id_number, name=query.name))
