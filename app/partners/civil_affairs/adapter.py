"""Civil affairs over HTTP: marriage, deaths, and assistance already in force."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, TypeVar

import httpx

from app.core.connections import Connection
from app.facts import Answer, FactKey, Item
from app.partners.base import Authentication, Query
from app.partners.civil_affairs import wire
from app.partners.exchange import Limits, exchange, header_text, limits_of, read_json, require_status, unavailable
from app.partners.facts_of import found

_MARITAL = {"M": "married", "D": "divorced", "W": "widowed"}

ReplyT = TypeVar("ReplyT", wire.Marriage, wire.Death, wire.Benefits)


class CivilAffairs:
    """Answers at once. No marriage on file is 'no record': the register does not know who is single."""

    code: ClassVar[str] = "civil_affairs"
    title: ClassVar[str] = "民政部门"
    authentication: ClassVar[Authentication] = Authentication.BEARER
    repeatable: ClassVar[bool] = True
    items: ClassVar[Mapping[Item, frozenset[FactKey]]] = MappingProxyType(
        {
            Item.MARRIAGE: frozenset({FactKey.MARITAL_STATUS}),
            Item.DEATHS: frozenset({FactKey.DECEASED_ON}),
            Item.BENEFITS: frozenset({FactKey.BENEFITS_IN_FORCE}),
        }
    )

    def __init__(self, connection: Connection, http: httpx.AsyncClient, limits: Limits | None = None) -> None:
        self._connection = connection
        self._http = http
        self._limits = limits or limits_of(connection, Limits())

    async def ask(self, query: Query) -> Answer:
        """Put one question.

        Raises:
            PartnerUnavailable: no usable answer within the deadline.
            LookupError: an item this agency does not answer.
        """
        if query.item is Item.MARRIAGE:
            return self._marriage(await self._get(query, "marriage", wire.Marriage))
        if query.item is Item.DEATHS:
            return self._death(await self._get(query, "death", wire.Death))
        if query.item is Item.BENEFITS:
            return self._benefits(await self._get(query, "benefits", wire.Benefits))
        raise LookupError(query.item)

    async def _get(self, query: Query, resource: str, model: type[ReplyT]) -> ReplyT | None:
        """Return what is on file, or None."""
        request = self._http.build_request(
            "GET",
            f"{self._connection.base_url.rstrip('/')}/api/v2/registers/{resource}",
            headers=self._headers(query),
        )
        reply = await exchange(self.code, self._http, request, self._limits)
        require_status(self.code, reply, 200, 404)
        if reply.status == 404:
            # A wrong address answers 404 too: only their own words mean that they looked and have nothing.
            problem = read_json(self.code, wire.Problem, reply.body)
            if problem.code != wire.NO_RECORD or problem.requestId != query.reference:
                unavailable(self.code, "garbage")
            return None
        answer = read_json(self.code, model, reply.body)
        if answer.requestId != query.reference:
            unavailable(self.code, "garbage")
        return answer

    def _headers(self, query: Query) -> dict[str, str]:
        return {
            "X-Api-Key": self._connection.secret,
            "X-Subject": query.id_number,
            "X-Request-Id": str(query.reference),
            "X-Purpose": header_text(query.purpose),
            "X-Case": header_text(query.case),
            "X-Authorisation": header_text(query.authorisation),
            "X-Operator": header_text(query.operator),
        }

    def _marriage(self, reply: wire.Marriage | None) -> Answer:
        if reply is None:
            return Answer.none()
        return found(self.code, reply.asOf, {FactKey.MARITAL_STATUS: _MARITAL[reply.status]})

    def _death(self, reply: wire.Death | None) -> Answer:
        if reply is None:
            return Answer.none()
        return found(self.code, reply.asOf, {FactKey.DECEASED_ON: reply.deceasedOn})

    def _benefits(self, reply: wire.Benefits | None) -> Answer:
        if reply is None:
            return Answer.none()
        in_force = {
            wire.SCHEMES.get(benefit.scheme, f"unlisted:{benefit.scheme}")
            for benefit in reply.benefits
            if benefit.since <= reply.asOf and (benefit.until is None or benefit.until >= reply.asOf)
        }
        if not in_force:
            return Answer.none()
        return found(self.code, reply.asOf, {FactKey.BENEFITS_IN_FORCE: tuple(sorted(in_force))})
