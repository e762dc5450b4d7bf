"""What the village reads about an award, while it is raised, reduced and stopped."""

from datetime import date

import pytest
from sqlalchemy import select

from app.api.common.posted_amounts import Amounts, NextAmount, amounts_of
from app.applications.queries import get_application
from app.awards.adjusting import approve_adjustment
from app.awards.commands import suspend_award
from app.awards.events import AwardStopped
from app.awards.jobs import take_award_down
from app.awards.lifecycle import AdjustGround, SuspendReason
from app.awards.naming import whose
from app.awards.queries import list_schedule
from app.awards.raising import FoundBy, Higher, propose_raise
from app.core.months import write_month
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount, told_in
from app.notices.commands import post_taken_over
from app.notices.jobs import end_notices
from app.notices.models import Notice
from app.notices.queries import get_board
from tests.builders.applications import VILLAGE
from tests.builders.hearings import hear_and_stop
from tests.builders.payrolls import build_office
from tests.builders.standards import JULY, build_judged, put_in_force, standard_draft

AMOUNT, RAISED, HIGHER = 68_750, 80_000, 90_000  # granted; by the new standard; by a decision
TODAY, DECEMBER, JANUARY = date(2026, 11, 23), date(2026, 12, 1), date(2027, 1, 1)


async def build_posted(database):
    """Make an award by the rules, and post it in its village as it stands."""
    async with database.unit_of_work() as db:
        award = await build_judged(db)
        await post(db, award)
    return award


async def post(db, award):
    application = await get_application(db, SYSTEM, award.application_id)
    await post_taken_over(db, application, members=3, amounts=await list_schedule(db, award.id))


async def posted(database, award):
    """Return the amount that was decided on last, and from which month it holds."""
    async with database.reading() as db:
        query = select(Notice.monthly_amount_fen, Notice.amount_from)
        return tuple((await db.execute(query.where(Notice.application_id == award.application_id))).one())


async def told(database, award, month):
    """Return what is read in a month: what holds, and what follows."""
    async with database.reading() as db:
        query = select(Notice).where(Notice.application_id == award.application_id)
        notice = (await db.execute(query)).scalar_one()
    said = told_in(month, notice.earlier, Amount(notice.monthly_amount_fen, notice.amount_from))
    return [tuple(each) for each in (said.now, *said.following)]


async def raise_by_hand(database, award):
    async with database.unit_of_work() as db:
        office = await build_office(db)
        higher = Higher(
            AdjustGround.INCOME, HIGHER, DECEMBER, FoundBy.REPORT, date(2026, 11, 20), "户主失业，收入减少（测试）"
        )
        await propose_raise(db, office.handler, award.id, higher)
    async with database.unit_of_work() as db:
        await approve_adjustment(db, office.confirmer, award.id)


async def test_a_notice_says_what_was_granted_until_something_changes(database):
    award = await build_posted(database)

    assert await posted(database, award) == (AMOUNT, JULY)


async def test_a_raised_standard_is_read_in_the_village_with_the_month_it_holds_from(database):
    award = await build_posted(database)

    await put_in_force(database, standard_draft(valid_from=JANUARY))

    assert await posted(database, award) == (RAISED, JANUARY)


async def test_a_standard_that_rose_while_the_grant_was_on_its_way_is_posted_with_it(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, standard_draft())

    async with database.unit_of_work() as db:
        await post(db, award)

    assert await posted(database, award) == (RAISED, JULY)


async def test_a_decided_amount_is_read_in_the_village(database):
    award = await build_posted(database)

    await raise_by_hand(database, award)

    assert await posted(database, award) == (HIGHER, DECEMBER)


async def test_what_holds_and_what_is_to_come_hang_side_by_side_until_its_month(database):
    award = await build_posted(database)

    await put_in_force(database, standard_draft(valid_from=JANUARY))

    november = date(2026, 11, 1)
    assert await told(database, award, november) == [(AMOUNT, JULY), (RAISED, JANUARY)]
    assert await told(database, award, JANUARY) == [(RAISED, JANUARY)]
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    assert await told(database, award, november) == [(AMOUNT, JULY), (RAISED, DECEMBER)]
    async with database.reading() as db:
        assert await list_schedule(db, award.id) == [(AMOUNT, JULY), (RAISED, DECEMBER)]


