"""Working awards out anew because a number changed: who gets more gets it, who would get less is left to people.

A batch of awards is one transaction; where a killed worker left off another goes on. An award that was worked out for a
change is there once (a unique key says so), however often a job runs.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.applications.clocks import StepKind
from app.applications.queries import get_application
from app.applications.steps import open_step
from app.audit.commands import record_act_on_many
from app.awards import recomputing_queries as queries
from app.awards.events import AwardRaised, AwardsRecomputed
from app.awards.falls import written_further
from app.awards.findings import close_review
from app.awards.growing import latest_month, month_of
from app.awards.judging import Granted, Judge, Standing, Verdict
from app.awards.lifecycle import FOR_A_PERSON, AmountCause, Outcome, Settlement, Status
from app.awards.models import AwardAmount, Recomputation
from app.awards.naming import whose
from app.awards.recomputing_queries import Candidate
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.core.months import write_month
from app.events.commands import record_events
from app.identity.actors import SYSTEM
from app.notices.amounts import Amount
from app.notices.restating_queries import restate_awards
from app.programs.registry import PROGRAMS, get_program
from app.review.book import read_book
from app.review.decisions import open_decision
from app.standards.lifecycle import Kind
from app.standards.models import Change
from app.standards.queries import find_change

AT_ONCE = 200  # awards in one transaction: a few hundred milliseconds


def programs_of(change: Change) -> list[str]:
    """Name the programs that are judged by a number."""
    if change.kind == Kind.PARAMETER:
        return [change.program] if change.program in PROGRAMS else []
    return [code for code, program in PROGRAMS.items() if change.program in program.measured_by]


async def begin(db: WriteSession, change_id: UUID) -> Sequence[UUID]:
    """Lay down what is to be done for a change that was put in force, by county; the same again lays nothing twice."""
    change = await find_change(db, change_id)
    programs = programs_of(change) if change is not None else []
    if change is None or not programs:
        return []
    return await queries.begin_recomputations(db, change, programs, month_of(change.valid_from))


async def recompute_next(db: WriteSession, recomputation_id: UUID) -> bool:
    """Work out the next awards of a county; say whether there may be more."""
    run = await queries.take_recomputation(db, recomputation_id)
    if run is None or run.finished_at is not None:
        return False
    change = await find_change(db, run.change_id)
    assert change is not None, "a recomputation refers to its change"
    candidates = await queries.take_candidates(db, run, change, month_of(change.valid_from), AT_ONCE)
    await _work_out(db, run, change, candidates)
    if candidates:
        run.after = candidates[-1].award.id
    if len(candidates) == AT_ONCE:
        return True
    run.finished_at = db.clock.now()
    counts: dict[str, Any] = {outcome.value: run.counts.get(outcome, 0) for outcome in Outcome}
    await record_events(db, [AwardsRecomputed(subject=change.id, county=run.county, **counts)])
    return False


async def recompute_opened(db: WriteSession, award_id: UUID) -> None:
    """Work out a new award for the numbers that came in force while its decision was on the way, since the opinion was
    given; the same again changes nothing.

    Everybody who needs both locks the recomputations first, by the order of their changes, and then awards. What is put
    in force between the look and the lock works out this award by itself.
    """
    found = await queries.find_candidate(db, award_id)
    if found is None:
        return
    runs = []
    for change in await queries.list_changes_after(db, *found):
        if found.award.program not in programs_of(change):
            continue
        await queries.begin_recomputations(db, change, [found.award.program], month_of(change.valid_from))
        run = await queries.take_recomputation_of(db, change.id, found.award.county, found.award.program)
        if run is not None:
            runs.append((run, change))
    candidate = await queries.take_candidate(db, award_id)
    assert candidate is not None, "no award is ever deleted"
    candidate.award.numbers_due = False
    for run, change in runs:
        await _work_out(db, run, change, [candidate])


async def bring_timeline_in_line(db: WriteSession, application_id: UUID, award_id: UUID) -> None:
    """Open the step of a case that a person has to look at; close it where nothing is open any more."""
    application = await get_application(db, SYSTEM, application_id, lock=True)
    if await queries.find_open(db, award_id) is not None:
        await open_step(db, application, StepKind.AWARD_REVIEW)
    else:
        await close_review(db, application, award_id, Settlement.SUPERSEDED.value)
    await queries.note_steps_done(db, award_id)


async def _work_out(db: WriteSession, run: Recomputation, change: Change, candidates: Sequence[Candidate]) -> None:
    ids = [each.award.id for each in candidates]
    done, waiting = await queries.list_done(db, change.id, ids), await queries.list_open_months(db, ids)
    amounts = await queries.list_amounts(db, ids)
    kept = await queries.read_number_sets(
        db, {row.numbers for rows in amounts.values() for row in rows if row.numbers is not None}
    )
    program = get_program(run.program)
    judge = Judge(program, await read_book(db, program), latest_month(today(db.clock)))
    found: list[tuple[Candidate, Verdict, int]] = []
    for each in candidates:
        if each.award.id in done:
            continue
        rows = amounts[each.award.id]
        # Months that wait for a person go on waiting: what takes their finding's place speaks of them as well.
        since = min(change.valid_from, waiting.get(each.award.id, change.valid_from))
        verdict = judge.judge(granted_of(db, each, rows, kept), since)
        if verdict is not None:
            found.append((each, verdict, rows[-1].seq if rows else 0))
    await _keep(db, run, change, found)


def granted_of(
    db: ReadSession, candidate: Candidate, rows: Sequence[AwardAmount], kept: Mapping[str, Mapping[str, Any]]
) -> Granted:
    """Return what an award was granted as, and what it amounted to since; `kept`: the numbers that its amounts name."""
    award, body = candidate.award, _body_of(db, candidate)
    decided = body.get("parameters")
    first = Standing(award.from_month, award.monthly_amount_fen, decided)
    return Granted(award.from_month, award.to_month, body, [first, *(_standing(row, decided, kept) for row in rows)])


def _standing(row: AwardAmount, decided: Any, kept: Mapping[str, Mapping[str, Any]]) -> Standing:
    if row.numbers is not None:
        return Standing(row.from_month, row.amount_fen, kept[row.numbers], row.numbers, row.adjustment_id)
    by_person = (AmountCause.ADJUSTMENT, AmountCause.HANDOVER)
    found_by_person = row.adjustment_id is not None or row.cause in by_person
    return Standing(
        row.from_month, row.amount_fen, None if found_by_person else decided, adjustment_id=row.adjustment_id
    )


def _body_of(db: ReadSession, candidate: Candidate) -> dict[str, Any]:
    try:
        return open_decision(db, candidate.decision)
    except (ValueErased, json.JSONDecodeError):
        return {}  # whatever is missing of it is for a person


async def _keep(
    db: WriteSession, run: Recomputation, change: Change, found: Sequence[tuple[Candidate, Verdict, int]]
) -> None:
    if not found:
        return
    await queries.keep_number_sets(db, run.program, _number_sets(verdict for _, verdict, _ in found))
    await queries.supersede_open(db, [candidate.award.id for candidate, _, _ in found])
    amounts = [
        _amount_row(db, change, candidate, verdict, seq, place)
        for candidate, verdict, seq in found
        for place in range(len(verdict.amounts))
    ]
    await queries.add_rows(db, amounts, [_found_row(db, change, candidate, verdict) for candidate, verdict, _ in found])
    await restate_awards(
        db, {each.award.application_id: _amounts_of(verdict) for each, verdict, _ in found if verdict.amounts}
    )
    run.counts = dict(Counter(run.counts) + Counter(verdict.outcome.value for _, verdict, _ in found))
    run.raised_fen += sum(verdict.raised_fen for _, verdict, _ in found)
    touched = [candidate for candidate, verdict, _ in found if verdict.outcome is not Outcome.UNCHANGED]
    if touched:
        await record_act_on_many(
            db,
            SYSTEM,
            "award.recompute",
            "number_change",
            change.id,
            [each.award.case for each in touched],
            county=run.county,
            awards=len(touched),
        )
    await record_events(db, [_raised(change, candidate, verdict) for candidate, verdict, _ in found if verdict.amounts])


def _amounts_of(verdict: Verdict) -> list[Amount]:
    return [Amount(each.fen, each.from_month) for each in verdict.amounts]  # each from a later month than the last


def _number_sets(verdicts: Iterable[Verdict]) -> dict[str, Mapping[str, Any]]:
    named = ((each.numbers, each.basis) for verdict in verdicts for each in verdict.with_numbers())
    return {digest: basis for digest, basis in named if digest is not None and basis is not None}


def _amount_row(
    db: WriteSession, change: Change, candidate: Candidate, verdict: Verdict, seq: int, place: int
) -> dict[str, Any]:
    award, amount = candidate.award, verdict.amounts[place]
    return {
        "id": new_id(),
        "county": award.county,
        "division": award.division,
        "award_id": award.id,
        "seq": seq + place + 1,
        "from_month": amount.from_month,
        "amount_fen": amount.fen,
        "before_fen": amount.before_fen,
        "cause": amount.cause,
        "change_id": change.id,
        "adjustment_id": amount.adjustment_id,
        "numbers": amount.numbers,
        "rules_version": amount.rules_version,
        "digest": amount.digest,
        "recorded_by": SYSTEM.id,
        "recorded_at": db.clock.now(),
    }


def _found_row(db: WriteSession, change: Change, candidate: Candidate, verdict: Verdict) -> dict[str, Any]:
    award = candidate.award
    # Of an award that has ended nothing can be lowered; only what the rules could not say may still be owed.
    ended = award.status == Status.STOPPED and verdict.outcome is not Outcome.NEEDS_PERSON
    is_open = verdict.outcome in FOR_A_PERSON and not ended
    return {
        "id": new_id(),
        "change_id": change.id,
        "county": award.county,
        "division": award.division,
        "award_id": award.id,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "from_month": verdict.from_month,
        "before_fen": verdict.before_fen,
        "after_fen": verdict.fen,
        "further": written_further(verdict.further),
        "grown": verdict.grown,
        "numbers": verdict.numbers,
        "settlement": Settlement.OPEN if is_open else Settlement.NONE,
        "step_due": is_open,
        "recorded_at": db.clock.now(),
    }


def _raised(change: Change, candidate: Candidate, verdict: Verdict) -> AwardRaised:
    from_month = write_month(verdict.amounts[0].from_month)
    return AwardRaised(**whose(candidate.award), change_id=change.id, from_month=from_month)
