"""A changed standard where a person had decided on a later month, or has to on an earlier one: what comes before is
raised, the decision stands, and no month that waits is passed over."""

from datetime import date

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application
from app.awards.histories import acts_on, read_histories
from app.awards.laws import Act
from app.awards.lifecycle import AdjustGround, AmountCause, Outcome, Settlement
from app.awards.models import AwardAmount
from app.awards.queries import get_award, list_schedule
from app.core.clock import today
from app.disbursement.queries.raises import sum_raises
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount, told_in
from app.notices.commands import post_taken_over
from app.notices.models import Notice
from tests.awards.amounts import LOWER, amounts_in, found_for, ordered, reduce
from tests.builders.standards import put_in_force, standard_draft

# 4,550 yuan a year gives 687.50 a month, 4,000 gives 550.00, 5,000 gives 800.00, 5,500 gives 925.00.
AMOUNT, BY_RULES, RAISED, HIGHER = 68_750, 55_000, 80_000, 92_500
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)


async def test_a_late_standard_raises_the_months_before_the_one_a_person_decided_on(database, office, award):
    await reduce(database, office, award, JANUARY)

    change = await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    assert await amounts_in(database, award, NOVEMBER, DECEMBER, JANUARY, MARCH) == [RAISED, RAISED, LOWER, LOWER]
    found = await found_for(database, change, award)
    assert (found.outcome, found.reason, found.settlement) == (
        Outcome.NEEDS_PERSON,
        "decided_by_person",
        Settlement.OPEN,
    )
    assert (found.from_month, found.before_fen, found.after_fen) == (JANUARY, LOWER, None)
    async with database.reading() as db:
        assert await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is not None


async def test_what_was_ordered_before_is_made_up_for_and_nothing_of_the_months_a_person_decided_on(
    database, office, award, clock
):
    await reduce(database, office, award, DECEMBER)
    assert await ordered(database, office, DECEMBER) == [(NOVEMBER, AMOUNT), (DECEMBER, LOWER)]

    change = await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    async with database.reading() as db:
        assert list((await sum_raises(db, change.id)).values()) == [(RAISED - AMOUNT, 0)]
    clock.set(clock.now().replace(month=12, day=20))
    assert await ordered(database, office, JANUARY) == [(NOVEMBER, RAISED - AMOUNT), (JANUARY, LOWER)]


async def test_a_standard_after_that_finds_the_decision_again(database, office, award):
    await reduce(database, office, award, JANUARY)
    await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    change = await put_in_force(database, standard_draft(550_000, valid_from=DECEMBER))

    assert await amounts_in(database, award, NOVEMBER, DECEMBER, JANUARY) == [RAISED, HIGHER, LOWER]
    found = await found_for(database, change, award)
    assert (found.from_month, found.reason) == (JANUARY, "decided_by_person")


async def test_every_later_decision_of_a_person_is_kept_from_its_own_month(database, office, award):
    await reduce(database, office, award, JANUARY)
    await reduce(database, office, award, MARCH, fen=LOWER - 1)

    await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    assert await amounts_in(database, award, DECEMBER, JANUARY, FEBRUARY, MARCH) == [RAISED, LOWER, LOWER, LOWER - 1]


async def test_what_was_lowered_by_the_rules_is_not_covered_by_a_late_raise_before_it(database, office, award):
    await put_in_force(database, standard_draft(400_000, valid_from=JANUARY))
    await reduce(database, office, award, JANUARY, fen=BY_RULES, ground=AdjustGround.STANDARD)

    change = await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    assert await amounts_in(database, award, NOVEMBER, DECEMBER, JANUARY) == [RAISED, RAISED, BY_RULES]
    assert (await found_for(database, change, award)).outcome == Outcome.RAISED


async def test_a_fall_before_the_month_a_person_decided_on_is_for_a_person_from_there(database, office, award):
    await reduce(database, office, award, JANUARY)

    change = await put_in_force(database, standard_draft(400_000, valid_from=DECEMBER))

    found = await found_for(database, change, award)
    assert (found.outcome, found.from_month, found.before_fen) == (Outcome.NEEDS_PERSON, DECEMBER, AMOUNT)
    assert await amounts_in(database, award, DECEMBER, JANUARY) == [AMOUNT, LOWER]


