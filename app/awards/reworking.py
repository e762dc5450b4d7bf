"""A lower amount by a changed standard, in its own month and after it: what the rules give is worked out, not typed.

A standard that falls may fall further or rise again before the first fall is decided on. So the amount is what the
rules give in the very month it is to hold from; and what they give from the next changed number on follows at once, as
it would had that number been published after the decision: more by itself, less to be heard and decided.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.awards import recomputing_queries as queries
from app.awards.behind import find_change_behind, read_granted
from app.awards.covering import decided_later, falls_before
from app.awards.errors import AdjustmentOutdated
from app.awards.falls import Further, falls_waiting, is_of_age, written_further
from app.awards.judging import Given, NewAmount, Verdict
from app.awards.lifecycle import FOR_A_PERSON, AdjustGround, AmountCause, Outcome
from app.awards.models import Award, AwardAdjustment, AwardAmount, RecomputedAward
from app.awards.raising import rests_on
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.core.months import previous_month
from app.identity.actors import Actor


async def find_given(db: ReadSession, award: Award, found: RecomputedAward, month: date) -> Given | None:
    """Return what the rules give in a month that a fall reaches; None where they cannot say.

    Where what the amount rests on gives something else by now, they cannot: then what was found holds until another
    number begins.
    """
    judge, granted = await read_granted(db, award)
    given = judge.given_in(granted, month)
    if rests_on(found):
        return given
    if given is None and not any(each <= month for each in judge.later_months(granted, found.from_month)):
        return Given(found.after_fen, found.numbers, None)
    return given


async def find_faults(
    db: ReadSession, award: Award, found: RecomputedAward | None, month: date, fen: int, before: int
) -> list[Fault]:
    """Say what is wrong with a lower amount from a month on that is to be what a changed standard gives, or where the
    rules cannot say what a person finds that it gives. Where a member's age alone gives less, no standard does."""
    if found is None or found.outcome == Outcome.NO_LONGER_ENTITLED or is_of_age(found, month):
        return [Fault("/ground", "nothing_changed")]
    given = await find_given(db, award, found, month)
    if month < found.from_month or (given is not None and (given.fen or 0) >= before):
        return [Fault("/from_month", "month_out_of_range")]
    if given is None and rests_on(found):
        return []
    if given is None or given.fen != fen:
        return [Fault("/monthly_amount_fen", "not_computed")]
    return []


async def work_out_later(
    db: WriteSession,
    actor: Actor,
    award: Award,
    decided: AwardAmount,
    found: RecomputedAward,
    later: Sequence[AwardAmount],
) -> tuple[list[AwardAmount], bool]:
    """Return what the award amounts to by the numbers that begin after a lower amount, and whether something waits for
    a person: that is written to what was found. The lower amount is on record.

    `later`: what held behind it until now. From the first month on that a person decided on before it is said again as
    it was, and what waits there or before waits on.
    """
    judge, granted = await read_granted(db, award)
    fixed = decided_later(later)
    until = previous_month(fixed[0].from_month) if fixed else granted.to_month
    between = dataclasses.replace(granted, to_month=until)
    months = judge.later_months(between, decided.from_month)
    verdict = judge.judge(between, months[0]) if months else None
    rows: list[AwardAmount] = []
    if verdict is not None:
        await _keep_numbers(db, award, verdict)
        for each in verdict.amounts:
            change = await find_change_behind(db, award, each.from_month)
            rows.append(_row_behind(db, actor, decided, len(rows) + 1, each, change))
    rows += [
        _row_behind(db, actor, decided, len(rows) + place, _said_again(each), each.change_id)
        for place, each in enumerate(fixed, start=1)
    ]
    db.add_all(rows)
    await db.flush()
    waits = await _leave_waiting(db, award, decided, found, verdict, fixed)
    await db.flush()
    return rows, waits


def _said_again(row: AwardAmount) -> NewAmount:
    fen = row.amount_fen
    return NewAmount(row.from_month, fen, fen, AmountCause.KEPT, row.numbers, None, None, None, row.adjustment_id)


