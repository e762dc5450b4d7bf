"""A synthetic population, the same everywhere: names begin 测试, identity numbers 539900 (no such place).

Consistent where agencies would be: one household number per family, spouses who point at each other, accounts in the
holder's name. The families themselves are described in `families.py`; this file makes persons of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from stdnum import luhn

from app.sandbox.families import FAMILIES, VILLAGES, Family, Member

_AREA = "539900"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"


@dataclass(frozen=True)
class Vehicle:
    """A vehicle on the register; a scrapped one stays there, cancelled."""

    plate: str
    model: str
    first_registered: date
    scrapped: bool


@dataclass(frozen=True)
class Dwelling:
    """A dwelling with one right holder."""

    address: str
    area_cm2: int
    registered_on: date


@dataclass(frozen=True)
class ProvidentFund:
    """A housing provident fund account."""

    monthly_fen: int
    balance_fen: int


@dataclass(frozen=True)
class Account:
    """A bank account. State: open | closed | frozen."""

    number: str
    holder: str
    balance_fen: int
    state: str


@dataclass(frozen=True)
class Benefit:
    """A grant of assistance; `until` is its last day, None while it runs."""

    program: str
    since: date
    until: date | None


@dataclass(frozen=True)
class Insurance:
    """One social insurance. Kind: employees | officials | residents (pensions) | unemployment; one of paid, drawn or
    neither (a pause)."""

    kind: str
    wage_fen: int | None = None  # what an employer pays contributions on; for residents what they pay themselves
    drawn_fen: int | None = None  # a month


@dataclass(frozen=True)
class Taxed:
    """What the tax authority knows of twelve months, in fen."""

    wages: int = 0
    invoiced: int = 0
    property: int = 0


@dataclass(frozen=True)
class Business:
    """A trade, firm or cooperative. State: active | revoked | cancelled; `owner` False: a mere post."""

    kind: str
    state: str = "active"
    owner: bool = True


@dataclass(frozen=True)
class Certificate:
    """A disability certificate; kind in our words, grade 1 is the most severe."""

    kind: str
    grade: int
    until: date


@dataclass(frozen=True)
class Machine:
    """A farm machine with a plate."""

    name: str
    scrapped_on: date | None = None


@dataclass(frozen=True)
class Relocation:
    """A resettlement out of poverty."""

    moved_on: date
    division: str


@dataclass(frozen=True)
class Person:
    """One synthetic person as all agencies together know them."""

    id_number: str
    name: str
    phone: str
    sex: str  # male | female
    birth_date: date
    relation: str  # to the head: self | spouse | child | parent
    household: str
    division: str
    marital_status: str  # single | married | widowed | divorced
    spouse_id: str | None
    deceased_on: date | None
    register_cancelled: bool  # by a death reported to the police
    vehicles: tuple[Vehicle, ...]
    dwellings: tuple[Dwelling, ...]
    provident_fund: ProvidentFund | None
    accounts: tuple[Account, ...]
    benefits: tuple[Benefit, ...]
    insurances: tuple[Insurance, ...] = ()
    taxed: Taxed | None = None
    businesses: tuple[Business, ...] = ()
    certificate: Certificate | None = None
    machines: tuple[Machine, ...] = ()
    farm_subsidy_fen: int = 0  # for the land, paid once a year
    relocation: Relocation | None = None


@dataclass(frozen=True)
class Household:
    """A family on one page of the register."""

    number: str
    division: str
    village: str
    members: tuple[Person, ...]
    typical: bool

    @property
    def head(self) -> Person:
        """Return the head of the household."""
        return self.members[0]


_settled: dict[str, Person] = {}
_settled_accounts: dict[str, Account] = {}


@cache
def households() -> tuple[Household, ...]:
    """Return all families; the first is the one the demonstration follows."""
    return tuple(_household(number, family) for number, family in enumerate(FAMILIES, start=1))


@cache
def people() -> tuple[Person, ...]:
    """Return all persons, family by family."""
    return tuple(person for household in households() for person in household.members)


def find(id_number: str) -> Person | None:
    """Return the person with this identity number."""
    return _by_number().get(id_number) or _settled.get(id_number)


def find_account(number: str) -> Account | None:
    """Return the bank account with this number."""
    return _accounts().get(number) or _settled_accounts.get(number)


def settle(persons: Iterable[Person]) -> None:
    """Let more people live here, until the process ends: those that a trial brings along."""
    for person in persons:
        _settled[person.id_number] = person
        _settled_accounts.update({account.number: account for account in person.accounts})


def applicants() -> list[dict[str, Any]]:
    """Return the living heads as people who may sign in: name, phone, id_number, and what they need to apply."""
    # The first village's households come first: they are what the demonstration tells of, one after another.
    first = households()[0].division
    living = [household for household in households() if household.head.deceased_on is None]
    return [_applicant(household) for household in sorted(living, key=lambda household: household.division != first)]


def _applicant(household: Household) -> dict[str, Any]:
    head = household.head
    return {
        "name": head.name,
        "phone": head.phone,
        "id_number": head.id_number,
        "division": household.division,
        "account": head.accounts[0].number if head.accounts else None,
        "savings_fen": sum(account.balance_fen for account in head.accounts),
        "typical": household.typical,
        "members": [
            {"name": member.name, "id_number": member.id_number, "relation": member.relation}
            for member in household.members
            if member.deceased_on is None
        ],
    }


@cache
def _by_number() -> dict[str, Person]:
    return {person.id_number: person for person in people()}


@cache
def _accounts() -> dict[str, Account]:
    return {account.number: account for person in people() for account in person.accounts}


def _household(number: int, family: Family) -> Household:
    numbers = [_id_number(number, place, member) for place, member in enumerate(family.members)]
    return Household(
        number=f"{family.division[:6]}H{number:06d}",
        division=family.division,
        typical=family.typical,
        village=VILLAGES[family.division],
        members=tuple(_person(number, place, family, numbers) for place in range(len(family.members))),
    )


def _person(number: int, place: int, family: Family, id_numbers: list[str]) -> Person:
    member = family.members[place]
    return Person(
        id_number=id_numbers[place],
        name=member.name,
        phone=_phone(number, 0 if member.relation == "child" else place),
        sex=member.sex,
        birth_date=member.born,
        relation=member.relation,
        household=f"{family.division[:6]}H{number:06d}",
        division=family.division,
        marital_status=member.marital,
        spouse_id=id_numbers[member.spouse] if member.spouse is not None else None,
        deceased_on=member.died,
        register_cancelled=member.died is not None and not member.death_unreported,
        vehicles=_vehicles(number, place, member),
        dwellings=_dwellings(family, member),
        provident_fund=ProvidentFund(*member.fund) if member.fund else None,
        accounts=_bank_accounts(number, place, member),
        benefits=tuple(Benefit(program, since, until) for program, since, until in member.benefits),
        insurances=tuple(Insurance(*insurance) for insurance in member.insurances),
        taxed=Taxed(*member.taxed) if member.taxed else None,
        businesses=tuple(Business(*business) for business in member.businesses),
        certificate=Certificate(*member.certificate) if member.certificate else None,
        machines=tuple(Machine(*machine) for machine in member.machines),
        farm_subsidy_fen=member.farm_subsidy,
        relocation=Relocation(*member.relocation) if member.relocation else None,
    )


def _id_number(number: int, place: int, member: Member) -> str:
    # Odd for men, even for women; family and place make it unique beside the birth date.
    sequence = (number * 14 + place * 2 + (1 if member.sex == "male" else 0)) % 1000
    body = f"{_AREA}{member.born:%Y%m%d}{sequence:03d}"
    return body + _CHECK[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def _phone(number: int, place: int) -> str:
    """Children carry the head's telephone: numbers are shared in real families too."""
    return f"1900000{number * 10 + place - 9:04d}"


def _bank_accounts(number: int, place: int, member: Member) -> tuple[Account, ...]:
    made = []
    for nth, balance in enumerate(member.deposits):
        body = f"990000{number:06d}{place:02d}{nth:02d}"
        if number % 3 == 0:
            body += "00"  # real account numbers differ in length as well: 17 or 19 digits here
        state = member.account_state if nth == 0 else "open"
        made.append(Account(body + luhn.calc_check_digit(body), member.name, balance, state))
    return tuple(made)


def _vehicles(number: int, place: int, member: Member) -> tuple[Vehicle, ...]:
    return tuple(
        Vehicle(
            plate=f"云测{number:03d}{place}{nth}",
            model=model,
            first_registered=date(2012 + (number + nth) % 12, 1 + number % 12, 15),
            scrapped=scrapped,
        )
        for nth, (model, scrapped) in enumerate(member.vehicles)
    )


def _dwellings(family: Family, member: Member) -> tuple[Dwelling, ...]:
    return tuple(
        Dwelling(
            address=f"{VILLAGES[family.division]}测试{nth + 1}号",
            area_cm2=area * 100,
            registered_on=date(2009 + nth, 6, 1),
        )
        for nth, area in enumerate(member.dwellings)
    )
