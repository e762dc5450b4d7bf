import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

import app.partners
from app.core.connections import Connection
from app.facts import NOT_JUDGED, UNITS, FactKey, Item
from app.partners.base import Authentication, PartnerUnavailable
from app.partners.calling.guarded import held_back_for
from app.partners.exchange import Limits, limits_of
from app.partners.file_agency import FILE_LIMITS
from app.partners.housing_fund.adapter import HousingFund
from app.partners.registry import (
    AGENCIES,
    ConnectionMissing,
    TwoPartnersClaim,
    answers_by_file,
    answers_singly,
    build_batch_partners,
    build_partners,
    build_paying_bank,
    owners,
    partner_for,
    unconnected,
)
from app.programs.registry import PROGRAMS
from app.reference.procedure import FURTHER_ITEMS, Mode
from app.sandbox.world import AGENCIES as SANDBOX_AGENCIES
from tests.partners.recorded import CONNECTION

FILERS = {"securities", "insurance", "wallets", "education"}  # who answers by file alone
BESIDE = FILERS | {"banking", "medical_insurance", "other_provinces"}  # the ten departments
PARTNERS = Path(app.partners.__path__[0])
CERTIFIED = Connection("https://agency.test", certificate="us.pem", key="us.key", authority="authority.pem")
CONNECTIONS = {
    agency.code: CERTIFIED if agency.authentication is Authentication.MUTUAL_TLS else CONNECTION for agency in AGENCIES
} | {"paying_bank": CONNECTION}


def test_every_item_has_exactly_one_agency() -> None:
    assert {item: partner_for(item) for item in Item} == {
        Item.IDENTITY: "public_security",
        Item.HOUSEHOLD_REGISTER: "public_security",
        Item.VEHICLES: "public_security",
        Item.MARRIAGE: "civil_affairs",
        Item.DEATHS: "civil_affairs",
        Item.BENEFITS: "civil_affairs",
        Item.SOCIAL_INSURANCE: "human_resources",
        Item.REAL_ESTATE: "natural_resources",
        Item.INCOME: "tax",
        Item.BUSINESSES: "market_regulation",
        Item.PROVIDENT_FUND: "housing_fund",
        Item.DISABILITY: "disabled_federation",
        Item.FARMING: "agriculture",
        Item.RELOCATION: "development_reform",
        Item.DEPOSITS: "banking",
        Item.SECURITIES: "securities",
        Item.INSURANCE: "insurance",
        Item.WALLETS: "wallets",
        Item.MEDICAL_INSURANCE: "medical_insurance",
        Item.EDUCATION: "education",
        Item.OTHER_PROVINCE: "other_provinces",
    }


def test_what_is_answered_singly_and_by_file() -> None:
    by_file = {item for item in Item if answers_by_file(item)}

    only_by_file = NOT_JUDGED - {Item.MEDICAL_INSURANCE, Item.OTHER_PROVINCE}
    assert by_file == only_by_file | {Item.DEPOSITS}
    assert {item for item in Item if not answers_singly(item)} == only_by_file
    assert {item.value for item in NOT_JUDGED} == FURTHER_ITEMS


def test_what_no_rule_knows_is_what_no_program_needs() -> None:
    needed = {item for program in PROGRAMS.values() for item in program.needs}

    assert set(Item) - needed - {Item.IDENTITY} == NOT_JUDGED


def test_every_fact_is_answered_by_somebody() -> None:
    answered = {key for agency in AGENCIES for keys in agency.items.values() for key in keys}

    assert answered == set(FactKey) == UNITS.keys()


def test_two_agencies_for_one_item_are_a_mistake() -> None:
    with pytest.raises(TwoPartnersClaim, match="identity"):
        owners([*AGENCIES, AGENCIES[0]])


def test_partners_are_built_by_code() -> None:
    partners = build_partners(CONNECTIONS, httpx.AsyncClient())

    by_file = build_batch_partners(CONNECTIONS, httpx.AsyncClient())

    assert {code: partner.code for code, partner in partners.items()} == {
        agency.code: agency.code for agency in AGENCIES if hasattr(agency, "ask")
    }
    assert {code: partner.code for code, partner in by_file.items()} == {code: code for code in FILERS | {"banking"}}
    assert build_paying_bank(CONNECTIONS, httpx.AsyncClient()).code == "paying_bank"


