"""The housing fund over HTTP: what an employer pays in, and what has come together."""

import hmac
from collections.abc import Mapping
from secrets import token_hex
from types import MappingProxyType
from typing import ClassVar

from app.core.money import yuan_to_fen
from app.facts import Answer, FactKey, Item
from app.partners.agency import HttpAgency
from app.partners.base import Authentication, Query
from app.partners.exchange import read_json, require_status, unavailable
from app.partners.facts_of import found
from app.partners.housing_fund import wire


class HousingFund(HttpAgency):
    """Answers at once. A closed account is 'no record'; a sealed one has a balance, and nobody pays into it."""

    code: ClassVar[str] = "housing_fund"
    title: ClassVar[str] = "住房公积金管理中心"
    authentication: ClassVar[Authentication] = Authentication.SIGNATURE
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.PROVIDENT_FUND: frozenset({FactKey.PROVIDENT_FUND_MONTHLY, FactKey.PROVIDENT_FUND_BALANCE})}
    )

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is not Item.PROVIDENT_FUND:
            raise LookupError(query.item)
        form, stamp, nonce = wire.write_form(query), str(int(self._epoch())), token_hex(16)
        secret = self._connection.secret
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Version": wire.VERSION,
            "X-Time": stamp,
            "X-Nonce": nonce,
            "X-Sign-SM3": wire.sign(secret, stamp.encode(), nonce.encode(), form),
        }
        reply = await self.post(wire.PATH, headers, form)
        require_status(self.code, reply, 200)
        expected = wire.sign(secret, nonce.encode(), reply.body).encode()
        if not hmac.compare_digest(expected, reply.headers.get("X-Sign-SM3", "").encode()):
            unavailable(self.code, "garbage")
        answer = read_json(self.code, wire.Reply, reply.body)
        if answer.ywlsh != str(query.reference):
            unavailable(self.code, "garbage")
        return self._account(answer)

    def _account(self, answer: wire.Reply) -> Answer:
        if answer.rtn not in (wire.FOUND, wire.NO_RECORD):
            unavailable(self.code, "error")
        if (answer.rtn == wire.FOUND) != (answer.zh is not None):
            unavailable(self.code, "garbage")
        if answer.zh is None or answer.zh.grzt == "03":
            return Answer.none()
        if answer.sjrq is None:
            unavailable(self.code, "garbage")
        monthly = yuan_to_fen(answer.zh.yjce) if answer.zh.grzt == "01" else 0
        return found(
            self.code,
            answer.sjrq,
            {
                FactKey.PROVIDENT_FUND_MONTHLY: monthly,
                FactKey.PROVIDENT_FUND_BALANCE: yuan_to_fen(answer.zh.grzhye),
            },
        )
