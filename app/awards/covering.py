"""What becomes of amounts that a changed standard put on record for later, when a person decides on an earlier month.

They were worked out from what the household had before the decision, so they hold no longer; what they should be is for
a person. Until then a lower amount goes on, and a raise takes nothing away: a month that was to have more keeps it.
"""

from collections.abc import Sequence
from datetime import date

from app.awards import recomputing_queries as queries
from app.awards.judging import Further, written_further
from app.awards.lifecycle import AmountCause, Outcome, Settlement
from app.awards.models import Award, AwardAdjustment, AwardAmount
from app.awards.queries import get_amount_in
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.identity.actors import Actor
from app.notices.amounts import in_order


async def list_later(db: ReadSession, award: Award, month: date) -> list[AwardAmount]:
    """Return the amounts that are to hold from later months than this one, earliest first."""
    holding = in_order((await queries.list_amounts(db, [award.id]))[award.id])
    return [each for each in holding if each.from_month > month]


def keep_higher(
    db: WriteSession, actor: Actor, decided: AwardAmount, adjustment: AwardAdjustment, later: Sequence[AwardAmount]
) -> list[AwardAmount]:
    """Say again what was to be more than a raise gives, from its month on; nothing behind a lower amount."""
    kept: list[AwardAmount] = []
    if decided.amount_fen < decided.before_fen:
        return kept
    for each in later:
        fen = max(each.amount_fen, decided.amount_fen)
        if fen == (kept[-1] if kept else decided).amount_fen:
            continue
        row = AwardAmount(
            id=new_id(),
            county=decided.county,
            division=decided.division,
            award_id=decided.award_id,
            seq=decided.seq + len(kept) + 1,
            from_month=each.from_month,
            amount_fen=fen,
            before_fen=each.amount_fen,
            cause=AmountCause.KEPT,
            change_id=each.change_id,
            adjustment_id=adjustment.id,
            recorded_by=actor.id,
            recorded_at=db.clock.now(),
        )
        kept.append(row)
    return kept


async def leave_to_a_person(db: WriteSession, award: Award, later: Sequence[AwardAmount]) -> None:
    """Open anew what a change meant for an award, from the first month on in which its amount holds no longer; of the
    others, which may be another change's, each month is named: one thing a time waits for a person."""
    first, *others = later
    found = await queries.find_of_amount(db, first)
    if found is None:
        return
    fen = await get_amount_in(db, award.id, first.from_month)
    found.further = written_further(
        [Further(each.from_month, await get_amount_in(db, award.id, each.from_month), None) for each in others]
    )
    found.outcome, found.reason, found.from_month = Outcome.NEEDS_PERSON, "decided_by_person", first.from_month
    found.before_fen, found.after_fen, found.numbers = fen, None, None
    found.settlement, found.settled_by, found.settled_at, found.settled_reason_sealed = (
        Settlement.OPEN,
        None,
        None,
        None,
    )
    found.step_due = True
    await db.flush()
