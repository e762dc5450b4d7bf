"""A synthetic population, the same everywhere: names begin 测试, identity numbers 539900 (no such place).

Consistent where agencies would be: one household number per family, spouses who point at each other, accounts in the
holder's name. The families themselves are described in `families.py`, as many more as somebody wants in `crowd.py`;
this file makes persons of them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from typing import Any

from stdnum import luhn

from app.sandbox import crowd
from app.sandbox.families import FAMILIES, VILLAGES, Family, Member
from app.sandbox.persons import (
    Account,
    Benefit,
    Business,
    Certificate,
    Dwelling,
    Elsewhere,
    Household,
    Insurance,
    Machine,
    Person,
    ProvidentFund,
    Relocation,
    Taxed,
    Vehicle,
)

_AREA = "539900"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"
_CROWD_ACCOUNTS = "990001"


_crowd_families = 0
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
    return _by_number().get(id_number) or _settled.get(id_number) or _find_in_crowd(id_number)


def find_account(number: str) -> Account | None:
    """Return the bank account with this number."""
    return _accounts().get(number) or _settled_accounts.get(number) or _find_account_in_crowd(number)


def grow(persons: int) -> None:
    """Let there be about so many persons in all; those beyond the described families are made when asked for."""
    global _crowd_families
    # A family with somebody registered elsewhere comes on top, so that those of the crowd stay who they are.
    here = (each for each in households() if all(member.division == each.division for member in each.members))
    more = max(0, persons - sum(len(each.members) for each in here))
    _crowd_families = min(more * 100 // crowd.PERSONS_IN_100_FAMILIES, crowd.MOST_FAMILIES)


def crowd_household(number: int) -> Household:
    """Return family `number` of the crowd, counted from 0.

    Raises:
        IndexError: there are not so many, or a described person has a number of theirs.
    """
    if number >= _crowd_families or number in _left_out():
        raise IndexError(number)
    return _crowd_household(number)


def crowd_size() -> int:
    """Return how many families the crowd has."""
    return _crowd_families


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


def to_try() -> list[dict[str, Any]]:
    """Return the households with something to find, each with what it is: they live in the first family's village."""
    return [{"story": each.story, **_applicant(each)} for each in households() if each.story]


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


def _find_in_crowd(id_number: str) -> Person | None:
    if len(id_number) != 18 or not id_number.startswith(_AREA) or not id_number[:17].isdecimal():
        return None
    try:
        traced = crowd.trace(date.fromisoformat(id_number[6:14]), int(id_number[14:17]))
    except ValueError:
        return None
    if traced is None or traced[0] >= _crowd_families or traced[0] in _left_out():
        return None
    return next((each for each in _crowd_household(traced[0]).members if each.id_number == id_number), None)


def _find_account_in_crowd(number: str) -> Account | None:
    if len(number) != 17 or not number.startswith(_CROWD_ACCOUNTS) or not number.isdecimal():
        return None
    family = int(number[6:12])
    if family >= _crowd_families or family in _left_out():
        return None
    accounts = (account for person in _crowd_household(family).members for account in person.accounts)
    return next((account for account in accounts if account.number == number), None)


@cache
def _left_out() -> frozenset[int]:
    """Return the families of the crowd in which somebody would have the number of a described person: a few."""
    traces = (crowd.trace(person.birth_date, int(person.id_number[14:17])) for person in people())
    return frozenset(traced[0] for traced in traces if traced)


@lru_cache(maxsize=512)
def _crowd_household(number: int) -> Household:
    """Make persons of a family of the crowd: numbers, telephones and accounts that lead back to it."""
    family, places = crowd.family(number), crowd.places_of(number)
    marked = f"{family.division[:6]}Z{number:06d}"
    ids = [
        _with_check(member.born, crowd.sequence_of(number, place, member.sex))
        for place, member in zip(places, family.members, strict=True)
    ]
    head = f"190{10_000_000 + number * 6:08d}"
    members = tuple(
        replace(
            _person(0, order, family, ids),
            phone=head if member.relation == "child" else f"190{10_000_000 + number * 6 + place:08d}",
            household=marked,
            vehicles=tuple(
                Vehicle(f"云群{number:06d}{nth}", model, date(2015, 6, 15), scrapped)
                for nth, (model, scrapped) in enumerate(member.vehicles)
            ),
            accounts=tuple(
                Account(body + luhn.calc_check_digit(body), member.name, balance, "open")
                for nth, balance in enumerate(member.deposits)
                for body in [f"{_CROWD_ACCOUNTS}{number:06d}{place:02d}{nth:02d}"]
            ),
        )
        for order, (place, member) in enumerate(zip(places, family.members, strict=True))
    )
    return Household(marked, family.division, VILLAGES[family.division], members, typical=False)


def _household(number: int, family: Family) -> Household:
    numbers = [_id_number(number, place, member) for place, member in enumerate(family.members)]
    return Household(
        number=f"{family.division[:6]}H{number:06d}",
        division=family.division,
        typical=family.typical,
        story=family.story,
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
        household=f"{(member.registered or family.division)[:6]}H{number:06d}",
        division=member.registered or family.division,
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
        securities=member.securities,
        policies=member.policies,
        wallets=member.wallets,
        elsewhere=Elsewhere(*member.elsewhere) if member.elsewhere else None,
    )


def _id_number(number: int, place: int, member: Member) -> str:
    # Odd for men, even for women; family and place make it unique beside the birth date.
    sequence = (number * 14 + place * 2 + (1 if member.sex == "male" else 0)) % 1000
    return _with_check(member.born, sequence)


def _with_check(born: date, sequence: int) -> str:
    body = f"{_AREA}{born:%Y%m%d}{sequence:03d}"
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
