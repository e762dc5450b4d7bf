"""A person decides on a month before those that a changed standard put on record: the decision holds, nothing that was
to be more is taken away by a raise, and what the later months should be waits for a person."""

from datetime import date

import pytest
from sqlalchemy import select

from app.applications.clocks import StepKind
from app.applications.queries import find_open_step, get_application
from app.awards.adjusting import Lower, approve_adjustment, keep_award, propose_adjustment
from app.awards.errors import AdjustmentInvalid
from app.awards.lifecycle import AdjustGround, Outcome, Settlement
from app.awards.models import RecomputedAward
from app.awards.queries import get_amount_in, list_schedule
from app.awards.raising import FoundBy, Higher, propose_raise
from app.awards.recomputing_queries import find_open
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount, told_in
from app.notices.commands import post_taken_over
from app.notices.models import Notice
from tests.builders.hearings import hear_about_less
from tests.builders.payrolls import build_released, lines_of
from tests.builders.standards import build_judged, put_in_force, standard_draft

# 4,550 yuan a year gives 687.50 a month, 5,000 gives 800.00, 5,500 gives 925.00; by hand less and more.
AMOUNT, SECOND, THIRD, LOWER, MORE = 68_750, 80_000, 92_500, 60_000, 90_000
NOVEMBER, DECEMBER, JANUARY = date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)
FEBRUARY, MARCH = date(2027, 2, 1), date(2027, 3, 1)
MONTHS = (NOVEMBER, DECEMBER, JANUARY, FEBRUARY, MARCH)


@pytest.fixture
async def award(database):
    """Make an award that hangs in its village; two higher standards are known of months to come."""
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=NOVEMBER)
        application = await get_application(db, SYSTEM, award.application_id)
        await post_taken_over(db, application, members=3, amounts=await list_schedule(db, award.id))
    await put_in_force(database, standard_draft(500_000, valid_from=JANUARY))
    await put_in_force(database, standard_draft(550_000, valid_from=MARCH))
    assert await amounts_in(database, award) == [AMOUNT, AMOUNT, SECOND, SECOND, THIRD]
    return award


async def reduce(database, office, award, from_month, fen=LOWER):
    async with database.unit_of_work() as db:
        lower = Lower(AdjustGround.INCOME, fen, from_month, "家庭成员就业，收入增加（测试）")
        await propose_adjustment(db, office.handler, award.id, lower)
        await hear_about_less(db, office.handler, award.id)
    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)


async def raise_by_hand(database, office, award, from_month=DECEMBER):
    found_on, reason = date(2026, 11, 20), "户主失业，收入减少（测试）"
    async with database.unit_of_work() as db:
        higher = Higher(AdjustGround.INCOME, MORE, from_month, FoundBy.REPORT, found_on, reason)
        await propose_raise(db, office.handler, award.id, higher)
    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)


async def amounts_in(database, award):
    async with database.reading() as db:
        return [await get_amount_in(db, award.id, month) for month in MONTHS]


async def waiting(database, award):
    async with database.reading() as db:
        found = await find_open(db, award.id)
    return found and (found.outcome, found.reason, found.from_month, found.before_fen, found.after_fen)


async def read_in_the_village(database):
    async with database.reading() as db:
        notice = (await db.execute(select(Notice))).scalar_one()
    said = told_in(DECEMBER, notice.earlier, Amount(notice.monthly_amount_fen, notice.amount_from))
    return [tuple(each) for each in (said.now, *said.following)]


async def test_a_lower_amount_holds_from_its_month_and_what_comes_later_waits_for_a_person(database, office, award):
    await reduce(database, office, award, DECEMBER)

    assert await amounts_in(database, award) == [AMOUNT, LOWER, LOWER, LOWER, LOWER]
    assert await waiting(database, award) == (Outcome.NEEDS_PERSON, "decided_by_person", JANUARY, LOWER, None)
    assert await read_in_the_village(database) == [(LOWER, DECEMBER)]
    async with database.reading() as db:
        assert await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is not None


async def test_a_raise_takes_nothing_from_a_later_month_that_was_to_be_more(database, office, award):
    await raise_by_hand(database, office, award)

    assert await amounts_in(database, award) == [AMOUNT, MORE, MORE, MORE, THIRD]
    assert await waiting(database, award) == (Outcome.NEEDS_PERSON, "decided_by_person", JANUARY, MORE, None)
    assert await read_in_the_village(database) == [(MORE, DECEMBER), (THIRD, MARCH)]


async def test_payrolls_pay_what_was_decided(database, office, award, clock):
    await reduce(database, office, award, DECEMBER)

    paid = []
    for month, day in ((DECEMBER, None), (JANUARY, 20)):
        if day is not None:
            clock.set(clock.now().replace(month=12, day=day))
        async with database.unit_of_work() as db:
            payroll = await build_released(db, office, month)
        paid.append(sorted((line.month, line.amount_fen) for line in await lines_of(database, payroll)))
    assert paid == [[(NOVEMBER, AMOUNT), (DECEMBER, LOWER)], [(JANUARY, LOWER)]]


async def test_the_later_months_are_decided_in_their_turn(database, office, award):
    await raise_by_hand(database, office, award)

    await reduce(database, office, award, FEBRUARY)

    assert await amounts_in(database, award) == [AMOUNT, MORE, MORE, LOWER, LOWER]
    assert await waiting(database, award) == (Outcome.NEEDS_PERSON, "decided_by_person", JANUARY, MORE, None)
    async with database.reading() as db:
        found = await find_open(db, award.id)
    assert [(each["from"], each["before_fen"]) for each in found.further] == [("2027-03", LOWER)]
    async with database.unit_of_work() as db:
        await keep_award(db, office.confirmer, award.id, reason="情况没有变化（测试）")
        assert await find_open_step(db, award.application_id, StepKind.AWARD_REVIEW) is None
    assert await waiting(database, award) is None


async def test_a_standard_published_after_it_leaves_the_decision_and_what_waits(database, office, award):
    await reduce(database, office, award, DECEMBER)

    await put_in_force(database, standard_draft(600_000, valid_from=MARCH))

    assert await amounts_in(database, award) == [AMOUNT, LOWER, LOWER, LOWER, LOWER]
    assert await waiting(database, award) == (Outcome.NEEDS_PERSON, "decided_by_person", JANUARY, LOWER, None)
    async with database.reading() as db:
        settled = (await db.scalars(select(RecomputedAward.settlement))).all()
    assert settled.count(Settlement.OPEN) == 1


async def test_nothing_is_decided_before_a_month_that_a_person_decided_on(database, office, award):
    await reduce(database, office, award, FEBRUARY)

    with pytest.raises(AdjustmentInvalid) as lower:
        await reduce(database, office, award, JANUARY)
    with pytest.raises(AdjustmentInvalid) as higher:
        await raise_by_hand(database, office, award)
    assert [fault.code for fault in (*lower.value.faults, *higher.value.faults)] == [
        "month_out_of_range",
        "raise_month_out_of_range",
    ]
