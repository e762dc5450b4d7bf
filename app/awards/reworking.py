"""A lower amount by a changed standard, in its own month and after it: what the rules give is worked out, not typed.

A standard that falls may fall further or rise again before the first fall is decided on. So the amount is what the
rules give in the very month it is to hold from; and what they give from the next changed number on follows at once, as
it would had that number been published after the decision: more by itself, less to be heard and decided.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.applications.models import Application
from app.awards import recomputing_queries as queries
from app.awards.judging import Given, Granted, Judge, Verdict, written_further
from app.awards.lifecycle import FOR_A_PERSON, Outcome
from app.awards.models import Award, AwardAdjustment, AwardAmount, RecomputedAward
from app.awards.recomputing import granted_of
from app.awards.recomputing_queries import Candidate
from app.core.db import ReadSession, WriteSession
from app.core.errors import Fault
from app.core.ids import new_id
from app.identity.actors import Actor
from app.programs.registry import get_program
from app.review.book import read_book
from app.review.queries import get_decision


async def find_given(db: ReadSession, award: Award, found: RecomputedAward, month: date) -> Given | None:
    """Return what the rules give in a month that a fall reaches; None where they cannot say.

    Where a member came of age since, as a rule they cannot: then what was found holds until another number begins.
    """
    judge, granted = await _read(db, award)
    given = judge.given_in(granted, month)
    if given is None and not any(each <= month for each in judge.later_months(granted, found.from_month)):
        return Given(found.after_fen, found.numbers, None)
    return given


async def find_faults(
    db: ReadSession, award: Award, found: RecomputedAward | None, month: date, fen: int, before: int
) -> list[Fault]:
    """Say what is wrong with a lower amount from a month on that is to be what a changed standard gives."""
    if found is None or found.outcome != Outcome.TO_BE_HEARD:
        return [Fault("/ground", "nothing_changed")]
    given = await find_given(db, award, found, month)
    if month < found.from_month or (given is not None and (given.fen or 0) >= before):
        return [Fault("/from_month", "month_out_of_range")]
    if given is None or given.fen != fen:
        return [Fault("/monthly_amount_fen", "not_computed")]
    return []


async def work_out_later(
    db: WriteSession,
    actor: Actor,
    award: Award,
    application: Application,
    decided: AwardAmount,
    found: RecomputedAward,
) -> tuple[list[AwardAmount], bool]:
    """Return what the award amounts to by the numbers that begin after a lower amount, and whether something waits for
    a person there: that is written to what was found. The lower amount is on record."""
    judge, granted = await _read(db, award)
    later = judge.later_months(granted, decided.from_month)
    verdict = judge.judge(granted, later[0]) if later else None
    if verdict is None:
        return [], False
    await _keep_numbers(db, award, verdict)
    rows = [
        AwardAmount(
            id=new_id(),
            county=award.county,
            division=award.division,
            award_id=award.id,
            seq=decided.seq + place,
            from_month=each.from_month,
            amount_fen=each.fen,
            before_fen=each.before_fen,
            cause=each.cause,
            change_id=await queries.find_change_behind(db, award.id, application.area_class, each.from_month),
            adjustment_id=each.adjustment_id,
            numbers=each.numbers,
            rules_version=each.rules_version,
            digest=each.digest,
            recorded_by=actor.id,
            recorded_at=db.clock.now(),
        )
        for place, each in enumerate(verdict.amounts, start=1)
    ]
    db.add_all(rows)
    waits = verdict.outcome in FOR_A_PERSON
    if waits:
        found.outcome, found.reason, found.numbers = verdict.outcome, verdict.reason, verdict.numbers
        found.from_month, found.before_fen, found.after_fen = verdict.from_month, verdict.before_fen, verdict.fen
        found.further = written_further(verdict.further)
    await db.flush()
    return rows, waits


def is_lowered_by_standard(adjustment: AwardAdjustment) -> bool:
    """Say whether it is less, and as the rules give it."""
    return adjustment.recomputed_id is not None and adjustment.amount_fen < adjustment.before_fen


async def _read(db: ReadSession, award: Award) -> tuple[Judge, Granted]:
    rows = (await queries.list_amounts(db, [award.id]))[award.id]
    kept = await queries.read_number_sets(db, {row.numbers for row in rows if row.numbers is not None})
    candidate = Candidate(award, await get_decision(db, award.application_id))
    program = get_program(award.program)
    return Judge(program, await read_book(db, program)), granted_of(db, candidate, rows, kept)


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
