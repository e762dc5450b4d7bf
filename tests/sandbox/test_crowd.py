"""The crowd: people made from their family's number whenever somebody asks, always the same, never kept."""

import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator

import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from app.core.connections import Connection
from app.facts import Item, Outcome
from app.partners.civil_affairs.adapter import CivilAffairs
from app.partners.public_security.adapter import PublicSecurity
from app.sandbox import crowd, population
from app.sandbox.persons import Household
from app.sandbox.population import crowd_household, crowd_size, find, find_account, grow, people, to_try
from app.sandbox.school_and_care import care_of, schooling_of
from tests.partners.suite import PATIENT, about
from tests.sandbox.outside import Outside

MILLION = 1_000_000


@pytest.fixture(autouse=True)
def _million() -> Iterator[None]:
    before = crowd_size()
    grow(MILLION)
    yield
    population._crowd_families = before


def some(count: int) -> list[Household]:
    rng = random.Random(1)
    numbers = (rng.randrange(crowd_size()) for _ in range(2 * count))
    taken = population._left_out()
    return [crowd_household(number) for number in list(numbers) if number not in taken][:count]


def test_a_number_leads_back_to_the_person_and_an_account_to_its_holder() -> None:
    for household in (crowd_household(0), crowd_household(crowd_size() - 1), *some(400)):
        for person in household.members:
            assert mod_11_2.is_valid(person.id_number)
            assert find(person.id_number) == person
            for account in person.accounts:
                assert luhn.is_valid(account.number)
                assert find_account(account.number) == account
                assert account.holder == person.name


def test_nobody_stands_behind_a_number_nearly_right() -> None:
    person = crowd_household(7).head
    wrong_check = person.id_number[:17] + ("0" if person.id_number[17] != "0" else "1")

    for number in (
        wrong_check,
        "53990019800230001X",
        "539900198002",
        person.id_number.lower() + "0",
        "53990018000101001X",
    ):
        assert find(number) is None
    assert find_account("99000199999900002") is None
    assert find_account("9900010000000000x") is None


def test_no_two_people_share_a_number_or_a_telephone() -> None:
    numbers = Counter(person.id_number for household in some(3_000) for person in set(household.members))
    by_family = {household.number: household for household in some(3_000)}
    heads = Counter(household.head.phone for household in by_family.values())

    assert len(numbers) == sum(len(household.members) for household in by_family.values())
    assert set(heads.values()) == {1}


def test_a_number_is_that_of_one_described_by_hand_or_of_one_in_the_crowd() -> None:
    shared = 0
    for person in people():
        assert find(person.id_number) == person
        traced = crowd.trace(person.birth_date, int(person.id_number[14:17]))
        if traced and traced[0] < crowd_size():
            shared += 1
            with pytest.raises(IndexError):
                crowd_household(traced[0])
    assert 0 < shared < 100


def test_the_same_people_come_out_whenever_they_are_asked_for() -> None:
    first = [crowd_household(number) for number in range(50)]
    population._crowd_household.cache_clear()
    crowd._made.cache_clear()

    assert [crowd_household(number) for number in range(50)] == first


def test_a_million_cost_no_time_to_start_and_no_memory_to_ask_about() -> None:
    began = time.process_time()
    grow(MILLION)
    assert time.process_time() - began < 0.5
    assert abs(crowd_size() * crowd.PERSONS_IN_100_FAMILIES / 100 + len(people()) - MILLION) < 1_000
    some(600)  # the caches are full

    tracemalloc.start()
    some(1_500)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert grown < 4_000_000


def test_there_are_as_many_as_were_wanted() -> None:
    persons = sum(len(household.members) for household in some(2_000))

    assert abs(persons / 2_000 - crowd.PERSONS_IN_100_FAMILIES / 100) < 0.15
    assert crowd.family(crowd.MOST_FAMILIES - 1)
    with pytest.raises(IndexError):
        crowd.family(crowd.MOST_FAMILIES)
    with pytest.raises(IndexError):
        crowd_household(crowd_size())


def test_all_registers_tell_the_same_truth() -> None:
    for household in some(1_500):
        head = household.head
        for person in household.members:
            wages = [each.wage_fen for each in person.insurances if each.kind == "employees" and each.wage_fen]
            taxed = person.taxed.wages if person.taxed else 0
            assert taxed == 12 * sum(wages)
            assert bool(person.provident_fund) == bool(wages)
            assert bool(person.businesses) == bool(person.taxed and person.taxed.invoiced)
            assert person.benefits == () or (person.certificate and person.certificate.grade <= 2)
            assert person.deceased_on is None or not person.accounts
            if person.spouse_id:
                spouse = find(person.spouse_id)
                assert spouse is not None
                assert (spouse.spouse_id, spouse.household) == (person.id_number, household.number)
                assert (person.marital_status == "widowed") == (spouse.deceased_on is not None)
            if person.relation == "child":
                assert person.birth_date.year - head.birth_date.year >= 16
            if person.relation == "parent":
                assert head.birth_date.year - person.birth_date.year >= 16


async def test_agencies_answer_about_somebody_of_the_crowd(outside: Outside) -> None:
    grow(MILLION)
    married = next(each for each in some(50) if each.head.marital_status == "married").head
    connections: dict[str, Connection] = outside.connections

    register = PublicSecurity(connections["public_security"], outside.http, PATIENT)
    marriages = CivilAffairs(connections["civil_affairs"], outside.http, PATIENT)

    assert (await register.ask(about(married, Item.HOUSEHOLD_REGISTER))).outcome is Outcome.HIT
    assert (await marriages.ask(about(married, Item.MARRIAGE))).outcome is Outcome.HIT


def test_there_are_households_to_try_with_something_to_find() -> None:
    found = {each["story"]: [find(member["id_number"]) for member in each["members"]] for each in to_try()}

    assert set(found) == {
        "fits",
        "a car nobody declares",
        "a pension nobody declares",
        "a member who has died",
        "a supporter outside the household",
        "a single person",
        "a spouse registered in another province",
    }
    assert any(person.vehicles for person in found["a car nobody declares"])
    assert any(each.drawn_fen for person in found["a pension nobody declares"] for each in person.insurances)
    assert len(found["a single person"]) == len(found["a supporter outside the household"]) == 1
    assert not any(person.vehicles or person.taxed for person in found["fits"])
    local, comer = found["a spouse registered in another province"]
    assert (local.division[:2], comer.division[:2]) == ("53", "52")
    assert comer.elsewhere.benefits


def test_who_is_described_beside_them_takes_nobodys_place() -> None:
    for count, families in ((10_000, 3_425), (MILLION, 363_425)):
        grow(count)
        assert crowd_size() == families


def test_schools_and_the_medical_insurance_tell_what_other_registers_do() -> None:
    pupils = 0
    for household in some(1_500):
        for person in household.members:
            age = 2026 - person.birth_date.year
            care, rolls = care_of(person), schooling_of(person)
            assert care is None or not person.deceased_on
            employed = any(each.kind == "employees" for each in person.insurances)
            assert care is None or (care.kind == "employees") == employed
            assert rolls is not None or not 6 <= age < 15, "nobody misses the compulsory years"
            assert rolls is None or (age < 22 and not person.taxed)
            pupils += rolls is not None
    assert pupils > 100
