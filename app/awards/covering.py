"""What becomes of amounts that a changed standard put on record for later, when a person decides on an earlier month.

They were worked out from what the household had before the decision, so they hold no longer; what they should be is for
a person. Until then a lower amount goes on, and a raise takes nothing away: a month that was to have more keeps it.
A raise by a standard that was left to a person lets stand what a person decided for a later month, which waits on.

Nor does a decision on a later month settle a fall that waits in an earlier one: that is heard and decided by itself,
and sets the months up to the later decision.
"""

from collections.abc import Sequence
from datetime import date

from app.awards import recomputing_queries as queries
from app.awards.falls import Further, falls_waiting, written_further
from app.awards.lifecycle import AdjustGround, AmountCause, Outcome, Settlement
from app.awards.models import Award, AwardAdjustment, AwardAmount, RecomputedAward
from app.awards.queries import get_amount_in
from app.awards.raising import rests_on, waiting_months
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.core.months import first_of_month, next_month, read_month, write_month
from app.identity.actors import Actor
from app.notices.amounts import in_order

# What a change means for an award whose amount rests on a person's finding: outcome, reason, no amount, no numbers.
_BY_PERSON = (Outcome.NEEDS_PERSON, "decided_by_person", None, None)


async def list_later(db: ReadSession, award: Award, month: date) -> list[AwardAmount]:
    """Return the amounts that are to hold from later months than this one, earliest first; none after the last month of
    an award that was stopped."""
    holding = in_order((await queries.list_amounts(db, [award.id]))[award.id])
    last = award.to_month or date.max
    return [each for each in holding if month < each.from_month <= last]


def keep_later(
    db: WriteSession, actor: Actor, decided: AwardAmount, adjustment: AwardAdjustment, later: Sequence[AwardAmount]
) -> list[AwardAmount]:
    """Say again what was to be more than a raise gives, from its month on; nothing of it behind a lower amount. Behind
    what a person decided by a standard, which names the change, also what a person decided for later, be it less: it
    rests on what was found then."""
    kept: list[AwardAmount] = []
    lower = decided.amount_fen < decided.before_fen
    for each in later:
        fixed = each.adjustment_id if decided.change_id is not None else None
        if lower and fixed is None:
            continue
        fen = each.amount_fen if fixed else max(each.amount_fen, decided.amount_fen)
        if fixed is None and fen == (kept[-1] if kept else decided).amount_fen:
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
            change_id=decided.change_id if fixed else each.change_id,
            adjustment_id=fixed or adjustment.id,
            recorded_by=actor.id,
            recorded_at=db.clock.now(),
        )
        kept.append(row)
    return kept


def decided_later(later: Sequence[AwardAmount]) -> list[AwardAmount]:
    """Return what holds from the first of later months on that a person decided on."""
    fixed = next((each.from_month for each in later if each.adjustment_id is not None), date.max)
    return [each for each in later if each.from_month >= fixed]


def falls_before(db: ReadSession, found: RecomputedAward, decided: date, *, by_standard: bool) -> list[Further]:
    """List the falls that wait on, though an amount was decided from a month on. By the standard a decision is about
    the last fall until then, on another ground about none. Where no month is left that they could lower, none waits."""
    if found.outcome != Outcome.TO_BE_HEARD:
        return []
    falls = falls_waiting(found)
    until = max((each.from_month for each in falls if each.from_month <= decided), default=decided)
    until = until if by_standard else decided
    if until <= next_month(first_of_month(today(db.clock))):
        return []
    return [each for each in falls if each.from_month < until]


async def leave_other_months(
    db: WriteSession, award: Award, found: RecomputedAward, adjustment: AwardAdjustment, later: Sequence[AwardAmount]
) -> bool:
    """Leave open what a change means in the months that were not decided on: those before that wait, where the rules
    could not say, and each later one from which on another number begins. Says whether there are any.

    Behind a raise by the change itself also each later month from which on something else holds, for that was not
    decided by what the change gives; behind a decision on another ground, where any is left, too. A fall before it
    waits as what it is.
    """
    decided, by_standard = adjustment.from_month, adjustment.ground == AdjustGround.STANDARD
    waiting = {each for each in waiting_months(found) if each > decided or (each < decided and rests_on(found))}
    falls = falls_before(db, found, decided, by_standard=by_standard)
    if not by_standard and not waiting and not falls:
        return False
    waiting |= {each.from_month for each in later}
    months = sorted(each for each in waiting if each <= (award.to_month or each))
    if not months and not falls:
        return False
    named = {each["from"]: each["after_fen"] for each in found.further} if by_standard else {}
    grown = {each.from_month for each in falls_waiting(found) if each.grown}
    holding = [
        Further(each, await get_amount_in(db, award.id, each), named.get(write_month(each)), each in grown)
        for each in months
    ]
    if falls:
        found.further = written_further([*falls[1:], *holding])
        return True
    found.from_month, found.before_fen, found.further = months[0], holding[0].before_fen, written_further(holding[1:])
    found.grown = holding[0].grown
    if not rests_on(found):  # what the rules gave rested on what the household had before the decision
        found.outcome, found.reason, found.after_fen, found.numbers = _BY_PERSON
    return True


def standard_ends_from(found: RecomputedAward | None) -> date | None:
    """Return the first month in which a changed number may end the award: the household would not be entitled, or the
    rules cannot say. None where none may, and in no month in which a member's age alone does: that is a change of the
    household (`members`)."""
    falls = falls_waiting(found) if found is not None else []
    return next((each.from_month for each in falls if each.fen is None and not each.grown), None)


def waits_after_stop(award: Award, found: RecomputedAward) -> bool:
    """Say whether what the rules could not say about an award may still be owed though it is stopped, and leave the
    months until its last one open."""
    last = award.to_month
    if last is None or not rests_on(found) or found.from_month > last:
        return False
    found.further = [each for each in found.further if read_month(each["from"]) <= last]
    return True


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
    found.outcome, found.reason, found.after_fen, found.numbers = _BY_PERSON
    found.from_month, found.before_fen, found.grown = first.from_month, fen, False
    found.settlement, found.settled_by, found.settled_at, found.settled_reason_sealed = (
        Settlement.OPEN,
        None,
        None,
        None,
    )
    found.step_due = True
    await db.flush()
