"""What each agency should say about a synthetic person, written down from the population and not from any adapter."""

from collections.abc import Mapping
from datetime import date

from app.facts import FactKey, Item, Value
from app.sandbox.persons import Person
from app.sandbox.school_and_care import care_of, schooling_of


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
        FactKey.HUKOU_ADDRESS: person.address,
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


def _social_insurance(person: Person, on: date) -> Mapping[FactKey, Value]:
    if not person.insurances:
        return {}
    pensions = [each.drawn_fen for each in person.insurances if each.kind != "unemployment" and each.drawn_fen]
    wages = [each.wage_fen for each in person.insurances if each.kind != "residents" and each.wage_fen]
    return {
        FactKey.PENSION_MONTHLY: sum(pensions),
        FactKey.INSURED_WAGE_MONTHLY: max(wages, default=0),
        FactKey.UNEMPLOYMENT_MONTHLY: sum(
            each.drawn_fen or 0 for each in person.insurances if each.kind == "unemployment"
        ),
    }


def _income(person: Person, on: date) -> Mapping[FactKey, Value]:
    if person.taxed is None:
        return {}
    return {
        FactKey.TAXED_WAGES_YEAR: person.taxed.wages,
        FactKey.INVOICED_YEAR: person.taxed.invoiced,
        FactKey.TAXED_PROPERTY_YEAR: person.taxed.property,
    }


def _businesses(person: Person, on: date) -> Mapping[FactKey, Value]:
    if not person.businesses:
        return {}
    return {FactKey.BUSINESS_COUNT: sum(each.owner and each.state != "cancelled" for each in person.businesses)}


def _disability(person: Person, on: date) -> Mapping[FactKey, Value]:
    certificate = person.certificate
    if certificate is None or certificate.until < on:
        return {}
    return {FactKey.DISABILITY_KIND: certificate.kind, FactKey.DISABILITY_GRADE: certificate.grade}


def _farming(person: Person, on: date) -> Mapping[FactKey, Value]:
    if not person.machines and not person.farm_subsidy_fen:
        return {}
    return {
        FactKey.MACHINERY_COUNT: sum(machine.scrapped_on is None for machine in person.machines),
        FactKey.FARM_SUBSIDIES_YEAR: person.farm_subsidy_fen,
    }


def _relocation(person: Person, on: date) -> Mapping[FactKey, Value]:
    if person.relocation is None:
        return {}
    return {FactKey.RELOCATED_TO: person.relocation.division, FactKey.RELOCATED_ON: person.relocation.moved_on}


def _deposits(person: Person, on: date) -> Mapping[FactKey, Value]:
    balances = [account.balance_fen for account in person.accounts if account.state != "closed"]
    return {FactKey.DEPOSIT_BALANCE: sum(balances), FactKey.DEPOSIT_ACCOUNTS: len(balances)} if balances else {}


def _securities(person: Person, on: date) -> Mapping[FactKey, Value]:
    return {FactKey.SECURITIES_VALUE: sum(person.securities)} if person.securities else {}


def _insurance(person: Person, on: date) -> Mapping[FactKey, Value]:
    return {FactKey.INSURANCE_CASH_VALUE: sum(person.policies)} if person.policies else {}


def _wallets(person: Person, on: date) -> Mapping[FactKey, Value]:
    return {FactKey.WALLET_BALANCE: sum(person.wallets)} if person.wallets else {}


def _medical_insurance(person: Person, on: date) -> Mapping[FactKey, Value]:
    care = care_of(person)
    if care is None:
        return {}
    return {
        FactKey.MEDICAL_INSURANCE_STATUS: "lapsed" if care.lapsed else care.kind,
        FactKey.MEDICAL_OUT_OF_POCKET_YEAR: sum(care.paid_fen),
        FactKey.CHRONIC_DISEASE: int(care.chronic),
        FactKey.SERIOUS_DISEASE: int(care.serious),
    }


def _education(person: Person, on: date) -> Mapping[FactKey, Value]:
    rolls = schooling_of(person)
    if rolls is None:
        return {}
    return {
        FactKey.ENROLLED: int(not rolls.suspended),
        FactKey.SCHOOL_NAME: rolls.school,
        FactKey.SCHOOL_STAGE: rolls.stage,
        FactKey.BOARDING: int(rolls.boarding),
        FactKey.SCHOOL_AID_YEAR: rolls.aid_fen,
    }


def _other_province(person: Person, on: date) -> Mapping[FactKey, Value]:
    held = person.elsewhere
    if held is None:
        return {}
    return {
        FactKey.ELSEWHERE_BENEFITS: tuple(sorted(held.benefits)),
        FactKey.ELSEWHERE_DWELLING_COUNT: held.dwellings,
        FactKey.ELSEWHERE_VEHICLE_COUNT: held.vehicles,
        FactKey.ELSEWHERE_BUSINESS_COUNT: held.businesses,
    }


_VALUES = {
    Item.IDENTITY: _identity,
    Item.HOUSEHOLD_REGISTER: _register,
    Item.VEHICLES: _vehicles,
    Item.MARRIAGE: _marriage,
    Item.DEATHS: _deaths,
    Item.BENEFITS: _benefits,
    Item.REAL_ESTATE: _real_estate,
    Item.PROVIDENT_FUND: _provident_fund,
    Item.SOCIAL_INSURANCE: _social_insurance,
    Item.INCOME: _income,
    Item.BUSINESSES: _businesses,
    Item.DISABILITY: _disability,
    Item.FARMING: _farming,
    Item.RELOCATION: _relocation,
    Item.DEPOSITS: _deposits,
    Item.SECURITIES: _securities,
    Item.INSURANCE: _insurance,
    Item.WALLETS: _wallets,
    Item.MEDICAL_INSURANCE: _medical_insurance,
    Item.EDUCATION: _education,
    Item.OTHER_PROVINCE: _other_province,
}
