"""A standard that falls where a person had decided on the amount, or by which a household is no longer poor: both are
decided on as what they are, after a hearing."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.awards.adjusting import Lower, propose_adjustment
from app.awards.commands import stop_award
from app.awards.errors import AdjustmentInvalid, HearingRequired, LastMonthOutOfRange, NoStandardBehind
from app.awards.events import AwardReduced, AwardStopped
from app.awards.histories import acts_on, read_histories
from app.awards.lifecycle import AdjustGround, Outcome, Settlement, StopGround
from app.awards.naming import whose
from app.awards.queries import get_award
from app.core.clock import today
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import amounts_in, found_for, reduce
from tests.awards.standard_by_hand import (
    AMOUNT,
    APRIL,
    DECEMBER,
    FEBRUARY,
    JANUARY,
    LOWER,
    LOWEST,
    MARCH,
    MAY,
    approve,
    is_a_task,
    waiting,
)
from tests.builders.hearings import hear_about_stop, hear_and_stop
from tests.builders.standards import DOCUMENT, put_in_force, standard_draft

# By hand 600.00 from December; by the standard of 4,000 yuan from February a person finds 525.00 due.
FELL, ON = 52_500, AdjustGround.STANDARD
DOCUMENT_NAMED = f"{DOCUMENT.issuer}《{DOCUMENT.title}》（{DOCUMENT.number}）"


@pytest.fixture
async def fall(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    clock.advance(timedelta(hours=1))  # whoever was heard then was not heard about this
    return await put_in_force(database, standard_draft(400_000, valid_from=FEBRUARY))


def lower(fen, month):
    return Lower(ON, fen, month, "当地保障标准自二月起下调（测试）")


async def the_letter(database, event):
    await write_letter(database, event)
    async with database.reading() as db:
        return open_letter(db, (await db.scalars(select(Letter))).one())


async def last_act(database, award):
    async with database.reading() as db:
        row = await get_award(db, SYSTEM, award.id)
        return acts_on(db, row, (await read_histories(db, [row]))[row.id], today(db.clock))[-1]


async def stop_by_standard(database, office, award, last_month):
    async with database.unit_of_work() as db:
        by = office.handler, office.confirmer
        return await hear_and_stop(db, *by, award.id, StopGround.STANDARD, last_month=last_month)


async def test_what_a_person_finds_by_the_standard_that_fell_is_decided_as_that(database, office, award, fall):
    assert await waiting(database, award) == [("2027-02", LOWER)]

    decided = await reduce(database, office, award, FEBRUARY, fen=FELL, ground=ON)

    assert await amounts_in(database, award, JANUARY, FEBRUARY, MAY) == [LOWER, FELL, FELL]
    assert (await found_for(database, fall, award)).settlement == Settlement.ADJUSTED
    assert not await is_a_task(database, award)
    act = await last_act(database, award)
    assert (act.act, act.ground, act.before_fen, act.after_fen) == ("reduced", "standard", LOWER, FELL)
    event = AwardReduced(**whose(award), adjustment_id=decided.id, ground=ON, from_month="2027-02")
    body = await the_letter(database, event)
    assert act.law[0] == body["law"][0] == DOCUMENT_NAMED
    assert "保障标准或者参数调整" in body["before"][0]
    assert "听取你（户）的意见" in body["after"][0]


async def test_nobody_gets_less_by_it_unheard(database, office, award, fall):
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower(FELL, FEBRUARY))

    with pytest.raises(HearingRequired):
        await approve(database, office, award)


@pytest.mark.parametrize(
    ("fen", "month", "fault"),
    [
        (FELL, JANUARY, ("/from_month", "month_out_of_range")),
        (LOWER, FEBRUARY, ("/monthly_amount_fen", "not_lower")),
    ],
)
async def test_it_gives_less_from_its_own_month_on_only(database, office, award, fall, fen, month, fault):
    with pytest.raises(AdjustmentInvalid) as refused:
        async with database.unit_of_work() as db:
            await propose_adjustment(db, office.handler, award.id, lower(fen, month))

    assert [(each.pointer, each.code) for each in refused.value.faults] == [fault]


async def test_what_a_person_decided_for_a_later_month_stands_and_waits_on(database, office, award):
    await reduce(database, office, award, DECEMBER)
    await reduce(database, office, award, APRIL, fen=40_000)
    await put_in_force(database, standard_draft(400_000, valid_from=FEBRUARY))

    await reduce(database, office, award, FEBRUARY, fen=FELL, ground=ON)

    assert await amounts_in(database, award, JANUARY, FEBRUARY, MARCH, APRIL) == [LOWER, FELL, FELL, 40_000]
    assert await waiting(database, award) == [("2027-04", 40_000)]


async def test_a_fall_the_rules_can_tell_is_not_typed_where_others_are_for_a_person(database, office, award):
    await reduce(database, office, award, APRIL, fen=40_000)
    change = await put_in_force(database, standard_draft(400_000, valid_from=FEBRUARY))
    assert (await found_for(database, change, award)).outcome == Outcome.NEEDS_PERSON
    with pytest.raises(AdjustmentInvalid) as refused:
        await reduce(database, office, award, FEBRUARY, fen=LOWEST, ground=ON)
    assert [each.code for each in refused.value.faults] == ["not_computed"]

    await reduce(database, office, award, FEBRUARY, fen=55_000, ground=ON)

    assert await amounts_in(database, award, JANUARY, FEBRUARY, MARCH, APRIL) == [AMOUNT, 55_000, 55_000, 40_000]
    assert await waiting(database, award) == [("2027-04", 40_000)]


async def test_a_household_above_a_standard_that_fell_is_stopped_by_the_standard(database, office, award):
    change = await put_in_force(database, standard_draft(150_000, valid_from=JANUARY))
    assert (await found_for(database, change, award)).outcome == Outcome.NO_LONGER_ENTITLED

    stopped = await stop_by_standard(database, office, award, DECEMBER)

    assert (stopped.stop_ground, (await found_for(database, change, award)).settlement) == ("standard", "stopped")
    body = await the_letter(database, AwardStopped(**whose(stopped), ground="standard", last_month="2026-12"))
    assert "停止的事由：保障标准或者参数调整" in body["before"][0]
    assert any("第十八条第一款" in each for each in body["law"])
    assert (await last_act(database, award)).law == body["law"]


async def test_a_stop_by_the_standard_needs_a_hearing_about_just_that(database, office, award):
    await put_in_force(database, standard_draft(150_000, valid_from=JANUARY))
    async with database.unit_of_work() as db:
        await hear_about_stop(db, office.handler, award.id, StopGround.INCOME)

    with pytest.raises(HearingRequired):
        await stop_heard(database, office, award, DECEMBER)


async def stop_heard(database, office, award, last_month):
    async with database.unit_of_work() as db:
        why = {
            "ground": StopGround.STANDARD,
            "reason": "家庭收入不再低于当地保障标准（测试）",
            "last_month": last_month,
        }
        await stop_award(db, office.confirmer, award.id, **why)


async def test_a_stop_by_the_standard_takes_no_month_before_it(database, office, award):
    await put_in_force(database, standard_draft(150_000, valid_from=JANUARY))

    with pytest.raises(LastMonthOutOfRange):
        await stop_by_standard(database, office, award, date(2026, 11, 1))


@pytest.mark.parametrize("fen", [None, 400_000, 550_000])
async def test_nobody_is_stopped_by_a_standard_by_which_she_is_poor(database, office, award, fen):
    if fen is not None:
        await put_in_force(database, standard_draft(fen, valid_from=JANUARY))

    with pytest.raises(NoStandardBehind):
        await stop_by_standard(database, office, award, DECEMBER)


async def test_where_the_rules_cannot_say_a_person_may_find_that_the_standard_ends_it(
    database, office, award, clock, fall
):
    await put_in_force(database, standard_draft(150_000, valid_from=JANUARY))
    clock.advance(timedelta(hours=1))

    stopped = await stop_by_standard(database, office, award, DECEMBER)

    assert (stopped.stop_ground, stopped.to_month) == ("standard", DECEMBER)
    assert await waiting(database, award) == []
