"""What the village reads about an award, while it is raised, reduced and stopped."""

from datetime import date

from sqlalchemy import select

from app.applications.queries import get_application
from app.awards.adjusting import approve_adjustment
from app.awards.commands import hear_recipient, stop_award
from app.awards.events import AwardStopped
from app.awards.jobs import take_award_down
from app.awards.lifecycle import AdjustGround, StopGround
from app.awards.naming import whose
from app.awards.queries import list_schedule
from app.awards.raising import FoundBy, Higher, propose_raise
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount, told_in
from app.notices.commands import post_taken_over
from app.notices.models import Notice
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


async def test_what_was_taken_down_stays_as_it_was_read_then(database):
    award = await build_posted(database)
    async with database.unit_of_work() as db:
        office = await build_office(db)
        why = "家庭收入超过标准（测试）"
        await hear_recipient(db, office.handler, award.id, about="stop", opinion="没有异议（测试）", heard_on=TODAY)
        stopped = await stop_award(
            db, office.confirmer, award.id, ground=StopGround.INCOME, reason=why, last_month=DECEMBER
        )
        event = AwardStopped(**whose(stopped), ground="income", last_month="2026-12")
    await take_award_down(database, event)

    await put_in_force(database, standard_draft())

    assert await posted(database, award) == (AMOUNT, JULY)
    async with database.reading() as db:
        assert (await db.execute(select(Notice.status))).scalar_one() == "withdrawn"
