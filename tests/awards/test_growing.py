"""Birthdays that are known when a number is published: nobody's raise goes on past one that gives less, unseen."""

from datetime import date

import pytest

from app.awards.growing import birthdays, latest_month
from app.awards.lifecycle import AdjustGround, Outcome, Settlement
from app.programs.rows import AGES_OF_ROWS, Row, ages_in
from tests.awards.amounts import amounts_in, found_for, reduce
from tests.awards.standard_by_hand import APRIL, FEBRUARY, JANUARY, MARCH, MAY, is_a_task, waiting
from tests.builders.standards import build_judged, parameter_draft, put_in_force, standard_draft

# The daughter is 18 on 15 March 2027: from April she is no minor any more.
BORN = "2009-03-15"
AMOUNT, MINOR, RAISED = 68_750, 10_000, 80_000
JULY = date(2027, 7, 1)


def family(born=BORN, **child):
    return ({}, {"relation": "spouse"}, {"relation": "child", "birth_date": born, "student": True, **child})


@pytest.fixture
async def grown(database):
    async with database.unit_of_work() as db:
        return await build_judged(db, members=family())


async def publish_supplement(database, since, **row):
    await put_in_force(database, parameter_draft("supplement_stacking", "sum"))
    value = {"for": "minor", "fen": MINOR, **row}
    return await put_in_force(database, parameter_draft("supplement.minor", value, valid_from=since))


async def test_a_supplement_goes_past_the_birthday_only_until_a_person_has_decided(database, office, grown):
    change = await publish_supplement(database, MARCH)

    assert await amounts_in(database, grown, FEBRUARY, MARCH, APRIL) == [AMOUNT, AMOUNT + MINOR, AMOUNT + MINOR]
    found = await found_for(database, change, grown)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen) == (
        Outcome.TO_BE_HEARD,
        APRIL,
        AMOUNT + MINOR,
        AMOUNT,
    )
    assert await is_a_task(database, grown)

    await reduce(database, office, grown, APRIL, fen=AMOUNT, ground=AdjustGround.MEMBERS)

    assert await amounts_in(database, grown, MARCH, APRIL, MAY) == [AMOUNT + MINOR, AMOUNT, AMOUNT]
    assert (await found_for(database, change, grown)).settlement == Settlement.ADJUSTED
    assert await waiting(database, grown) == []


async def test_a_later_standard_does_not_forget_the_birthday(database, office, grown):
    await publish_supplement(database, MARCH)

    change = await put_in_force(database, standard_draft(valid_from=MARCH))

    assert await amounts_in(database, grown, MARCH, APRIL) == [RAISED + MINOR, RAISED + MINOR]
    assert await waiting(database, grown) == [("2027-04", RAISED + MINOR)]
    assert (await found_for(database, change, grown)).after_fen == RAISED
    await reduce(database, office, grown, APRIL, fen=RAISED, ground=AdjustGround.MEMBERS)
    assert await amounts_in(database, grown, MARCH, APRIL) == [RAISED + MINOR, RAISED]


async def test_a_birthday_behind_another_fall_is_decided_by_what_the_rules_give_then(database, office, grown):
    await publish_supplement(database, date(2026, 7, 1))
    assert await amounts_in(database, grown, JANUARY) == [AMOUNT + MINOR]

    await put_in_force(database, standard_draft(400_000, valid_from=FEBRUARY))

    assert await waiting(database, grown) == [("2027-02", AMOUNT + MINOR), ("2027-04", AMOUNT + MINOR)]
    await reduce(database, office, grown, FEBRUARY, fen=55_000 + MINOR, ground=AdjustGround.STANDARD)
    assert await waiting(database, grown) == [("2027-04", 55_000 + MINOR)]
    await reduce(database, office, grown, APRIL, fen=55_000, ground=AdjustGround.MEMBERS)
    assert await amounts_in(database, grown, JANUARY, MARCH, APRIL) == [AMOUNT + MINOR, 55_000 + MINOR, 55_000]


async def test_the_ages_of_a_place_are_looked_for_as_well(database, office, grown):
    change = await publish_supplement(database, FEBRUARY, below_age=17)
    assert await waiting(database, grown) == []
    assert (await found_for(database, change, grown)).outcome == Outcome.UNCHANGED
    async with database.unit_of_work() as db:
        younger = await build_judged(db, members=family("2010-03-15"))

    await put_in_force(database, standard_draft(valid_from=FEBRUARY))

    assert await waiting(database, younger) == [("2027-04", RAISED + MINOR)]


@pytest.mark.parametrize(
    "born", ["2010-03-15", "2008-02-01", "2009-05-02"], ids=["in two years", "long ago", "that changes nothing"]
)
async def test_no_other_birthday_makes_a_task_of_a_raise(database, born):
    async with database.unit_of_work() as db:
        award = await build_judged(db, members=family(born))

    await put_in_force(database, standard_draft(valid_from=MARCH))

    assert await waiting(database, award) == []
    assert await amounts_in(database, award, MARCH, JULY) == [RAISED, RAISED]


async def test_who_is_older_gets_nothing_more_by_a_number_of_before(database):
    old = {"for": "elderly", "fen": MINOR}
    async with database.unit_of_work() as db:
        award = await build_judged(db, members=({}, {"relation": "parent", "birth_date": "1967-03-15"}))
    before = award.monthly_amount_fen
    await put_in_force(database, parameter_draft("supplement_stacking", "sum"))

    await put_in_force(database, parameter_draft("supplement.old", old, valid_from=FEBRUARY))

    assert await amounts_in(database, award, FEBRUARY, APRIL) == [before, before]
    assert await waiting(database, award) == []


def test_a_birthday_on_a_leap_day_is_reached_on_the_first_of_march():
    assert birthdays("2008-02-29", [18]) == [date(2026, 3, 1)]
    assert birthdays("2009-03-15", [16, 18]) == [date(2025, 3, 15), date(2027, 3, 15)]


def test_birthdays_are_looked_for_as_far_as_less_may_be_decided():
    assert latest_month(date(2026, 11, 23)) == date(2027, 12, 1)
    assert latest_month(date(2026, 12, 31)) == date(2028, 1, 1)


def test_every_age_that_a_row_may_name_is_known():
    def below(kind):
        return [each for sub in kind.__subclasses__() for each in (sub, *below(sub))]

    named = {name for row in below(Row) for name in row.model_fields if "age" in name.split("_")}
    assert named == set(AGES_OF_ROWS)
    assert ages_in({"from_age": 16, "to_age": 59, "fen": 1}) == {16, 60}
    assert ages_in("sum") == frozenset()
