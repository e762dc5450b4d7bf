import csv
from datetime import date
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.iso7064 import mod_11_2

from app.sandbox.families import VILLAGES
from app.sandbox.population import applicants, find, find_account, households, people
from app.sandbox.school_and_care import care_of, schooling_of


def test_there_are_enough_families_in_enough_places() -> None:
    assert len(households()) >= 40
    assert len({household.division for household in households()}) >= 12
    assert len({household.division[:6] for household in households()}) >= 6


def test_everybody_can_be_seen_to_be_synthetic() -> None:
    for person in people():
        assert person.name.startswith("测试")
        assert person.id_number.startswith("539900")
        assert person.phone.startswith("1900000")
        assert len(person.phone) == 11
        for account in person.accounts:
            assert account.number.startswith("990000")


def test_numbers_are_well_formed_and_nobody_shares_one() -> None:
    for person in people():
        assert mod_11_2.is_valid(person.id_number)
        assert person.id_number[6:14] == f"{person.birth_date:%Y%m%d}"
        assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "male")
        for account in person.accounts:
            assert luhn.is_valid(account.number)
            assert 16 <= len(account.number) <= 19
            assert account.holder == person.name
            assert find_account(account.number) == account
    numbers = [account.number for person in people() for account in person.accounts]
    assert len(set(numbers)) == len(numbers)
    assert len({person.id_number for person in people()}) == len(people())
    assert len({person.name for person in people()}) == len(people())


def test_families_hang_together() -> None:
    for household in households():
        assert household.head.relation == "self"
        assert household.village == VILLAGES[household.division]
        for member in household.members:
            if member.elsewhere is None:
                assert (member.household, member.division) == (household.number, household.division)
            else:
                assert (member.household[:2], member.division[:2]) != (household.number[:2], household.division[:2])
    assert len({household.number for household in households()}) == len(households())


def test_spouses_refer_to_each_other() -> None:
    for person in people():
        if person.spouse_id is None:
            assert person.marital_status != "married"
            continue
        spouse = find(person.spouse_id)
        assert spouse is not None
        assert spouse.spouse_id == person.id_number
        assert (spouse.household == person.household) == (person.elsewhere is None and spouse.elsewhere is None)
        assert (person.marital_status == "widowed") == (spouse.deceased_on is not None)


def test_adults_have_telephones_of_their_own_and_children_carry_the_heads() -> None:
    for household in households():
        for member in household.members:
            assert (member.phone == household.head.phone) == (member.relation in ("self", "child"))
    heads = [household.head.phone for household in households()]
    assert len(set(heads)) == len(heads)


def test_every_head_has_an_account_and_exactly_one_of_them_is_closed() -> None:
    states = [household.head.accounts[0].state for household in households()]

    assert states.count("closed") == 1
    assert states.count("open") == len(states) - 1


def test_the_hero_is_the_poor_head_of_three_in_honghe() -> None:
    household = households()[0]
    head, spouse, child = household.members

    first = applicants()[0]
    assert (first["name"], first["phone"], first["id_number"]) == (head.name, head.phone, head.id_number)
    assert first["division"] == "532529103204"
    assert [member["relation"] for member in first["members"]] == ["self", "spouse", "child"]
    assert household.division.startswith("5325")
    assert spouse.id_number == head.spouse_id
    assert spouse.deceased_on is None
    assert child.birth_date > date(2010, 1, 1)
    assert sum(account.balance_fen for member in household.members for account in member.accounts) < 300_000
    assert not any(member.vehicles for member in household.members)


def test_only_the_living_may_apply() -> None:
    for applicant in applicants():
        person = find(applicant["id_number"])
        assert person is not None
        assert person.deceased_on is None
    assert len(applicants()) >= 40


def test_every_case_that_a_check_can_meet_occurs() -> None:
    everybody = people()
    assert any(person.deceased_on and not person.register_cancelled for person in everybody)
    assert any(person.register_cancelled for person in everybody)
    assert any(vehicle.scrapped for person in everybody for vehicle in person.vehicles)
    assert any(not vehicle.scrapped for person in everybody for vehicle in person.vehicles)
    assert any(benefit.program == "living_allowance" for person in everybody for benefit in person.benefits)
    assert any(benefit.until for person in everybody for benefit in person.benefits)
    assert {person.marital_status for person in everybody} == {"single", "married", "widowed", "divorced"}
    assert any(person.provident_fund for person in everybody)
    assert any(len(person.dwellings) > 1 for person in everybody)
    insured = [care for person in everybody if (care := care_of(person))]
    pupils = [rolls for person in everybody if (rolls := schooling_of(person))]
    assert {care.kind for care in insured} == {"employees", "residents"}
    assert {care.lapsed for care in insured} == {care.serious for care in insured} == {True, False}
    assert {rolls.suspended for rolls in pupils} == {rolls.boarding for rolls in pupils} == {True, False}


def test_nobody_is_found_under_an_unknown_number() -> None:
    assert find("539900197001010010") is None
    assert find_account("") is None


def test_the_villages_are_rows_of_the_divisions_table() -> None:
    tables = list((Path(__file__).parents[2] / "app").rglob("divisions*.csv"))
    if not tables:
        pytest.skip("the divisions are not in the tree yet")
    with tables[0].open(encoding="utf-8") as file:
        names = {row["code"]: row["name"] for row in csv.DictReader(file)}

    assert {code: names.get(code) for code in VILLAGES} == VILLAGES
