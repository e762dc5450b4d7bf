"""What contradictions weigh, and why: pure, and never more than an order to look in."""

from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.facts import QUANTITIES, UNITS, FactKey, Item, Unit
from app.programs.declaration import Disability, Expense, Income, MemberFacts, Property
from app.verification.comparison import Difference, Stated, compare, stated_about
from app.verification.contradictions import (
    ENTERED_POINTS,
    SCALES,
    SMALL_FEN,
    SMALL_PERCENT,
    SMALL_POINTS,
    Compared,
    weigh,
)

WHETHER_ANY = (FactKey.INSURED_WAGE_MONTHLY, FactKey.PROVIDENT_FUND_MONTHLY)
WHO = UUID(int=7)
OTHER = UUID(int=8)
FROM = 20


def compared(key: FactKey, difference: Difference | None, declared=None, found=None, *, item=Item.DEPOSITS, who=WHO):
    return Compared(who, item, key, difference, declared, found)


def points(*rows: Compared) -> int:
    return weigh(rows, (), FROM).points


def test_whatever_the_form_asks_has_its_weights():
    asked = stated_about(
        "m",
        "测试甲",
        date(1980, 1, 1),
        "spouse",
        "532529103204",
        ["self", "spouse"],
        [Property(kind="deposit", owner="m", value_fen=1)],
        [Income(member="m", kind="wage", detail="零工", amount_fen=1, period="year")],
        [Expense(member="m", kind="education", amount_fen=1, period="year", stage="college")],
        MemberFacts(
            ref="m", relation="spouse", birth_date=date(1980, 1, 1), disability=Disability(kind="visual", grade=1)
        ),
    )

    assert asked.keys() == SCALES.keys()


@pytest.mark.parametrize("key", SCALES)
def test_a_difference_that_can_be_is_weighed_one_that_cannot_is_not_in_the_table(key):
    table = SCALES[key].points
    found_instead = {Difference.MORE} if UNITS[key] in QUANTITIES else {Difference.DIFFERS}
    if key in WHETHER_ANY:
        found_instead = set()
    if UNITS[key] is Unit.FLAG:
        found_instead = {Difference.MISSING}
    known_by_declaration = key in (FactKey.REGISTERED_NAME, FactKey.BIRTH_DATE, FactKey.HUKOU_DIVISION)
    not_nothing = known_by_declaration or key is FactKey.MARITAL_STATUS

    if key is FactKey.DECEASED_ON:
        assert set(table) == {Difference.NOT_DECLARED}
    else:
        assert found_instead <= table.keys()
        assert (Difference.NOT_DECLARED in table) is not not_nothing
    assert {Difference.MATCH, Difference.UNKNOWN} & table.keys() == set()
    assert all(0 <= each <= 40 for each in table.values())


@pytest.mark.parametrize("key", SCALES)
@pytest.mark.parametrize("difference", [Difference.MATCH, Difference.UNKNOWN, None])
def test_what_agrees_or_was_not_answered_weighs_nothing(key, difference):
    assert points(compared(key, difference, 1, 5)) == 0


def test_silence_never_weighs_whatever_was_declared():
    said = stated_about("m", "测试甲", date(1980, 1, 1), "self", "532529103204", ["self"], [], [])
    rows = [compared(key, compare(key, stated, None, answered=False)) for key, stated in said.items()]

    assert weigh(rows, (), FROM).reasons == ()


@pytest.mark.parametrize(
    ("key", "difference"),
    [
        (FactKey.MEDICAL_OUT_OF_POCKET_YEAR, Difference.MORE),
        (FactKey.MEDICAL_OUT_OF_POCKET_YEAR, Difference.NOT_DECLARED),
        (FactKey.SERIOUS_DISEASE, Difference.NOT_DECLARED),
        (FactKey.ENROLLED, Difference.NOT_DECLARED),
    ],
)
def test_what_was_paid_or_suffered_and_not_mentioned_speaks_for_the_household(key, difference):
    assert points(compared(key, difference, 0, 900_000)) == 0


def test_an_illness_a_schooling_or_expenses_that_no_register_has_are_looked_at():
    rows = [
        compared(FactKey.SERIOUS_DISEASE, Difference.MISSING, 1, 0, item=Item.MEDICAL_INSURANCE),
        compared(FactKey.ENROLLED, Difference.MISSING, 1, None, item=Item.EDUCATION),
        compared(FactKey.MEDICAL_OUT_OF_POCKET_YEAR, Difference.LESS, 900_000, 1, item=Item.MEDICAL_INSURANCE),
    ]

    assert [(each.zh, each.points) for each in weigh(rows, (), FROM).reasons] == [
        ("在读情况：已申报，登记中没有", 10),
        ("重特大疾病：已申报，登记中没有", 8),
        ("自付医疗费用：查到的少于申报", 3),
    ]


