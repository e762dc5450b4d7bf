"""One line per agency. Verification finds an agency here by the item a program needs."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import httpx

from app.core.connections import Connection
from app.facts import Item
from app.partners.banking.adapter import Banking
from app.partners.base import Partner
from app.partners.civil_affairs.adapter import CivilAffairs
from app.partners.housing.adapter import Housing
from app.partners.paying_bank.adapter import HttpPayingBank
from app.partners.paying_bank.base import PayingBank
from app.partners.public_security.adapter import PublicSecurity

AdapterClass = type[PublicSecurity] | type[CivilAffairs] | type[Housing] | type[Banking]

AGENCIES: tuple[AdapterClass, ...] = (
    PublicSecurity,
    CivilAffairs,
    Housing,
    Banking,
)


class TwoPartnersClaim(Exception):
    """Two agencies answer one item, and nobody said which to ask."""


class ConnectionMissing(Exception):
    """The partners file says nothing about an agency that the registry names."""


def owners(agencies: Iterable[AdapterClass]) -> Mapping[Item, str]:
    """Return which agency answers each item.

    Raises:
        TwoPartnersClaim: more than one does.
    """
    by_item: dict[Item, str] = {}
    for agency in agencies:
        for item in agency.items:
            if item in by_item:
                raise TwoPartnersClaim(f"{item}: {by_item[item]}, {agency.code}")
            by_item[item] = agency.code
    return MappingProxyType(by_item)


_OWNERS = owners(AGENCIES)


def partner_for(item: Item) -> str:
    """Return the code of the agency that answers `item`.

    Raises:
        KeyError: nobody does.
    """
    return _OWNERS[item]


def build_partners(connections: Mapping[str, Connection], http: httpx.AsyncClient) -> dict[str, Partner]:
    """Build all agencies over one HTTP client, by code.

    Raises:
        ConnectionMissing: an agency without a connection.
    """
    return {agency.code: agency(_connection(connections, agency.code), http) for agency in AGENCIES}


def build_paying_bank(connections: Mapping[str, Connection], http: httpx.AsyncClient) -> PayingBank:
    """Build the bank that pays.

    Raises:
        ConnectionMissing: no connection for it.
    """
    return HttpPayingBank(_connection(connections, HttpPayingBank.code), http)


def _connection(connections: Mapping[str, Connection], code: str) -> Connection:
    try:
        return connections[code]
    except KeyError:
        raise ConnectionMissing(code) from None
