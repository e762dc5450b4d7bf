"""Human resources over HTTP: pensions drawn, the wage that is insured, unemployment benefit."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import ClassVar

from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.human_resources import wire
from app.partners.paging import PageOf, collect


class HumanResources(HttpAgency):
    """Answers at once, in pages. An empty list is 'no record'; who is insured and draws nothing is a hit of zeros."""

    code: ClassVar[str] = "human_resources"
    title: ClassVar[str] = "人力资源社会保障部门"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.SOCIAL_INSURANCE: frozenset(
                {FactKey.PENSION_MONTHLY, FactKey.INSURED_WAGE_MONTHLY, FactKey.UNEMPLOYMENT_MONTHLY}
            )
        }
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.SOCIAL_INSURANCE:
            raise LookupError(query.item)
        as_of, rows = await collect(self.code, lambda number: self._page(query, number))
        if not rows:
            return Answer.none()
        for row in rows:
            if (row.state == "待遇领取" and row.benefit is None) or (row.state == "正常缴费" and row.payBase is None):
                unavailable(self.code, "garbage")  # an amount left out is not zero
        paid = [row.payBase for row in rows if row.state == "正常缴费" and row.insurance != "城乡居民基本养老保险"]
        return found(
            self.code,
            as_of,
            {
                FactKey.PENSION_MONTHLY: _drawn(rows, wire.PENSIONS),
                FactKey.INSURED_WAGE_MONTHLY: max((yuan_to_fen(base or "0") for base in paid), default=0),
                FactKey.UNEMPLOYMENT_MONTHLY: _drawn(rows, {wire.UNEMPLOYMENT}),
            },
        )

    async def _page(self, query: Query, number: int) -> PageOf[wire.Participation]:
        headers = {"Authorization": f"Bearer {self._connection.secret}", "Content-Type": "application/json"}
        reply = await self.post(wire.PATH, headers, _question(query, number).model_dump_json().encode())
        require_status(self.code, reply, 200)
        page = read_json(self.code, wire.Page, reply.body)
        if page.result == wire.NOT_LET_IN:
            unavailable(self.code, "refused")
        if page.result != wire.SUCCESS:
            unavailable(self.code, "error")
        if page.serialNo != str(query.reference) or page.dataDate is None:
            unavailable(self.code, "garbage")
        return PageOf(page.page, page.pages, page.total, page.dataDate, page.rows)


def _drawn(rows: Iterable[wire.Participation], insurances: Iterable[str]) -> int:
    drawn = [row.benefit for row in rows if row.state == "待遇领取" and row.insurance in insurances]
    return sum(yuan_to_fen(benefit or "0") for benefit in drawn)


def _question(query: Query, page: int) -> wire.Ask:
    return wire.Ask(
        serialNo=str(query.reference),
        idCard=query.id_number,
        personName=query.name,
        purpose=query.purpose,
        caseNo=query.case,
        authNo=query.authorisation,
        operator=query.operator,
        page=page,
    )
