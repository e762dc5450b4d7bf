"""Recipients who are heard, and awards that are stopped after it: by two persons, as the law wants it."""

from datetime import date
from uuid import UUID

from app.awards.commands import hear_recipient, stop_award
from app.awards.lifecycle import StopGround
from app.awards.models import Award
from app.core.clock import today
from app.core.db import WriteSession
from app.identity.actors import Actor

SAID = "没有异议（测试）"


async def hear_about_stop(
    db: WriteSession,
    by: Actor,
    award_id: UUID,
    ground: StopGround = StopGround.INCOME,
    *,
    opinion: str = SAID,
    heard_on: date | None = None,
) -> None:
    """Hear the recipient about a stop, today unless it says otherwise."""
    on = heard_on or today(db.clock)
    await hear_recipient(db, by, award_id, about="stop", ground=ground, opinion=opinion, heard_on=on)


async def hear_about_less(db: WriteSession, by: Actor, award_id: UUID, *, heard_on: date | None = None) -> None:
    """Hear the recipient about a lower amount, today unless it says otherwise."""
    await hear_recipient(db, by, award_id, about="reduce", opinion=SAID, heard_on=heard_on or today(db.clock))


async def hear_and_stop(
    db: WriteSession,
    handler: Actor,
    confirmer: Actor,
    award_id: UUID,
    ground: StopGround = StopGround.INCOME,
    *,
    last_month: date,
    reason: str = "不再符合保障条件（测试）",
) -> Award:
    """Have one person hear the recipient, and another stop the award after its last month."""
    await hear_about_stop(db, handler, award_id, ground)
    return await stop_award(db, confirmer, award_id, ground=ground, reason=reason, last_month=last_month)
