"""What each agency should say about a synthetic person, written down from the population and not from any adapter."""

from collections.abc import Mapping
from datetime import date

from app.facts import FactKey, Item, Value
from app.sandbox.population import Person


def expected(person: Person, item: Item, on: date) -> Mapping[FactKey, Value] | None:
    """Return the facts on file on a date; None where the agency has no record."""
    values = _VALUES[item](person, on)
    return values or None


def _identity(person: Person, on: date) -> Mapping[FactKey, Value]:
    if person.register_cancelled:
        return {}
    return {FactKey.REGISTERED_NAME: person.name, FactKey.BIRTH_DATE: person.birth_date}


def _register(person: Person, on: date) -> Mapping[FactKey, Value]:
    if person.register_cancelled:
        return {}
    return {
        FactKey.REGISTERED_NAME: person.name,
        FactKey.BIRTH_DATE: person.birth_date,
        FactKey.HUKOU_DIVISION: person.division,
        FactKey.HUKOU_HOUSEHOLD: person.household,
    }


def _vehicles(person: Person, on: date) -> Mapping[FactKey, Value]:
    if not person.vehicles:
        return {}
    return {FactKey.VEHICLE_COUNT: sum(not vehicle.scrapped for vehicle in person.vehicles)}


def _marriage(person: Person, on: date) -> Mapping[FactKey, Value]:
    return {} if person.marital_status == "single" else {FactKey.MARITAL_STATUS: person.marital_status}


def _deaths(person: Person, on: date) -> Mapping[FactKey, Value]:
    return {FactKey.DECEASED_ON: person.deceased_on} if person.deceased_on else {}


def _benefits(person: Person, on: date) -> Mapping[FactKey, Value]:
    running = sorted(benefit.program for benefit in person.benefits if benefit.until is None or benefit.until >= on)
    return {FactKey.BENEFITS_IN_FORCE: tuple(running)} if running else {}


def _real_estate(person: Person, on: date) -> Mapping[FactKey, Value]:
    if not person.dwellings:
        return {}
    area = sum(dwelling.area_cm2 for dwelling in person.dwellings)
    return {FactKey.DWELLING_COUNT: len(person.dwellings), FactKey.DWELLING_AREA: area}


def _provident_fund(person: Person, on: date) -> Mapping[FactKey, Value]:
    fund = person.provident_fund
    if fund is None:
        return {}
    return {FactKey.PROVIDENT_FUND_MONTHLY: fund.monthly_fen, FactKey.PROVIDENT_FUND_BALANCE: fund.balance_fen}


def _deposits(person: Person, on: date) -> Mapping[FactKey, Value]:
    balances = [account.balance_fen for account in person.accounts if account.state != "closed"]
    return {FactKey.DEPOSIT_BALANCE: sum(balances), FactKey.DEPOSIT_ACCOUNTS: len(balances)} if balances else {}


_VALUES = {
    Item.IDENTITY: _identity,
    Item.HOUSEHOLD_REGISTER: _register,
    Item.VEHICLES: _vehicles,
    Item.MARRIAGE: _marriage,
    Item.DEATHS: _deaths,
    Item.BENEFITS: _benefits,
    Item.REAL_ESTATE: _real_estate,
    Item.PROVIDENT_FUND: _provident_fund,
    Item.DEPOSITS: _deposits,
}