async def test_an_agency_without_a_connection_is_there_and_not_asked() -> None:
    connections = {code: each for code, each in CONNECTIONS.items() if code not in ("tax", "wallets")}

    tax = build_partners(connections, httpx.AsyncClient())["tax"]

    assert unconnected(CONNECTIONS) == {Mode.INTERFACE: frozenset(), Mode.BATCH: frozenset()}
    assert unconnected(connections) == {Mode.INTERFACE: frozenset({"tax"}), Mode.BATCH: frozenset({"wallets"})}
    wallets = build_batch_partners(connections, httpx.AsyncClient())["wallets"]
    with pytest.raises(PartnerUnavailable, match="refused"):
        await wallets.fetch_result("20261123", 1)
    assert (tax.code, held_back_for(tax) > 0) == ("tax", True)
    with pytest.raises(PartnerUnavailable, match="refused"):
        await tax.ask(None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"deadline": 0.4},
        {"deadline": 10.5},
        {"deadline": "5"},
        {"deadline": True},
        {"max_bytes": 1_000},
        {"max_bytes": 9_000_000},
        {"max_bytes": 4096.5},
        {"at_once": 0},
        {"at_once": "8"},
    ],
)
def test_what_a_connection_says_beyond_its_bounds_stops_the_process(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Connection("https://agency.test", **wrong)


def test_a_connection_says_how_long_an_attempt_takes_and_how_much_it_brings() -> None:
    own = Connection("https://agency.test", deadline=2.5, max_bytes=4096)

    assert limits_of(own, Limits()) == Limits(2.5, 4096)
    assert limits_of(own, FILE_LIMITS) == Limits(2.5, 4096)
    assert limits_of(CONNECTION, Limits()) == Limits(5.0, 256 * 1024)
    assert limits_of(CONNECTION, FILE_LIMITS) == FILE_LIMITS
    assert HousingFund(own, httpx.AsyncClient())._limits == Limits(2.5, 4096)


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("tax", CONNECTION),
        ("tax", replace(CERTIFIED, key=None)),
        ("tax", replace(CERTIFIED, authority="")),
        ("tax", replace(CERTIFIED, base_url="http://agency.test")),
        ("agriculture", CERTIFIED),
        ("insurance", CONNECTION),
        ("paying_bank", replace(CONNECTION, secret="")),
        ("paying_bank", replace(CONNECTION, inbound_key="")),
        ("banking", replace(CONNECTION, inbound_secret="", inbound_key="")),
        ("other_provinces", replace(CONNECTION, inbound_key="")),
    ],
)
def test_an_agency_whose_connection_lacks_what_it_asks_for_stops_the_process(code: str, named: Connection) -> None:
    connections = {**CONNECTIONS, code: named}
    build = {"paying_bank": build_paying_bank, "insurance": build_batch_partners}.get(code, build_partners)

    with pytest.raises(ConnectionMissing, match=code):
        build(connections, httpx.AsyncClient())


def test_ten_departments_answer_twelve_items_beside_identity_and_benefits() -> None:
    departments = [agency for agency in AGENCIES if agency.code not in BESIDE]

    items = {item for agency in departments for item in agency.items} - {Item.IDENTITY, Item.BENEFITS}
    assert (len(departments), len(items)) == (10, 12)


def test_each_way_of_authentication_is_used_by_two_agencies_at_least() -> None:
    ways = Counter(agency.authentication for agency in AGENCIES)

    assert all(ways[way] >= 2 for way in Authentication)


def test_no_agency_knows_another() -> None:
    folders = {folder.name for folder in PARTNERS.iterdir() if (folder / "adapter.py").exists()}
    assert folders == set(CONNECTIONS)
    for folder in folders:
        for module in (PARTNERS / folder).glob("*.py"):
            named = set(re.findall(r"app\.partners\.([a-z_]+)", module.read_text("utf-8")))
            assert not named & (folders - {folder}), module


def test_every_agency_has_its_mock_in_the_sandbox() -> None:
    assert CONNECTIONS.keys() == set(SANDBOX_AGENCIES)
