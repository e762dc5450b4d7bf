"""The disabled persons' federation over HTTP: kind and grade by the certificate that is in force."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.disabled_federation import wire
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found


class DisabledFederation(HttpAgency):
    """Answers at once. A certificate that has run out, is frozen or was cancelled is 'no record'."""

    code: ClassVar[str] = "disabled_federation"
    title: ClassVar[str] = "残疾人联合会"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.DISABILITY: frozenset({FactKey.DISABILITY_KIND, FactKey.DISABILITY_GRADE})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.DISABILITY:
            raise LookupError(query.item)
        headers = {
            "Authorization": f"Bearer {self._connection.secret}",
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Version": wire.VERSION,
        }
        reply = await self.post(wire.PATH, headers, wire.write_form(query))
        require_status(self.code, reply, 200)
        answer = read_json(self.code, wire.Reply, reply.body)
        if answer.result == wire.NOT_LET_IN:
            unavailable(self.code, "refused")
        if answer.result not in (wire.FOUND, wire.NO_RECORD):
            unavailable(self.code, "error")
        if answer.number != str(query.reference) or (answer.result == wire.FOUND) != (answer.certificate is not None):
            unavailable(self.code, "garbage")
        return self._certificate(answer)

    def _certificate(self, answer: wire.Reply) -> Answer:
        certificate = answer.certificate
        if certificate is None:
            return Answer.none()
        if answer.on is None:
            unavailable(self.code, "garbage")
        if certificate.state != "有效" or certificate.until < answer.on:
            return Answer.none()
        return found(
            self.code,
            answer.on,
            {
                FactKey.DISABILITY_KIND: wire.KINDS[certificate.kind],
                FactKey.DISABILITY_GRADE: wire.GRADES[certificate.grade],
            },
        )
