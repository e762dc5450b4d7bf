"""What is news to the county, field by field: more than a person has seen is, the same and less of it is not."""

from datetime import date
from uuid import UUID

import pytest

from app.awards.comparing import changes_since, said_by, shown_by
from app.facts import UNITS, FactKey, Item
from app.verification.comparison import Difference
from app.verification.report import Content, Entry, Field, Person

MEMBER = UUID(int=1)
YUAN = 100


def report(item, key, declared, found, difference, *, as_of=date(2026, 11, 1), outcome="hit", known=True):
    field = Field(
        key=key,
        unit=UNITS[key],
        asked=difference is not None,
        known=known,
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
    seen = {} if before is None else said_by(before, 1)
    return bool(changes_since(seen, later, 2, "living_allowance"))


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


def test_benefits_in_another_province_are_news_also_where_it_answers_for_the_first_time():
    assert is_news(None, elsewhere("living_allowance"))
    assert not is_news(None, elsewhere())


def balance(fen, *, declared=100_000):
    """What a bank says, beside 1,000 yuan that were declared."""
    if fen == declared:
        difference = Difference.MATCH
    elif not declared:
        difference = Difference.NOT_DECLARED
    else:
        difference = Difference.MORE if fen > declared else Difference.LESS
    return report(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, declared, fen, difference)


@pytest.mark.parametrize("seen", [100_000, 99_950, 100_030])
@pytest.mark.parametrize("found", [100_087, 99_950, 100_001, 150_000])
def test_a_sum_that_hovers_about_what_was_declared_is_no_news_whatever_kind_of_difference_it_is(seen, found):
    assert not is_news(balance(seen), balance(found))


@pytest.mark.parametrize(
    ("declared", "seen", "found", "news"),
    [
        (100_000, 100_000, 150_001, True),  # it agreed, and now more was found by more than 500 yuan
        (100_000, 50_000, 150_000, False),  # less was seen, which is not off to the side that speaks against anybody
        (100_000, 50_000, 150_001, True),
        (0, 0, 1, False),
        (0, 0, 50_000, False),
        (0, 0, 50_001, True),
    ],
)
def test_a_sum_of_another_kind_of_difference_is_measured_like_one_of_the_same(declared, seen, found, news):
    assert is_news(balance(seen, declared=declared), balance(found, declared=declared)) is news


def test_savings_that_are_spent_are_no_news_and_fewer_than_declared_from_the_beginning_are():
    assert not is_news(balance(2_000_000, declared=2_000_000), balance(500_000, declared=2_000_000))
    assert not is_news(balance(1_500_000, declared=2_000_000), balance(500_000, declared=2_000_000))
    assert is_news(None, balance(500_000, declared=2_000_000))
    assert not is_news(None, balance(1_950_000, declared=2_000_000))


def closed(declared):
    return report(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, declared, None, Difference.MISSING, outcome="none")


def test_an_account_that_is_closed_is_savings_that_are_spent():
    assert not is_news(balance(50_000), closed(100_000))
    assert is_news(None, closed(100_000))


def costs(declared, found):
    kind = Difference.MORE if declared else Difference.NOT_DECLARED
    difference = Difference.MATCH if found == declared else kind if found > declared else Difference.LESS
    item, key = Item.MEDICAL_INSURANCE, FactKey.MEDICAL_OUT_OF_POCKET_YEAR
    return report(item, key, declared * YUAN, found * YUAN, difference)


@pytest.mark.parametrize(
    ("declared", "seen", "found", "news"),
    [
        (0, 0, 30_000, False),  # it had to pay more than it said, which speaks for the household
        (5000, 5000, 30_000, False),
        (5000, 5000, 4500, False),
        (5000, 5000, 4499, True),
        (5000, 1000, 601, False),  # 4,000 yuan off, and by no more than 500 further
        (5000, 1000, 499, True),
    ],
)
def test_of_costs_fewer_are_news_and_never_more(declared, seen, found, news):
    assert is_news(costs(declared, seen), costs(declared, found)) is news


def test_more_costs_than_declared_are_no_news_though_nothing_was_known():
    assert not is_news(None, costs(0, 30_000))


def test_a_sign_of_an_employer_is_news_whatever_the_sum():
    nothing = report(Item.SOCIAL_INSURANCE, FactKey.INSURED_WAGE_MONTHLY, 0, 0, Difference.MATCH)

    assert is_news(nothing, wages(100))


def untold(yuan, **given):
    found = None if yuan is None else yuan * YUAN
    return report(Item.DEPOSITS, FactKey.DEPOSIT_BALANCE, None, found, Difference.UNKNOWN, known=False, **given)


@pytest.mark.parametrize(
    ("seen", "found", "news"),
    [(100, 600, False), (100, 601, True), (10_000, 11_000, False), (10_000, 11_001, True), (10_000, 100, False)],
)
def test_what_the_owner_could_not_say_is_measured_against_what_was_seen(seen, found, news):
    assert is_news(untold(seen), untold(found)) is news


def test_what_the_owner_could_not_say_is_news_when_it_is_found_first_whatever_it_is():
    assert is_news(None, untold(1))
    assert is_news(untold(None, outcome="unavailable"), untold(1))
    assert not is_news(None, untold(0))
    assert not is_news(None, untold(None, outcome="none"))
    assert not is_news(untold(None, outcome="none"), untold(500))
    assert is_news(untold(None, outcome="none"), untold(501))


def test_what_a_silent_agency_says_first_is_news_where_it_differs():
    silent = report(Item.VEHICLES, FactKey.VEHICLE_COUNT, 0, None, Difference.UNKNOWN, outcome="unavailable")

    assert is_news(silent, cars(1))
    assert not is_news(silent, cars(0, Difference.MATCH))
    assert not is_news(cars(1), silent)


def test_an_illness_that_was_not_declared_is_no_news_for_it_speaks_for_the_household():
    def illness(found, difference):
        return report(Item.MEDICAL_INSURANCE, FactKey.SERIOUS_DISEASE, 0, found, difference)

    assert not is_news(illness(0, Difference.MATCH), illness(1, Difference.NOT_DECLARED))


def news(seen, later, number, before=()):
    return changes_since(seen, later, number, "living_allowance", before=dict(before))


def test_a_finding_moves_what_is_seen_of_the_fields_it_names_and_of_no_other():
    seen = said_by(balance(2_100_000), 1)
    (car,) = news(seen, cars(1), 2)
    seen |= shown_by([car], 2)

    assert not news(seen, balance(2_290_000), 2)
    assert not news(seen, cars(1), 3)
    (more,) = news(seen, balance(2_480_000), 3)
    assert (more.before, more.found) == (2_100_000, 2_480_000)


def test_what_was_shown_of_a_later_report_is_not_contradicted_by_an_earlier_one():
    (change,) = news({}, cars(1), 3)

    assert not news(shown_by([change], 3), cars(5), 2)
    assert not news(shown_by([change], 3), cars(5), 3)
    assert news(shown_by([change], 3), cars(5), 4)


def test_an_object_that_was_gone_in_the_report_before_is_another_one_and_a_sum_is_not():
    one = shown_by(news({}, cars(1), 2), 2)
    kept = shown_by(news({}, balance(2_100_000), 2), 2)

    assert news(one, cars(1), 4, said_by(cars(0, Difference.MATCH), 3))
    assert not news(one, cars(1), 4, said_by(cars(0, Difference.MATCH), 1)), "what was shown since says it"
    assert not news(kept, balance(2_100_000), 4, said_by(balance(100_000), 3))


def test_of_what_no_form_asks_and_nobody_was_shown_the_report_before_is_all_there_is():
    assert not news({}, fund(10_000), 2)
    assert news({}, fund(11_001), 3, said_by(fund(10_000), 2))
    assert not news(said_by(fund(11_000), 1), fund(11_001), 3, said_by(fund(10_000), 2))


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
