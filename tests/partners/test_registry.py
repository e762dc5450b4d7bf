import httpx
import pytest

from app.facts import FactKey, Item
from app.partners.registry import (
    AGENCIES,
    ConnectionMissing,
    TwoPartnersClaim,
    build_partners,
    build_paying_bank,
    owners,
    partner_for,
)
from app.sandbox.world import AGENCIES as SANDBOX_AGENCIES
from tests.partners.recorded import CONNECTION

CONNECTIONS = {agency.code: CONNECTION for agency in AGENCIES} | {"paying_bank": CONNECTION}


def test_every_item_has_exactly_one_agency() -> None:
    assert {item: partner_for(item) for item in Item} == {
        Item.IDENTITY: "public_security",
        Item.HOUSEHOLD_REGISTER: "public_security",
        Item.VEHICLES: "public_security",
        Item.MARRIAGE: "civil_affairs",
        Item.DEATHS: "civil_affairs",
        Item.BENEFITS: "civil_affairs",
        Item.REAL_ESTATE: "housing",
        Item.PROVIDENT_FUND: "housing",
        Item.DEPOSITS: "banking",
    }


def test_every_fact_is_answered_by_somebody() -> None:
    answered = {key for agency in AGENCIES for keys in agency.items.values() for key in keys}

    assert answered == set(FactKey)


def test_two_agencies_for_one_item_are_a_mistake() -> None:
    with pytest.raises(TwoPartnersClaim, match="identity"):
        owners([*AGENCIES, AGENCIES[0]])


def test_partners_are_built_by_code() -> None:
    partners = build_partners(CONNECTIONS, httpx.AsyncClient())

    assert {code: partner.code for code, partner in partners.items()} == {
        agency.code: agency.code for agency in AGENCIES
    }
    assert build_paying_bank(CONNECTIONS, httpx.AsyncClient()).code == "paying_bank"


def test_an_agency_without_a_connection_stops_the_process() -> None:
    with pytest.raises(ConnectionMissing, match="housing"):
        build_partners({code: CONNECTION for code in CONNECTIONS if code != "housing"}, httpx.AsyncClient())


def test_every_agency_has_its_mock_in_the_sandbox() -> None:
    assert CONNECTIONS.keys() == set(SANDBOX_AGENCIES)
