"""An award as its recipient sees it: how much from which month, what was decided, why, and what can be done."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from uuid import UUID

from app.api.common.decisions import RemedyOut
from app.api.common.explanations import Language
from app.api.common.free_words import Words
from app.api.common.schemas import Fen, Moment, Out
from app.awards.histories import ActOnAward, History, acts_on, read_histories
from app.awards.laws import Act
from app.awards.lifecycle import AdjustGround, AmountCause, Status
from app.awards.models import Award, AwardAdjustment, AwardAmount
from app.core.clock import today
from app.core.db import ReadSession
from app.core.money import CURRENCY
from app.core.months import first_of_month, write_month


class AmountOut(Out):
    """What the award amounts to from a month on; of several that cover a month the last one listed holds.

    `cause`: `change` of a standard or parameter, `kept` in a later month of the same change, `adjustment` decided by a
    person, `handover` by the numbers of the county that took it over, or as it was in the one before. How the rules
    came to it: `/v1/awards/{id}/amounts/{amount_id}`.
    """

    id: UUID
    from_month: str
    amount_fen: Fen
    before_fen: Fen
    cause: AmountCause
    change_id: UUID | None
    recorded_at: Moment

    @classmethod
    def of(cls, row: AwardAmount) -> "AmountOut":
        """Shape one amount."""
        return cls(
            id=row.id,
            from_month=write_month(row.from_month),
            amount_fen=row.amount_fen,
            before_fen=row.before_fen,
            cause=row.cause,
            change_id=row.change_id,
            recorded_at=row.recorded_at,
        )


class AwardActOut(Out):
    """What was decided about an award, from which month, on what ground and why, by which law, and what may be done
    against it. `after_fen` null: nothing is paid from then on, or as long as it is suspended."""

    act: Act
    decided_on: date | None
    from_month: str | None
    before_fen: Fen | None
    after_fen: Fen | None
    ground: str | None
    reason: Words | None
    law: list[str]
    remedies: list[RemedyOut]

    @classmethod
    def of(cls, act: ActOnAward, language: Language) -> "AwardActOut":
        """Shape one act."""
        own = asdict(act)
        own["from_month"] = write_month(act.from_month) if act.from_month else None
        own["remedies"] = [RemedyOut.of(remedy, language) for remedy in act.remedies]
        return cls(**own)


class ProposedOut(Out):
    """Another amount that is considered; another person decides, on a lower one after the recipient was heard."""

    id: UUID
    ground: AdjustGround
    from_month: str
    before_fen: Fen
    amount_fen: Fen
    proposed_at: Moment

    @classmethod
    def of(cls, row: AwardAdjustment) -> "ProposedOut":
        """Shape one proposal."""
        return cls(
            id=row.id,
            ground=row.ground,
            from_month=write_month(row.from_month),
            before_fen=row.before_fen,
            amount_fen=row.amount_fen,
            proposed_at=row.proposed_at,
        )


class AwardOut(Out):
    """An award: an amount for each month from `from_month`; `to_month` is the last one once the award was stopped.

    `monthly_amount_fen`: what holds this month, or in the first one; `amounts`: what it became since it was granted.
    """

    id: UUID
    application_id: UUID
    decision_id: UUID
    program: str
    status: Status
    monthly_amount_fen: Fen
    currency: str
    members_count: int
    from_month: str
    to_month: str | None
    opened_at: Moment
    suspended_reason: Words | None
    stop_ground: str | None
    stop_reason: Words | None
    stopped_at: Moment | None
    amounts: list[AmountOut]
    acts: list[AwardActOut]
    proposed: ProposedOut | None

    @classmethod
    def of(cls, db: ReadSession, award: Award, history: History, language: Language) -> "AwardOut":
        """Shape an award with its history."""
        reason, on = award.stop_reason_sealed, today(db.clock)
        month = max(first_of_month(on), award.from_month)
        proposed = history.proposed
        return cls(
            id=award.id,
            application_id=award.application_id,
            decision_id=award.decision_id,
            program=award.program,
            status=award.status,
            monthly_amount_fen=history.amount_in(award, min(month, award.to_month or month)),
            currency=CURRENCY,
            members_count=award.members_count,
            from_month=write_month(award.from_month),
            to_month=write_month(award.to_month) if award.to_month else None,
            opened_at=award.opened_at,
            suspended_reason=award.suspended_reason,
            stop_ground=award.stop_ground,
            stop_reason=db.vault.open("awards.stop_reason", award.id, reason) if reason else None,
            stopped_at=award.stopped_at,
            amounts=[AmountOut.of(row) for row in history.amounts],
            acts=[AwardActOut.of(act, language) for act in acts_on(db, award, history, on)],
            proposed=ProposedOut.of(proposed) if proposed else None,
        )


async def shape_awards(db: ReadSession, awards: Sequence[Award], language: Language) -> list[AwardOut]:
    """Shape awards, their histories read together."""
    histories = await read_histories(db, awards)
    return [AwardOut.of(db, award, histories[award.id], language) for award in awards]
