"""The banks over HTTP: deposits, asked now and answered by call-back, in hours or days."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.banking import wire
from app.partners.base import Acknowledged, Authentication, LateAnswer, Query
from app.partners.exchange import Limits, exchange, limits_of, read_json, require_status, unavailable
from app.partners.facts_of import found


class Banking:
    """Acknowledges each question with a ticket; the same reference asked again gets the same ticket.

    A failed attempt may still have been taken: its call-back can arrive without an acknowledgement before it.
    """

    code: ClassVar[str] = "banking"
    title: ClassVar[str] = "银行业金融机构"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    repeatable: ClassVar[bool] = True
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {Item.DEPOSITS: frozenset({FactKey.DEPOSIT_BALANCE, FactKey.DEPOSIT_ACCOUNTS})}
    )

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())

    async def ask(self, query: Query) -> Acknowledged:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable acknowledgement within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item not in self.items:
            raise LookupError(query.item)
        request = self._http.build_request(
            "POST",
            self._connection.base_url.rstrip("/") + wire.PATH,
            headers={"X-Channel-Token": self._connection.secret, "Content-Type": "application/json"},
            content=_enquiry(query).model_dump_json().encode(),
        )
        reply = await exchange(self.code, self._http, request, self._limits)
        require_status(self.code, reply, 202)
        taken = read_json(self.code, wire.Taken, reply.body)
        if taken.requestNo != query.reference:
            unavailable(self.code, "garbage")
        return Acknowledged(taken.ticket)

    def read_callback(self, body: bytes) -> LateAnswer:
        """Read a call-back body. Who sent it is for the edge to establish.

        Raises:
            PartnerUnavailable: reason 'garbage'.
        """
        return read_late_reply(body)


def read_late_reply(body: bytes) -> LateAnswer:
    """Turn a call-back body into the answer to one question.

    Raises:
        PartnerUnavailable: reason 'garbage'.
    """
    reply = read_json(Banking.code, wire.LateReply, body)
    if (reply.rspCode == "00") != bool(reply.accounts):
        unavailable(Banking.code, "garbage")
    if not reply.accounts:
        return LateAnswer(reply.requestNo, Answer.none())
    answer = found(
        Banking.code,
        reply.balanceDate,
        {
            FactKey.DEPOSIT_BALANCE: sum(account.balance for account in reply.accounts),
            FactKey.DEPOSIT_ACCOUNTS: len(reply.accounts),
        },
    )
    return LateAnswer(reply.requestNo, answer)


def _enquiry(query: Query) -> wire.Enquiry:
    return wire.Enquiry(
        requestNo=str(query.reference),
        certNo=query.id_number,
        custName=query.name,
        purposeCode=query.purpose,
        caseNo=query.case,
        authorisationNo=query.authorisation,
        operatorId=query.operator,
    )
