"""Declared beside found: what each difference means."""

from datetime import date

import pytest

from app.facts import FactKey
from app.programs.declaration import Expense, Income, MemberFacts, Property
from app.verification.comparison import Difference, Stated, compare, stated_about

BORN = date(1980, 5, 17)


def _stated(*lines: Property, relation: str = "self", relations: tuple[str, ...] = ("self",), asks: bool = True):
    return stated_about("m1", "测试甲", BORN, relation, "532529103204", relations, lines if asks else None)


@pytest.mark.parametrize(
    ("said", "found", "difference"),
    [
        (Stated(2), 2, Difference.MATCH),
        (Stated(2), 3, Difference.MORE),
        (Stated(2), 1, Difference.LESS),
        (Stated(2), None, Difference.MISSING),
        (Stated(0), None, Difference.MATCH),
        (Stated(0), 0, Difference.MATCH),
        (Stated(0), 1, Difference.NOT_DECLARED),
        (Stated(None, known=False), 5, Difference.UNKNOWN),
        (None, 5, None),
    ],
)
def test_a_number(said, found, difference):
    assert compare(FactKey.VEHICLE_COUNT, said, found, answered=True) is difference


@pytest.mark.parametrize(
    ("found", "difference"),
    [("测试甲", Difference.MATCH), ("测试乙", Difference.DIFFERS), (None, Difference.MISSING)],
)
def test_a_name(found, difference):
    assert compare(FactKey.REGISTERED_NAME, Stated("测试甲"), found, answered=True) is difference


def test_a_living_person_without_a_death_record_matches_and_with_one_was_not_declared():
    assert compare(FactKey.DECEASED_ON, Stated(None), None, answered=True) is Difference.MATCH
    assert compare(FactKey.DECEASED_ON, Stated(None), date(2026, 9, 3), answered=True) is Difference.NOT_DECLARED


@pytest.mark.parametrize("said", [Stated(0), Stated(2), Stated("测试甲"), Stated(None)])
def test_silence_is_never_a_match(said):
    assert compare(FactKey.DEPOSIT_BALANCE, said, None, answered=False) is Difference.UNKNOWN


def test_property_is_added_up_per_owner_and_kind():
    stated = _stated(
        Property(kind="deposit", owner="m1", value_fen=100_000),
        Property(kind="deposit", owner="m1", value_fen=86_035),
        Property(kind="deposit", owner="m2", value_fen=999),
        Property(kind="vehicle", owner="m1", count=2),
        Property(kind="dwelling", owner="m2"),
    )

    assert stated[FactKey.DEPOSIT_BALANCE] == Stated(186_035)
    assert stated[FactKey.VEHICLE_COUNT] == Stated(2)
    assert stated[FactKey.DWELLING_COUNT] == Stated(0)


def test_a_deposit_whose_owner_cannot_say_is_unknown_and_not_zero():
    stated = _stated(Property(kind="deposit", owner="m1"), Property(kind="deposit", owner="m1", value_fen=5))

    assert stated[FactKey.DEPOSIT_BALANCE] == Stated(None, known=False)


def test_a_form_that_does_not_ask_about_property_compares_none():
    assert FactKey.DEPOSIT_BALANCE not in _stated(asks=False)


def test_who_lists_a_spouse_says_to_be_married_and_so_does_the_spouse():
    assert FactKey.MARITAL_STATUS not in _stated()
    assert _stated(relations=("self", "spouse"))[FactKey.MARITAL_STATUS] == Stated("married")
    assert _stated(relation="spouse", relations=("self", "spouse"))[FactKey.MARITAL_STATUS] == Stated("married")
    assert FactKey.MARITAL_STATUS not in _stated(relation="child", relations=("self", "spouse", "child"))


def _of(*, lines=(), of_age: bool = True, **profile):
    said = MemberFacts(ref="m1", relation="child", birth_date=BORN, **profile)
    expenses = [Expense(member="m1", **line) for line in lines]
    return stated_about(
        "m1", "测试甲", BORN, "child", "532529103204", ["self", "child"], [], [], expenses, said, of_age=of_age
    )


def test_medical_expenses_are_added_up_over_a_year_and_those_of_others_left_out():
    stated = _of(
        lines=[
            {"kind": "medical", "amount_fen": 10_000, "period": "month"},
            {"kind": "medical", "amount_fen": 5, "period": "year"},
            {"kind": "living", "amount_fen": 7, "period": "year"},
        ]
    )

    assert stated[FactKey.MEDICAL_OUT_OF_POCKET_YEAR] == Stated(120_005)
    assert FactKey.MEDICAL_OUT_OF_POCKET_YEAR not in _stated()


@pytest.mark.parametrize(
    ("said", "of_age", "enrolled"),
    [
        ({}, True, Stated(0)),
        ({}, False, None),  # nobody has to say of a child that it goes to school
        ({"student": True}, True, Stated(1)),
        ({"student": True}, False, Stated(1)),
        ({"lines": [{"kind": "education", "amount_fen": 1, "period": "year"}]}, False, Stated(1)),
    ],
)
def test_who_is_said_to_go_to_school(said, of_age, enrolled):
    assert _of(of_age=of_age, **said).get(FactKey.ENROLLED) == enrolled