async def test_the_decision_is_told_once_and_the_village_reads_all_that_holds(database, office, award):
    async with database.unit_of_work() as db:
        application = await get_application(db, SYSTEM, award.application_id)
        await post_taken_over(db, application, members=3, amounts=await list_schedule(db, award.id))
    await reduce(database, office, award, JANUARY)

    await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    async with database.reading() as db:
        award = await get_award(db, SYSTEM, award.id)
        history = (await read_histories(db, [award]))[award.id]
        acts = [(act.act, act.from_month, act.after_fen) for act in acts_on(db, award, history, today(db.clock))]
        rows = (await db.execute(select(AwardAmount).order_by(AwardAmount.seq))).scalars().all()
        notice = (await db.execute(select(Notice))).scalar_one()
    assert acts == [(Act.REDUCED, JANUARY, LOWER), (Act.RAISED, NOVEMBER, RAISED)]
    assert [row.cause for row in rows] == [AmountCause.ADJUSTMENT, AmountCause.CHANGE, AmountCause.KEPT]
    said = told_in(NOVEMBER, notice.earlier, Amount(notice.monthly_amount_fen, notice.amount_from))
    assert (said.now, *said.following) == ((RAISED, NOVEMBER), (LOWER, JANUARY))


async def test_a_later_change_leaves_no_month_undecided_that_the_rules_could_say_nothing_about(database, office, award):
    await reduce(database, office, award, JANUARY)
    earlier = await put_in_force(database, standard_draft(valid_from=NOVEMBER))

    later = await put_in_force(database, standard_draft(550_000, valid_from=MARCH))

    assert (await found_for(database, earlier, award)).settlement == Settlement.SUPERSEDED
    found = await found_for(database, later, award)
    assert (found.outcome, found.from_month, found.settlement) == (Outcome.NEEDS_PERSON, JANUARY, Settlement.OPEN)
    assert await amounts_in(database, award, DECEMBER, JANUARY, MARCH) == [RAISED, LOWER, LOWER]


@pytest.mark.parametrize("fen", [455_000, 500_000, 390_000])
async def test_a_fall_that_waits_still_waits_from_its_month_whatever_a_later_change_says(database, award, fen):
    await put_in_force(database, standard_draft(400_000, valid_from=DECEMBER))

    later = await put_in_force(database, standard_draft(fen, valid_from=MARCH))

    found = await found_for(database, later, award)
    assert (found.outcome, found.from_month, found.before_fen, found.after_fen, found.settlement) == (
        Outcome.TO_BE_HEARD,
        DECEMBER,
        AMOUNT,
        BY_RULES,
        Settlement.OPEN,
    )
    assert await amounts_in(database, award, DECEMBER, MARCH) == [AMOUNT, max(AMOUNT, RAISED if fen == 500_000 else 0)]
    falls_further = [{"from": "2027-03", "before_fen": AMOUNT, "after_fen": 52_500}]
    assert found.further == (falls_further if fen == 390_000 else [])


async def test_two_falls_with_a_rise_between_them_are_both_named(database, award):
    for fen, month in ((400_000, DECEMBER), (500_000, JANUARY), (390_000, MARCH)):
        change = await put_in_force(database, standard_draft(fen, valid_from=month))

    found = await found_for(database, change, award)
    assert (found.from_month, found.before_fen, found.after_fen) == (DECEMBER, AMOUNT, BY_RULES)
    assert found.further == [{"from": "2027-03", "before_fen": RAISED, "after_fen": 52_500}]


async def test_after_a_lower_amount_every_month_that_was_to_be_otherwise_is_named(database, office, award):
    first = await put_in_force(database, standard_draft(valid_from=FEBRUARY))
    await put_in_force(database, standard_draft(550_000, valid_from=MARCH))

    await reduce(database, office, award, JANUARY)

    found = await found_for(database, first, award)
    assert (found.outcome, found.reason, found.from_month, found.settlement) == (
        Outcome.NEEDS_PERSON,
        "decided_by_person",
        FEBRUARY,
        Settlement.OPEN,
    )
    assert found.further == [{"from": "2027-03", "before_fen": LOWER, "after_fen": None}]
    assert await amounts_in(database, award, FEBRUARY, MARCH) == [LOWER, LOWER]


async def test_a_fall_before_a_month_that_the_rules_cannot_judge_leaves_both_months_named(database, office, award):
    await reduce(database, office, award, JANUARY)

    change = await put_in_force(database, standard_draft(400_000, valid_from=DECEMBER))

    found = await found_for(database, change, award)
    assert (found.outcome, found.from_month) == (Outcome.NEEDS_PERSON, DECEMBER)
    assert found.further == [{"from": "2027-01", "before_fen": LOWER, "after_fen": None}]


async def test_a_correction_that_answers_the_month_that_waited_settles_it(database, award):
    await put_in_force(database, standard_draft(400_000, valid_from=DECEMBER))

    later = await put_in_force(database, standard_draft(500_000, valid_from=DECEMBER))

    found = await found_for(database, later, award)
    assert (found.outcome, found.settlement) == (Outcome.RAISED, Settlement.NONE)
