"""What an award amounts to in which month, what a change means for it, and what is ordered to be paid."""

from sqlalchemy import select

from app.awards.adjusting import Lower, approve_adjustment, propose_adjustment
from app.awards.lifecycle import AdjustGround
from app.awards.models import RecomputedAward
from app.awards.queries import get_amount_in
from tests.builders.hearings import hear_about_less
from tests.builders.payrolls import build_released, lines_of

LOWER = 60_000


async def reduce(database, office, award, from_month, fen=LOWER, ground=AdjustGround.INCOME):
    lower = Lower(ground, fen, from_month, "家庭成员就业，收入增加（测试）")
    async with database.unit_of_work() as db:
        await propose_adjustment(db, office.handler, award.id, lower)
        await hear_about_less(db, office.handler, award.id)
    async with database.unit_of_work() as db:
        return await approve_adjustment(db, office.confirmer, award.id)


async def amounts_in(database, award, *months):
    async with database.reading() as db:
        return [await get_amount_in(db, award.id, month) for month in months]


async def found_for(database, change, award):
    async with database.reading() as db:
        query = select(RecomputedAward).where(RecomputedAward.change_id == change.id)
        return (await db.execute(query.where(RecomputedAward.award_id == award.id))).scalar_one()


async def ordered(database, office, month):
    async with database.unit_of_work() as db:
        payroll = await build_released(db, office, month)
    return sorted((line.month, line.amount_fen) for line in await lines_of(database, payroll))
