"""What was proposed, looked at when it is decided on: whether it still goes with what holds, and from which month."""

from datetime import date

from app.awards.adjusting_queries import last_fixed_month
from app.awards.errors import AdjustmentOutdated
from app.awards.judging import Given
from app.awards.lifecycle import AdjustGround
from app.awards.models import Award, AwardAdjustment, RecomputedAward
from app.awards.queries import get_amount_in
from app.awards.raising import earliest_month
from app.core.clock import today
from app.core.db import WriteSession
from app.core.months import first_of_month, next_month


async def soonest_month(db: WriteSession, award: Award, adjustment: AwardAdjustment) -> date:
    """Return the first month that an amount decided today may hold in."""
    if adjustment.found_on is not None:
        return await earliest_month(db, award, adjustment.found_on)
    return next_month(first_of_month(today(db.clock)))


async def refuse_outdated(
    db: WriteSession, award: Award, adjustment: AwardAdjustment, found: RecomputedAward | None, given: Given | None
) -> None:
    """Refuse to decide on what does not go with what holds by now. `given`: what the rules give, where it rests on
    that: then a later decision goes on from its own month.

    Raises:
        AdjustmentOutdated: the amount, the last month or what a changed standard means is another one.
    """
    if adjustment.ground != AdjustGround.STANDARD and given is None:
        last_known = await last_fixed_month(db, award.id)
        if last_known is not None and last_known > adjustment.from_month:
            raise AdjustmentOutdated
    if award.to_month is not None and adjustment.from_month > award.to_month:
        raise AdjustmentOutdated
    if await get_amount_in(db, award.id, adjustment.from_month) != adjustment.before_fen:
        raise AdjustmentOutdated
    if adjustment.recomputed_id is not None and (found is None or found.id != adjustment.recomputed_id):
        raise AdjustmentOutdated
