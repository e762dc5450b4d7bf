"""Agriculture over HTTP: machinery in use, and the subsidies of twelve months."""

from collections.abc import Mapping
from datetime import date
from secrets import token_hex
from types import MappingProxyType
from typing import ClassVar

from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.agriculture import wire
from app.partners.base import Authentication, Query
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.paging import PageOf, collect


class Agriculture(HttpAgency):
    """Answers at once, in pages."""

    code: ClassVar[str] = "agriculture"
    title: ClassVar[str] = "农业农村部门"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.FARMING: frozenset({FactKey.MACHINERY_COUNT, FactKey.FARM_SUBSIDIES_YEAR})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.FARMING:
            raise LookupError(query.item)
        first = await self._ask(query, 1)
        if first is None:
            return Answer.none()

        async def page(number: int) -> PageOf[wire.Machine | wire.Subsidy]:
            data = first if number == 1 else await self._ask(query, number)
            if data is None:
                unavailable(self.code, "garbage")  # the first page promised more
            return PageOf(data.pageNum, data.pageCount, data.total, data.asOf, data.list)

        as_of, rows = await collect(self.code, page)
        machines = [row for row in rows if isinstance(row, wire.Machine) and row.scrappedOn is None]
        paid = [row for row in rows if isinstance(row, wire.Subsidy) and _year_before(as_of) < row.paidOn <= as_of]
        return found(
            self.code,
            as_of,
            {
                FactKey.MACHINERY_COUNT: len(machines),
                FactKey.FARM_SUBSIDIES_YEAR: sum(yuan_to_fen(row.amount) for row in paid),
            },
        )

    async def _ask(self, query: Query, page: int) -> wire.Data | None:
        """Return one page, or None where they have no record."""
        content = _question(query, page).model_dump_json().encode()
        stamp, nonce = str(int(self._epoch())), token_hex(16)
        headers = {
            "Content-Type": "application/json",
            "X-Ts": stamp,
            "X-Nonce": nonce,
            "Authorization": f"HMAC-SHA256 {wire.sign(self._connection.secret, stamp, nonce, content)}",
        }
        reply = await self.post(wire.PATH, headers, content)
        require_status(self.code, reply, 200)
        answer = read_json(self.code, wire.Reply, reply.body)
        if answer.code not in (wire.FOUND, wire.NO_RECORD):
            unavailable(self.code, "error")
        if answer.reqNo != str(query.reference) or (answer.code == wire.FOUND) != (answer.data is not None):
            unavailable(self.code, "garbage")
        return answer.data


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _question(query: Query, page: int) -> wire.Ask:
    return wire.Ask(
        reqNo=str(query.reference),
        certNo=query.id_number,
        farmer=query.name,
        purpose=query.purpose,
        caseNo=query.case,
        authNo=query.authorisation,
        operator=query.operator,
        pageNum=page,
    )
