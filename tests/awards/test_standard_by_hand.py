"""A standard published late, where a person had decided what an award amounts to: a person says what it gives, from the
month it holds from; what was paid meanwhile is made up for once."""

from datetime import date

import pytest
from sqlalchemy import select

from app.awards.adjusting import (
    keep_award,
)
from app.awards.errors import AdjustmentInvalid, AdjustmentOutdated
from app.awards.events import AwardIncreased
from app.awards.histories import acts_on, read_histories
from app.awards.lifecycle import AdjustGround, Settlement
from app.awards.naming import whose
from app.awards.queries import get_award
from app.core.clock import today
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import amounts_in, found_for, ordered, reduce
from tests.awards.standard_by_hand import (
    AMOUNT,
    APRIL,
    DECEMBER,
    DUE,
    FEBRUARY,
    JANUARY,
    LOWER,
    LOWEST,
    MARCH,
    MAY,
    MOST,
    NOVEMBER,
    approve,
    by_standard,
    in_march,
    is_a_task,
    propose,
    raise_by_standard,
    waiting,
)
from tests.builders.standards import DOCUMENT, put_in_force, standard_draft


async def test_the_months_that_wait_are_raised_and_made_up_for_once(database, office, award, late, clock):
    assert await waiting(database, award) == [("2026-12", LOWER)]

    decided = await raise_by_standard(database, office, award)

    assert (decided.from_month, decided.ground) == (DECEMBER, AdjustGround.STANDARD)
    assert await amounts_in(database, award, NOVEMBER, DECEMBER, APRIL) == [AMOUNT, DUE, DUE]
    found = await found_for(database, late, award)
    assert (found.settlement, await is_a_task(database, award)) == (Settlement.ADJUSTED, False)
    months = [(month, DUE - LOWER) for month in (DECEMBER, JANUARY, FEBRUARY, MARCH)]
    assert await ordered(database, office, APRIL) == [*months, (APRIL, DUE)]
    clock.set(clock.now().replace(month=4, day=10))
    assert await ordered(database, office, MAY) == [(MAY, DUE)]


async def test_the_household_reads_the_document_that_gave_more(database, office, award, late):
    decided = await raise_by_standard(database, office, award)
    event = AwardIncreased(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month="2026-12")

    await write_letter(database, event)

    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
        row = await get_award(db, SYSTEM, award.id)
        act = acts_on(db, row, (await read_histories(db, [row]))[row.id], today(db.clock))[-1]
    document = f"{DOCUMENT.issuer}《{DOCUMENT.title}》（{DOCUMENT.number}）"
    assert (act.ground, act.from_month, act.before_fen, act.after_fen) == ("standard", DECEMBER, LOWER, DUE)
    assert document == act.law[0]
    assert document in body["law"]
    assert any("保障标准或者参数调整" in each for each in body["before"])
    assert any("补发" in each for each in body["after"])


@pytest.mark.parametrize(
    ("given", "pointer", "code"),
    [
        ({"from_month": NOVEMBER, "amount_fen": AMOUNT + 1}, "/from_month", "raise_month_out_of_range"),
        ({"from_month": MAY}, "/from_month", "raise_month_out_of_range"),
        ({"amount_fen": MOST + 1}, "/monthly_amount_fen", "above_rules"),
        ({"amount_fen": LOWER}, "/monthly_amount_fen", "not_higher"),
        ({"found_on": date(2027, 3, 11)}, "/found_on", "found_on_out_of_range"),
        ({"ground": AdjustGround.INCOME}, "/from_month", "raise_month_out_of_range"),
    ],
)
async def test_no_more_is_proposed_than_waits(database, office, award, late, given, pointer, code):
    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, by_standard(**given))

    assert [(fault.pointer, fault.code) for fault in refused.value.faults] == [(pointer, code)]


@pytest.mark.parametrize("fen", [None, 400_000])
async def test_a_standard_that_left_nothing_open_or_a_fall_gives_no_more(database, office, award, fen):
    if fen is not None:
        await put_in_force(database, standard_draft(fen, valid_from=DECEMBER))

    with pytest.raises(AdjustmentInvalid) as refused:
        await propose(database, office, award, by_standard(found_on=date(2026, 11, 20)))

    assert [fault.code for fault in refused.value.faults] == ["gives_no_more"]


async def test_what_was_proposed_for_one_change_is_not_decided_after_another(database, office, award, late):
    await propose(database, office, award)
    await put_in_force(database, standard_draft(550_000, valid_from=FEBRUARY))

    with pytest.raises(AdjustmentOutdated):
        await approve(database, office, award)


async def test_what_a_person_decided_for_a_later_month_stands_and_waits_on(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)
    await reduce(database, office, award, FEBRUARY, fen=LOWEST)
    for month in (DECEMBER, JANUARY, FEBRUARY, MARCH):
        clock.set(clock.now().replace(year=month.year, month=month.month, day=1))
        await ordered(database, office, month)
    in_march(clock)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))

    await raise_by_standard(database, office, award)

    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY, APRIL) == [DUE, DUE, LOWEST, LOWEST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-02", LOWEST)], True)
    more = DUE - LOWER
    assert await ordered(database, office, APRIL) == [(DECEMBER, more), (JANUARY, more), (APRIL, LOWEST)]

    await raise_by_standard(database, office, award, by_standard(from_month=FEBRUARY, amount_fen=70_000))

    assert await amounts_in(database, award, JANUARY, FEBRUARY, MAY) == [DUE, 70_000, 70_000]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
    more = 70_000 - LOWEST
    clock.set(clock.now().replace(month=4, day=10))
    assert await ordered(database, office, MAY) == [(FEBRUARY, more), (MARCH, more), (APRIL, more), (MAY, 70_000)]


async def test_months_before_the_one_that_was_decided_on_wait_on(database, office, award, late):
    await raise_by_standard(database, office, award, by_standard(from_month=FEBRUARY))

    assert await waiting(database, award) == [("2026-12", LOWER)]
    await raise_by_standard(database, office, award, by_standard(amount_fen=70_000))
    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY, APRIL) == [70_000, 70_000, DUE, DUE]
    assert await waiting(database, award) == [("2027-02", DUE)]
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="其后月份金额不变（测试）")
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