def _row_behind(
    db: WriteSession, actor: Actor, decided: AwardAmount, place: int, amount: NewAmount, change_id: UUID | None
) -> AwardAmount:
    return AwardAmount(
        id=new_id(),
        county=decided.county,
        division=decided.division,
        award_id=decided.award_id,
        seq=decided.seq + place,
        from_month=amount.from_month,
        amount_fen=amount.fen,
        before_fen=amount.before_fen,
        cause=amount.cause,
        change_id=change_id,
        adjustment_id=amount.adjustment_id,
        numbers=amount.numbers,
        rules_version=amount.rules_version,
        digest=amount.digest,
        recorded_by=actor.id,
        recorded_at=db.clock.now(),
    )


async def _leave_waiting(
    db: WriteSession,
    award: Award,
    decided: AwardAmount,
    found: RecomputedAward,
    verdict: Verdict | None,
    fixed: Sequence[AwardAmount],
) -> bool:
    """Write to what was found what still waits: falls before the one that was decided on, what the numbers after it
    mean (`verdict`), and what waits from a later decision (`fixed`) on. Says whether anything does."""
    earlier = falls_before(db, found, decided.from_month, by_standard=True)
    first = fixed[0].from_month if fixed else date.max
    behind = [each for each in falls_waiting(found) if each.from_month >= first]
    if verdict is not None and verdict.outcome not in FOR_A_PERSON:
        verdict = None
    if earlier:
        named = [] if verdict is None else [Further(verdict.from_month, verdict.before_fen, verdict.fen, verdict.grown)]
        named += [] if verdict is None else verdict.further
        found.further = written_further([*earlier[1:], *named, *behind])
        return True
    if verdict is None and behind:  # what it means there was written as part of what waited before it
        judge, granted = await read_granted(db, award)
        verdict, behind = judge.judge(granted, behind[0].from_month), []
        if verdict is not None:
            await _keep_numbers(db, award, verdict)
    if verdict is None or verdict.outcome not in FOR_A_PERSON:
        return False
    found.outcome, found.reason, found.numbers = verdict.outcome, verdict.reason, verdict.numbers
    found.from_month, found.before_fen, found.after_fen = verdict.from_month, verdict.before_fen, verdict.fen
    found.further, found.grown = written_further([*verdict.further, *behind]), verdict.grown
    return True


async def find_basis(
    db: WriteSession, award: Award, adjustment: AwardAdjustment, found: RecomputedAward | None
) -> Given | None:
    """Return what a lower amount by a standard, or by a member's age as the rules give it, rests on, in the month it is
    to hold from by now, and keep its numbers; None of any other amount, and of what a person finds because the rules
    could not say.

    Raises:
        AdjustmentOutdated: the rules give another amount by now.
    """
    if found is None:
        return None
    given = await find_by_age(db, award, found, adjustment.ground, adjustment.from_month, adjustment.amount_fen)
    if given is not None:
        await keep_given(db, award, given)
        return given
    if not is_lowered_by_standard(adjustment):
        return None
    if is_of_age(found, adjustment.from_month):
        raise AdjustmentOutdated
    given = await find_given(db, award, found, adjustment.from_month)
    if given is None and rests_on(found):
        return None
    if given is None or given.fen != adjustment.amount_fen:
        raise AdjustmentOutdated
    if rests_on(found):  # of its other months the rules cannot say, so that they go on waiting
        return None
    await keep_given(db, award, given)
    return given


async def find_by_age(
    db: ReadSession, award: Award, found: RecomputedAward | None, ground: AdjustGround, month: date, fen: int
) -> Given | None:
    """Return what a lower amount rests on that is decided on because a member is of another age and is just what the
    rules give; None of any other amount."""
    if found is None or ground != AdjustGround.MEMBERS or rests_on(found) or not is_of_age(found, month):
        return None
    given = await find_given(db, award, found, month)
    return given if given is not None and given.fen == fen else None


def is_lowered_by_standard(adjustment: AwardAdjustment) -> bool:
    """Say whether it is less, and as the rules give it."""
    return adjustment.recomputed_id is not None and adjustment.amount_fen < adjustment.before_fen


async def _keep_numbers(db: WriteSession, award: Award, verdict: Verdict) -> None:
    named = ((each.numbers, each.basis) for each in verdict.with_numbers())
    sets: dict[str, Mapping[str, Any]] = {
        digest: basis for digest, basis in named if digest is not None and basis is not None
    }
    await queries.keep_number_sets(db, award.program, sets)


async def keep_given(db: WriteSession, award: Award, given: Given) -> None:
    """Keep the numbers that a lower amount rests on."""
    if given.numbers is not None and given.basis is not None:
        await queries.keep_number_sets(db, award.program, {given.numbers: given.basis})
