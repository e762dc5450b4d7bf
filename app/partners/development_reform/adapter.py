"""Development and reform over HTTP: whether a household was relocated out of poverty, and where to."""

from collections.abc import Mapping
from operator import attrgetter
from types import MappingProxyType
from typing import ClassVar

from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.development_reform import wire
from app.partners.exchange import require_status, unavailable
from app.partners.facts_of import found


class DevelopmentReform(HttpAgency):
    """Answers at once. Of several resettlements the last one counts: people live there now."""

    code: ClassVar[str] = "development_reform"
    title: ClassVar[str] = "发展和改革部门"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.RELOCATION: frozenset({FactKey.RELOCATED_TO, FactKey.RELOCATED_ON})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.RELOCATION:
            raise LookupError(query.item)
        headers = {"Authorization": f"Bearer {self._connection.secret}", "Content-Type": wire.MEDIA_TYPE}
        reply = await self.post(wire.PATH, headers, wire.write_question(query))
        require_status(self.code, reply, 200)
        try:
            answer = wire.read(reply.body)
        except ValueError:
            unavailable(self.code, "garbage")
        if answer.code not in (wire.FOUND, wire.NO_RECORD):
            unavailable(self.code, "error")
        if answer.number != str(query.reference) or (answer.code == wire.FOUND) != bool(answer.moves):
            unavailable(self.code, "garbage")
        if not answer.moves:
            return Answer.none()
        last = max(answer.moves, key=attrgetter("moved_on"))
        return found(
            self.code, answer.as_of, {FactKey.RELOCATED_TO: last.division, FactKey.RELOCATED_ON: last.moved_on}
        )
