"""What the form refuses, and where it says so."""

import pytest

from app.programs.declaration import MemberFacts
from app.programs.errors import AnswersNotValid
from tests.programs.living_allowance.builders import PROGRAM, VILLAGE, member, members

_WAGE = {"member": "m1", "kind": "wage", "amount_fen": 1, "period": "month"}


def _faults(answers, people=None):
    people = [member()] if people is None else people
    return {(fault.pointer, fault.code) for fault in PROGRAM.check_answers(answers, people)}


def test_an_empty_form_of_one_applicant_is_complete():
    assert _faults({}) == set()


@pytest.mark.parametrize("amount", ["1", 1.0, True, None, -1, 10**12 + 1])
def test_an_amount_is_a_whole_number_within_bounds(amount):
    assert {pointer for pointer, _ in _faults({"income": [{**_WAGE, "amount_fen": amount}]})} == {
        "/answers/income/0/amount_fen"
    }


def test_unknown_members_of_an_object_are_refused():
    assert _faults({"income": [{**_WAGE, "bonus": 1}]}) == {("/answers/income/0/bonus", "extra_forbidden")}


def test_a_list_has_an_end():
    assert _faults({"income": [_WAGE] * 201}) == {("/answers/income", "too_long")}


@pytest.mark.parametrize("born", ["19800506", "1980-W01-1", "1980-02-30", " 1980-05-06", 19800506, "１９８０-05-06"])
def test_a_date_has_one_spelling(born):
    with pytest.raises(ValueError, match="birth_date"):
        MemberFacts.model_validate({"ref": "m1", "relation": "self", "birth_date": born})


def test_lines_name_members_that_exist():
    answers = {
        "income": [{**_WAGE, "member": "m9"}],
        "expenses": [{"member": "m9", "kind": "medical", "amount_fen": 1, "period": "year"}],
        "property": [{"kind": "deposit", "owner": "m9"}],
    }

    assert _faults(answers) == {
        ("/answers/income/0/member", "member_unknown"),
        ("/answers/expenses/0/member", "member_unknown"),
        ("/answers/property/0/owner", "member_unknown"),
    }


def test_months_belong_to_an_amount_per_month():
    assert _faults({"income": [{**_WAGE, "months": 12}]}) == set()
    assert _faults({"income": [{**_WAGE, "period": "year", "months": 5}]}) == {
        ("/answers/income/0/months", "months_of_a_year")
    }


def test_who_applies_alone_and_who_found_no_work_are_members():
    answers = {"alone": {"member": "m9", "ground": "clergy"}, "no_work_found": ["m1", "m8"]}

    assert _faults(answers) == {
        ("/answers/alone/member", "member_unknown"),
        ("/answers/no_work_found/1", "member_unknown"),
    }


def test_a_list_that_is_left_out_does_not_say_none_but_nothing_new_is_asked_for():
    assert PROGRAM.must_be_stated() == ("income", "expenses", "property", "supporters")


def test_there_is_one_applicant():
    assert _faults({}, []) == {("/members", "one_applicant_needed")}
    assert _faults({}, members({}, {"relation": "self"})) == {("/members", "one_applicant_needed")}


def test_there_is_one_spouse_at_most():
    assert _faults({}, members({}, {}, {})) == {("/members", "one_spouse_at_most")}


def test_two_members_never_share_a_ref():
    assert _faults({}, members({}, {"ref": "m1"})) == {("/members/1/ref", "ref_not_unique")}


def test_a_faulty_form_becomes_no_case():
    with pytest.raises(AnswersNotValid) as refusal:
        PROGRAM.build_case(area_class="urban", division=VILLAGE, members=[member()], answers={"wishes": []})

    assert [fault.code for fault in refusal.value.faults] == ["extra_forbidden"]
