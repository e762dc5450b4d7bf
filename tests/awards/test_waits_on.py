"""What a decision leaves open of a changed standard: every month that it did not decide on."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import select

from app.awards.adjusting import keep_award
from app.awards.errors import NothingToKeep
from app.awards.events import AwardIncreased
from app.awards.finding_queries import has_open_finding
from app.awards.lifecycle import AdjustGround, Kept, Outcome, Settlement
from app.awards.naming import whose
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import amounts_in, found_for, ordered, reduce
from tests.awards.standard_by_hand import (
    APRIL,
    DECEMBER,
    DUE,
    FEBRUARY,
    JANUARY,
    LOWER,
    MARCH,
    MAY,
    by_standard,
    in_march,
    is_a_task,
    raise_by_standard,
    stop,
    waiting,
)
from tests.awards.test_heard_about_stop import find
from tests.builders.awards import found_about
from tests.builders.standards import DOCUMENT, put_in_force, standard_draft

JUNE, JULY = date(2027, 6, 1), date(2027, 7, 1)
# 4,000 yuan a year gives 550.00 a month, 4,200 gives 600.00, 6,000 gives 1,050.00.
FELL, ROSE, MORE = 55_000, 60_000, 105_000
OTHER = dataclasses.replace(DOCUMENT, number="测民发〔2027〕99号", title="下一次标准调整（测试）")


@pytest.mark.parametrize("way", ["lower", "raise"])
async def test_an_amount_on_another_ground_leaves_the_months_before_it_to_be_decided(
    database, office, award, late, clock, way
):
    if way == "lower":
        await reduce(database, office, award, APRIL, fen=FELL)
    else:
        await raise_by_standard(
            database,
            office,
            award,
            by_standard(ground=AdjustGround.INCOME, from_month=APRIL, amount_fen=73_000),
        )
    now = FELL if way == "lower" else 73_000

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2026-12", LOWER)], True)
    await raise_by_standard(database, office, award)
    assert await amounts_in(database, award, DECEMBER, MARCH, APRIL, MAY) == [DUE, DUE, now, now]
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert await ordered(database, office, APRIL) == [*months, (APRIL, now)]


async def test_an_amount_from_before_a_standard_leaves_its_month_to_be_decided(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    change = await put_in_force(database, standard_draft(valid_from=JUNE))

    await reduce(database, office, award, APRIL, fen=FELL)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-06", FELL)], True)
    assert (await found_for(database, change, award)).settlement == Settlement.OPEN


async def test_an_amount_from_the_very_month_that_waits_settles_it(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=APRIL))

    await reduce(database, office, award, APRIL, fen=FELL)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_fall_that_waits_behind_an_amount_on_another_ground_is_for_a_person(database, office, award, clock):
    in_march(clock)
    change = await put_in_force(database, standard_draft(400_000, valid_from=JUNE))

    await reduce(database, office, award, APRIL, fen=LOWER)

    found = await found_for(database, change, award)
    assert (found.outcome, found.reason, found.after_fen) == (Outcome.NEEDS_PERSON, "decided_by_person", None)
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-06", LOWER)], True)


async def document_of(database, award, decided):
    """Return the first document that the letter about a raise names."""
    month = decided.from_month.isoformat()[:7]
    event = AwardIncreased(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month=month)
    await write_letter(database, event)
    async with database.reading() as db:
        letters = (await db.scalars(select(Letter).order_by(Letter.id))).all()
        return open_letter(db, letters[-1])["law"][0]


async def test_of_two_standards_each_is_named_and_decided_on_by_itself_and_told_by_its_own_document(
    database, office, award, clock
):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    await put_in_force(database, standard_draft(900_000, name="urban", valid_from=JANUARY, document=OTHER))
    await put_in_force(database, standard_draft(600_000, valid_from=JULY, document=OTHER))
    assert await waiting(database, award) == [("2026-12", LOWER), ("2027-07", LOWER)]

    first = await raise_by_standard(database, office, award)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-07", DUE)], True)
    second = await raise_by_standard(database, office, award, by_standard(from_month=JULY, amount_fen=90_000))
    assert await amounts_in(database, award, DECEMBER, JUNE, JULY) == [DUE, DUE, 90_000]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
    assert [DOCUMENT.number in await document_of(database, award, first)] == [True]
    assert [OTHER.number in await document_of(database, award, second)] == [True]


async def test_of_a_stopped_award_every_month_until_its_last_from_which_numbers_differ_is_named(
    database, office, award, clock
):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await stop(database, office, award, MARCH)
    for fen, month in ((500_000, DECEMBER), (600_000, FEBRUARY), (700_000, JULY)):
        await put_in_force(database, standard_draft(fen, valid_from=month))
    assert await waiting(database, award) == [("2026-12", LOWER), ("2027-02", LOWER)]

    await raise_by_standard(database, office, award)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-02", DUE)], True)


async def test_a_number_that_does_not_concern_the_household_is_no_month_to_decide_on(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    await put_in_force(database, standard_draft(900_000, name="urban", valid_from=JULY))

    assert await waiting(database, award) == [("2026-12", LOWER)]


async def keep(database, office, award, what=None):
    async with database.unit_of_work() as db:
        found = None if what is Kept.STANDARD else await found_about(db, award.id)
        await keep_award(db, office.confirmer, award.id, reason="车辆已出售（测试）", what=what, findings=found)


async def still_waits(database, award):
    async with database.reading() as db:
        return await has_open_finding(db, award.id), bool(await waiting(database, award))


@pytest.mark.parametrize(
    ("what", "left"),
    [
        (None, (False, True)),
        (Kept.FINDINGS, (False, True)),
        (Kept.STANDARD, (True, False)),
        (Kept.ALL, (False, False)),
    ],
)
async def test_an_award_that_is_kept_for_one_reason_goes_on_waiting_for_the_other(
    database, office, award, late, what, left
):
    await find(database, award)

    await keep(database, office, award, what)

    assert (await still_waits(database, award), await is_a_task(database, award)) == (left, any(left))
    if any(left):
        await keep(database, office, award)
    assert (await still_waits(database, award), await is_a_task(database, award)) == ((False, False), False)
    for nothing in (None, *Kept):
        with pytest.raises(NothingToKeep):
            await keep(database, office, award, nothing)


async def test_what_does_not_wait_is_not_kept(database, office, award, late):
    with pytest.raises(NothingToKeep):
        await keep(database, office, award, Kept.FINDINGS)

    await keep(database, office, award)

    assert await still_waits(database, award) == (False, False)
