"""Market regulation over mutual TLS: the trades and firms in which a person has a part."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import require_status, unavailable
from app.partners.facts_of import found
from app.partners.market_regulation import wire

_GONE = frozenset({"注销", "迁出"})
_POSTS = frozenset({"法定代表人", "监事"})


class MarketRegulation(HttpAgency):
    """Answers at once."""

    code: ClassVar[str] = "market_regulation"
    title: ClassVar[str] = "市场监督管理部门"
    authentication: ClassVar[Authentication] = Authentication.MUTUAL_TLS
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.BUSINESSES: frozenset({FactKey.BUSINESS_COUNT})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.BUSINESSES:
            raise LookupError(query.item)
        reply = await self.post(wire.PATH, {"Content-Type": wire.MEDIA_TYPE}, wire.write_question(query))
        require_status(self.code, reply, 200, 404)
        try:
            root = wire.read(reply.body)
            if root.get("request") != str(query.reference) or (reply.status == 404) != (root.tag == "NotFound"):
                unavailable(self.code, "garbage")
            if reply.status == 404:
                return Answer.none()
            holdings = wire.holdings_of(root)
        except ValueError:
            unavailable(self.code, "garbage")
        owned = [each for each in holdings.entities if each.state not in _GONE and each.role not in _POSTS]
        return found(self.code, holdings.date, {FactKey.BUSINESS_COUNT: len(owned)})