async def test_who_is_posted_when_more_is_decided_already_is_posted_with_both(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db)
    await put_in_force(database, standard_draft(valid_from=JANUARY))

    async with database.unit_of_work() as db:
        await post(db, award)

    assert await told(database, award, DECEMBER) == [(AMOUNT, JULY), (RAISED, JANUARY)]


async def test_other_households_notices_stay_as_they_are(database):
    award, other = await build_posted(database), await build_posted(database)

    await raise_by_hand(database, award)

    assert await posted(database, other) == (AMOUNT, JULY)


async def stop(database, award, last_month):
    """Stop an award after a hearing, and let the village know."""
    async with database.unit_of_work() as db:
        office = await build_office(db)
        stopped = await hear_and_stop(db, office.handler, office.confirmer, award.id, last_month=last_month)
        event = AwardStopped(**whose(stopped), ground="income", last_month=write_month(last_month))
    for _ in range(2):
        await take_award_down(database, event)


async def on_the_board(database, day):
    """Return until when hangs what hangs in the village on a day."""
    return [each.ends_on for each in (await get_board(database, VILLAGE, day, after=None, limit=10)).notices]


async def status_of_notice(database):
    async with database.reading() as db:
        return (await db.execute(select(Notice.status))).scalar_one()


async def test_a_stopped_award_hangs_until_the_month_from_which_it_is_stopped(database, clock):
    award = await build_posted(database)

    await stop(database, award, DECEMBER)

    last_day = date(2026, 12, 31)
    assert await on_the_board(database, TODAY) == [last_day]
    assert await on_the_board(database, last_day) == [last_day]
    assert await on_the_board(database, JANUARY) == []
    await end_notices(database)
    assert await status_of_notice(database) == "posted"
    clock.advance(JANUARY - TODAY)
    for _ in range(2):
        await end_notices(database)
    assert await status_of_notice(database) == "ended"


@pytest.mark.parametrize("last_month", [date(2026, 10, 1), date(2026, 6, 1)])
async def test_an_award_that_is_stopped_from_this_month_on_goes_down_at_once(database, last_month):
    award = await build_posted(database)

    await stop(database, award, last_month)

    assert await on_the_board(database, TODAY) == []
    assert await status_of_notice(database) == "withdrawn"


async def test_an_award_that_is_stopped_before_its_first_month_goes_down_at_once(database):
    async with database.unit_of_work() as db:
        award = await build_judged(db, from_month=DECEMBER)
        await post(db, award)

    await stop(database, award, date(2026, 11, 1))

    assert await on_the_board(database, TODAY) == []


async def test_what_is_to_come_after_the_last_month_is_not_read_any_more(database):
    award = await build_posted(database)
    await put_in_force(database, standard_draft(valid_from=DECEMBER))
    await put_in_force(database, standard_draft(600_000, valid_from=JANUARY))

    await stop(database, award, DECEMBER)

    (notice,) = (await get_board(database, VILLAGE, TODAY, after=None, limit=10)).notices
    assert amounts_of(notice, TODAY) == Amounts(
        AMOUNT, "2026-07", [NextAmount(monthly_amount_fen=RAISED, amount_from="2026-12")]
    )


async def test_a_month_that_is_still_due_may_rise_after_the_stop_and_is_read_so(database):
    award = await build_posted(database)
    await stop(database, award, DECEMBER)

    await put_in_force(database, standard_draft(valid_from=DECEMBER))

    assert await posted(database, award) == (RAISED, DECEMBER)


async def test_that_an_award_is_held_back_leaves_no_trace_in_the_village(database):
    award = await build_posted(database)
    before = await get_board(database, VILLAGE, TODAY, after=None, limit=10)

    async with database.unit_of_work() as db:
        office = await build_office(db)
        await suspend_award(db, office.handler, award.id, reason=SuspendReason.COMPLAINT)

    assert await get_board(database, VILLAGE, TODAY, after=None, limit=10) == before


async def test_what_was_taken_down_stays_as_it_was_read_then(database):
    award = await build_posted(database)
    await stop(database, award, date(2026, 10, 1))

    await put_in_force(database, standard_draft())

    assert await posted(database, award) == (AMOUNT, JULY)
    assert await status_of_notice(database) == "withdrawn"
