"""What awards amounted to and what was decided about them, as their recipients are told: read for many at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.awards.adjusting_queries import list_adjustments
from app.awards.errors import AmountNotExplained
from app.awards.laws import Act, laws_of
from app.awards.lifecycle import HANDED_OVER, AdjustmentStatus, AmountCause, Status
from app.awards.models import Award, AwardAdjustment, AwardAmount
from app.awards.recomputing_queries import list_amounts, read_number_sets
from app.core.canonical import Json, canonical_bytes
from app.core.clock import legal_date
from app.core.db import ReadSession
from app.core.months import first_of_month, next_month
from app.programs.registry import get_program
from app.review.assessing import digest_of
from app.review.basis import remedies_of
from app.review.decisions import open_decision
from app.review.queries import get_decision
from app.standards.queries import list_changes_by_id


@dataclass(frozen=True)
class ActOnAward:
    """One act: what, from which month, why, by which law, and what may be done against it."""

    act: Act
    decided_on: date | None
    from_month: date | None
    before_fen: int | None
    after_fen: int | None
    ground: str | None
    reason: str | None
    law: list[str]
    remedies: list[dict[str, Json]]


@dataclass(frozen=True)
class History:
    """All there is to tell of one award beside its row."""

    amounts: Sequence[AwardAmount] = ()
    adjustments: Sequence[AwardAdjustment] = ()
    laws: Mapping[UUID, str] = field(default_factory=dict)  # by change: the document

    def amount_in(self, award: Award, month: date) -> int:
        """Return what holds in a month."""
        holding = [row for row in self.amounts if row.from_month <= month]
        return holding[-1].amount_fen if holding else award.monthly_amount_fen

    @property
    def proposed(self) -> AwardAdjustment | None:
        """Return the amount that is proposed."""
        return next((row for row in self.adjustments if row.status == AdjustmentStatus.PROPOSED), None)


async def read_histories(db: ReadSession, awards: Collection[Award]) -> dict[UUID, History]:
    """Return the history of each award, in three statements however many they are."""
    ids = [award.id for award in awards]
    amounts, adjustments = await list_amounts(db, ids), await list_adjustments(db, ids)
    changes = await list_changes_by_id(
        db, {row.change_id for rows in amounts.values() for row in rows if row.change_id}
    )
    laws = {change.id: change.law for change in changes}
    return {award_id: History(amounts[award_id], adjustments[award_id], laws) for award_id in ids}


def acts_on(db: ReadSession, award: Award, history: History, on: date) -> list[ActOnAward]:
    """List what was done to an award, oldest first, with the law of the day it was done."""
    acts = [_taken_over(award, history)] if award.taken_over_from is not None else []
    acts += [
        act
        for row in history.amounts
        if (act := _raised(row, history) if row.cause != AmountCause.ADJUSTMENT else _adjusted(db, row, history))
    ]
    if award.status == Status.SUSPENDED:
        law, remedies = laws_of(Act.SUSPENDED, on), remedies_of(on)
        acts.append(ActOnAward(Act.SUSPENDED, None, None, None, None, award.suspended_reason, None, law, remedies))
    if award.status == Status.STOPPED:
        acts.append(_stopped(db, award, history, on))
    return acts


async def explain_amount(db: ReadSession, award: Award, amount_id: UUID) -> dict[str, Any]:
    """Work out anew how the rules came to an amount, from the case of the decision and the numbers that were kept.

    Raises:
        AmountNotExplained: there is none, or a person decided on it.
        ValueErased: the case's file was erased.
    """
    rows = (await list_amounts(db, [award.id]))[award.id]
    row = next((each for each in rows if each.id == amount_id), None)
    if row is None or row.numbers is None:
        raise AmountNotExplained
    body = open_decision(db, await get_decision(db, award.application_id))
    numbers = (await read_number_sets(db, [row.numbers]))[row.numbers]
    rules = body["assessment"]["rules_version"]
    judged = get_program(award.program).replay(body["case"], numbers, rules).as_json()
    if row.digest is not None and digest_of(canonical_bytes(judged)) != row.digest:
        raise AmountNotExplained  # the record of the decision is not the one it was worked out from
    return dict(judged)


def _taken_over(award: Award, history: History) -> ActOnAward:
    """Say that the award goes on with another county's, and what it amounted to there and amounts to now."""
    on, first = legal_date(award.opened_at), award.from_month
    after = history.amount_in(award, first)
    carried = next((row.before_fen for row in history.amounts if row.cause == AmountCause.HANDOVER), after)
    law, remedies = laws_of(Act.TAKEN_OVER, on), remedies_of(on)
    return ActOnAward(Act.TAKEN_OVER, on, first, carried, after, None, None, law, remedies)


def _raised(row: AwardAmount, history: History) -> ActOnAward | None:
    if row.cause != AmountCause.CHANGE or row.amount_fen <= row.before_fen:
        return None
    on = legal_date(row.recorded_at)
    document = [text for change_id, text in history.laws.items() if change_id == row.change_id]
    law = [*document, *laws_of(Act.RAISED, on, "standard")]
    return ActOnAward(
        Act.RAISED, on, row.from_month, row.before_fen, row.amount_fen, "standard", None, law, remedies_of(on)
    )


def _adjusted(db: ReadSession, row: AwardAmount, history: History) -> ActOnAward | None:
    adjustment = next((each for each in history.adjustments if each.id == row.adjustment_id), None)
    if adjustment is None:
        return None
    on, act = legal_date(row.recorded_at), Act.RAISED if row.amount_fen > row.before_fen else Act.REDUCED
    document = [history.laws[row.change_id]] if row.change_id is not None else []
    return ActOnAward(
        act,
        on,
        row.from_month,
        row.before_fen,
        row.amount_fen,
        adjustment.ground,
        reason_of(db, adjustment),
        [*document, *laws_of(act, on, adjustment.ground)],
        remedies_of(on),
    )


def _stopped(db: ReadSession, award: Award, history: History, today: date) -> ActOnAward:
    on = legal_date(award.stopped_at) if award.stopped_at else today
    sealed = award.stop_reason_sealed
    reason = db.vault.open("awards.stop_reason", award.id, sealed) if sealed else None
    last = award.to_month or first_of_month(on)
    act = Act.HANDED_OVER if award.stop_ground == HANDED_OVER else Act.STOPPED
    law = laws_of(act, on, award.stop_ground)
    before = history.amount_in(award, last)
    return ActOnAward(act, on, next_month(last), before, None, award.stop_ground, reason, law, remedies_of(on))


def reason_of(db: ReadSession, adjustment: AwardAdjustment) -> str:
    """Return why another amount was proposed, in the words of the notice."""
    return db.vault.open("award_adjustments.reason", adjustment.id, adjustment.reason_sealed)
