"""One line per agency. Verification finds an agency here by the item a program needs."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TypeGuard

import httpx

from app.core.connections import Connection
from app.facts import Item
from app.partners.agency import HttpAgency
from app.partners.agriculture.adapter import Agriculture
from app.partners.banking.adapter import Banking
from app.partners.banking.files import BankingFiles
from app.partners.base import Authentication, Partner
from app.partners.batch import BatchPartner
from app.partners.calling.care import FOR_FILES, Care
from app.partners.calling.guarded import guard
from app.partners.calling.guarded_files import GuardedBatchPartner
from app.partners.civil_affairs.adapter import CivilAffairs
from app.partners.development_reform.adapter import DevelopmentReform
from app.partners.disabled_federation.adapter import DisabledFederation
from app.partners.education.adapter import Education
from app.partners.file_agency import FileAgency
from app.partners.housing_fund.adapter import HousingFund
from app.partners.human_resources.adapter import HumanResources
from app.partners.insurance.adapter import Insurance
from app.partners.market_regulation.adapter import MarketRegulation
from app.partners.medical_insurance.adapter import MedicalInsurance
from app.partners.natural_resources.adapter import NaturalResources
from app.partners.other_provinces.adapter import OtherProvinces
from app.partners.paying_bank.adapter import HttpPayingBank
from app.partners.paying_bank.base import PayingBank
from app.partners.public_security.adapter import PublicSecurity
from app.partners.securities.adapter import Securities
from app.partners.tax.adapter import Tax
from app.partners.unconnected import Unconnected, UnconnectedFiles
from app.partners.wallets.adapter import Wallets
from app.reference.procedure import Mode

AdapterClass = (
    type[PublicSecurity]
    | type[CivilAffairs]
    | type[Banking]
    | type[OtherProvinces]
    | type[HttpAgency]
    | type[FileAgency]
)
_Asked = type[PublicSecurity] | type[CivilAffairs] | type[Banking] | type[OtherProvinces] | type[HttpAgency]

AGENCIES: tuple[AdapterClass, ...] = (
    PublicSecurity,
    CivilAffairs,
    HumanResources,
    NaturalResources,
    Tax,
    MarketRegulation,
    HousingFund,
    DisabledFederation,
    Agriculture,
    DevelopmentReform,
    Securities,
    Insurance,
    Wallets,
    MedicalInsurance,
    Education,
    OtherProvinces,
    Banking,
)

BY_FILE: tuple[type[FileAgency], ...] = (BankingFiles, Securities, Insurance, Wallets, Education)
"""Who answers by files: the banks beside single questions, the others by nothing else."""


class TwoPartnersClaim(Exception):
    """Two agencies answer one item, and nobody said which to ask."""


class ConnectionMissing(Exception):
    """The partners file says nothing about who pays, or not all that an agency needs that it names."""


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


def _is_asked_singly(agency: AdapterClass) -> TypeGuard[_Asked]:
    return not issubclass(agency, FileAgency)


SINGLY: tuple[_Asked, ...] = tuple(agency for agency in AGENCIES if _is_asked_singly(agency))
"""Who answers about one person at a time."""
_CALLING_BACK = frozenset(agency.code for agency in SINGLY if hasattr(agency, "read_callback"))
_ITEMS_SINGLY = frozenset(item for agency in SINGLY for item in agency.items)
_ITEMS_BY_FILE = frozenset(item for agency in BY_FILE for item in agency.items)


def answers_singly(item: Item) -> bool:
    """Say whether an item can be asked about one person at a time."""
    return item in _ITEMS_SINGLY


def answers_by_file(item: Item) -> bool:
    """Say whether an item can be asked about many persons by file."""
    return item in _ITEMS_BY_FILE


def build_partners(connections: Mapping[str, Connection], http: httpx.AsyncClient) -> dict[str, Partner]:
    """Build the agencies that answer single questions over one HTTP client, each called with care, by code; in place of
    one that no connection names, what says that nobody asks it.

    Raises:
        ConnectionMissing: a connection lacks what its agency authenticates with.
    """
    built: dict[str, Partner] = {}
    for agency in SINGLY:
        if agency.code not in connections:
            built[agency.code] = Unconnected(agency)
            continue
        connection = _connection(connections, agency.code, agency.authentication)
        built[agency.code] = guard(agency(connection, http), Care(at_once=connection.at_once))
    return built


def build_batch_partners(connections: Mapping[str, Connection], http: httpx.AsyncClient) -> dict[str, BatchPartner]:
    """Build the agencies that answer by files, each called with care, by code; in place of one that no connection
    names, what neither takes a file nor has one.

    Raises:
        ConnectionMissing: see `build_partners`.
    """
    return {
        agency.code: GuardedBatchPartner(
            agency(_connection(connections, agency.code, agency.authentication), http), FOR_FILES
        )
        if agency.code in connections
        else UnconnectedFiles(agency)
        for agency in BY_FILE
    }


def unconnected(connections: Mapping[str, Connection]) -> dict[Mode, frozenset[str]]:
    """Return which agencies no connection names, by the way in which they would be asked."""
    asked = {Mode.INTERFACE: {agency.code for agency in SINGLY}, Mode.BATCH: {agency.code for agency in BY_FILE}}
    return {mode: frozenset(codes - connections.keys()) for mode, codes in asked.items()}


def build_paying_bank(connections: Mapping[str, Connection], http: httpx.AsyncClient) -> PayingBank:
    """Build the bank that pays.

    Raises:
        ConnectionMissing: no connection for it.
    """
    return HttpPayingBank(_connection(connections, HttpPayingBank.code, Authentication.SIGNATURE), http)


def _connection(connections: Mapping[str, Connection], code: str, authentication: Authentication) -> Connection:
    connection = connections.get(code)
    if connection is None:
        raise ConnectionMissing(code)
    if authentication is Authentication.MUTUAL_TLS:
        given = {name: getattr(connection, name) for name in ("certificate", "key", "authority")}
        if not connection.base_url.startswith("https://"):
            raise ConnectionMissing(f"{code}: a certificate is shown over https only")
    else:
        given = {"secret": connection.secret}
    if connection.inbound_secret or code in _CALLING_BACK:
        given |= {"inbound_secret": connection.inbound_secret, "inbound_key": connection.inbound_key}
    if missing := [name for name, value in given.items() if not value]:
        raise ConnectionMissing(f"{code}: {', '.join(missing)}")
    return connection