def test_the_stage_of_school_is_compared_where_one_was_said():
    line = {"kind": "education", "amount_fen": 1, "period": "year"}

    assert _of(lines=[line | {"stage": "college"}])[FactKey.SCHOOL_STAGE] == Stated("college")
    assert FactKey.SCHOOL_STAGE not in _of(lines=[line])
    assert FactKey.SCHOOL_STAGE not in _of(lines=[line | {"stage": "college"}, line | {"stage": "junior"}])


@pytest.mark.parametrize(
    ("said", "found", "difference"),
    [
        (1, 1, Difference.MATCH),
        (0, 0, Difference.MATCH),
        (0, None, Difference.MATCH),
        (1, 0, Difference.MISSING),
        (1, None, Difference.MISSING),
        (0, 1, Difference.NOT_DECLARED),
    ],
)
def test_a_yes_or_no(said, found, difference):
    assert compare(FactKey.SERIOUS_DISEASE, Stated(said), found, answered=True) is difference


@pytest.mark.parametrize(
    ("declared", "found", "difference"),
    [
        (1, 1, Difference.MATCH),
        (1, 0, Difference.MATCH),  # what was declared lies here
        (1, None, Difference.MATCH),
        (1, 2, Difference.MORE),
        (0, 1, Difference.NOT_DECLARED),
    ],
)
def test_of_another_province_only_more_than_was_declared_is_a_difference(declared, found, difference):
    stated = _stated(Property(kind="dwelling", owner="m1", count=declared))[FactKey.ELSEWHERE_DWELLING_COUNT]

    assert compare(FactKey.ELSEWHERE_DWELLING_COUNT, stated, found, answered=True) is difference


def _income(*lines: dict, key: FactKey) -> Stated:
    said = [Income.model_validate({"member": "m1", "period": "month", **line}) for line in lines]
    return stated_about("m1", "测试甲", BORN, "self", "532529103204", ["self"], [], said)[key]


_PENSION = {"kind": "transfer", "detail": "养老金", "amount_fen": 20_000}


@pytest.mark.parametrize(
    ("lines", "found", "difference"),
    [
        ([], None, Difference.MATCH),
        ([], 0, Difference.MATCH),
        ([], 286_000, Difference.NOT_DECLARED),
        ([_PENSION], 20_000, Difference.MATCH),
        ([_PENSION], 21_000, Difference.MATCH),  # the yearly raise
        ([_PENSION], 21_001, Difference.MORE),
        ([_PENSION], 19_000, Difference.MATCH),
        ([_PENSION], None, Difference.MATCH),
        ([_PENSION | {"member": "m2"}], 20_000, Difference.NOT_DECLARED),
        ([_PENSION | {"detail": None}], 20_000, Difference.MATCH),
        ([_PENSION | {"detail": "城乡居民基本养老保险基础养老金"}], 20_000, Difference.MATCH),
        ([_PENSION | {"detail": "退休金", "kind": "other"}], 20_000, Difference.MATCH),
        ([_PENSION | {"amount_fen": 240_000, "period": "year"}], 20_000, Difference.MATCH),
        ([_PENSION | {"months": 2}], 20_000, Difference.MATCH),
        ([_PENSION | {"detail": "优待抚恤金"}], 20_000, Difference.NOT_DECLARED),
        ([_PENSION | {"detail": "亲友赠与"}], 20_000, Difference.NOT_DECLARED),
        ([_PENSION | {"detail": "失业保险金"}], 20_000, Difference.NOT_DECLARED),
        ([_PENSION | {"detail": None, "kind": "wage"}], 20_000, Difference.NOT_DECLARED),
    ],
)
def test_a_pension_is_compared_with_what_was_declared_of_one(lines, found, difference):
    stated = _income(*lines, key=FactKey.PENSION_MONTHLY)

    assert compare(FactKey.PENSION_MONTHLY, stated, found, answered=True) is difference


@pytest.mark.parametrize(
    ("detail", "difference"),
    [("失业保险金", Difference.MATCH), (None, Difference.MATCH), ("养老金", Difference.NOT_DECLARED)],
)
def test_so_is_an_unemployment_benefit(detail, difference):
    stated = _income(_PENSION | {"detail": detail}, key=FactKey.UNEMPLOYMENT_MONTHLY)

    assert compare(FactKey.UNEMPLOYMENT_MONTHLY, stated, 20_000, answered=True) is difference


@pytest.mark.parametrize("key", [FactKey.INSURED_WAGE_MONTHLY, FactKey.PROVIDENT_FUND_MONTHLY])
@pytest.mark.parametrize(
    ("lines", "found", "difference"),
    [
        ([], 452_000, Difference.NOT_DECLARED),
        ([], 0, Difference.MATCH),
        (
            [{"kind": "wage", "amount_fen": 60_000}],
            452_000,
            Difference.MATCH,
        ),  # no less is insured than 60 % of average
        ([{"kind": "wage", "amount_fen": 1, "period": "year"}], 452_000, Difference.MATCH),
        ([{"kind": "wage", "amount_fen": 60_000}], None, Difference.MATCH),  # odd jobs are insured by nobody
        ([{"kind": "transfer", "amount_fen": 60_000}], 452_000, Difference.NOT_DECLARED),
    ],
)
def test_of_what_shows_an_employer_only_whether_a_wage_was_declared_counts(key, lines, found, difference):
    assert compare(key, _income(*lines, key=key), found, answered=True) is difference


def test_a_form_that_does_not_ask_about_income_compares_none():
    assert not {FactKey.PENSION_MONTHLY, FactKey.INSURED_WAGE_MONTHLY} & _stated().keys()
