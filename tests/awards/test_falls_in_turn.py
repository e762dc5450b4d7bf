"""A standard that falls and then falls further, or rises again: a lower amount is what the rules give in its own month,
and takes nothing away from the months after it."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import select

from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment
from app.awards.errors import AdjustmentInvalid, AdjustmentOutdated
from app.awards.events import AwardReduced
from app.awards.histories import explain_amount
from app.awards.lifecycle import AdjustGround, AmountCause, Outcome, Settlement
from app.awards.naming import whose
from app.awards.queries import get_award
from app.awards.recomputing_queries import list_amounts
from app.identity.actors import SYSTEM
from app.letters.contents import open_letter
from app.letters.jobs import write_letter
from app.letters.models import Letter
from tests.awards.amounts import amounts_in, found_for, reduce
from tests.awards.standard_by_hand import (
    AMOUNT,
    APRIL,
    MAY,
    in_march,
    is_a_task,
    waiting,
)
from tests.builders.hearings import hear_about_less
from tests.builders.standards import DOCUMENT, put_in_force, standard_draft

JUNE, JULY, AUGUST, SEPTEMBER = date(2027, 6, 1), date(2027, 7, 1), date(2027, 8, 1), date(2027, 9, 1)
# 4,000 yuan a year gives 550.00 a month, 4,200 gives 600.00, 6,000 gives 1,050.00, 3,600 gives 450.00, 3,200 gives
# 350.00.
FELL, HALF, MORE, LEAST, NEXT_TO_NOTHING = 55_000, 60_000, 105_000, 45_000, 35_000
MONTHS = (APRIL, MAY, JUNE, JULY, AUGUST, SEPTEMBER)
OTHER = dataclasses.replace(DOCUMENT, number="测民发〔2027〕99号", title="下一次标准调整（测试）")


async def publish(database, clock, *standards):
    in_march(clock)
    changes = []
    for fen, month in standards:
        document = OTHER if changes else DOCUMENT
        changes.append(await put_in_force(database, standard_draft(fen, valid_from=month, document=document)))
    return changes


async def lower_by_standard(database, office, award, month, fen=FELL):
    return await reduce(database, office, award, month, fen=fen, ground=AdjustGround.STANDARD)


async def codes_of(database, office, award, month, fen):
    with pytest.raises(AdjustmentInvalid) as refused:
        await lower_by_standard(database, office, award, month, fen)
    return [(fault.pointer, fault.code) for fault in refused.value.faults]


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("then", "fen"), [(420_000, HALF), (455_000, AMOUNT), (600_000, MORE)])
async def test_what_a_later_standard_gives_again_holds_behind_a_lower_amount(
    database, office, award, clock, then, fen, turned
):
    standards = [(400_000, MAY), (then, JULY)]
    await publish(database, clock, *(reversed(standards) if turned else standards))

    await lower_by_standard(database, office, award, MAY)

    assert await amounts_in(database, award, APRIL, MAY, JUNE, JULY, AUGUST) == [AMOUNT, FELL, FELL, fen, fen]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
    async with database.reading() as db:
        row = (await list_amounts(db, [award.id]))[award.id][-1]
        judged = await explain_amount(db, await get_award(db, SYSTEM, award.id), row.id)
    assert (row.cause, row.from_month, judged["monthly_amount_fen"]) == (AmountCause.CHANGE, JULY, fen)


async def test_a_month_in_which_the_award_falls_less_is_decided_on_by_what_it_falls_to(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (420_000, JULY))

    assert await codes_of(database, office, award, JULY, FELL) == [("/monthly_amount_fen", "not_computed")]
    await lower_by_standard(database, office, award, JULY, HALF)

    assert await amounts_in(database, award, MAY, JUNE, JULY, AUGUST) == [AMOUNT, AMOUNT, HALF, HALF]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-05", AMOUNT)], True)


async def test_no_month_in_which_the_rules_give_more_is_lowered_by_a_fall_before_it(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (600_000, JULY))

    assert await codes_of(database, office, award, JULY, FELL) == [("/from_month", "month_out_of_range")]
    await lower_by_standard(database, office, award, JUNE)

    assert await amounts_in(database, award, MAY, JUNE, JULY) == [AMOUNT, FELL, MORE]


async def test_a_further_fall_is_heard_and_decided_by_itself(database, office, award, clock):
    _, second = await publish(database, clock, (400_000, MAY), (360_000, JULY))

    await lower_by_standard(database, office, award, MAY)

    found = await found_for(database, second, award)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen) == (
        Outcome.TO_BE_HEARD,
        JULY,
        FELL,
        LEAST,
    )
    assert (found.settlement, await is_a_task(database, award)) == (Settlement.OPEN, True)
    assert await codes_of(database, office, award, JUNE, LEAST) == [("/from_month", "month_out_of_range")]
    await lower_by_standard(database, office, award, JULY, LEAST)
    assert await amounts_in(database, award, APRIL, MAY, JUNE, JULY) == [AMOUNT, FELL, FELL, LEAST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_fall_that_is_decided_after_a_later_one_sets_the_months_up_to_it(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (360_000, JULY))

    await lower_by_standard(database, office, award, JULY, LEAST)

    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, AMOUNT, AMOUNT, LEAST, LEAST, LEAST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-05", AMOUNT)], True)
    await lower_by_standard(database, office, award, MAY)
    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, FELL, FELL, LEAST, LEAST, LEAST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_rise_before_or_behind_the_later_decision_holds_in_its_own_months(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (600_000, JUNE), (360_000, JULY), (600_000, SEPTEMBER))

    await lower_by_standard(database, office, award, JULY, LEAST)
    await lower_by_standard(database, office, award, MAY)

    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, FELL, MORE, LEAST, LEAST, MORE]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)
    async with database.reading() as db:
        rows = (await list_amounts(db, [award.id]))[award.id]
        judged = [
            (await explain_amount(db, await get_award(db, SYSTEM, award.id), row.id))["monthly_amount_fen"]
            for row in rows[-4:]
        ]
    assert judged == [FELL, MORE, LEAST, MORE]


async def test_of_three_falls_the_middle_one_settles_neither_of_the_others(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (360_000, JULY), (320_000, SEPTEMBER))

    await lower_by_standard(database, office, award, JULY, LEAST)

    assert await waiting(database, award) == [("2027-05", AMOUNT), ("2027-09", LEAST)]
    await lower_by_standard(database, office, award, MAY)
    assert await waiting(database, award) == [("2027-09", LEAST)]
    await lower_by_standard(database, office, award, SEPTEMBER, NEXT_TO_NOTHING)
    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, FELL, FELL, LEAST, LEAST, NEXT_TO_NOTHING]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_fall_published_after_a_later_one_was_decided_is_decided_up_to_it(database, office, award, clock):
    await publish(database, clock, (360_000, JULY))
    await lower_by_standard(database, office, award, JULY, LEAST)
    await put_in_force(database, standard_draft(400_000, valid_from=MAY, document=OTHER))

    await lower_by_standard(database, office, award, MAY)

    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, FELL, FELL, LEAST, LEAST, LEAST]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_fall_waits_on_behind_which_another_amount_was_decided_by_hand(database, office, award, clock):
    await publish(database, clock, (400_000, MAY))

    await reduce(database, office, award, JULY, fen=HALF)

    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, AMOUNT, AMOUNT, HALF, HALF, HALF]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([("2027-05", AMOUNT)], True)
    assert await codes_of(database, office, award, AUGUST, FELL) == [("/monthly_amount_fen", "not_computed")]
    await lower_by_standard(database, office, award, MAY)
    assert await amounts_in(database, award, *MONTHS) == [AMOUNT, FELL, FELL, HALF, HALF, HALF]
    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_fall_whose_months_are_over_waits_for_nobody_once_a_later_one_is_decided(
    database, office, award, clock
):
    await publish(database, clock, (400_000, MAY), (360_000, JULY))
    clock.set(clock.now().replace(month=6, day=10))

    await lower_by_standard(database, office, award, JULY, LEAST)

    assert (await waiting(database, award), await is_a_task(database, award)) == ([], False)


async def test_a_lower_amount_that_is_decided_too_late_for_its_months_is_not_taken_over_into_others(
    database, office, award, clock
):
    await publish(database, clock, (400_000, MAY), (420_000, JULY))
    async with database.unit_of_work() as db:
        await propose_adjustment(
            db, office.handler, award.id, Lower(AdjustGround.STANDARD, FELL, MAY, "按调整后的标准测算（测试）")
        )
        await hear_about_less(db, office.handler, award.id)
    clock.set(clock.now().replace(month=6, day=10))

    with pytest.raises(AdjustmentOutdated):
        async with database.unit_of_work() as db:
            await approve_adjustment(db, office.confirmer, award.id)

    assert await amounts_in(database, award, MAY, JULY) == [AMOUNT, AMOUNT]


async def test_the_household_reads_with_the_lower_amount_what_it_gets_again_later(database, office, award, clock):
    await publish(database, clock, (400_000, MAY), (420_000, JULY))
    decided = await lower_by_standard(database, office, award, MAY)

    event = AwardReduced(**whose(award), adjustment_id=decided.id, ground=decided.ground, from_month="2027-05")
    await write_letter(database, event)

    async with database.reading() as db:
        body = open_letter(db, (await db.scalars(select(Letter))).one())
    assert (body["monthly_amount_fen"], body["first_month"]) == (FELL, "2027-05")
    assert [(each["monthly_amount_fen"], each["amount_from"]) for each in body["next_amounts"]] == [(HALF, "2027-07")]
