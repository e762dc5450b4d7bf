"""Where the seam between two counties would lie, as things are."""

from datetime import date

from app.awards.models import Award
from app.core.clock import today
from app.core.db import ReadSession
from app.handovers.models import Handover
from app.handovers.months import first_month_there
from app.handovers.queries import last_adjusted_month, last_prepared_month


async def first_month_of(db: ReadSession, award: Award, handover: Handover) -> date:
    """Return the first month that the other county would pay, were it confirmed today."""
    return first_month_there(
        decided_on=today(db.clock),
        moved_on=handover.moved_on,
        award_from=award.from_month,
        prepared=await last_prepared_month(db, award.id),
        adjusted=await last_adjusted_month(db, award.id),
    )
