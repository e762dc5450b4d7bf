"""An award that another county goes on with: where the one ends and the other begins, and what it amounts to there.

The household is judged anew by the numbers of its new place, as after a change of numbers: more is due at once, less
waits for a person, who hears the household first (社会救助法 art. 48). Until then the amount is what it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.applications.clocks import Responsible, StepKind
from app.applications.household import applicant_name_of
from app.applications.models import Application
from app.applications.steps import close_step, open_step, open_step_until
from app.awards import recomputing_queries as queries
from app.awards.commands import FIRST_PAYMENT_BASIS, PAY_DAY
from app.awards.falls import written_further
from app.awards.growing import latest_month
from app.awards.judging import Granted, Judge, NewAmount, Standing, Verdict
from app.awards.lifecycle import (
    FOR_A_PERSON,
    GOING_OVER,
    HANDED_OVER,
    AmountCause,
    Settlement,
    Status,
)
from app.awards.models import Award
from app.awards.payees import put_payee
from app.awards.recomputing import granted_of
from app.awards.recomputing_queries import Candidate
from app.core.clock import today
from app.core.db import ReadSession, WriteSession
from app.core.ids import new_id
from app.core.months import previous_month
from app.identity.actors import SYSTEM, Actor
from app.programs.registry import get_program
from app.reference.calendar import DueDate
from app.review.book import read_book
from app.review.decisions import open_decision
from app.review.models import Decision


@dataclass(frozen=True)
class Seam:
    """Between which months an award goes over, by which hand-over."""

    handover_id: UUID
    first_month: date

    @property
    def last_month(self) -> date:
        """Return the last one that the first county pays."""
        return previous_month(self.first_month)


async def end_for_handover(db: WriteSession, award: Award, application: Application, seam: Seam) -> None:
    """Let the first county pay up to the month before, what it still owes of earlier months included.

    The household is not free to apply: its places in a case went over. Application and award are locked.

    Raises:
        StepNotAllowed: it is held back, or has ended.
    """
    step = GOING_OVER.step(award.status, HANDED_OVER, SYSTEM.role)
    award.status, award.to_month, award.stop_ground = step.target, seam.last_month, HANDED_OVER
    award.stopped_at = award.freed_at = db.clock.now()
    if seam.last_month < award.from_month:
        await close_step(db, application, StepKind.FIRST_PAYMENT, HANDED_OVER)
    await db.flush()


async def read_standing(db: ReadSession, award: Award, decision: Decision, month: date) -> Standing:
    """Return what an award amounts to in a month, and the numbers that rests on.

    Raises:
        ValueErased: its decision cannot be opened.
    """
    open_decision(db, decision)
    rows = (await queries.list_amounts(db, [award.id]))[award.id]
    kept = await queries.read_number_sets(db, {row.numbers for row in rows if row.numbers is not None})
    return granted_of(db, Candidate(award, decision), rows, kept).at(max(month, award.from_month))


async def go_on_with(
    db: WriteSession, actor: Actor, before: Award, carried: Standing, case: Application, decision: Decision, seam: Seam
) -> tuple[Award, Verdict]:
    """Open the award that goes on with another, from the seam's first month, and say what it amounts to by the numbers
    of its place. `carried`: what it amounted to, and why."""
    award = _award_of(db, before, case, decision, seam)
    db.add(award)
    await db.flush()
    body = open_decision(db, decision)
    first = Standing(seam.first_month, carried.fen, carried.basis, carried.numbers)
    program = get_program(case.program)
    judge = Judge(program, await read_book(db, program), latest_month(today(db.clock)))
    verdict = judge.judge(Granted(award.from_month, None, body, [first]), award.from_month)
    assert verdict is not None, "an award without an end has every month"
    await _keep(db, actor, award, verdict, _amounts(award, first, body.get("parameters"), verdict), seam)
    due = DueDate(award.from_month.replace(day=PAY_DAY), provisional=False)
    await open_step_until(db, case, StepKind.FIRST_PAYMENT, Responsible.COUNTY, due, FIRST_PAYMENT_BASIS)
    if verdict.outcome in FOR_A_PERSON:
        await open_step(db, case, StepKind.AWARD_REVIEW)
    return award, verdict


def _award_of(db: WriteSession, before: Award, case: Application, decision: Decision, seam: Seam) -> Award:
    award = Award(
        id=new_id(),
        county=case.county,
        division=case.division,
        application_id=case.id,
        decision_id=decision.id,
        beneficiary_id=before.beneficiary_id,
        program=before.program,
        monthly_amount_fen=decision.monthly_amount_fen,
        members_count=before.members_count,
        from_month=seam.first_month,
        status=Status.ACTIVE,
        opened_at=db.clock.now(),
        taken_over_from=before.id,
    )
    put_payee(db, award, applicant_name_of(db, case))
    return award


def _amounts(award: Award, carried: Standing, decided: Any, verdict: Verdict) -> Sequence[NewAmount]:
    """List what the award amounts to: as it was in the first county, where that is not what was granted there, and what
    the numbers of this place give beyond it. Nothing to list: as it was granted."""
    later = [
        NewAmount(
            each.from_month, each.fen, each.before_fen, _cause_of(each), each.numbers, each.basis, each.rules_version,
            each.digest,
        )
        for each in verdict.amounts
    ]  # fmt: skip
    if later and later[0].from_month == award.from_month:
        return later
    if carried.fen == award.monthly_amount_fen and carried.basis == decided:
        return later
    as_it_was = NewAmount(
        award.from_month, carried.fen, carried.fen, AmountCause.HANDOVER, carried.numbers, carried.basis, None, None
    )
    return [as_it_was, *later]


def _cause_of(amount: NewAmount) -> AmountCause:
    return amount.cause if amount.cause is AmountCause.KEPT else AmountCause.HANDOVER


async def _keep(
    db: WriteSession, actor: Actor, award: Award, verdict: Verdict, amounts: Sequence[NewAmount], seam: Seam
) -> None:
    named = [(each.numbers, each.basis) for each in amounts] + [(verdict.numbers, verdict.basis)]
    sets: dict[str, Mapping[str, Any]] = {
        digest: basis for digest, basis in named if digest is not None and basis is not None
    }
    await queries.keep_number_sets(db, award.program, sets)
    common = {"county": award.county, "division": award.division, "award_id": award.id, "recorded_at": db.clock.now()}
    rows = [
        {
            **common,
            "id": new_id(),
            "seq": place,
            "from_month": each.from_month,
            "amount_fen": each.fen,
            "before_fen": each.before_fen,
            "cause": each.cause,
            "numbers": each.numbers,
            "rules_version": each.rules_version,
            "digest": each.digest,
            "recorded_by": actor.id,
        }
        for place, each in enumerate(amounts, start=1)
    ]
    found = {
        **common,
        "id": new_id(),
        "handover_id": seam.handover_id,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "from_month": verdict.from_month,
        "before_fen": verdict.before_fen,
        "after_fen": verdict.fen,
        "further": written_further(verdict.further),
        "grown": verdict.grown,
        "numbers": verdict.numbers,
        "settlement": Settlement.OPEN if verdict.outcome in FOR_A_PERSON else Settlement.NONE,
        "step_due": False,
    }
    await queries.add_rows(db, rows, [found])