def test_an_impairment_that_nobody_mentioned_speaks_for_the_household():
    assert points(compared(FactKey.DISABILITY_GRADE, Difference.NOT_DECLARED, None, 1)) == 0


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (100_000, 100_000 + SMALL_FEN, SMALL_POINTS),
        (100_000, 100_001 + SMALL_FEN, 10),
        (10_000_000, 10_000_000 + 10_000_000 * SMALL_PERCENT // 100, SMALL_POINTS),
        (10_000_000, 10_000_001 + 10_000_000 * SMALL_PERCENT // 100, 10),
    ],
)
def test_a_balance_that_has_moved_a_little_weighs_little(declared, found, expected):
    row = compared(FactKey.DEPOSIT_BALANCE, Difference.MORE, declared, found)

    (reason,) = weigh([row], (), FROM).reasons

    assert reason.points == expected
    assert ("差额较小" in reason.zh, "by little" in reason.en) == (expected == SMALL_POINTS,) * 2


def test_what_was_not_declared_at_all_weighs_little_only_while_it_is_little():
    below = compared(FactKey.DEPOSIT_BALANCE, Difference.NOT_DECLARED, 0, SMALL_FEN)
    above = compared(FactKey.DEPOSIT_BALANCE, Difference.NOT_DECLARED, 0, SMALL_FEN + 1)

    assert (points(below), points(above)) == (SMALL_POINTS, 15)


@pytest.mark.parametrize(
    ("declared", "found", "expected"),
    [
        (0, SMALL_FEN // 12, SMALL_POINTS),  # 500 yuan a year, as of anything else
        (0, 11_500, 15),
        (0, 286_000, 15),
        (200_000, 220_000, SMALL_POINTS),
        (200_000, 220_001, 10),
    ],
)
def test_a_pension_is_little_or_much_by_the_year(declared, found, expected):
    difference = Difference.MORE if declared else Difference.NOT_DECLARED

    assert points(compared(FactKey.PENSION_MONTHLY, difference, declared, found)) == expected


def test_how_much_an_employer_is_seen_to_pay_says_nothing():
    rows = [compared(key, Difference.NOT_DECLARED, 0, 1, item=Item.SOCIAL_INSURANCE) for key in WHETHER_ANY]

    assert [(each.zh, each.points) for each in weigh(rows, (), FROM).reasons] == [
        ("单位参保：查到的情况没有申报", 8),
        ("公积金缴存：查到的情况没有申报", 5),
    ]


def test_one_car_more_is_not_little():
    assert points(compared(FactKey.VEHICLE_COUNT, Difference.MORE, 1, 2)) == 15


def test_each_reason_says_in_both_languages_what_is_so():
    row = compared(FactKey.VEHICLE_COUNT, Difference.NOT_DECLARED, 0, 1, item=Item.VEHICLES)

    score = weigh([row], [(OTHER, Item.REAL_ESTATE)], FROM)

    assert [(each.zh, each.en, each.points) for each in score.reasons] == [
        ("机动车：查到的情况没有申报", "Vehicles: found, and not declared", 20),
        ("人工录入的结果与部门答复不一致", "What was entered by hand is not what the agency says", ENTERED_POINTS),
    ]
    assert (score.points, score.close_look) == (20 + ENTERED_POINTS, True)


@pytest.mark.parametrize(("threshold", "close"), [(20, True), (21, False)])
def test_the_place_says_from_where_to_look_closely(threshold, close):
    row = compared(FactKey.VEHICLE_COUNT, Difference.NOT_DECLARED, 0, 1)

    assert weigh([row], (), threshold).close_look is close


_ROWS = st.lists(
    st.builds(
        Compared,
        st.sampled_from([WHO, OTHER]),
        st.sampled_from(list(Item)),
        st.sampled_from(list(FactKey)),
        st.sampled_from([*Difference, None]),
        st.integers(0, 10**9),
        st.integers(0, 10**9),
    ),
    max_size=30,
)


@given(_ROWS, st.randoms(use_true_random=False))
def test_in_whatever_order_the_rows_come_the_score_is_the_same_and_is_the_sum_of_its_reasons(rows, chance: Random):
    score = weigh(rows, (), FROM)
    chance.shuffle(rows)

    assert weigh(rows, (), FROM).model_dump_json() == score.model_dump_json()
    assert score.points == sum(reason.points for reason in score.reasons)
    assert all(reason.points > 0 for reason in score.reasons)
    assert list(score.reasons) == sorted(score.reasons, key=lambda each: -each.points)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_more_found_never_weighs_less(declared, first, more):
    def of(found: int) -> int:
        key = FactKey.DEPOSIT_BALANCE
        return points(compared(key, compare(key, Stated(declared), found, answered=True), declared, found))

    assert of(declared + first) <= of(declared + first + more)


def test_of_some_members_only_their_contradictions_are_told():
    rows = [
        compared(FactKey.VEHICLE_COUNT, Difference.NOT_DECLARED, 0, 1),
        compared(FactKey.DWELLING_COUNT, Difference.MORE, 1, 2, who=OTHER),
    ]

    own = weigh(rows, (), FROM).only([OTHER])

    assert ([reason.member for reason in own.reasons], own.points) == ([OTHER], 15)


def test_areas_and_accounts_are_compared_with_nothing():
    assert {UNITS[key] for key in SCALES} <= set(Unit) - {Unit.SQUARE_CENTIMETRES, Unit.CODES}
