"""What is news to the county, field by field: more than a person has seen is, the same and less of it is not."""

from datetime import date
from uuid import UUID

import pytest

from app.awards.comparing import changes_between
from app.facts import UNITS, FactKey, Item
from app.verification.comparison import Difference
from app.verification.report import Content, Entry, Field, Person

MEMBER = UUID(int=1)
YUAN = 100


def report(item, key, declared, found, difference, *, as_of=date(2026, 11, 1), outcome="hit"):
    field = Field(
        key=key,
        unit=UNITS[key],
        asked=difference is not None,
        known=True,
        declared=declared,
        found=found,
        as_of=as_of,
        difference=difference,
    )
    entry = Entry(
        item=item,
        source="agency",
        check=None,
        status=None,
        outcome=outcome,
        asked_at=None,
        answered_at=None,
        answered_by=None,
        fields=(field,),
    )
    return Content(members=(Person(member=MEMBER, name="测试", relation="self", entries=(entry,)),))


def is_news(before, later):
    return bool(changes_between(before, later, "living_allowance"))


def cars(found, difference=Difference.NOT_DECLARED, declared=0):
    return report(Item.VEHICLES, FactKey.VEHICLE_COUNT, declared, found, difference)


@pytest.mark.parametrize(("seen", "found", "news"), [(1, 5, True), (1, 2, True), (2, 2, False), (5, 1, False)])
def test_a_further_object_is_news_and_no_more_of_them_or_fewer_are_not(seen, found, news):
    assert is_news(cars(seen), cars(found)) is news


def test_another_kind_of_difference_is_news_whatever_its_size():
    assert is_news(cars(5), cars(2, Difference.MORE, 1))
    assert is_news(cars(5, Difference.MORE, 2), cars(1, Difference.LESS, 2))


def test_what_agrees_with_the_declaration_by_now_is_none():
    assert not is_news(cars(5), cars(0, Difference.MATCH))


def test_fewer_than_before_where_too_few_were_found_is_news():
    assert is_news(cars(2, Difference.LESS, 3), cars(1, Difference.LESS, 3))
    assert not is_news(cars(1, Difference.LESS, 3), cars(2, Difference.LESS, 3))


def deposit(yuan, *, declared=1000):
    return report(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, declared * YUAN, yuan * YUAN, Difference.MORE)


@pytest.mark.parametrize(
    ("seen", "found", "news"),
    [
        (3000, 3500, False),  # 500 yuan more than a person has seen is what a balance moves
        (3000, 3501, True),
        (21000, 23000, False),  # a tenth of the 20,000 that it was off before
        (21000, 23001, True),
        (3000, 2000, False),
        (21000, 3000, False),
    ],
)
def test_a_sum_is_news_that_is_further_off_by_more_than_a_balance_moves(seen, found, news):
    assert is_news(deposit(seen), deposit(found)) is news


def test_a_sum_that_was_little_off_and_is_not_any_more_is_news():
    assert not is_news(deposit(1490), deposit(1500))
    assert is_news(deposit(1490), deposit(1510))  # more than 500 yuan above what was declared


def pension(yuan):
    return report(Item.SOCIAL_INSURANCE, FactKey.PENSION_MONTHLY, 1000 * YUAN, yuan * YUAN, Difference.MORE)


def test_what_is_drawn_each_month_is_measured_by_the_year():
    assert not is_news(pension(1300), pension(1340))
    assert is_news(pension(1300), pension(1350))


def wages(fen):
    return report(Item.SOCIAL_INSURANCE, FactKey.INSURED_WAGE_MONTHLY, 0, fen, Difference.NOT_DECLARED)


def test_a_larger_wage_that_an_employer_insures_is_news():
    assert is_news(wages(300_000), wages(600_000))
    assert not is_news(wages(300_000), wages(310_000))


def marriage(found):
    return report(Item.MARRIAGE, FactKey.MARITAL_STATUS, "married", found, Difference.DIFFERS)


def test_another_code_is_news_though_the_register_differed_before():
    assert is_news(marriage("single"), marriage("divorced"))
    assert not is_news(marriage("single"), marriage("single"))


def test_the_same_as_of_another_day_is_none():
    seen = report(Item.DEATHS, FactKey.DECEASED_ON, None, "2026-10-01", Difference.NOT_DECLARED)
    same = report(
        Item.DEATHS, FactKey.DECEASED_ON, None, "2026-10-01", Difference.NOT_DECLARED, as_of=date(2027, 11, 1)
    )

    assert not is_news(seen, same)


def elsewhere(*codes):
    return report(Item.OTHER_PROVINCE, FactKey.ELSEWHERE_BENEFITS, None, codes, None)


def test_of_a_list_what_was_not_on_it_is_news_in_whatever_order():
    assert is_news(elsewhere("temporary_aid"), elsewhere("living_allowance", "temporary_aid"))
    assert not is_news(elsewhere("a", "b"), elsewhere("b", "a"))
    assert not is_news(elsewhere("a", "b"), elsewhere("a"))


def fund(yuan, **given):
    return report(Item.PROVIDENT_FUND, FactKey.PROVIDENT_FUND_BALANCE, None, yuan * YUAN, None, **given)


def test_of_what_no_form_asks_a_larger_sum_is_news_and_one_that_moved_a_little_is_not():
    assert is_news(fund(10000), fund(11001))
    assert not is_news(fund(10000), fund(11000))
    assert not is_news(fund(10000), fund(2000))


def test_of_what_no_form_asks_the_first_answer_says_nothing_anew():
    assert not is_news(fund(0, outcome="unavailable"), fund(11001))


def school(name):
    return report(Item.EDUCATION, FactKey.SCHOOL_NAME, None, name, None)


def test_of_what_no_form_asks_another_value_is_news_and_that_there_is_none_any_more():
    assert is_news(school("测试小学"), school("测试中学"))
    assert is_news(school("测试小学"), school(None))
    assert not is_news(school("测试小学"), school("测试小学"))
