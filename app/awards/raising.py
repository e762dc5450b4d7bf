"""A higher amount by hand (增发): a review or a reported change found less income (D57 art. 30–32).

Proposed by the county's handler and decided by another person, as a lower one is; nobody has to be heard about getting
more. It holds from the month after the decision, as a grant does, or where the place has so ruled from the month after
it was found; what was paid meanwhile is then made up for with the next payroll. A person who is new in the household
comes in by an application (D57 art. 28), never by a higher amount: it is at most what the rules give to the household
that was granted the allowance, had it no income at all.

Where a changed standard was left to a person because the rules could not say, the standard is the ground: what is
decided then holds from the month that waits, also where that is over, and also after a stop, until its last month.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.audit.commands import record_act
from app.awards import recomputing_queries
from app.awards.adjusting_queries import find_proposed, last_fixed_month
from app.awards.errors import AdjustmentInvalid, AdjustmentOpen
from app.awards.findings import answer, take_answered
from app.awards.lifecycle import LIFECYCLE, Action, AdjustGround, AdjustmentStatus, Outcome, Status
from app.awards.models import Award, AwardAdjustment, RecomputedAward
from app.awards.queries import get_amount_in, get_award
from app.core.clock import today
from app.core.crypto import ValueErased
from app.core.db import ReadSession, WriteSession
from app.core.errors import DomainError, Fault, StepNotAllowed
from app.core.ids import new_id
from app.core.months import first_of_month, next_month, read_month
from app.identity.actors import Actor
from app.programs.base import Program
from app.programs.case import Case
from app.programs.registry import get_program
from app.reference.procedure import RaisedFrom, Setting
from app.reference.term_queries import load_procedure
from app.review.decisions import open_decision
from app.review.numbers import resolve_parameters
from app.review.queries import get_decision

GROUNDS = frozenset({AdjustGround.INCOME, AdjustGround.MEMBERS})


class FoundBy(StrEnum):
    """How it came to be known."""

    REVIEW = "review"  # 定期核查
    REPORT = "report"  # 家庭报告


@dataclass(frozen=True)
class Higher:
    """What is proposed, and why, in words for the written notice; `found_on`: the day of the review or the report;
    `findings`: what it answers of that which was found and waits."""

    ground: AdjustGround
    amount_fen: int
    from_month: date
    found_by: FoundBy
    found_on: date
    reason: str
    findings: Sequence[UUID] = ()


async def propose_raise(db: WriteSession, actor: Actor, award_id: UUID, higher: Higher) -> AwardAdjustment:
    """Propose a higher amount from a month on.

    Raises:
        AwardNotFound, ConflictOfInterest: there is none, or it is not theirs to act on.
        StepNotAllowed, RoleNotAllowed: not now, or not for this role; it is stopped, and nothing waits.
        AdjustmentOpen: an amount is proposed already.
        AdjustmentInvalid: the amount is not higher, or more than the rules could give; the month or the day is out of
            range; the ground is none that gives more; or a finding that it names does not wait, or on this ground.
    """
    award = await get_award(db, actor, award_id, lock=True)
    LIFECYCLE.step(award.status, Action.ADJUST, actor.role)
    found = await recomputing_queries.find_open(db, award.id)
    require_waiting(award, Action.ADJUST, found)
    if await find_proposed(db, award.id) is not None:
        raise AdjustmentOpen
    before = await get_amount_in(db, award.id, higher.from_month)
    answered, unknown = await take_answered(db, award, higher.ground, higher.findings)
    faults = [*await _faults(db, award, higher, before, found), *unknown]
    if faults:
        raise AdjustmentInvalid(faults=tuple(faults))
    row, by_standard = new_id(), higher.ground is AdjustGround.STANDARD
    adjustment = AwardAdjustment(
        id=row,
        county=award.county,
        division=award.division,
        award_id=award.id,
        status=AdjustmentStatus.PROPOSED,
        ground=higher.ground,
        from_month=higher.from_month,
        before_fen=before,
        amount_fen=higher.amount_fen,
        recomputed_id=found.id if by_standard and found is not None else None,
        found_by=higher.found_by,
        found_on=higher.found_on,
        reason_sealed=db.vault.seal("award_adjustments.reason", row, higher.reason, division=award.county),
        proposed_by=actor.id,
        proposed_at=db.clock.now(),
    )
    db.add(adjustment)
    await db.flush()
    await answer(db, answered, adjustment)
    await record_act(
        db,
        actor,
        "award.propose_raise",
        "award_adjustment",
        row,
        row=adjustment,
        case=award.case,
        award=str(award.id),
        ground=adjustment.ground,
        first=adjustment.from_month.isoformat(),
    )
    return adjustment


async def earliest_month(db: ReadSession, award: Award, found_on: date) -> date:
    """Return the first month that a raise decided today may hold in, by what the place has set."""
    on = today(db.clock)
    setting = (await load_procedure(db, award.division, on))[Setting.RAISED_FROM].value
    since = min(found_on, on) if setting == RaisedFrom.FINDING else on
    return max(next_month(first_of_month(since)), award.from_month)


def require_waiting(award: Award, action: Action, found: RecomputedAward | None) -> None:
    """Let nothing be done about an award that is stopped but decide on what waits for a person.

    Raises:
        StepNotAllowed: it is stopped, and nothing waits.
    """
    if award.status == Status.STOPPED and found is None:
        raise StepNotAllowed("step_now", action=action, status=Status.STOPPED)


def rests_on(found: RecomputedAward | None) -> bool:
    """Say whether what a change left open may be the ground of a higher amount: the rules could not say what is due."""
    return found is not None and found.outcome == Outcome.NEEDS_PERSON


def waiting_months(found: RecomputedAward) -> list[date]:
    """List the months that what was found leaves to a person, earliest first; each goes on until the next."""
    return sorted({found.from_month, *(read_month(each["from"]) for each in found.further)})


async def _faults(
    db: ReadSession, award: Award, higher: Higher, before: int, found: RecomputedAward | None
) -> list[Fault]:
    faults, on = [], today(db.clock)
    oldest = date(on.year - 1, on.month, 1)
    if not max(oldest, first_of_month(award.from_month)) <= higher.found_on <= on:
        faults.append(Fault("/found_on", "found_on_out_of_range"))
    if found is not None and higher.ground is AdjustGround.STANDARD and rests_on(found):
        soonest, latest = await _months_of_standard(db, award, found)
    else:
        if higher.ground not in GROUNDS or award.status == Status.STOPPED:
            faults.append(Fault("/ground", "gives_no_more"))
        soonest, latest = await _months_of_finding(db, award, higher.found_on)
    if not soonest <= higher.from_month <= latest:
        faults.append(Fault("/from_month", "raise_month_out_of_range"))
    most = await _most(db, award, higher.from_month)
    if higher.amount_fen <= before:
        faults.append(Fault("/monthly_amount_fen", "not_higher"))
    elif most is None or higher.amount_fen > most:
        faults.append(Fault("/monthly_amount_fen", "above_rules"))
    return faults


async def _months_of_finding(db: ReadSession, award: Award, found_on: date) -> tuple[date, date]:
    soonest, last_known = await earliest_month(db, award, found_on), await last_fixed_month(db, award.id)
    return max(soonest, last_known or soonest), max(next_month(first_of_month(today(db.clock))), soonest)


async def _months_of_standard(db: ReadSession, award: Award, found: RecomputedAward) -> tuple[date, date]:
    """Return from which month to which a standard that was left to a person may give more: months that are over, too,
    and up to the last month of an award that was stopped.

    What an own decision on a later month says goes on from there; only of a hand-over, which is no change, no later
    amount could be told from it.
    """
    soonest = found.from_month
    if found.change_id is None:
        soonest = max(soonest, await last_fixed_month(db, award.id) or soonest)
    latest = max(next_month(first_of_month(today(db.clock))), *waiting_months(found))
    return soonest, min(latest, award.to_month or latest)


async def _most(db: ReadSession, award: Award, month: date) -> int | None:
    """Return what the rules would give to the household as it was granted, without any income; None where they cannot
    say."""
    program: Program[Any, Any] = get_program(award.program)
    try:
        body = open_decision(db, await get_decision(db, award.application_id))
        case = program.case_from_json(body["case"])
        numbers = await resolve_parameters(db, program, case.division, case.area_class, month)
        bare: dict[str, Any] = {
            name: [] for name in ("income", "supporters") if name in type(case.answers).model_fields
        }
        poorest = _without_findings(replace(case, answers=case.answers.model_copy(update=bare)))
        most: int = program.assess(poorest, numbers, month).monthly_amount_fen
    except (ValueErased, DomainError, KeyError, TypeError, ValueError):
        return None
    return most


def _without_findings(case: Case[Any]) -> Case[Any]:
    return replace(case, verified={}, unavailable=frozenset(), asked=frozenset())
